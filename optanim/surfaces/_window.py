"""The window of a surface that a figure shows, and what lies outside of it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from optanim.schema.view import View
from optanim.surfaces._surface import Array, Surface

Window = tuple[tuple[float, float], ...]


READABLE = 1.5
"""Points further out than so many times the domain are off the map."""


def given(view: View, surface: Surface) -> Window | None:
    """The window that the author set; None where it follows from the paths."""
    sides = (view.x, view.y)[: surface.dimensions]
    if all(side is None for side in sides):
        return None
    everywhere = (-np.inf, np.inf)
    return tuple((float(s[0]), float(s[1])) if s else everywhere for s in sides)


def off_map(path: Array, domain: Array) -> npt.NDArray[np.bool_]:
    """Which points of a path (d, T) are too far from the domain (d, 2) to be shown, (T,)."""
    middle, half = domain.mean(axis=1, keepdims=True), np.ptp(domain, axis=1)[:, None] / 2
    # A start outside is the author's wish: the map then reaches as far.
    reach = np.maximum(READABLE * half, 1.2 * np.abs(path[:, :1] - middle))
    return np.asarray((np.abs(path - middle) > reach).any(axis=0))


def comparable(extent: Array) -> bool:
    """Whether sides (d,) are so near to each other that they may be in the same units."""
    return bool(extent.max() <= 3 * extent.min())


def readable(path: Array, domain: Array) -> int:
    """How many points of a path (d, T) there are before it leaves the map for the first time."""
    off = np.flatnonzero(off_map(path, domain))
    return max(1, int(off[0])) if len(off) else path.shape[1]
