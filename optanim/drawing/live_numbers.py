"""Readings: numbers that change with the step, set in cells of whole pixels."""

from __future__ import annotations

from collections.abc import Callable
from math import floor

import numpy as np
import numpy.typing as npt
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.colors import to_rgba
from matplotlib.font_manager import FontProperties


class Reading:
    """A number that changes with the step, set in cells so that no digit moves another.

    Args:
        text: the step -> what to show, made of the characters in `characters`.
        left: the pixel where it begins, or `right`, where it ends, and its `baseline`; from the
            top left of the figure.
    """

    def __init__(
        self, text: Callable[[int], str], cells: Cells, *, baseline: float,
        left: float | None = None, right: float | None = None,
    ) -> None:  # fmt: skip
        self.text, self.cells, self.baseline = text, cells, round(baseline)
        self.left, self.right = left, right
        self._last = "", *self._weighed(" ")

    def draw(self, renderer: RendererAgg, step: float) -> None:
        """Blend the characters of the last whole step into the pixels."""
        text = self.text(floor(step))
        if not text:
            return
        if text != self._last[0]:
            self._last = text, *self._weighed(text)
        _, ground, ink = self._last
        height, width = ink.shape[:2]
        left = round(self.left if self.left is not None else (self.right or 0) - width)
        top = self.baseline - self.cells.ascent
        pixels = np.asarray(renderer.buffer_rgba())
        box = pixels[max(top, 0) : top + height, max(left, 0) : left + width, :3]
        seen = np.s_[max(-top, 0) :, max(-left, 0) :]
        ground, ink = (part[seen][: box.shape[0], : box.shape[1]] for part in (ground, ink))
        box[:] = (box * ground + ink) // 255

    def _weighed(self, text: str) -> tuple[npt.NDArray[np.uint16], npt.NDArray[np.uint16]]:
        """How much of the ground stays, of 255, and how much color comes to it."""
        mask = self.cells.line(text)[..., None]
        return 255 - mask, self.cells.color * mask + np.uint16(127)


class Cells:
    """The characters of a font in one size and color, each drawn once, on cells of whole pixels."""

    def __init__(self, font: FontProperties, color: str, dpi: float) -> None:
        self.color = np.array([round(255 * part) for part in to_rgba(color)[:3]], np.uint16)
        self._font, self._dpi = font, dpi
        size = font.get_size_in_points() * dpi / 72
        self.ascent, self._height = round(size), round(1.35 * size)
        self._known: dict[str, npt.NDArray[np.uint16]] = {}
        self._scratch = RendererAgg(round(3 * size), self._height, dpi)

    def draw(self, characters: str) -> None:
        """Draw what will be needed, while matplotlib's settings are ours."""
        for char in characters:
            self._cell(char)

    def width(self, text: str) -> int:
        """The width of a text in pixels."""
        return sum(self._cell(char).shape[1] for char in text)

    def line(self, text: str) -> npt.NDArray[np.uint16]:
        """The coverage of a text, 0 to 255, (height, width)."""
        return np.concatenate([self._cell(char) for char in text], axis=1)

    def _cell(self, char: str) -> npt.NDArray[np.uint16]:
        if char not in self._known:
            self._known[char] = self._drawn(char)
        return self._known[char]

    def _drawn(self, char: str) -> npt.NDArray[np.uint16]:
        scratch = self._scratch
        # Figures share a width, and so do the signs that take each other's place.
        model = "0" if char.isdigit() or char in "+−\u2007" else char
        wide = scratch.get_text_width_height_descent("n" + model * 8 + "n", self._font, False)[0]
        bare = scratch.get_text_width_height_descent("nn", self._font, False)[0]
        scratch.clear()
        gc = scratch.new_gc()
        gc.set_foreground("black")
        if not char.isspace():
            scratch.draw_text(gc, 1, self.ascent, char, self._font, 0)
        drawn = np.asarray(scratch.buffer_rgba())[..., 3]
        drawn = drawn[:, 1 : 1 + max(1, round((wide - bare) / 8))]
        # Seven steps of coverage look like 256, and take a fourth less in a GIF.
        return np.rint(np.rint(drawn * (6 / 255)) * (255 / 6)).astype(np.uint16)
