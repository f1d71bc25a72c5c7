"""The section `figure` of a config, and the keys of a path and of a theme."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, sqrt
from pathlib import PurePath
from typing import Annotated, Any, Literal

from annotated_types import Len

from optanim.schema.choice import Choice
from optanim.schema.types import Color, Colors, Font, Marker, PixelScale, Size, Start, Text


@dataclass(frozen=True, kw_only=True)
class Theme:
    """Colors, as `#RRGGBB`; the files of `optanim/themes/` are such.

    Attributes:
        background: around the axes.
        ink: titles and numbers.
        faint: captions and ticks.
        bands: the contour bands run from the first at the lowest loss to the last at the highest.
        contour: the lines between the bands.
        halo: around paths and marks, so that they stand off the bands.
        alarm: the word "diverged".
        paths: one for each optimizer in turn.
        ramp: the trials of a sweep run from the first at the lowest value to the last.
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
class Look:
    """Keys that may stand beside an optimizer's options.

    Attributes:
        label: its name in the figure.
        color: of its path; by default the next one of the theme.
        marker: at its head; by default the next one.
        start: its own start.
        surface: its own surface, which panels show that are `of` it.
    """

    label: Text | None = None
    color: Color | None = None
    marker: Marker | None = None
    start: Start | None = None
    surface: Annotated[Any, Choice("surfaces")] | None = None


@dataclass(frozen=True, kw_only=True)
class Figure:
    """The picture as an object on a page.

    Attributes:
        size: width and height in pixels, before `scale`; by default 640 × 480, and wider and
            flatter for several panels.
        scale: everything so many times larger, for high-density screens.
        theme: the colors; by default `light`.
        font: a family, or a .ttf, .otf or .ttc file; by default one that has the letters.
        legend: a box of names, or none; by default a box when there are several paths.
    """

    size: Size | None = None
    scale: PixelScale = 1
    theme: Annotated[Any, Choice("themes")] = None
    font: Font | None = None
    legend: Literal["box", "none"] | None = None


def columns(cells: int) -> int:
    """How many columns a grid of so many cells has; it is rather wide than high."""
    return ceil(cells / max(1, round(sqrt(cells / 1.5))))


def default_size(panels: int, cells: int = 0, across: int | None = None) -> tuple[int, int]:
    """The size of a figure with so many panels, or cells: wide enough for each, and for a page.

    Many cells in rows of a given length are smaller, but never less than 190 pixels wide.
    """
    if across:
        wide = min(300, max(190, 1000 // across))
        return 80 + wide * across, 110 + (wide * 5 // 6) * ceil(cells / across)
    if cells:
        across = columns(cells)
        return min(60 + 300 * across, 1440), 90 + 250 * ceil(cells / across)
    return {1: (640, 480), 2: (880, 420), 3: (1200, 420)}.get(panels, (1440, 400))


FONT_FILES = (".ttf", ".otf", ".ttc")


def is_font_file(font: str) -> bool:
    """Whether a font is said by its file, not by its family."""
    return "/" in font or PurePath(font).suffix.lower() in (*FONT_FILES, ".woff", ".woff2")
