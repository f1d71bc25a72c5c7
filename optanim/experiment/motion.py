"""How a trial moves at its end: whether it rests, creeps, swings to and fro, or has not moved.

The numbers are those of docs/words.md; a test compares both.
"""

from __future__ import annotations

from itertools import pairwise
from math import log

import numpy as np
import numpy.typing as npt

from optanim.experiment.divergence import norm, step_lengths
from optanim.surfaces import Array, Surface

Flags = npt.NDArray[np.bool_]

EPSILON = float(np.finfo(float).eps)

REST = 0.01
"""The part of the length that the last quarter and all that follows cover in a trial at rest."""

HALF_WAY = 0.5
"""The part of the way to the minimum that would follow in a trial at rest, at most."""

POWER_LAW = 1.2
"""Steps that shrink as a power of t have the same exponent all the time; the exponent of steps that
shrink geometrically grows with t, by the factor 1.52 from quarter to quarter. This is between."""

UNMOVED = 1e-3
"""A trial that is never farther from its start, in diagonals of the domain, has hardly moved."""

ROUNDING = 8
"""Steps of fewer units in the last place of the coordinates are rounding."""

CYCLE_PART = 0.1
"""The part of the length that the last quarter of a cycle covers, at least."""

RETURN = 0.25
"""The distance between points one period apart, as a part of the largest between other points;
without a period, that between the ends of the last quarter, as a part of its length."""

SWING = 1.02
"""The factor by which the swings of an exact cycle may grow from the third quarter to the last."""

MIN_NOISY_CYCLE = 16
"""With noise, no cycle is looked for in fewer steps."""

FADED = 0.4
"""Swings below this part of those before are none of a cycle."""

WIDER = 1.25
"""The factor by which swings without a period may become wider within the last quarter."""


def quarter_bounds(count: int) -> list[int]:
    """The bounds of the quarters of a number of steps; with fewer than four, some are empty."""
    return [i * count // 4 for i in range(5)]


def quarter_sums(lengths: Array) -> Array:
    """The sums of the lengths (T, …) of the steps in each quarter of a trial, (4, …)."""
    return np.array([lengths[a:b].sum(axis=0) for a, b in pairwise(quarter_bounds(len(lengths)))])


def rests(points: Array, surface: Surface, distance: Array | None, scales: Array) -> Flags:
    """Which of R trials have practically come to rest, (R,).

    The last quarter covers less than `REST` of the length, and so would all that follows, if the
    steps went on to shrink as the power of t that fits the last two quarters. They shrink faster
    than as a power of t. What follows is less than half of the `distance` to the minimum. Along no
    axis of the curvature do the steps grow, as where a saddle is left.

    Args:
        points: (d, T + 1, R).
        surface: for its curvature at the ends.
        distance: (R,), from the end to the known minimum; None if none is known.
        scales: (d,), the factor of each coordinate in lengths of steps.
    """
    scaled = points if (scales == 1).all() else points * scales[:, None, None]
    lengths = step_lengths(scaled)
    # Steps of a few units in the last place are rounding: the trial has stopped.
    lengths = np.where(lengths <= ROUNDING * EPSILON * norm(scaled[:, 1:]), 0, lengths)
    tolerance = REST * lengths.sum(axis=0)
    _, second, third, last = quarter_sums(lengths)
    rest, before = _what_follows(third, last), _exponent(second, third, 3 / 8, 5 / 8)
    limit = tolerance if distance is None else np.minimum(tolerance, HALF_WAY * distance)
    geometric = _exponent(third, last, 5 / 8, 7 / 8) >= POWER_LAW * before
    resting = (last < tolerance) & (rest < limit) & geometric
    resting[resting] = ~_accelerate(points[..., resting], surface)
    return np.asarray(resting | (last == 0))


def _exponent(early: Array, late: Array, t0: float, t1: float) -> Array:
    """The p of steps as t⁻ᵖ whose sums (R,) around the times t0 and t1 are given."""
    with np.errstate(all="ignore"):
        p = np.log(early / late) / log(t1 / t0)
    return np.where((early > 0) & (late > 0), p, np.inf)


def _what_follows(third: Array, last: Array) -> Array:
    """The sum of all further steps, if they shrink as a power of t; infinite if it has no limit."""
    p = _exponent(third, last, 5 / 8, 7 / 8)
    # The sum from 3/4 to 1 is proportional to (3/4)¹⁻ᵖ − 1, the one from 1 on to 1.
    growth = np.exp(np.minimum((np.maximum(p, 1) - 1) * log(4 / 3), 700)) - 1
    with np.errstate(all="ignore"):
        return np.where(p > 1, last / growth, np.inf)


def _accelerate(points: Array, surface: Surface) -> Flags:
    """Whether the steps of trials (d, T + 1, R) grow along an axis of the curvature at the end."""
    curvatures = hessians(surface, points[:, -1])
    known = np.asarray(np.isfinite(curvatures).all(axis=(1, 2)))
    axes = np.linalg.eigh(np.where(known[:, None, None], curvatures, 0))[1]
    steps = np.abs(np.einsum("rij,itr->tjr", axes, np.diff(points, axis=1)))
    sums = quarter_sums(steps)
    floor = ROUNDING * EPSILON * np.abs(points).max(axis=(0, 1)) * len(steps)
    return known & ((sums[3] > sums[2]) & (sums[3] > floor)).any(axis=0)


def hessians(surface: Surface, points: Array) -> Array:
    """The second derivatives (R, d, d) at points (d, R), from differences of the gradient.

    They are not finite where there are none.
    """
    d = len(points)
    sizes = 1e-5 * np.ptp(np.array(surface.domain), axis=1)
    beside = np.diag(sizes)[:, :, None]
    with np.errstate(all="ignore"):
        ends, starts = (
            np.broadcast_to(surface.gradient(p), p.shape)
            for p in (points[:, None] + beside, points[:, None] - beside)
        )
        matrices = ((ends - starts) / (2 * sizes[:, None])).transpose(2, 0, 1)
        return np.asarray((matrices + matrices.transpose(0, 2, 1)) / 2).reshape(-1, d, d)


def rest_from(points: Array) -> npt.NDArray[np.int64]:
    """The step from which points (d, T + 1, R) are within `REST` of the length of their last."""
    near = norm(points - points[:, -1:]) <= REST * step_lengths(points).sum(axis=0)
    return true_from(near)


def true_from(flags: Flags) -> npt.NDArray[np.int64]:
    """The index from which all flags (T, R) are true to the end, (R,); T if the last is false."""
    indices = np.arange(1, len(flags) + 1)[:, None]
    return np.asarray(np.where(flags, 0, indices).max(axis=0))


def pace(points: Array, domain: Array) -> str:
    """How a trial moves that does not swing: "none", "slow" or "usual".

    It is "none" if it is never farther from its start than `UNMOVED` of the diagonal of the domain,
    and "slow" if the last quarter covers less than `REST` of the length.
    """
    diagonal = np.linalg.norm(np.ptp(domain, axis=1))
    if norm(points - points[:, :1]).max() <= UNMOVED * diagonal:
        return "none"
    sums = quarter_sums(step_lengths(points))
    return "slow" if sums[3] < REST * sum(sums) else "usual"


def cycle_middle(points: Array, *, noisy: bool) -> Array | None:
    """The middle (d,) of the cycle at the end of points (d, T + 1); None if there is no cycle.

    The last quarter covers at least `CYCLE_PART` of the length. If there is a period, the swings of
    the last quarter are no larger than those of the third, up to the factor `SWING` and the part by
    which the period is inexact, nor smaller than `FADED` of them, as root mean squares of whole
    periods; and they are around the same place. Without a period, see `_swings`: noise has none.
    """
    steps = points.shape[1] - 1
    lengths = step_lengths(points)
    last_quarter = lengths[steps - max(1, steps // 4) :].sum()
    half = points[:, steps - max(2, steps // 2) :]
    if (
        steps < (MIN_NOISY_CYCLE if noisy else 2)
        or not last_quarter >= CYCLE_PART * lengths.sum() > 0
    ):
        return None
    period, inexact = _period(half)
    if period is None:
        return None if noisy else _swings(points)
    count = half.shape[1] // 2 // period * period
    first, last = half[:, :count], half[:, -count:]
    (before, _), (middle, width) = map(_extent, (first, last))
    swings = [float(np.sqrt(part.var(axis=1).sum())) for part in (first, last)]
    lasts = FADED * swings[0] <= swings[1] <= (SWING + inexact) * swings[0]
    return middle if lasts and norm(middle - before) <= RETURN * width else None


def _swings(points: Array) -> Array | None:
    """The middle (d,) of swings without an exact period; None if there are none.

    The last quarter ends at most `RETURN` of its own length from its beginning, is never farther
    from its middle than the start is, and its second half is at most `WIDER` times as wide as the
    first, and at least `FADED` times.
    """
    steps = points.shape[1] - 1
    part = points[:, steps - max(1, steps // 4) :]
    middle, _ = _extent(part)
    returns = norm(part[:, -1] - part[:, 0]) <= RETURN * step_lengths(part).sum()
    start_distance = norm(points[:, 0] - middle) * (1 + 1e-9)
    bounded = norm(part - middle[:, None]).max() <= start_distance
    widths = [_extent(half)[1] for half in np.array_split(part, 2, axis=1)]
    lasts = FADED * widths[0] <= widths[1] <= WIDER * widths[0]
    return middle if returns and bounded and lasts else None


def _extent(points: Array) -> tuple[Array, float]:
    """The middle (d,) of the box around points (d, n), and its diagonal."""
    low, high = points.min(axis=1), points.max(axis=1)
    return (low + high) / 2, float(norm(high - low))


def _period(points: Array) -> tuple[int | None, float]:
    """The number of steps after which points (d, n) come back, and the part by which they do not.

    The period is at most half of n: a cycle is seen twice. It is None if they do not come back.
    """
    farthest, count = 0.0, points.shape[1]
    for lag in range(1, count // 2 + 1):
        apart = float(np.sqrt(np.mean(norm(points[:, lag:] - points[:, :-lag]) ** 2)))
        if lag > 1 and apart <= RETURN * farthest:
            return lag, apart / farthest
        farthest = max(farthest, apart)
    return None, 0.0
