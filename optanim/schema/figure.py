"""The section `figure` of a config, and the keys of a trial and of a theme."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, sqrt
from pathlib import PurePath
from typing import Annotated, Any, Literal

from annotated_types import Len

from optanim.schema.choice import Choice
from optanim.schema.types import Color, Colors, Font, Label, Marker, PixelScale, Size, Start


@dataclass(frozen=True, kw_only=True)
class Theme:
    """The colors of a figure, as `#RRGGBB`.

    Attributes:
        background: color around the axes.
        ink: color of titles and numbers.
        faint: color of captions and ticks.
        bands: colors of the contour bands, from the lowest loss to the highest.
        contour: color of the lines between the bands.
        halo: color of the outlines of traces and marks, which separate them from the bands.
        alarm: color of the word "diverged".
        paths: colors of the traces, in the order of the optimizers.
        ramp: colors of the trials of a sweep, from the lowest value to the highest.
    """

    background: Color
    ink: Color
    faint: Color
    bands: Annotated[Colors, Len(2, 8)]
    contour: Color
    halo: Color
    alarm: Color
    paths: Annotated[Colors, Len(1, 16)]
    ramp: Annotated[Colors, Len(2, 8)]


@dataclass(frozen=True, kw_only=True)
class TrialKeys:
    """Keys of an optimizer in a config, beside its options.

    Attributes:
        label: its name in the figure.
        color: color of its trace; by default the next color of the theme.
        marker: shape of its mark; by default the next shape.
        start: its own starting point; with a list of points, it starts from each of them.
        surface: its own surface, which the panels `of` this optimizer show.
    """

    label: Label | None = None
    color: Color | None = None
    marker: Marker | None = None
    start: Start | None = None
    surface: Annotated[Any, Choice("surfaces")] | None = None


@dataclass(frozen=True, kw_only=True)
class Figure:
    """Size, colors and fonts of the figure.

    Attributes:
        size: width and height in pixels, before `scale`; by default 640 × 480, and wider and
            lower for several panels.
        scale: factor of all sizes, for high-density screens.
        theme: the colors; by default `light`.
        font: a family, or a .ttf, .otf or .ttc file; by default one that has all characters of the
            figure.
        legend: a box of names, or none; by default a box if there are several traces.
    """

    size: Size | None = None
    scale: PixelScale = 1
    theme: Annotated[Any, Choice("themes")] = None
    font: Font | None = None
    legend: Literal["box", "none"] | None = None


def grid_columns(cells: int) -> int:
    """Number of columns of a grid with this number of cells, about 1.5 times as wide as high."""
    return ceil(cells / max(1, round(sqrt(cells / 1.5))))


def default_size(panels: int, cells: int = 0, across: int | None = None) -> tuple[int, int]:
    """The default width and height of a figure in pixels.

    Args:
        panels: number of panels in a row; it has no effect if there are cells.
        cells: number of cells in a grid.
        across: cells per row in the grid of a matrix; such a cell is 190 to 300 pixels wide.
    """
    if across:
        width = min(300, max(190, 1000 // across))
        return 80 + width * across, 110 + (width * 5 // 6) * ceil(cells / across)
    if cells:
        across = grid_columns(cells)
        return min(60 + 300 * across, 1440), 90 + 250 * ceil(cells / across)
    return {1: (640, 480), 2: (880, 420), 3: (1200, 420)}.get(panels, (1440, 400))


FONT_FILES = (".ttf", ".otf", ".ttc")
"""Suffixes of the font files that can be used."""


def is_font_file(font: str) -> bool:
    """Whether a font is given as a file, and not as a family."""
    return "/" in font or PurePath(font).suffix.lower() in (*FONT_FILES, ".woff", ".woff2")
