"""The key of an outcome map, at its right: what each color stands for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from matplotlib.transforms import Bbox

from optanim.drawing.level_bar import BAR_GAP, LevelBar
from optanim.scene.map_picture import KeyLine
from optanim.scene.scene import Scene

LINE_HEIGHT, SWATCH_WIDTH, SWATCH_HEIGHT, LABEL_GAP = 20, 20, 12, 6
"""Pixels of the default figure: a line of the key, its swatch, and the gap before its label."""

LABEL_SIZE, TITLE_SIZE = 12, 13
"""Pixels of the default figure: the letters of labels and of the title."""


class MapKey(LevelBar):
    """The axes of a key; a unit of them is a pixel of the default figure."""

    def set_lines(self, scene: Scene, title: str, lines: Sequence[KeyLine]) -> None:
        """Set what the key says.

        Args:
            scene: for its colors and its unit.
            title: above the lines; "" for none.
            lines: from the top.
        """
        self._scene, self._title, self._lines = scene, title, lines
        self.labels = tuple(line.label for line in lines)
        # Keys that say the same are alike, and one stands for all.
        self.levels = np.array([hash(label) for label in (title, *self.labels)], np.float64)
        self.set_axis_off()

    def place(self, left: float, bottom: float, height: float) -> None:
        """Draw the key at a place in pixels from the bottom left, in place of where it was."""
        unit, theme = self._scene.unit, self._scene.theme
        figure: Any = self.get_figure(root=True)
        high = height / unit
        box = Bbox.from_bounds(left, bottom, SWATCH_WIDTH * unit, height)
        box = box.transformed(figure.transFigure.inverted())
        self.set_axes_locator(lambda axes, renderer: box)
        for artist in [*self.patches, *self.texts]:
            artist.remove()
        self.set(xlim=(0, SWATCH_WIDTH), ylim=(-high, 0))
        down, line_height = 0.0, self._line_height(high)
        if self._title:
            down += 11
            self.text(0, -down, self._title, size=TITLE_SIZE, color=theme.faint)
            down += 8
        for line in self._lines:
            self._draw_swatch(line, down, line_height)
            self.text(SWATCH_WIDTH + LABEL_GAP, -down - line_height / 2, line.label,
                      size=min(LABEL_SIZE, 0.9 * line_height), color=theme.ink,
                      va="center_baseline")  # fmt: skip
            down += line_height

    def _line_height(self, height: float) -> float:
        """The height of a line, smaller where there are many."""
        room = height - (19 if self._title else 0)
        return min(LINE_HEIGHT, max(room / max(len(self._lines), 1), 8))

    def _draw_swatch(self, line: KeyLine, down: float, line_height: float) -> None:
        """Draw the colors of a line side by side, the first at the left."""
        height = min(SWATCH_HEIGHT, 0.8 * line_height)
        part, bottom = SWATCH_WIDTH / len(line.colors), -down - (line_height + height) / 2
        for i, color in enumerate(line.colors):
            self.add_patch(Rectangle((i * part, bottom), part, height, facecolor=color,
                                     linewidth=0, antialiased=False))  # fmt: skip


def draw_map_key(axes: Axes, scene: Scene, title: str, lines: Sequence[KeyLine]) -> None:
    """Draw the key of a panel at its right."""
    figure: Any = axes.get_figure(root=True)
    key = MapKey(figure, (0.0, 0.0, 1.0, 1.0))
    key.set_lines(scene, title, lines)
    key.place(axes.bbox.x1 + BAR_GAP * scene.unit, axes.bbox.y0, axes.bbox.height)
    axes.add_child_axes(key)
