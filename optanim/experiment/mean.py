"""The mean of trials that differ only in their seeds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from optanim.experiment.simulate import Trajectory
from optanim.surfaces import Array


@dataclass(frozen=True)
class MeanTrajectory(Trajectory):
    """The mean over several trials, at each step: of their points, and of their losses.

    A trial that has ended stays at its last point. The mean ends where a first trial breaks off.
    It asks for no gradients of its own.

    Attributes:
        trials: the trajectories whose mean it is.
    """

    trials: tuple[Trajectory, ...] = ()

    @cached_property
    def rates(self) -> Array:
        """The mean step over the mean gradient, (d, T).

        A mean of the ratios would be that of the few trials whose gradient is nearly 0.
        """
        steps, gradients = np.zeros((2, len(self.points), self.steps))
        with np.errstate(all="ignore"):
            for trial in self.trials:
                lengths = np.abs(np.diff(trial.points))[:, : self.steps]
                sizes = lengths / trial.rates[:, : self.steps]
                known = np.isfinite(sizes)
                steps[:, : known.shape[1]] += np.where(known, lengths, 0)
                gradients[:, : known.shape[1]] += np.where(known, sizes, 0)
            return np.where(gradients > 0, steps / gradients, np.nan)

    @cached_property
    def evaluations(self) -> npt.NDArray[np.int64]:
        """The mean number of evaluations up to each step, rounded, (T + 1,)."""
        steps = np.arange(self.steps + 1)
        counts = [trial.evaluations[np.minimum(steps, trial.steps)] for trial in self.trials]
        return np.asarray(np.rint(np.mean(counts, axis=0)), dtype=np.int64)

    @cached_property
    def gradient_norms(self) -> Array:
        """The mean of the norms of the gradients at each step, as far as all trials have one."""
        norms = [trial.gradient_norms for trial in self.trials]
        count = min(map(len, norms))
        return np.asarray(np.mean([values[:count] for values in norms], axis=0))


def mean_trajectory(trials: Sequence[Trajectory], label: str = "") -> MeanTrajectory:
    """The mean of trials of the same surface.

    Args:
        trials: one or more.
        label: of the mean.
    """
    whole = max(trial.steps for trial in trials)
    steps = min([whole, *(trial.steps for trial in trials if trial.broken_off)])
    d = len(trials[0].points)
    points, values = np.zeros((d, steps + 1)), np.zeros(steps + 1)
    for trial in trials:
        at = np.minimum(np.arange(steps + 1), trial.steps)
        # Each is divided first, so that a sum of large numbers does not overflow.
        points += trial.points[:, at] / len(trials)
        values += trial.values[at] / len(trials)
    return MeanTrajectory(
        label=label, points=points, values=values, looked=np.zeros((d, 0)),
        gradients=np.zeros((d, 0)), asked=np.zeros(0, np.int64), trials=tuple(trials),
    )  # fmt: skip
