"""The outcomes of many trajectories, as arrays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from optanim.experiment.arrival import are_still, arrivals, axis_scales
from optanim.experiment.divergence import NEVER
from optanim.experiment.motion import Flags, rest_from, rests, true_from
from optanim.experiment.trajectories import Trajectories
from optanim.surfaces import Array, Surface, Window, map_around, outside, run_away

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


@np.errstate(all="ignore")  # the coordinates of a trial that diverges may overflow
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

    Raises:
        ValueError: only the ends of the trajectories were kept.
    """
    if trajectories.points is None or trajectories.values is None:
        raise ValueError("only the ends were kept: simulate them with keep='points'")
    outcomes = Outcomes(
        status=trajectories.status.astype("<U9"),
        since=trajectories.since.copy(),
        minimum=np.full(len(trajectories), NO_MINIMUM),
    )
    finished = np.flatnonzero(trajectories.status == "finished")
    counts = trajectories.steps[finished]
    for steps in np.unique(counts):
        some = finished[counts == steps]
        _measure(outcomes, trajectories, some, int(steps), surface, within=within, frame=frame)
    return outcomes


def _measure(
    outcomes: Outcomes,
    trajectories: Trajectories,
    some: npt.NDArray[np.intp],
    steps: int,
    surface: Surface,
    *,
    within: float | None,
    frame: Window | None,
) -> None:
    """Set the outcomes of finished trajectories, `some` of all, that have the same number of steps.

    The order is that of `Outcome.status`: the first that is true counts.
    """
    assert trajectories.points is not None and trajectories.values is not None
    points = trajectories.points[:, : steps + 1, some]
    values = trajectories.values[: steps + 1, some]
    stopped = trajectories.stopped[some] != ""
    status, since = outcomes.status, outcomes.since
    status[some] = "moving"
    since[some] = NEVER
    distance = None
    if surface.minima:
        ended = trajectories.ended[some]
        stays = stopped | ended & are_still(surface, points[:, 0], points[:, -1])
        found = arrivals(points, values, surface, within=within, stays=stays)
        arrived, rest = found.arrived, ~found.arrived
        status[some[arrived]], since[some[arrived]] = "arrived", found.near[arrived]
        outcomes.minimum[some[arrived]] = found.minimum[arrived]
        distance, some, points, stopped = (
            found.end_distance[rest], some[rest], points[..., rest], stopped[rest]
        )  # fmt: skip
    first = true_from(_outside(points, surface, frame))
    left = (first > 0) & (first <= steps)
    status[some[left]], since[some[left]] = "left", first[left]
    rest = ~left & ~(stopped & (steps == 0))
    some, points = some[rest], points[..., rest]
    scales = axis_scales(surface)
    resting = rests(points, surface, None if distance is None else distance[rest], scales)
    status[some[resting]] = "resting"
    since[some[resting]] = rest_from(points[..., resting] * scales[:, None, None])


def _outside(points: Array, surface: Surface, frame: Window | None) -> Flags:
    """Whether each of the points (d, T + 1, R) is outside the frame, or else off the map."""
    if frame is not None:
        return outside(points, frame)
    flags = np.zeros(points.shape[1:], dtype=bool)
    for r in np.flatnonzero(run_away(points, surface)):
        flags[:, r] = outside(points[..., r], map_around(points[..., r], surface))
    return flags
