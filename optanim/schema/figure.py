"""The section `figure` of a config, and the keys of a trial and of a theme."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from pathlib import PurePath
from typing import Annotated, Any, Literal

from annotated_types import Len

from optanim.schema.choice import Choice
from optanim.schema.size_types import Size
from optanim.schema.start import Start
from optanim.schema.types import Color, Colors, Font, Label, Marker, PixelScale

COLUMN_WIDTH, MIN_READ_SIZE = 720, 8.5
"""Pixels: the width of a post's text, and the smallest letters of a picture shown in it."""

MIN_LETTERS = 11
"""Pixels of the default figure: its smallest letters, exponents and indices aside."""

MAX_LEGIBLE_WIDTH = 1080
"""Pixels: a wider grid would have to be too high for its letters to be legible in a post."""


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

    @property
    def is_dark(self) -> bool:
        """Whether the background is dark: less bright than a middle grey, as people see it."""
        red, green, blue = (int(self.background[i : i + 2], 16) for i in (1, 3, 5))
        return 0.299 * red + 0.587 * green + 0.114 * blue < 128


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
        size: width and height in pixels, before `scale`; by default 640 × 480, and larger
            for several panels. Lengths for print, as `[12cm, 9cm]`, are 96 pixels per inch.
        scale: factor of all sizes, for high-density screens. Vectors keep their size.
        theme: the colors; by default `light`.
        font: a family, or a .ttf, .otf or .ttc file; by default one that has all characters of the
            figure.
        legend: names at the heads in the first and the last frame (end), in a row below the
            caption, in a box, or none; by default `end` if there are several traces and their
            names have room there, otherwise a box.
        result: what became of the optimizers, in a sentence below the caption of the last frame.
    """

    size: Size | None = None
    scale: PixelScale = 1
    theme: Annotated[Any, Choice("themes")] = None
    font: Font | None = None
    legend: Literal["end", "row", "box", "none"] | None = None
    result: bool | None = None


def grid_columns(cells: int) -> int:
    """Number of columns of a grid with this number of cells: square, or a little wider.

    A grid without holes may be up to three times as wide as high.
    """
    shapes = [(across, ceil(cells / across)) for across in range(1, cells + 1)]
    wide = [(across, rows) for across, rows in shapes if rows <= across <= 3 * rows]
    wide = wide or [(cells, 1)]
    return min(wide, key=lambda shape: (shape[0] * shape[1] - cells, shape[0]))[0]


def default_size(panels: int, cells: int = 0, across: int | None = None) -> tuple[int, int]:
    """The default width and height of a figure in pixels.

    Args:
        panels: number of panels that differ; it has no effect if there are cells.
        cells: number of cells in a grid.
        across: cells per row in the grid of a matrix.
    """
    if not cells:
        return {1: (640, 480), 2: (880, 440)}.get(panels, (880, 760))
    across = across or grid_columns(cells)
    rows = ceil(cells / across)
    # A row of three is narrower, so that it need not be higher than its cells are wide.
    cell = min(300 if rows > 1 or across < 3 else 260, max(1020 // across, 190))
    width, height = 60 + cell * across, 90 + (cell * 5 // 6) * rows
    return width, max(height, _legible_height(width) if width <= MAX_LEGIBLE_WIDTH else 0)


def _legible_height(width: int) -> int:
    """The smallest height of a picture whose letters are legible when it is 720 pixels wide.

    Letters grow with the square root of the height.
    """
    return ceil(480 * (MIN_READ_SIZE * width / (COLUMN_WIDTH * MIN_LETTERS)) ** 2)


FONT_FILES = (".ttf", ".otf", ".ttc")
"""Suffixes of the font files that can be used."""


def is_font_file(font: str) -> bool:
    """Whether a font is given as a file, and not as a family."""
    return "/" in font or PurePath(font).suffix.lower() in (*FONT_FILES, ".woff", ".woff2")
