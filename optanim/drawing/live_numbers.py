"""Live numbers: texts that change with the step, set in cells of whole pixels."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from math import floor

import numpy as np
import numpy.typing as npt
from matplotlib.backend_bases import RendererBase
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.font_manager import FontProperties

from optanim.drawing.colors import rgb_bytes
from optanim.drawing.pixel_boxes import NO_PIXELS, PixelBox
from optanim.drawing.vectors import draw_string
from optanim.formulas.numbers import SUPERSCRIPTS
from optanim.scene.scene import Trace
from optanim.surfaces import Array

RAISED = {raised: "−" if char == "-" else char for char, raised in SUPERSCRIPTS.items()}
"""The plain characters that are drawn for superscripts."""

RAISED_SIZE, RAISED_HEIGHT = 0.72, 0.36
"""The size of superscripts, and the height of their baseline, as parts of the size of letters."""

Masks = npt.NDArray[np.uint16]
"""Coverage of pixels, from 0 to 255."""


class LiveNumber:
    """A text that changes with the step; no digit moves another.

    Exactly one of `left` and `right` is given. Places are in pixels from the top left.

    Args:
        text: a step -> the text; an empty one is not drawn.
        cells: the font, the size and the color.
        baseline: of the text.
        left: where it begins.
        right: where it ends.
        owner: the trace that it belongs to; None if it belongs to none.
    """

    def __init__(
        self, text: Callable[[int], str], cells: GlyphCells, *, baseline: float,
        left: float | None = None, right: float | None = None, owner: Trace | None = None,
    ) -> None:  # fmt: skip
        self.owner = owner
        self.text, self.cells, self.baseline = text, cells, round(baseline)
        self.left, self.right = left, right
        self._last = "", *self._weights(" ")

    def draw(self, renderer: RendererAgg, step: float) -> PixelBox:
        """Blend the text of the last whole step into the pixels."""
        text = self.text(floor(step))
        if not text:
            return NO_PIXELS
        if text != self._last[0]:
            self._last = text, *self._weights(text)
        _, ground, ink = self._last
        height, width = ink.shape[:2]
        left = self._left_of(width)
        top = self.baseline - self.cells.ascent
        pixels = np.asarray(renderer.buffer_rgba())
        box = pixels[max(top, 0) : top + height, max(left, 0) : left + width, :3]
        inside = np.s_[max(-top, 0) :, max(-left, 0) :]
        ground, ink = (part[inside][: box.shape[0], : box.shape[1]] for part in (ground, ink))
        box[:] = (box * ground + ink) // 255
        up = len(pixels) - top
        return PixelBox(left, up - height, left + width, up)

    def draw_vectors(self, renderer: RendererBase, step: float) -> None:
        """Draw the characters of the last whole step, each at the place of its cell."""
        bottom = renderer.get_canvas_width_height()[1] - self.baseline
        for char, left in self.characters(floor(step)):
            self.cells.draw_vector(renderer, char, np.array([left, bottom]))

    def characters(self, step: int) -> list[tuple[str, int]]:
        """The characters of a step that are seen, and the pixel where the cell of each begins."""
        text = self.text(step)
        left, places = self._left_of(self.cells.width(text)), list[tuple[str, int]]()
        for char in text:
            if not char.isspace():
                places.append((char, left))
            left += self.cells.width(char)
        return places

    def _left_of(self, width: int) -> int:
        """The pixel where a text of a width begins."""
        return round(self.left if self.left is not None else (self.right or 0) - width)

    def _weights(self, text: str) -> tuple[Masks, Masks]:
        """The weight of the background, from 0 to 255, and the color times its own weight."""
        mask = self.cells.line(text)[..., None]
        return 255 - mask, self.cells.color * mask + np.uint16(127)


class GlyphCells:
    """The characters of a font in one size and color, each drawn once, in cells of whole pixels.

    Attributes:
        color: red, green and blue, (3,).
        ascent: pixels from the top of a cell down to the baseline.
    """

    def __init__(self, font: FontProperties, color: str, dpi: float) -> None:
        self.color = rgb_bytes(color).astype(np.uint16)
        self._font, self._dpi = font, dpi
        size = font.get_size_in_points() * dpi / 72
        self.ascent, self._height = round(size), round(1.35 * size)
        self._cells = _drawn_cells(font.copy(), dpi)
        self._scratch = RendererAgg(round(3 * size), self._height, dpi)

    def draw(self, characters: str) -> None:
        """Draw characters in advance, while matplotlib has the settings of the figure."""
        for char in characters:
            self._cell(char)

    def width(self, text: str) -> int:
        """The width of a text in pixels."""
        return sum(self._cell(char).shape[1] for char in text)

    def line(self, text: str) -> Masks:
        """The coverage of the pixels of a text, (height, width)."""
        return np.concatenate([self._cell(char) for char in text], axis=1)

    def draw_vector(self, renderer: RendererBase, char: str, place: Array) -> None:
        """Draw a character as vectors; its pixel (2,) on the baseline is from the bottom left."""
        shown, font, up = self._glyph(char)
        draw_string(renderer, shown, place + np.array([0, up]), font, self.color / 255)

    def _glyph(self, char: str) -> tuple[str, FontProperties, int]:
        """The character that is drawn for one, its font, and how far up its baseline is."""
        if char not in RAISED:
            return char, self._font, 0
        # Not the font's own: some fonts have three of them, or such as nobody can read.
        font = self._font.copy()
        font.set_size(RAISED_SIZE * font.get_size_in_points())
        return RAISED[char], font, round(RAISED_HEIGHT * self.ascent)

    def _cell(self, char: str) -> Masks:
        if char not in self._cells:
            self._cells[char] = self._draw_cell(char)
        return self._cells[char]

    def _draw_cell(self, char: str) -> Masks:
        scratch, (char, font, up) = self._scratch, self._glyph(char)
        # Digits have one width, as have the signs that may replace them.
        model = "0" if char.isdigit() or char in "+−\u2007" else char
        wide = scratch.get_text_width_height_descent("n" + model * 8 + "n", font, False)[0]
        bare = scratch.get_text_width_height_descent("nn", font, False)[0]
        scratch.clear()
        gc = scratch.new_gc()
        gc.set_foreground("black")
        if not char.isspace():
            scratch.draw_text(gc, 1, self.ascent - up, char, font, 0)
        mask = np.asarray(scratch.buffer_rgba())[..., 3]
        return quantized(mask[:, 1 : 1 + max(1, round((wide - bare) / 8))])


@lru_cache(maxsize=16)
def _drawn_cells(font: FontProperties, dpi: float) -> dict[str, Masks]:
    """The cells that were drawn in a font: two colors of a figure share them, and later figures."""
    return {}


def quantized(mask: npt.NDArray[np.uint8]) -> Masks:
    """The coverage of pixels in seven steps: it looks the same, and a GIF is a fourth smaller."""
    return np.rint(np.rint(mask * (6 / 255)) * (255 / 6)).astype(np.uint16)
