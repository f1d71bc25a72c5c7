"""The types of claims: the trials that a claim is about, and the verdict it returns.

Each file of `claims/` is a kind of claim: a function whose options name trials and numbers. It is
called with the named trials as `ObservedTrial`, and returns a `Verdict`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import numpy as np
import numpy.typing as npt
from pydantic import Strict

from optanim.config.run import Trial
from optanim.experiment.outcome import Outcome, measure_outcome
from optanim.experiment.outcomes import Outcomes, measure_outcomes
from optanim.experiment.simulate import Trajectory
from optanim.experiment.simulate_many import SEEDS, simulate_many
from optanim.experiment.swarm import SwarmTrajectory
from optanim.schema.claim import TRIAL_NAMES, RefersToTrial
from optanim.schema.option import Description
from optanim.schema.view import Against
from optanim.surfaces import Surface

EQUAL_LOSSES = 1e-6
"""Losses of minima that differ by less than this part of the largest difference are equal."""


@dataclass(frozen=True)
class ObservedTrial:
    """A trial that a claim is about.

    Attributes:
        name: its name in a sentence.
        trajectory: its points and losses.
        surface: the surface that it minimizes.
        against: what arrivals are compared in.
        trial: the trial, with a number for `lr: auto`.
    """

    name: str
    trajectory: Trajectory
    surface: Surface
    against: Against = "updates"
    trial: Trial | None = None

    def progress(self, step: int) -> int:
        """The number of updates, or of evaluations, up to a step."""
        if self.against == "updates":
            return step
        return int(self.trajectory.evaluations[min(step, self.trajectory.steps)])

    def outcome(self, within: float | None = None) -> Outcome:
        """The outcome of the trial; `within` is the tolerance of "arrived", see `Outcome`."""
        return measure_outcome(self.trajectory, self.surface, within=within)

    def outcomes(self, seeds: int | None = None, within: float | None = None) -> Outcomes:
        """The outcomes of all starts of a swarm; or of one start with each of some seeds.

        Args:
            seeds: their number, from that of the trial on; None for a swarm.
            within: the tolerance of "arrived", see `Outcome`.
        """
        if seeds is None and isinstance(self.trajectory, SwarmTrajectory):
            members = self.trajectory.members
        elif self.trial is not None:
            trial = self.trial
            members = simulate_many(
                trial.surface, trial.optimizer, list(trial.start), steps=trial.steps,
                noise=trial.noise, stop=trial.stop,
                seeds=(trial.seed + np.arange(seeds or 1)) % SEEDS,
            )  # fmt: skip
        else:
            raise ValueError("this trial has one start and is not known with other seeds")
        return measure_outcomes(members, self.surface, within=within)

    @property
    def best_minima(self) -> npt.NDArray[np.bool_]:
        """For each known minimum, whether no other has a lower loss, as far as it is visible."""
        losses = np.broadcast_to(
            self.surface.value(np.array(self.surface.minima).T), len(self.surface.minima)
        )
        above = losses - losses.min()
        return np.asarray(above <= EQUAL_LOSSES * max(above.max(), abs(losses.min()), 1e-9))


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


OneSwarmToMinimum = Annotated[
    ObservedTrial, RefersToTrial(minimum=True, many=True), TRIAL_NAMES, Description("optimizer")
]
"""A trial with many starts, or one that is tried with many seeds, on a surface with a minimum."""

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
