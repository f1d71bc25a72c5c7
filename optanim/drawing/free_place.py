"""A free place for a text beside its point: over no obstacle, inside the frame, and near.

Places are in pixels from the bottom left, boxes are rows of left, bottom, right and top. The search
is on cells of a grid and exact there: whole cells are free or not, and each place for the text is
compared.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from optanim.surfaces import Array

Cells = npt.NDArray[np.int_]
"""Numbers of cells, or places and sizes in cells."""

NO_BOXES: Array = np.zeros((0, 4))

REACH = 80.0
"""Cells around the point that are searched first; a free place there is taken without the rest."""

LEAN = 0.02
"""The weight of the distance of the middle of a text: of places equally near, the more central."""

SIDE = 3.0
"""Cells by which a place at the right of its point may be farther than one at its left."""


MAX_BOXES = 10_000
"""The largest number of boxes on a line between two points."""


class TextPlace(NamedTuple):
    """The place of a text.

    Attributes:
        left: of its box.
        bottom: of its box.
        is_free: whether the box covers no obstacle.
    """

    left: float
    bottom: float
    is_free: bool


def free_place(
    size: tuple[float, float], anchor: tuple[float, float], obstacles: Array,
    frame: tuple[float, float, float, float], *, distance: float = 8.0, soft: Array = NO_BOXES,
    cell: float = 1.0,
) -> TextPlace | None:  # fmt: skip
    """The place of a box near its point that covers nothing.

    If no place is free, the one that covers the smallest area of obstacles is returned, and of
    these the one that covers the smallest area of soft ones.

    Args:
        size: the width and height of the box.
        anchor: the point, which may be outside of the frame.
        obstacles: boxes that are not covered, (n, 4).
        frame: the box that the place is in: left, bottom, right, top.
        distance: the gap between the point and the box that is best.
        soft: boxes that are covered rather than obstacles, such as trails, (m, 4).
        cell: the side of a cell, in pixels; that of a pixel of the default figure is fine enough.

    Returns:
        None if the box is larger than the frame.
    """
    origin = np.array(frame[:2])
    cells = np.floor((np.array(frame[2:]) - origin) / cell + 1e-9).astype(int)
    needed = np.ceil(np.array(size) / cell - 1e-9).astype(int)
    if (needed > cells).any():
        return None
    point = (np.array(anchor) - origin) / cell
    hard, faint = ((boxes - np.tile(origin, 2)) / cell for boxes in (obstacles, soft))
    low, high = np.floor(point - REACH - needed), np.ceil(point + REACH + needed)
    near = np.clip(np.array([low, high]), 0, cells).astype(int)
    for part in (near, np.array([[0, 0], cells])):
        if (part[1] - part[0] < needed).any():
            continue
        place, area, cost = _best(needed, point, part, hard, faint, distance / cell)
        if area == 0 and cost <= REACH - distance / cell:
            break
    left, bottom = (origin + place * cell).tolist()
    return TextPlace(left, bottom, area == 0)


def _best(
    size: Cells, point: Array, part: Cells, hard: Array, soft: Array, distance: float
) -> tuple[Cells, int, float]:
    """The best place in a part of the frame, the area that it covers, and its cost.

    Args:
        size: the width and height of the box.
        point: that the box belongs to.
        part: the first cell of the part, and the one after its last, (2, 2).
        hard: obstacles, (n, 4).
        soft: soft obstacles, (m, 4).
        distance: of the box to the point that is best.
    """
    (columns, rows), corner = part[1] - part[0], np.tile(part[0], 2)
    taken, faint = (
        _covered(_cells(boxes - corner, columns, rows), *size) for boxes in (hard, soft)
    )
    # A cell of an obstacle outweighs all soft ones.
    covered = taken * int(columns * rows + 1) + faint
    left, bottom = (np.arange(n) + first for n, first in zip(covered.shape[::-1], part[0],
                                                             strict=True))  # fmt: skip
    cost = np.where(covered == covered.min(), _cost(left, bottom, size, point, distance), np.inf)
    y, x = np.unravel_index(int(cost.argmin()), cost.shape)
    return np.array([left[x], bottom[y]]), int(covered[y, x]), float(cost[y, x])


def polyline_boxes(points: Array, width: float, frame: Array | None = None) -> Array:
    """Boxes that cover a polyline of a width, (n, 4); a NaN is a gap.

    Args:
        points: its pixels, (m, 2).
        width: of the line, in pixels; each box is as large.
        frame: left, bottom, right and top, (4,); of what is outside there are no boxes.
    """
    start, way = points[:-1], np.diff(points, axis=0)
    begin, end = np.zeros(len(way)), np.ones(len(way))
    with np.errstate(all="ignore"):
        if frame is not None:  # The parts of the lines at which they are inside.
            low, high = (frame[:2] - width - start) / way, (frame[2:] + width - start) / way
            begin = np.fmax(begin, np.fmin(low, high).max(axis=1))
            end = np.fmin(end, np.fmax(low, high).min(axis=1))
        length = np.abs(way).max(axis=1, initial=0) * (end - begin)
    kept = np.isfinite(length) & (begin <= end)
    begin, end, length = begin[kept], end[kept], length[kept]
    counts = np.minimum(length / width, MAX_BOXES).astype(int) + 2
    number = np.arange(counts.sum()) - np.repeat(counts.cumsum() - counts, counts)
    share = np.repeat(begin, counts) + number * np.repeat((end - begin) / (counts - 1), counts)
    line = np.repeat(start[kept], counts, axis=0) + share[:, None] * np.repeat(
        way[kept], counts, axis=0
    )
    return point_boxes(np.concatenate([line, points[:1]]), width)


def point_boxes(points: Array, width: float) -> Array:
    """Squares of a width around pixels (n, 2), as boxes (n, 4)."""
    points = points[np.isfinite(points).all(axis=1)]
    return np.concatenate([points - width / 2, points + width / 2], axis=1)


def crosses_box(line: Array, boxes: Array) -> bool:
    """Whether a line from one pixel to another, (2, 2), passes over one of the boxes, (n, 4)."""
    points = line[0] + np.linspace(0, 1, 41)[:, None] * (line[1] - line[0])
    inside = (points[:, None] > boxes[:, :2]) & (points[:, None] < boxes[:, 2:])
    return bool(inside.all(axis=2).any())


def _cells(boxes: Array, columns: int, rows: int) -> Cells:
    """Which cells are touched by a box: (rows, columns), 0 or 1."""
    if not len(boxes):
        return np.zeros((rows, columns), np.int64)
    limits = np.array([columns, rows])
    low = np.clip(np.floor(boxes[:, :2] + 1e-9), 0, limits).astype(int)
    high = np.clip(np.ceil(boxes[:, 2:] - 1e-9), 0, limits).astype(int)
    # The corners of each box; the sum over all cells at the lower left is the number of boxes.
    corners = np.zeros((rows + 1, columns + 1), np.int64)
    inside = (low < high).all(axis=1)
    (x0, y0), (x1, y1) = low[inside].T, high[inside].T
    for x, y, sign in ((x0, y0, 1), (x1, y0, -1), (x0, y1, -1), (x1, y1, 1)):
        np.add.at(corners, (y, x), sign)
    count = corners.cumsum(axis=0).cumsum(axis=1)[:-1, :-1]
    return np.minimum(count, 1)


def _covered(cells: Cells, width: int, height: int) -> Cells:
    """The number of touched cells under a box at each place, (rows - height + 1, …)."""
    sums = np.pad(cells.cumsum(axis=0).cumsum(axis=1), ((1, 0), (1, 0)))
    return np.asarray(
        sums[height:, width:] - sums[:-height, width:] - sums[height:, :-width]
        + sums[:-height, :-width]
    )  # fmt: skip


def _cost(left: Cells, bottom: Cells, size: Cells, point: Array, distance: float) -> Array:
    """How far each place is from the best distance to the point, (bottom, left)."""
    across = np.maximum(np.maximum(left - point[0], point[0] - left - size[0]), 0)
    along = np.maximum(np.maximum(bottom - point[1], point[1] - bottom - size[1]), 0)
    gap = np.hypot(across[None], along[:, None])
    # Nearer than the best distance is worse than farther.
    cost = np.where(gap < distance, 3 * (distance - gap), gap - distance)
    dx, dy = left + size[0] / 2 - point[0], bottom + size[1] / 2 - point[1]
    # Of places equally near: at the right, and neither far above nor far below.
    cost += LEAN * np.hypot(dx[None], 3 * dy[:, None])
    cost += np.where(dx < 0, SIDE, 0)[None]
    return np.asarray(cost)
