"""The outcomes of many trajectories, as arrays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from optanim.experiment.divergence import NEVER
from optanim.experiment.outcome import measure_outcome
from optanim.experiment.trajectories import Trajectories
from optanim.surfaces import Surface, Window

NO_MINIMUM = -1
"""In an array of indices of minima: none."""


@dataclass(frozen=True)
class Outcomes:
    """The outcomes of R trajectories; see `Outcome`.

    Attributes:
        status: (R,), of each "arrived", "left", "resting", "moving", "diverged" or "undefined".
            One that cycles is "moving".
        since: (R,), the step at which the status began, or `NEVER`.
        minimum: (R,), of those that arrived the index of the minimum in `surface.minima`;
            `NO_MINIMUM` for the others.
    """

    status: npt.NDArray[np.str_]
    since: npt.NDArray[np.int64]
    minimum: npt.NDArray[np.int64]


def measure_outcomes(
    trajectories: Trajectories,
    surface: Surface,
    *,
    within: float | None = None,
    frame: Window | None = None,
) -> Outcomes:
    """The outcomes of many trajectories, each as `measure_outcome` has it.

    Args:
        trajectories: with all of their points.
        surface: the surface that they minimize.
        within: as for `measure_outcome`.
        frame: as for `measure_outcome`.
    """
    status, since, minimum = list[str](), list[int](), list[int]()
    for r in range(len(trajectories)):
        outcome = measure_outcome(trajectories[r], surface, within=within, frame=frame)
        status.append("moving" if outcome.status == "cycling" else outcome.status)
        since.append(NEVER if outcome.since is None else outcome.since)
        arrived = outcome.status == "arrived" and outcome.minimum is not None
        minimum.append(surface.minima.index(outcome.minimum) if arrived else NO_MINIMUM)
    return Outcomes(np.array(status), np.array(since), np.array(minimum))
