"""A claim: what the prose beside a figure says of the trials in it, and what is found.

Every file of `claims/` is a kind of claim: a function whose options name trials and numbers. It is
called with the trials that were named, and returns a verdict.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pydantic import Strict

from optanim.experiment.outcome import Outcome, measure_outcome
from optanim.experiment.simulate import Trajectory
from optanim.schema.claim import TRIAL_NAMES, RefersToTrial
from optanim.schema.option import Description
from optanim.surfaces import Surface


@dataclass(frozen=True)
class ObservedTrial:
    """A trial that a claim is about: its name in a sentence, what it did, and where."""

    name: str
    trajectory: Trajectory
    surface: Surface

    def outcome(self, within: float | None = None) -> Outcome:
        """What became of the trial; see `experiment.outcome` for `within`."""
        return measure_outcome(self.trajectory, self.surface, within=within)


@dataclass(frozen=True)
class Verdict:
    """What became of a claim.

    Attributes:
        says: the claim in a sentence, without its full stop.
        holds: whether it is so.
        measured: what was found, with numbers.
        numbers: the same as a number for each trial, in the order of the claim; None where there
            is none, as for the step at which something never happens.
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
