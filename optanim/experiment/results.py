"""Results: what every trial of a run came to, as rows of a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from optanim.config.run import Run, Trial
from optanim.experiment.outcome import Outcome, measure_outcome
from optanim.experiment.simulate import Trajectory
from optanim.schema.choice import Chosen
from optanim.schema.notation import value_of
from optanim.surfaces import given

IN_WORDS = {
    "arrived": "arrived",
    "cycling": "cycling",
    "moving": "still moving",
    "resting": "at rest",
    "diverged": "diverged at step {since}",
    "left": "left the frame at step {since}",
}
"""Each `Account.status` as a table says it."""


@dataclass(frozen=True)
class Result:
    """A trial in a row: numbers and words alone.

    Attributes:
        config: the name of the config.
        surface: the name of its entry.
        optimizer: the name of its entry.
        label: as the figure names it.
        rate: the learning rate, or a schedule in words; None for an optimizer that has none.
        steps: updates walked.
        loss: at the last finite point.
        within: from which step on it stays within the tolerance of a minimum; None if it does not.
        overshoots: how often it passes the minimum; None where no minimum is known.
        length: of the path, in the parameters' own units.
        status: what became of it, in words; as in docs/glossary.md.
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
        run: with its rates found.
        trajectories: what its optimizers did.
    """
    return tuple(_result(run, *pair) for pair in zip(run.trials, trajectories, strict=True))


def _result(run: Run, trial: Trial, path: Trajectory) -> Result:
    facts = measure_outcome(path, trial.surface, frame=given(run.view, trial.surface))
    return Result(
        config=run.config,
        surface=(trial.look.surface or run.chosen).entry.name,
        optimizer=trial.name,
        label=path.label,
        rate=_rate(trial.chosen),
        steps=facts.steps,
        loss=facts.loss,
        within=facts.since if facts.status == "arrived" else None,
        overshoots=facts.overshoots,
        length=facts.length,
        status=_words(facts),
    )


def _words(facts: Outcome) -> str:
    return IN_WORDS[facts.status].format(since=facts.since)


def _rate(chosen: Chosen) -> float | str | None:
    option = chosen.entry.options.get("lr")
    return _said(value_of(chosen, option)) if option else None


def _said(value: Any) -> float | str:
    """A number as it is; a schedule as `cosine(start=0.1, end=0.0)`."""
    if isinstance(value, Chosen):
        options = value.entry.options.values()
        inner = ", ".join(f"{option.name}={value_of(value, option)}" for option in options)
        return f"{value.entry.name}({inner})"
    return getattr(value, "__name__", str(value)) if callable(value) else float(value)
