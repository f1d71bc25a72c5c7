"""The layout: where each panel of a figure stands, in pixels from the bottom left."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, sqrt


@dataclass(frozen=True)
class Place:
    """Where a panel's axes stand, and which of its edges have numbers."""

    left: float
    bottom: float
    width: float
    height: float
    numbers_left: bool = True
    numbers_below: bool = True


def columns(cells: int) -> int:
    """How many columns a grid of so many cells has; it is rather wide than high."""
    return ceil(cells / max(1, round(sqrt(cells / 1.5))))


def default_size(panels: int, cells: int = 0) -> tuple[int, int]:
    """The size of a figure with so many panels, or cells: wide enough for each, and for a page."""
    if cells:
        across = columns(cells)
        return min(60 + 300 * across, 1440), 90 + 250 * ceil(cells / across)
    return {1: (640, 480), 2: (880, 420), 3: (1200, 420)}.get(panels, (1440, 400))


def row(
    count: int, room: tuple[float, float], left: float, below: float, pad: float
) -> list[Place]:
    """Panels side by side, each with numbers at its own axes.

    Args:
        count: how many.
        room: width and height of what they share.
        left: the margin at the left of each.
        below: the margin under all.
        pad: at the right of each.
    """
    wide = room[0] / count
    return [Place(i * wide + left, below, wide - left - pad, room[1] - below) for i in range(count)]


def grid(
    count: int, room: tuple[float, float], left: float, below: float, pad: float, head: float
) -> list[Place]:
    """Cells with the same axes: numbers at the left and below the last of each column.

    Args:
        count: how many.
        room: width and height of what they share.
        left: the margin at the left of the first column.
        below: the margin under the last row.
        pad: at the right of each.
        head: the height of the line above each.
    """
    across = columns(count)
    down = ceil(count / across)
    width = (room[0] - left) / across - pad
    height = (room[1] - below) / down - head
    return [
        Place(
            left + i % across * (width + pad),
            below + (down - 1 - i // across) * (height + head),
            width,
            height,
            numbers_left=i % across == 0,
            numbers_below=i + across >= count,
        )
        for i in range(count)
    ]
