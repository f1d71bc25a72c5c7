"""Results: a row of a table for each trial of a run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, isnan, nan
from typing import Any

import numpy as np

from optanim.config.run import Run, Trial
from optanim.experiment.outcome import Outcome, measure_outcome
from optanim.experiment.simulate import Trajectory
from optanim.experiment.swarm import SwarmTrajectory, final_losses
from optanim.formulas.plain_text import number_in_text
from optanim.schema.choice import Chosen
from optanim.schema.notation import option_value
from optanim.schema.words import Words
from optanim.surfaces import Array, configured_window

STATUS_TEXTS = {
    "arrived": "arrived",
    "cycling": "cycling",
    "moving": "still moving",
    "resting": "at rest",
    "diverged": Words.diverged_at,
    "undefined": Words.undefined_at,
    "left": Words.left_at,
}
"""The text for each `Outcome.status` in a table."""

PACE_TEXTS = {
    ("moving", "slow"): "still moving, slowly",
    ("moving", "none"): "has hardly moved",
    ("resting", "none"): "has not moved",
}
"""The text for a status with a certain `Outcome.pace`, in place of the usual one."""


STOP_TEXT = "stopped at step {steps}: the {rule} is at most {bound}"
"""The text for a trial that a rule of `stop` ended."""


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
        evaluations: the number of values and gradients that it asked for up to the last of them;
            None of a swarm.
        loss: the loss at the last finite point; of a swarm the median, as `within` and `length`.
        within: the step from which the trial stays within the tolerance of a minimum; None if it
            does not.
        overshoots: the number of times that it passes the minimum, along the line from its start to
            there; None if no minimum is known.
        length: the sum of the lengths of all steps, in the units of the parameters.
        status: the outcome in words, as in docs/words.md, and the rule of `stop` that ended it;
            of a swarm the number of starts of each outcome.
    """

    config: str
    surface: str
    optimizer: str
    label: str
    rate: float | str | None
    steps: int
    evaluations: int | None
    loss: float
    within: int | None
    overshoots: int | None
    length: float
    status: str

    @property
    def is_swarm(self) -> bool:
        """Whether it is the row of a swarm, whose starts have outcomes of their own."""
        return self.evaluations is None

    @property
    def diverged(self) -> bool:
        """Whether the trial diverged."""
        return self.status.startswith("diverged")

    @property
    def fails(self) -> bool:
        """Whether the trial diverged or became undefined."""
        return self.diverged or self.undefined

    @property
    def undefined(self) -> bool:
        """Whether the trial met a point where the loss or its gradient has no value."""
        return self.status.startswith("undefined")


QUANTILES = (0.1, 0.9)
"""What the columns `_low` and `_high` of a swarm are: a tenth of its starts is below, or above."""


@dataclass(frozen=True)
class SwarmResult(Result):
    """A row for a swarm, with the spread of its starts.

    Attributes:
        starts: the number of starts.
        arrived: the part of them that arrives at a known minimum.
        loss_low: the loss below which a tenth of the starts end.
        loss_high: the loss above which a tenth of the starts end; infinite if more of them diverge
            or become undefined.
        within_low: the step at which a tenth of those that arrive have done so.
        within_high: the step at which nine tenths of those that arrive have done so.
    """

    starts: int
    arrived: float
    loss_low: float
    loss_high: float
    within_low: int | None
    within_high: int | None


def results_of(run: Run, trajectories: Sequence[Trajectory]) -> tuple[Result, ...]:
    """A row for each trial of a run, in the order of its optimizers.

    Args:
        run: with a number for each `lr: auto`.
        trajectories: of its optimizers, in the same order.
    """
    return tuple(_result(run, *pair) for pair in zip(run.trials, trajectories, strict=True))


def _swarm_result(run: Run, trial: Trial, swarm: SwarmTrajectory) -> SwarmResult:
    """The row of a swarm: medians, and how many starts have come to what."""
    outcomes, members = swarm.outcomes, swarm.members
    arrived = outcomes.since[outcomes.status == "arrived"].astype(np.float64)
    low, middle, high = _quantiles(arrived)
    losses = _quantiles(final_losses(members))
    assert members.points is not None  # a swarm keeps its points
    steps = np.nan_to_num(np.diff(members.points, axis=1))
    lengths = np.linalg.norm(steps, axis=0).sum(axis=0)
    total, parts = len(members), list[str]()
    for status, text in STATUS_TEXTS.items():
        if count := int(np.count_nonzero(outcomes.status == status)):
            word = text.split(" at step")[0] if "{" in text else text
            parts.append(f"{count:,} of {total:,} {word}" if not parts else f"{count:,} {word}")
    return SwarmResult(
        config=run.config,
        surface=(trial.look.surface or run.chosen).entry.name,
        optimizer=trial.name,
        label=swarm.label,
        rate=_rate(trial.chosen),
        steps=swarm.last_step,
        evaluations=None,
        loss=float(swarm.values[-1]),
        within=_step(middle),
        overshoots=None,
        length=float(np.median(lengths)),
        status=", ".join(parts),
        starts=total,
        arrived=len(arrived) / total,
        loss_low=losses[0],
        loss_high=losses[2],
        within_low=_step(low),
        within_high=_step(high),
    )


def _quantiles(numbers: Array) -> tuple[float, float, float]:
    """The low quantile, the median and the high one, each one of the numbers; NaN of none."""
    if not len(numbers):
        return nan, nan, nan
    low, high = QUANTILES
    places = (floor(low * (len(numbers) - 1)), (len(numbers) - 1) // 2,
              ceil(high * (len(numbers) - 1)))  # fmt: skip
    return tuple(np.sort(numbers)[list(places)].tolist())


def _step(number: float) -> int | None:
    return None if isnan(number) else int(number)


def _result(run: Run, trial: Trial, trajectory: Trajectory) -> Result:
    if isinstance(trajectory, SwarmTrajectory):
        return _swarm_result(run, trial, trajectory)
    frame = configured_window(run.view, trial.surface)
    outcome = measure_outcome(trajectory, trial.surface, frame=frame)
    return Result(
        config=run.config,
        surface=(trial.look.surface or run.chosen).entry.name,
        optimizer=trial.name,
        label=trajectory.label,
        rate=_rate(trial.chosen),
        steps=outcome.steps,
        evaluations=int(trajectory.evaluations[-1]),
        loss=outcome.loss,
        within=outcome.since if outcome.status == "arrived" else None,
        overshoots=outcome.overshoots,
        length=outcome.length,
        status=status_text(outcome),
    )


def status_text(outcome: Outcome) -> str:
    """The outcome in a few words; a trial that a rule of `stop` ended does not move any more."""
    text = PACE_TEXTS.get((outcome.status, outcome.pace), STATUS_TEXTS[outcome.status])
    text = Words.diverged_from if outcome.grows else text
    texts = [text.format(since=outcome.since)]
    if outcome.stopped:
        rule, bound = outcome.stopped
        stop = STOP_TEXT.format(steps=outcome.steps, rule=rule, bound=number_in_text(bound))
        texts = [*(texts if outcome.status != "moving" else []), stop]
    return ", ".join(texts)


def _rate(chosen: Chosen) -> float | str | None:
    """The learning rate: a number, or a schedule as `cosine(start=0.1, end=0.0)`."""
    option = chosen.entry.options.get("lr")
    if option is None:
        return None
    rate: Any = option_value(chosen, option)
    if isinstance(rate, Chosen):
        values = {name: option_value(rate, option) for name, option in rate.entry.options.items()}
        values = {**(vars(rate.beside) if rate.beside else {}), **values}
        inner = ", ".join(f"{name}={value}" for name, value in values.items() if value is not None)
        return f"{rate.entry.name}({inner})"
    return getattr(rate, "__name__", str(rate)) if callable(rate) else float(rate)
