"""The outcome of a trial: a status and numbers, for sentences and tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from optanim.experiment.arrival import are_still, arrivals, axis_scales
from optanim.experiment.divergence import NEVER, norm, step_lengths
from optanim.experiment.motion import cycle_middle, pace, rest_from, rests, true_from
from optanim.experiment.simulate import Trajectory
from optanim.surfaces import Array, Surface, Window, domain_of, off_map, outside

VISIBLE_PART = 0.1
"""The smallest overshoot that counts, as a part of the start's distance."""

Status = Literal["arrived", "left", "resting", "cycling", "moving", "diverged", "undefined"]


@dataclass(frozen=True)
class Outcome:
    """The outcome of a trial of d parameters.

    docs/words.md defines each word with its formula. Distances are Euclidean, in the units of the
    parameters. The start's distance is measured from `minimum`; if the start is the minimum, it is
    half the diagonal of the domain. Whether a trial overshoots, rests or cycles is judged in other
    units, and so is the default of `within`, if one side of the surface's domain is more than three
    times another: all sides are then stretched to the longest one.

    Attributes:
        status: the first of these that is true.
            "diverged": update `since` led to numbers that are too large, or from step `since` on
            the loss is above the start's and grows; see `growth_starts`.
            "undefined": update `since` met a point where the loss or its gradient has no value.
            "arrived": from step `since` to the end, the trial is within `within` of `minimum`. That
            is at least five more steps, or half of the steps of a trial of fewer than ten; or any
            number, if a rule of `stop` ended the trial, or if its optimizer ended by itself and the
            gradient there is none; see `are_still`. Without a tolerance of the caller's, the
            loss at the end agrees: see `Arrivals.agrees`.
            "left": the trial is outside the frame from step `since` to the end, and was inside
            before.
            "resting": the trial has practically stopped; see `motion.rests`. From step `since` on,
            it is within a hundredth of `length` of the end.
            "cycling": the trial swings to and fro; see `motion.cycle_middle`.
            "moving": none of these; `pace` says how.
        since: the step at which the status began; None for "cycling" and "moving".
        steps: the number of updates.
        stopped: the key and the bound of the rule of `stop` that ended the trial, or None.
        start: (d,), the first point.
        end: (d,), the last point; finite, also if the trial diverged.
        loss: the loss at the end.
        minimum: (d,), the known minimum nearest to the end; None if none is known.
        distance: the distance from the end to `minimum`; None without a minimum.
        within: the tolerance of "arrived"; None without a minimum, and where it follows from a
            domain whose sides are stretched.
        overshoots: the number of times that the trial passes the minimum and continues for a tenth
            of the start's distance, measured along the line from the start to the minimum. These
            are the changes of sign of that coordinate, each counted when the coordinate is that
            large; only steps before the trial leaves the frame count. None without a minimum.
        around: (d,), the middle of a cycle, or the minimum if it is within a tenth of the start's
            distance of the middle; None without a cycle.
        length: the sum of the lengths of all steps, in the units of the parameters.
        near: the step from which on the trial is within `within` of `minimum`, also if the loss
            does not agree; None if it is not.
        pace: of a trial that is "moving" or "resting": "usual"; "slow" if the last quarter of the
            steps covers less than a hundredth of `length`; "none" if it is never farther from its
            start than a thousandth of the domain's diagonal.
        gradient: the norm of the gradient at the end, without noise; None if it has no value.
        left: the step from which on the trial is outside the frame, whatever its status; None if it
            ends inside, or never was inside.
    """

    status: Status
    since: int | None
    steps: int
    stopped: tuple[str, float] | None
    start: tuple[float, ...]
    end: tuple[float, ...]
    loss: float
    minimum: tuple[float, ...] | None
    distance: float | None
    within: float | None
    overshoots: int | None
    around: tuple[float, ...] | None
    length: float
    near: int | None = None
    pace: str = "usual"
    gradient: float | None = None
    left: int | None = None

    @property
    def grows(self) -> bool:
        """Whether the trial diverged, but has a point for each step: its loss grows without end."""
        return self.status == "diverged" and self.since is not None and self.since <= self.steps


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
        within: the tolerance of "arrived"; by default a hundredth of the start's
            distance, but no more than a hundredth of the diagonal of the domain, and than half the
            way to the next known minimum.
        frame: the visible window, a (low, high) for each parameter; by default the map, which
            holds all points of a trial that does not run away.
    """
    # Names, tables and texts of one figure ask for the same outcome.
    known = trajectory.measured
    key = id(surface), within, frame
    if key not in known:
        known[key] = surface, _measured(trajectory, surface, within, frame)
    return known[key][1]


@np.errstate(all="ignore")  # the coordinates of a trial that diverges may overflow
def _measured(
    trajectory: Trajectory, surface: Surface, within: float | None, frame: Window | None
) -> Outcome:
    points, domain = trajectory.points, domain_of(trajectory.points, surface)
    scales = axis_scales(surface)[:, None]
    left = left_from(trajectory, surface, frame)
    approach = None
    if surface.minima:
        approach = _approach(trajectory, surface, within, scales, left)
    status, since = _status(trajectory, surface, approach, left, scales)
    middle, around = None, None
    if status == "moving" and trajectory.steps:
        middle = cycle_middle(points * scales, noisy=trajectory.is_noisy(surface))
    if middle is not None:
        status = "cycling"
        around = tuple((middle / scales[:, 0]).tolist())
        if approach and (
            norm(np.array(around) - approach.minimum) <= VISIBLE_PART * approach.start_distance
        ):
            around = approach.minimum
    return Outcome(
        status=status,
        since=since,
        steps=trajectory.steps,
        stopped=trajectory.stopped,
        start=tuple(points[:, 0].tolist()),
        end=tuple(points[:, -1].tolist()),
        loss=float(trajectory.values[-1]),
        minimum=approach.minimum if approach else None,
        distance=approach.end_distance if approach else None,
        within=approach.within if approach else None,
        overshoots=approach.overshoots if approach else None,
        around=around,
        length=float(step_lengths(points).sum()),
        near=approach.near if approach else None,
        pace=_pace(trajectory, domain) if status in ("moving", "resting") else "usual",
        gradient=_gradient_norm(surface, points[:, -1]),
        left=left,
    )


def left_from(trajectory: Trajectory, surface: Surface, frame: Window | None) -> int | None:
    """The step from which on a trial is outside the frame; None if it ends or never was inside.

    Args:
        trajectory: of the trial.
        surface: the surface that it minimizes.
        frame: as for `measure_outcome`.
    """
    points = trajectory.points
    away = off_map(points, surface) if frame is None else outside(points, frame)
    first = int(true_from(away[:, None])[0])
    return first if 0 < first < len(away) else None  # 0: it was never inside


@dataclass(frozen=True)
class _Approach:
    """The approach of a trial to the known minimum nearest to its end; see `Outcome`.

    Attributes:
        minimum: (d,).
        start_distance: from the first point, or half the diagonal of the domain.
        end_distance: from the last point.
        within: the tolerance of "arrived"; None if it is a different one along each axis.
        near: the step from which on the trial is within `within`, or None.
        agrees: whether the loss at the end agrees with that.
        overshoots: their number.
    """

    minimum: tuple[float, ...]
    start_distance: float
    end_distance: float
    within: float | None
    near: int | None
    agrees: bool
    overshoots: int


def _approach(
    trajectory: Trajectory,
    surface: Surface,
    within: float | None,
    scales: Array,
    left: int | None,
) -> _Approach:
    stays = np.array([trajectory.stopped is not None])
    if trajectory.ended and not trajectory.stopped:
        stays = are_still(surface, trajectory.points[:, :1], trajectory.points[:, -1:])
    found = arrivals(
        trajectory.points[..., None], trajectory.values[:, None], surface,
        within=within, stays=stays,
    )  # fmt: skip
    minimum = surface.minima[int(found.minimum[0])]
    offsets = (trajectory.points - np.array(minimum)[:, None]) * scales
    return _Approach(
        minimum=minimum,
        start_distance=float(found.start_distance[0]),
        end_distance=float(found.end_distance[0]),
        within=float(found.within[0]) if within is not None or (scales == 1).all() else None,
        near=None if found.near[0] == NEVER else int(found.near[0]),
        agrees=bool(found.agrees[0]),
        overshoots=_overshoots(offsets[:, : None if left is None else left + 1]),
    )


def _pace(trajectory: Trajectory, domain: Array) -> str:
    """The pace of a trial; one that a rule of `stop` ended does not move any more."""
    return "usual" if trajectory.stopped else pace(trajectory.points, domain)


def _gradient_norm(surface: Surface, point: Array) -> float | None:
    size = float(np.linalg.norm(np.broadcast_to(surface.gradient(point), point.shape)))
    return size if np.isfinite(size) else None


def _status(
    trajectory: Trajectory,
    surface: Surface,
    approach: _Approach | None,
    left: int | None,
    scales: Array,
) -> tuple[Status, int | None]:
    """The first status that is true, and the step at which it began.

    One that cycles is "moving".
    """
    if trajectory.status != "finished":
        return trajectory.status, trajectory.since
    if approach and approach.near is not None and approach.agrees:
        return "arrived", approach.near
    if left is not None:
        return "left", left
    distance = np.array([approach.end_distance]) if approach else None
    if trajectory.stopped and not trajectory.steps:
        return "moving", None
    points = trajectory.points[..., None]
    if rests(points, surface, distance, scales[:, 0])[0]:
        return "resting", int(rest_from(points * scales[:, None])[0])
    return "moving", None


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
