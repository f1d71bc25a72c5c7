"""Results: a row of a table for each trial of a run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from optanim.config.run import Run, Trial
from optanim.experiment.outcome import measure_outcome
from optanim.experiment.simulate import Trajectory
from optanim.schema.choice import Chosen
from optanim.schema.notation import option_value
from optanim.surfaces import configured_window

STATUS_TEXTS = {
    "arrived": "arrived",
    "cycling": "cycling",
    "moving": "still moving",
    "resting": "at rest",
    "diverged": "diverged at step {since}",
    "left": "left the frame at step {since}",
}
"""The text for each `Outcome.status` in a table."""


@dataclass(frozen=True)
class Result:
    """A row for a trial: only numbers and texts.

    Attributes:
        config: the name of the config.
        surface: the name of the surface's entry.
        optimizer: the name of the optimizer's entry.
        label: its name in the figure.
        rate: the learning rate, or a schedule in words; None if the optimizer has none.
        steps: the number of updates.
        loss: the loss at the last finite point.
        within: the step from which the trial stays within the tolerance of a minimum; None if it
            does not.
        overshoots: the number of times that it passes the minimum; None if no minimum is known.
        length: the sum of the lengths of all steps, in the units of the parameters.
        status: the outcome in words, as in docs/glossary.md.
    """

    config: str
    surface: str
    optimizer: str
    label: str
    rate: float | str | None
    steps: int
    loss: float
    within: int | None
    overshoots: int | None
    length: float
    status: str

    @property
    def diverged(self) -> bool:
        """Whether the trial came to a point or a loss that is not finite."""
        return self.status.startswith("diverged")


def results_of(run: Run, trajectories: Sequence[Trajectory]) -> tuple[Result, ...]:
    """A row for each trial of a run, in the order of its optimizers.

    Args:
        run: with a number for each `lr: auto`.
        trajectories: of its optimizers, in the same order.
    """
    return tuple(_result(run, *pair) for pair in zip(run.trials, trajectories, strict=True))


def _result(run: Run, trial: Trial, trajectory: Trajectory) -> Result:
    frame = configured_window(run.view, trial.surface)
    outcome = measure_outcome(trajectory, trial.surface, frame=frame)
    return Result(
        config=run.config,
        surface=(trial.look.surface or run.chosen).entry.name,
        optimizer=trial.name,
        label=trajectory.label,
        rate=_rate(trial.chosen),
        steps=outcome.steps,
        loss=outcome.loss,
        within=outcome.since if outcome.status == "arrived" else None,
        overshoots=outcome.overshoots,
        length=outcome.length,
        status=STATUS_TEXTS[outcome.status].format(since=outcome.since),
    )


def _rate(chosen: Chosen) -> float | str | None:
    """The learning rate: a number, or a schedule as `cosine(start=0.1, end=0.0)`."""
    option = chosen.entry.options.get("lr")
    if option is None:
        return None
    rate: Any = option_value(chosen, option)
    if isinstance(rate, Chosen):
        options = rate.entry.options.values()
        inner = ", ".join(f"{option.name}={option_value(rate, option)}" for option in options)
        return f"{rate.entry.name}({inner})"
    return getattr(rate, "__name__", str(rate)) if callable(rate) else float(rate)
