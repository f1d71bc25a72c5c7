"""The trajectories of a swarm: one optimizer walks from each of many starts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from functools import cached_property
from typing import Any, Literal

import numpy as np

from optanim.config.run import Trial, depends_on_seed
from optanim.experiment.outcomes import Outcomes, measure_outcomes
from optanim.experiment.simulate import Trajectory
from optanim.experiment.simulate_many import SEEDS, simulate_many
from optanim.experiment.trajectories import Trajectories
from optanim.surfaces import Array, Window


@dataclass(frozen=True, repr=False)
class SwarmTrajectory(Trajectory):
    """The trajectories of a swarm of R starts. As one trajectory, it is that of the median loss.

    That is the loss at the end, of an even number the lower one of the two in the middle. One that
    diverged or became undefined is above all others.

    Attributes:
        members: all R trajectories, with their points.
        outcomes: what became of each.
    """

    members: Trajectories = field(kw_only=True)
    outcomes: Outcomes = field(kw_only=True)

    def __repr__(self) -> str:
        arrived = np.count_nonzero(self.outcomes.status == "arrived")
        return f"<SwarmTrajectory of {self.label}: {len(self.members)} starts, {arrived} arrived>"

    @property
    def last_step(self) -> int:
        """The last step of the longest of them."""
        return int(self.members.steps.max())

    @property
    def corners(self) -> list[Array]:
        """Opposite corners (d, 1) of the box of the starts and of where they settle or rest."""
        settled = np.isin(self.outcomes.status, ("arrived", "resting"))
        points = np.concatenate([self.members.starts, self.members.ends[:, settled]], axis=1)
        return [points.min(axis=1)[:, None], points.max(axis=1)[:, None]]

    def sample(self, count: int) -> list[int]:
        """The indices of up to `count` of them, evenly spread."""
        places = np.linspace(0, len(self.members) - 1, min(count, len(self.members)))
        return np.rint(places).astype(int).tolist()

    @cached_property
    def losses(self) -> Array:
        """The loss of each after each update, (T + 1, R).

        One that has ended keeps its last loss; from the step at which it diverged or became
        undefined on it is infinite.
        """
        members = self.members
        assert members.values is not None  # a swarm keeps its points
        steps = np.arange(len(members.values))[:, None]
        losses = np.where(steps > members.steps, members.end_values, members.values)
        broken = (members.status != "finished") & (steps >= members.since)
        return np.where(broken, np.inf, losses)

    @cached_property
    def median_losses(self) -> Array:
        """The median of the losses after each update, (T + 1,); see `quartiles`."""
        return self._quantile(0.5)

    @cached_property
    def quartiles(self) -> tuple[Array, Array]:
        """The losses that a quarter, and three quarters, of all have at most, (T + 1,) each.

        They are infinite from the step on at which too many have diverged or become undefined.
        """
        return self._quantile(0.25), self._quantile(0.75)

    def _quantile(self, share: float) -> Array:
        """The loss of one of them, without a mean of two, so that one may be infinite."""
        return np.asarray(np.quantile(self.losses, share, axis=1, method="lower"))


def simulate_swarm(trial: Trial, frame: Window | None = None) -> SwarmTrajectory:
    """The trajectories of a trial with many starts.

    The one of start r = 0, 1, … has the seed of the trial plus r, so that no two have the same
    noise.

    Args:
        trial: with `starts`.
        frame: the visible window, as for `measure_outcome`.
    """
    members = _simulated(trial, "points")
    outcomes = measure_outcomes(members, trial.surface, frame=frame)
    middle = members[_middle(final_losses(members))]
    values = {each.name: getattr(middle, each.name) for each in fields(middle)}
    return SwarmTrajectory(**values, members=members, outcomes=outcomes)


def swarms_of(trajectories: Sequence[Trajectory]) -> list[SwarmTrajectory]:
    """Those of some trajectories that are swarms."""
    return [path for path in trajectories if isinstance(path, SwarmTrajectory)]


def median_loss(trial: Trial) -> float:
    """The median of the losses at the ends of a trial with many starts; see `SwarmTrajectory`.

    It is infinite if half of them diverge or become undefined.
    """
    losses = final_losses(_simulated(trial, "ends"))
    return float(losses[_middle(losses)])


def final_losses(members: Trajectories) -> Array:
    """The loss at the end of each, (R,); infinite if it diverged or became undefined."""
    return np.where(members.status == "finished", members.end_values, np.inf)


def _simulated(trial: Trial, keep: Literal["points", "ends"]) -> Trajectories:
    starts = np.array(trial.starts).T
    # A random stream takes longer than a trajectory, so there are none where none is drawn from.
    several = depends_on_seed(trial)
    seeds: Any = (trial.seed + np.arange(starts.shape[1])) % SEEDS if several else trial.seed
    return simulate_many(
        trial.surface, trial.optimizer, starts, steps=trial.steps, label=trial.label,
        noise=trial.noise, seeds=seeds, stop=trial.stop, keep=keep,
    )  # fmt: skip


def _middle(losses: Array) -> int:
    """The index of the median of losses (R,)."""
    return int(np.argsort(losses, kind="stable")[(len(losses) - 1) // 2])
