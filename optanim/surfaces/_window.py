"""The window of a surface that a figure shows, and points too far away to show."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from optanim.schema.view import View
from optanim.surfaces._surface import Array, Surface

Window = tuple[tuple[float, float], ...]
"""The range (low, high) of each coordinate."""

MAP_SCALE = 1.5
"""Size of the map, relative to the domain; a trial that runs away is not shown outside the map."""

DOMAIN_REACH = 1.25
"""Half the size of a guessed domain, relative to the distance from its middle to the start."""


ENDLESS = 0.5
"""The part of its way in the last quarter from which on a trial falls without an end in sight."""

STEADY = 0.2
"""The same for a straight way, if the domain is stated: that is what its author wants to see."""

GROWING = 0.3
"""The same for a trial that ends worse than it starts, if the domain is a guess."""


def configured_window(view: View, surface: Surface) -> Window | None:
    """The window that the config sets; None if it follows from the trajectories."""
    sides = (view.x, view.y)[: surface.dimensions]
    if all(side is None for side in sides):
        return None
    unlimited = (-np.inf, np.inf)
    return tuple((float(s[0]), float(s[1])) if s else unlimited for s in sides)


def off_map(points: Array, surface: Surface) -> npt.NDArray[np.bool_]:
    """Whether each point of a trajectory (d, T) is too far away to show, (T,)."""
    return outside(points, map_of(points, surface))


def outside(points: Array, window: Window | Array) -> npt.NDArray[np.bool_]:
    """Whether each of the points (d, …) is outside a window (d, 2), (…)."""
    low, high = np.array(window).T.reshape(2, -1, *(1,) * (points.ndim - 1))
    return np.asarray(((points < low) | (points > high)).any(axis=0))


@np.errstate(all="ignore")
def map_of(points: Array, surface: Surface) -> Array:
    """The part of a surface in which a trajectory (d, T) is shown, (d, 2).

    It is everything for a trial that does not run away.
    """
    if not runs_away(points, surface):
        return np.array([[-np.inf, np.inf]] * len(points))
    return map_around(points, surface)


def map_around(points: Array, surface: Surface) -> Array:
    """The part of a surface in which a trajectory (d, T) that runs away is shown, (d, 2)."""
    domain = domain_of(points, surface)
    middle, half = domain.mean(axis=1), np.ptp(domain, axis=1) / 2
    # A start outside the domain is intended: the map then includes it.
    reach = np.maximum(MAP_SCALE * half, 1.2 * np.abs(points[:, 0] - middle))
    return np.stack([middle - reach, middle + reach], axis=1)


def points_on_map(points: Array, surface: Surface) -> int:
    """Number of points of a trajectory (d, T) before it first leaves the map; at least 1."""
    outside = np.flatnonzero(off_map(points, surface))
    return max(1, int(outside[0])) if len(outside) else points.shape[1]


def runs_away(points: Array, surface: Surface) -> bool:
    """Whether a trajectory (d, T) runs away; see `run_away`."""
    return bool(run_away(points[..., None], surface)[0])


@np.errstate(all="ignore")
def run_away(points: Array, surface: Surface) -> npt.NDArray[np.bool_]:
    """Which of R trajectories (d, T, R) end worse than they start, or fall without an end in sight.

    It falls without an end in sight, as beside a saddle, if the last quarter of its updates is
    longer than all before. If the domain is stated, a fifth of all is enough for a straight way.
    If it is a guess, a trial that ends worse runs away only if the last quarter is a longer one.
    """
    start, end = (np.asarray(surface.value(points[:, i])) for i in (0, -1))
    worse = ~(end >= start if surface.ascends else end <= start)
    # The largest number first, so that no sum overflows.
    largest = np.abs(points).max(axis=(0, 1))
    points = points / np.where(largest == 0, 1.0, largest)
    lengths = np.linalg.norm(np.diff(points, axis=1), axis=0)
    quarter = max(1, len(lengths) // 4)
    last = lengths[-quarter:].sum(axis=0)
    way = np.linalg.norm(points[:, -1] - points[:, -quarter - 1 :][:, 0], axis=0)
    steady = (way > last / 2) & (not surface.guessed)
    share = np.where(worse, GROWING, np.where(steady, STEADY, ENDLESS))
    falls = last > share * lengths.sum(axis=0)
    return np.asarray(falls if surface.guessed else worse | falls)


@np.errstate(all="ignore")
def domain_of(points: Array, surface: Surface) -> Array:
    """The domain of a surface, (d, 2), for a trajectory (d, T); its scale if nobody stated one.

    A guessed domain keeps its shape. Its middle is the known minimum nearest to the start, or else
    the lowest point along the first update by the secant, and it reaches a quarter beyond the
    start. Without such a point it is the guess.
    """
    domain, start = np.array(surface.domain, np.float64), points[:, 0]
    if not surface.guessed:
        return domain
    if surface.minima:
        minima = np.array(surface.minima)
        middle = minima[np.abs(minima - start).max(axis=1).argmin()]
    else:
        middle = _secant_point(points, surface)
    half = np.ptp(domain, axis=1) / 2
    reach = float((np.abs(start - middle) / half).max()) * DOMAIN_REACH
    if not (0 < reach < np.inf):
        return domain
    return np.stack([middle - reach * half, middle + reach * half], axis=1)


def _secant_point(points: Array, surface: Surface) -> Array:
    """The lowest point (d,) on the line of the first update, from two slopes; NaN without one."""
    first = points[:, :2]
    step = first[:, -1] - first[:, 0]
    slopes = step @ np.broadcast_to(surface.gradient(first), first.shape)
    slopes = -slopes if surface.ascends else slopes
    share = -slopes[0] / (slopes[-1] - slopes[0])
    lowest: Array = first[:, 0] + (share if share > 0 else np.nan) * step
    return lowest


def similar_sides(extent: Array) -> bool:
    """Whether the sides (d,) of a window are similar enough to share one unit of length."""
    return bool(extent.max() <= 3 * extent.min())
