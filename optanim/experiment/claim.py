"""The types of claims: the trials that a claim is about, and the verdict it returns.

Each file of `claims/` is a kind of claim: a function whose options name trials and numbers. It is
called with the named trials as `ObservedTrial`, and returns a `Verdict`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pydantic import Strict

from optanim.experiment.outcome import Outcome, measure_outcome
from optanim.experiment.simulate import Trajectory
from optanim.schema.claim import TRIAL_NAMES, RefersToTrial
from optanim.schema.option import Description
from optanim.schema.view import Against
from optanim.surfaces import Surface


@dataclass(frozen=True)
class ObservedTrial:
    """A trial that a claim is about.

    Attributes:
        name: its name in a sentence.
        trajectory: its points and losses.
        surface: the surface that it minimizes.
        against: what arrivals are compared in.
    """

    name: str
    trajectory: Trajectory
    surface: Surface
    against: Against = "updates"

    def progress(self, step: int) -> int:
        """The number of updates, or of evaluations, up to a step."""
        if self.against == "updates":
            return step
        return int(self.trajectory.evaluations[min(step, self.trajectory.steps)])

    def outcome(self, within: float | None = None) -> Outcome:
        """The outcome of the trial; `within` is the tolerance of "arrived", see `Outcome`."""
        return measure_outcome(self.trajectory, self.surface, within=within)


@dataclass(frozen=True)
class Verdict:
    """The result of checking a claim against a run.

    Attributes:
        says: the claim as a sentence, without its full stop.
        holds: whether the claim is true.
        measured: the measurement in words, with numbers.
        numbers: the measured number of each trial, in the order of the claim; None where there is
            no number, for example the step of an event that never happens.
    """

    says: str
    holds: bool
    measured: str
    numbers: tuple[float | None, ...]


OneTrial = Annotated[ObservedTrial, RefersToTrial(), TRIAL_NAMES, Description("optimizer")]
"""A trial: an optimizer of the run, or `{name: gd, lr: 0.1}`, which is not drawn."""

OneTrialToMinimum = Annotated[
    ObservedTrial, RefersToTrial(minimum=True), TRIAL_NAMES, Description("optimizer")
]
"""A trial on a surface with a known minimum."""

TwoTrials = Annotated[tuple[OneTrial, OneTrial], Strict(False), Description("two optimizers")]
TwoTrialsToMinimum = Annotated[
    tuple[OneTrialToMinimum, OneTrialToMinimum], Strict(False), Description("two optimizers")
]
