"""Where a polyline leaves its panel, and the triangle that marks the place."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from matplotlib.path import Path
from matplotlib.transforms import Affine2D, Bbox

from optanim.surfaces import Array

TRIANGLE = Path([(0.0, 0.0), (-1.0, -0.62), (-1.0, 0.62), (0.0, 0.0)], closed=True)
"""A triangle that points to the right, its tip in the origin."""

SIDES = ((-1, 0), (1, 0), (0, -1), (0, 1))
"""The directions outwards of the left, right, lower and upper edge, as `exit_points` counts."""


ROUNDING = 1e-3
"""Pixels: a point on the frame may be as far outside, because of rounding."""


def outside(points: Array, clip: Bbox) -> npt.NDArray[np.bool_]:
    """Whether each of the pixels (m, 2) is outside of the clip; a gap is not."""
    low, high = clip.padded(ROUNDING).get_points()
    return np.asarray(((points < low) | (points > high)).any(axis=1))


@np.errstate(all="ignore")
def exit_points(points: Array, clip: Bbox) -> tuple[Array, npt.NDArray[np.intp]]:
    """Where each line of a polyline leaves the clip.

    Reference: Liang and Barsky 1984.

    Args:
        points: (m, 2) in pixels; NaN is a gap.
        clip: the rectangle.

    Returns:
        For each of the m - 1 lines the pixel, (m - 1, 2), NaN if it ends inside or never is inside;
        and the index of the edge in `SIDES`.
    """
    start, way = points[:-1], np.diff(points, axis=0)
    low, high = clip.get_points()
    # The share of the line at which it crosses the left, right, lower and upper edge, (m - 1, 4).
    to_edges = np.stack([low - start, high - start], axis=2).reshape(len(start), 4)
    ways = np.repeat(way, 2, axis=1)
    shares = to_edges / ways
    leaving = ways * np.array([-1, 1, -1, 1]) > 0
    beyond = to_edges * np.array([-1, 1, -1, 1]) < 0
    never = (beyond & (ways == 0)).any(axis=1)
    leave = np.where(leaving, shares, np.inf)
    enter = np.where((ways != 0) & ~leaving, shares, -np.inf).max(axis=1, initial=0.0)
    edge = leave.argmin(axis=1)
    last = leave.min(axis=1)
    crosses = (last >= enter) & (last < 1) & (last >= 0) & ~never
    pixels = np.where(crosses[:, None], start + last[:, None] * way, np.nan)
    return pixels, edge


def nearest_exit(pixel: Array, clip: Bbox, size: float) -> tuple[Array, int]:
    """The pixel of the clip's edge nearest to one outside, for a triangle of a size; and the edge.

    The triangle is whole: it keeps away from the corners.
    """
    low, high = clip.get_points()
    beyond = np.stack([low - pixel, pixel - high], axis=1).ravel()
    edge, margin = int(beyond.argmax()), 0.62 * size
    place = np.clip(pixel, low + margin, np.maximum(high - margin, low + margin))
    place[edge // 2] = (low, high)[edge % 2][edge // 2]
    return place, edge


def triangle(pixel: Array, edge: int, size: float) -> Affine2D:
    """The place of `TRIANGLE` with its tip at a pixel of an edge; its size is in pixels."""
    x, y = SIDES[edge]
    return Affine2D().rotate(float(np.arctan2(y, x))).scale(size).translate(*pixel)
