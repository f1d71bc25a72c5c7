"""The layout: where each panel of a figure stands, in pixels from the bottom left."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

from optanim.schema.figure import columns


@dataclass(frozen=True)
class AxesPlace:
    """Where a panel's axes stand, and which of its edges have numbers."""

    left: float
    bottom: float
    width: float
    height: float
    numbers_left: bool = True
    numbers_below: bool = True


def row(
    count: int, room: tuple[float, float], left: float, below: float, pad: float
) -> list[AxesPlace]:
    """Panels side by side, each with numbers at its own axes.

    Args:
        count: how many.
        room: width and height of what they share.
        left: the margin at the left of each.
        below: the margin under all.
        pad: at the right of each.
    """
    wide = room[0] / count
    return [
        AxesPlace(i * wide + left, below, wide - left - pad, room[1] - below) for i in range(count)
    ]


def grid(
    count: int, room: tuple[float, float], left: float, below: float, pad: float, head: float,
    *, across: int | None = None, alike: bool = True,
) -> list[AxesPlace]:  # fmt: skip
    """Cells with the same axes: numbers at the left and below the last of each column.

    Args:
        count: how many.
        room: width and height of what they share.
        left: the margin at the left of the first column.
        below: the margin under the last row.
        pad: at the right of each.
        head: the height of the line above each.
        across: how many columns there are.
        alike: false where each has axes, and so numbers, of its own.
    """
    across = across or columns(count)
    down = ceil(count / across)
    between, under = (pad, head) if alike else (pad + left, head + below)
    width = (room[0] - left + (0 if alike else left)) / across - between
    height = (room[1] - below + (0 if alike else below)) / down - under
    return [
        AxesPlace(
            left + i % across * (width + between),
            below + (down - 1 - i // across) * (height + under),
            width,
            height,
            numbers_left=i % across == 0 or not alike,
            numbers_below=i + across >= count or not alike,
        )
        for i in range(count)
    ]
