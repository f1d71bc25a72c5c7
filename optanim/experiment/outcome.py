"""The outcome of a trial: a status and numbers, for sentences and tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from optanim.experiment.simulate import Trajectory
from optanim.surfaces import Array, Surface, Window, off_map, similar_sides

ARRIVAL_TOLERANCE = 0.01
"""The default of `within`, as a part of the start's distance: three pixels of a figure."""

VISIBLE_PART = 0.1
"""The smallest overshoot that counts, as a part of the start's distance."""

MIN_STEPS_AFTER_ARRIVAL = 5
"""A trial must stay for this number of steps: one that only passes the minimum has not arrived."""

Status = Literal["arrived", "left", "resting", "cycling", "moving", "diverged"]


@dataclass(frozen=True)
class Outcome:
    """The outcome of a trial of d parameters.

    Distances are Euclidean, in the units of the parameters. If one side of the surface's domain is
    more than three times another, all sides are first stretched to the longest one, and distances
    are in its units. The start's distance is measured from `minimum`; if the start is the minimum,
    it is half the diagonal of the domain.

    Attributes:
        status: the first of these that is true.
            "diverged": update `since` led to a point or a loss that is not finite.
            "arrived": from step `since` to the end, the trial is within `within` of `minimum`. That
            is at least five more steps, or half of the steps of a trial of fewer than ten.
            "left": the trial is outside the frame from step `since` to the end, and was inside
            before.
            "resting": the last quarter of the steps covers less than a hundredth of `length`. So
            would all steps that follow, if each further quarter shrank by the same ratio as the
            last one: a trial that creeps along a valley does not rest. From step `since` on, it is
            within a hundredth of `length` of the end.
            "cycling": the last quarter of the steps covers at least a tenth of `length`. Its two
            ends are at most a quarter of its own length apart, and it is never farther from its
            middle than the start is. The cycle need not be exact.
            "moving": none of these.
        since: the step at which the status began; None for "cycling" and "moving".
        steps: the number of updates.
        start: (d,), the first point.
        end: (d,), the last point; finite, also if the trial diverged.
        loss: the loss at the end.
        minimum: (d,), the known minimum nearest to the end; None if none is known.
        distance: the distance from the end to `minimum`; None without a minimum.
        within: the tolerance of "arrived"; None without a minimum.
        overshoots: the number of times that the trial passes the minimum and continues for a tenth
            of the start's distance, measured along the line from the start to the minimum. These
            are the changes of sign of that coordinate, each counted when the coordinate is that
            large; only steps before the trial leaves the frame count. None without a minimum.
        around: (d,), the middle of a cycle, or the minimum if it is within a tenth of the start's
            distance of the middle; None without a cycle.
        length: the sum of the lengths of all steps, in the units of the parameters.
    """

    status: Status
    since: int | None
    steps: int
    start: tuple[float, ...]
    end: tuple[float, ...]
    loss: float
    minimum: tuple[float, ...] | None
    distance: float | None
    within: float | None
    overshoots: int | None
    around: tuple[float, ...] | None
    length: float


@np.errstate(all="ignore")  # the coordinates of a trial that diverges may overflow
def measure_outcome(
    trajectory: Trajectory,
    surface: Surface,
    *,
    within: float | None = None,
    frame: Window | None = None,
) -> Outcome:
    """The outcome of a trial.

    Args:
        trajectory: the points and losses of the trial.
        surface: the surface that it minimizes.
        within: the tolerance of "arrived"; by default a hundredth of the start's distance.
        frame: the visible window, a (low, high) for each parameter; by default the map, which is
            half as large again as the domain.
    """
    points = trajectory.points
    scales = _axis_scales(surface)
    scaled = points * scales
    outside = off_map(points, np.array(surface.domain)) if frame is None else _out(points, frame)
    left = _true_from(outside) or None  # 0: it was never inside
    approach = _approach(scaled, scales, surface, within, left) if surface.minima else None
    middle = _cycle_middle(scaled)
    status, since = _status(
        trajectory, scaled, approach.arrived if approach else None, left, middle
    )
    around = None
    if status == "cycling" and middle is not None:
        around = tuple((middle / scales[:, 0]).tolist())
        if approach and _norm(middle - approach.center) <= VISIBLE_PART * approach.start_distance:
            around = approach.minimum
    return Outcome(
        status=status,
        since=since,
        steps=trajectory.steps,
        start=tuple(points[:, 0].tolist()),
        end=tuple(points[:, -1].tolist()),
        loss=float(trajectory.values[-1]),
        minimum=approach.minimum if approach else None,
        distance=approach.end_distance if approach else None,
        within=approach.within if approach else None,
        overshoots=approach.overshoots if approach else None,
        around=around,
        length=float(_step_lengths(points).sum()),
    )


@dataclass(frozen=True)
class _Approach:
    """The approach of a trial to the known minimum nearest to its end; see `Outcome`.

    Attributes:
        minimum: (d,), in the units of the parameters.
        center: (d,), the minimum with each coordinate scaled.
        start_distance: from the first point, or half the diagonal of the domain.
        end_distance: from the last point.
        within: the tolerance of "arrived".
        arrived: the step of arrival, or None.
        overshoots: their number.
    """

    minimum: tuple[float, ...]
    center: Array
    start_distance: float
    end_distance: float
    within: float
    arrived: int | None
    overshoots: int


def _approach(
    scaled: Array, scales: Array, surface: Surface, within: float | None, left: int | None
) -> _Approach:
    def end_distance(minimum: tuple[float, ...]) -> float:
        return float(_norm(scaled[:, -1] - np.array(minimum) * scales[:, 0]))

    minimum = min(surface.minima, key=end_distance)
    center = np.array(minimum)[:, None] * scales
    distances = _norm(scaled - center)
    sides = np.ptp(np.array(surface.domain), axis=1) * scales[:, 0]
    start_distance = float(distances[0]) or float(_norm(sides)) / 2
    tolerance = ARRIVAL_TOLERANCE * start_distance if within is None else within
    arrived, last = _true_from(distances <= tolerance), scaled.shape[1] - 1
    if arrived is not None and last - arrived < min(MIN_STEPS_AFTER_ARRIVAL, last // 2):
        arrived = None
    return _Approach(
        minimum=minimum,
        center=center[:, 0],
        start_distance=start_distance,
        end_distance=float(distances[-1]),
        within=tolerance,
        arrived=arrived,
        overshoots=_overshoots((scaled - center)[:, : None if left is None else left + 1]),
    )


def _status(
    trajectory: Trajectory,
    scaled: Array,
    arrived: int | None,
    left: int | None,
    middle: Array | None,
) -> tuple[Status, int | None]:
    """The first status that is true, and the step at which it began."""
    if trajectory.status == "diverged":
        return "diverged", trajectory.steps + 1
    if arrived is not None:
        return "arrived", arrived
    if left is not None:
        return "left", left
    if (rest := _rest(scaled)) is not None:
        return "resting", rest
    return ("moving" if middle is None else "cycling"), None


def _axis_scales(surface: Surface) -> Array:
    """The factor of each parameter, (d, 1), that gives all sides of the domain the same length.

    It is 1 for each if the sides are comparable.
    """
    sides = np.ptp(np.array(surface.domain, dtype=np.float64), axis=1, keepdims=True)
    return np.ones_like(sides) if similar_sides(sides[:, 0]) else sides.max() / sides


def _true_from(flags: npt.NDArray[np.bool_]) -> int | None:
    """The index from which all flags are true to the end; None if the last one is false."""
    false = np.flatnonzero(~flags)
    first = int(false[-1]) + 1 if len(false) else 0
    return first if first < len(flags) else None


def _out(points: Array, frame: Window) -> npt.NDArray[np.bool_]:
    """Whether each of the points (d, T + 1) is outside the frame, (T + 1,)."""
    low, high = np.array(frame).T[:, :, None]
    return np.asarray(((points < low) | (points > high)).any(axis=0))


def _norm(vectors: Array) -> Array:
    """Euclidean lengths of vectors (d, …), also where their squares would over- or underflow."""
    size = np.abs(vectors).max(axis=0)
    return np.asarray(size * np.linalg.norm(vectors / np.where(size > 0, size, 1), axis=0))


def _step_lengths(points: Array) -> Array:
    return _norm(np.diff(points, axis=1))


def _overshoots(points: Array) -> int:
    """The number of overshoots of points (d, T + 1) relative to the minimum; see `Outcome`."""
    size = np.abs(points[:, 0]).max()
    if not size:
        return 0
    # Divided by the start's size first: the squares of very small numbers would underflow.
    start = points[:, 0] / size
    along = start @ (points / size) / (start @ start)
    count, side = 0, 1
    for coordinate in along[np.abs(along) >= VISIBLE_PART]:
        if coordinate * side < 0:
            count, side = count + 1, -side
    return count


def _quarter(points: Array) -> int:
    """The number of steps in the last quarter of points (d, T + 1)."""
    return max(1, (points.shape[1] - 1) // 4)


def _rest(points: Array) -> int | None:
    """The step from which points (d, T + 1) rest near the last one; None if they keep moving."""
    lengths, n = _step_lengths(points), _quarter(points)
    tolerance = 0.01 * lengths.sum()
    last, before = lengths[-n:].sum(), lengths[-2 * n : -n].sum()
    # The sum of a geometric series of quarters: last²/before + last³/before² + …
    if last > 0 and not (last < tolerance and last * last < tolerance * (before - last)):
        return None
    return _true_from(_norm(points - points[:, -1:]) <= tolerance)


def _cycle_middle(points: Array) -> Array | None:
    """The middle (d,) of the cycle at the end of points (d, T + 1); None if there is no cycle."""
    part = points[:, -_quarter(points) - 1 :]
    middle, length = (part.min(axis=1) + part.max(axis=1)) / 2, _step_lengths(part).sum()
    lasts = length >= 0.1 * _step_lengths(points).sum()
    returns = _norm(part[:, -1] - part[:, 0]) <= 0.25 * length
    # If it is wider than the start's distance, the trial diverges slowly.
    start_distance = _norm(points[:, 0] - middle) * (1 + 1e-9)
    bounded = _norm(part - middle[:, None]).max() <= start_distance
    return middle if lasts and returns and bounded else None
