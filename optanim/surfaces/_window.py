"""The window of a surface that a figure shows, and points far outside the domain."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from optanim.schema.view import View
from optanim.surfaces._surface import Array, Surface

Window = tuple[tuple[float, float], ...]
"""The range (low, high) of each coordinate."""

MAP_SCALE = 1.5
"""Size of the map, relative to the domain; points outside the map are not shown."""


def configured_window(view: View, surface: Surface) -> Window | None:
    """The window that the config sets; None if it follows from the trajectories."""
    sides = (view.x, view.y)[: surface.dimensions]
    if all(side is None for side in sides):
        return None
    unlimited = (-np.inf, np.inf)
    return tuple((float(s[0]), float(s[1])) if s else unlimited for s in sides)


def off_map(points: Array, domain: Array) -> npt.NDArray[np.bool_]:
    """Whether each point of a trajectory (d, T) is too far from the domain (d, 2) to show, (T,)."""
    middle, half = domain.mean(axis=1, keepdims=True), np.ptp(domain, axis=1)[:, None] / 2
    # A start outside the domain is intended: the map then includes it.
    reach = np.maximum(MAP_SCALE * half, 1.2 * np.abs(points[:, :1] - middle))
    return np.asarray((np.abs(points - middle) > reach).any(axis=0))


def similar_sides(extent: Array) -> bool:
    """Whether the sides (d,) of a window are similar enough to share one unit of length."""
    return bool(extent.max() <= 3 * extent.min())


def points_on_map(points: Array, domain: Array) -> int:
    """Number of points of a trajectory (d, T) before it first leaves the map; at least 1."""
    outside = np.flatnonzero(off_map(points, domain))
    return max(1, int(outside[0])) if len(outside) else points.shape[1]
