"""The layout: the places of the panels in a figure, in pixels from the bottom left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from optanim.schema.figure import grid_columns


@dataclass(frozen=True)
class AxesPlace:
    """The place of a panel's axes, and whether there are numbers at its left and lower edge."""

    left: float
    bottom: float
    width: float
    height: float
    numbers_left: bool = True
    numbers_below: bool = True


def place_row(
    bars: Sequence[float], room: tuple[float, float], left: float, below: float, pad: float
) -> list[AxesPlace]:
    """Panels side by side, equally wide, each with numbers at its own axes.

    Args:
        bars: the space of the color bar of each panel, at its right; 0 without one.
        room: the width and height of the space for all panels.
        left: the margin at the left of each panel.
        below: the margin below the panels.
        pad: the margin at the right of each panel.
    """
    total, height = room
    width = (total - sum(bars)) / len(bars)
    return [AxesPlace(i * width + sum(bars[:i]) + left, below, width - left - pad, height - below)
            for i in range(len(bars))]  # fmt: skip


def place_column(
    bars: Sequence[float], room: tuple[float, float], left: float, below: float, pad: float
) -> list[AxesPlace]:
    """Panels one above the other, equally large, each with numbers at its own axes.

    Args:
        bars: the space of the color bar of each panel, at its right; 0 without one.
        room: the width and height of the space for all panels.
        left: the margin at the left of the panels.
        below: the margin below each panel.
        pad: the margin at the right of the panels, and above each one but the first.
    """
    count, (width, total) = len(bars), room
    height = (total + pad) / count
    return [AxesPlace(left, (count - 1 - i) * height + below, width - max(bars) - left - pad,
                      height - below - pad)
            for i in range(count)]  # fmt: skip


def place_grid(
    count: int, room: tuple[float, float], left: float, below: float, pad: float, head: float,
    *, across: int | None = None, alike: bool = True,
) -> list[AxesPlace]:  # fmt: skip
    """Panels in rows; if their axes are the same, only the outer ones have numbers.

    Args:
        count: the number of panels.
        room: the width and height of the space for all panels.
        left: the margin for numbers at the left.
        below: the margin for numbers below.
        pad: the margin at the right of each panel.
        head: the height of the line of text above each panel.
        across: the number of columns; by default it follows from `count`.
        alike: whether all axes are the same; otherwise each panel has its own numbers.
    """
    across = across or grid_columns(count)
    rows = ceil(count / across)
    column_gap, row_gap = (pad, head) if alike else (pad + left, head + below)
    width = (room[0] - left + (0 if alike else left)) / across - column_gap
    height = (room[1] - below + (0 if alike else below)) / rows - row_gap
    return [
        AxesPlace(
            left + i % across * (width + column_gap),
            below + (rows - 1 - i // across) * (height + row_gap),
            width,
            height,
            numbers_left=i % across == 0 or not alike,
            numbers_below=i + across >= count or not alike,
        )
        for i in range(count)
    ]
