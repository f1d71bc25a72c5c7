"""Poles and jumps of a loss, and the part of a window where it has values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import isfinite

import numpy as np

from optanim.surfaces import Array, Surface, Window

MIN_JUMP = 0.2
"""Neighboring samples that differ by less, as a part of most of the curve's range, have no gap."""

POLE_RATIO = 1.8
"""An extreme sample of a grid that is this many times its neighbor, from the middle, is a pole."""

MAX_EMPTY = 0.08
"""The part of a window at one of its sides that may be without values."""

SAMPLES = (240, 60)
"""Number of samples along a window of one parameter, and along each side for two."""


def gaps_between(value: Callable[[float], float], x: Array, y: Array) -> list[int]:
    """The indices of samples of a curve before which it has a pole or a jump.

    A gap is where halving the way between two samples does not halve their difference.

    Args:
        value: x -> the loss.
        x: rising, (n,).
        y: the loss at each of them, (n,).
    """
    finite = y[np.isfinite(y)]
    if finite.size < 2:
        return []
    least = MIN_JUMP * float(np.ptp(np.quantile(finite, [0.1, 0.9])))
    with np.errstate(all="ignore"):
        candidates = np.flatnonzero(np.abs(np.diff(y)) > least) + 1
    return [int(i) for i in candidates if _jumps(value, x[i - 1 : i + 1], y[i - 1 : i + 1])]


def _jumps(value: Callable[[float], float], x: Array, y: Array) -> bool:
    """Whether a curve jumps between two points."""
    (a, b), (low, high) = x.tolist(), y.tolist()
    if not (isfinite(low) and isfinite(high)):
        return False
    first = abs(high - low)
    for _ in range(30):
        middle = (a + b) / 2
        between = value(middle)
        if not isfinite(between):
            return True
        if abs(between - low) > abs(high - between):
            b, high = middle, between
        else:
            a, low = middle, between
    return abs(high - low) > first / 2


def bounded_range(z: Array, shown: Array) -> tuple[float, float]:
    """The range of a grid of losses, without its poles.

    Args:
        z: (H, W); NaN where there is no value.
        shown: losses that the range must have, (n,): those of trajectories.
    """
    finite = z[np.isfinite(z)]
    if not finite.size:
        return 0.0, 0.0
    low, high = float(finite.min()), float(finite.max())
    ends = low, high
    if _is_pole(z, high):
        high = max(float(np.quantile(finite, 0.95)), float(shown.max(initial=low)))
    if _is_pole(z, low):
        low = min(float(np.quantile(finite, 0.05)), float(shown.min(initial=ends[1])))
    return max(low, ends[0]), min(high, ends[1])


def _is_pole(z: Array, extreme: float) -> bool:
    """Whether an extreme value of a grid is far from a neighbor, as the value beside a pole is."""
    middle = float(np.nanmedian(z))
    row, column = (int(part) for part in np.argwhere(z == extreme)[0])
    around = z[max(row - 1, 0) : row + 2, max(column - 1, 0) : column + 2]
    # Halves, because the difference of numbers near the largest one overflows.
    away = (around[np.isfinite(around)] / 2 - middle / 2) * np.sign(extreme - middle)
    return bool(away.min() < abs(extreme / 2 - middle / 2) / POLE_RATIO)


def without_poles(z: Array, low: float, high: float) -> Array:
    """A grid of losses (H, W) cut at a range, with a gap where it jumps from one end to the other.

    So no line is drawn across a pole.
    """
    cut = np.clip(z, low, high)
    for axis in (0, 1):
        jump = np.abs(np.diff(cut, axis=axis)) > 0.9 * (high - low)
        if jump.any():
            cut[np.nonzero(jump)] = np.nan
    return cut


def trimmed(surface: Surface, box: Array, points: Array) -> Array:
    """A window (d, 2) without wide sides where the surface has no values.

    Args:
        surface: the surface.
        box: a (low, high) for each parameter.
        points: that stay inside, (d, n).
    """
    count = SAMPLES[len(box) - 1]
    axes = [np.linspace(low, high, count) for low, high in box]
    with np.errstate(all="ignore"):
        grid = np.stack(np.meshgrid(*axes, indexing="ij"))
        finite = np.isfinite(np.broadcast_to(surface.value(grid), grid.shape[1:]))
    new = box.copy()
    for axis, places in enumerate(axes):
        others = tuple(other for other in range(len(axes)) if other != axis)
        full = np.flatnonzero(finite.any(axis=others))
        if not full.size or full.size == count:
            continue
        margin = 0.03 * (places[full[-1]] - places[full[0]])
        low = min(places[full[0]] - margin, float(points[axis].min()))
        high = max(places[full[-1]] + margin, float(points[axis].max()))
        extent = MAX_EMPTY * (box[axis, 1] - box[axis, 0])
        new[axis, 0] = low if low - box[axis, 0] > extent else box[axis, 0]
        new[axis, 1] = high if box[axis, 1] - high > extent else box[axis, 1]
    return new


def losses_in(sides: Window, points: Sequence[Array], values: Sequence[Array]) -> Array:
    """The losses of trajectories, points (d, T) and values (T,) each, inside a window, (n,)."""
    low, high = np.array(sides).T[:, :, None]
    inside = [((p >= low) & (p <= high)).all(axis=0) for p in points]
    return np.concatenate([v[flags] for v, flags in zip(values, inside, strict=True)])
