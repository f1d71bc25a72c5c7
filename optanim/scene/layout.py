"""The layout: the places of the panels in a figure, in pixels from the bottom left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, log

PANEL_ASPECT = 1.2
"""Width over height of the best room for a panel with its numbers."""


@dataclass(frozen=True)
class AxesPlace:
    """The place of a panel's axes.

    Attributes:
        left, bottom, width, height: in pixels.
        numbers_left: whether there are numbers at the left.
        numbers_below: whether there are numbers below, and the name of the axis.
        named: whether the vertical axis has its name.
    """

    left: float
    bottom: float
    width: float
    height: float
    numbers_left: bool = True
    numbers_below: bool = True
    named: bool = True


@dataclass(frozen=True)
class Margins:
    """The space around the axes of a panel, in pixels.

    Attributes:
        left: for numbers.
        below: for numbers and the name of the axis.
        right: free.
        above: for the name of the axis, or the header of a cell.
    """

    left: float
    below: float
    right: float
    above: float


def panel_columns(count: int, size: tuple[float, float]) -> int:
    """Number of columns of panels that differ, in a picture of a width and a height.

    The panels are side by side in a wide picture, one above the other in a high one, and
    otherwise in two rows. The last row lacks one panel at most; its last panel is wider then.
    """
    columns = [n for n in range(1, count + 1) if -count % n <= min(1, n - 1)]
    return min(
        columns,
        key=lambda n: abs(log(size[0] / n / (size[1] / ceil(count / n)) / PANEL_ASPECT)),
    )


def place_panels(
    count: int, room: tuple[float, float], margins: Margins, across: int,
    *, bars: Sequence[float] = (), alike: bool = False, filled: bool = False,
) -> list[AxesPlace]:  # fmt: skip
    """Panels in rows, from the top left.

    Args:
        count: the number of panels.
        room: the width and height of the space for all panels.
        margins: of each panel; with `alike`, all have the numbers at the left and below in common.
        across: the number of columns.
        bars: the space of the color bar of each panel, at its right; none by default.
        alike: whether all axes are the same, so that only the outer ones have numbers.
        filled: whether the last panel fills a row that is not full.
    """
    rows, bars = ceil(count / across), bars or [0.0] * count
    # Axes in a column are equally wide.
    column_bars = [max(bars[j::across]) for j in range(min(across, count))]
    wide = bars[-1] if filled and count % across else 0.0
    column_bars[-1] = max(column_bars[-1], wide)
    common_left, own_left = (margins.left, 0.0) if alike else (0.0, margins.left)
    common_below, own_below = (margins.below, 0.0) if alike else (0.0, margins.below)
    pitch = (room[0] - common_left - sum(column_bars)) / across
    step = (room[1] - common_below) / rows
    places = []
    for i in range(count):
        row, column = divmod(i, across)
        last = column + 1 if not filled or i + 1 < count else across
        left = common_left + column * pitch + sum(column_bars[:column]) + own_left
        right = common_left + last * pitch + sum(column_bars[: last - 1]) - margins.right
        places.append(
            AxesPlace(
                left,
                common_below + (rows - 1 - row) * step + own_below,
                right - left,
                step - own_below - margins.above,
                numbers_left=column == 0 or not alike,
                numbers_below=i + across >= count or not alike,
                named=i == 0 or not alike,
            )
        )
    return places
