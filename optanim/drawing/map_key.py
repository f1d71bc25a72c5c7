"""The key of an outcome map, at its right: what each color stands for."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path
from matplotlib.transforms import Bbox

from optanim.drawing.colorbar import round_ticks
from optanim.drawing.level_bar import BAR_GAP, LevelBar
from optanim.scene.map_picture import KeyBar, KeyLine, MapPicture
from optanim.scene.scene import Scene

LINE_HEIGHT, SWATCH_WIDTH, SWATCH_HEIGHT, LABEL_GAP = 20, 20, 12, 6
"""Pixels of the default figure: a line of the key, its swatch, and the gap before its label."""

BAR_WIDTH, BAR_TOP, MIN_BAR_HEIGHT = 13, 24, 40
"""Pixels of the default figure: the width of a color bar, the room of its title, and its height at
least."""

LABEL_SIZE, TITLE_SIZE = 12, 13
"""Pixels of the default figure: the letters of labels and of the title."""


class MapKey(LevelBar):
    """The axes of a key; a unit of them is a pixel of the default figure."""

    def set_picture(self, scene: Scene, picture: MapPicture) -> None:
        """Set the map whose key this is; the scene is for its colors and its unit."""
        self._scene, self._lines, self._bar = scene, picture.key, picture.bar
        self._title, lines = picture.title, picture.key
        self.labels = tuple(line.label for line in lines)
        # Keys that say the same are alike, and one stands for all.
        self.levels = np.array([str((picture.bar, self._title, *self.labels))])
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
        if self._bar:
            down = self._draw_bar(self._bar, high)
            line_height = LINE_HEIGHT
        for line in self._lines:
            self._draw_swatch(line, down, line_height)
            self.text(SWATCH_WIDTH + LABEL_GAP, -down - line_height / 2, line.label,
                      size=min(LABEL_SIZE, 0.9 * line_height), color=theme.ink,
                      va="center_baseline")  # fmt: skip
            down += line_height

    def _draw_bar(self, bar: KeyBar, room: float) -> float:
        """Draw the color bar above the lines, and return its lower end below the top."""
        theme, top = self._scene.theme, BAR_TOP if bar.title else 0
        high = max(room - top - LINE_HEIGHT * (len(self._lines) + 0.5 * bool(self._lines)),
                   MIN_BAR_HEIGHT)  # fmt: skip
        self.text(0, -11, bar.title, size=LABEL_SIZE, color=theme.faint)
        part, foot = high / len(bar.colors), -top - high
        for i, color in enumerate(bar.colors):
            # It reaches under the next one: as vectors, there is no gap between them.
            height = min(2 * part, high - i * part)
            self.add_patch(Rectangle((0, foot + i * part), BAR_WIDTH, height, facecolor=color,
                                     linewidth=0, antialiased=False))  # fmt: skip
        for at, label in round_ticks(bar.scale, high / LINE_HEIGHT):
            middle = foot + at * high
            self.add_patch(Rectangle((BAR_WIDTH, middle - 0.4), 3, 0.8, linewidth=0,
                                     facecolor=theme.contour))  # fmt: skip
            self.text(BAR_WIDTH + LABEL_GAP, middle, label, size=LABEL_SIZE, color=theme.faint,
                      va="center_baseline")  # fmt: skip
        return top + high + 0.5 * LINE_HEIGHT

    def _line_height(self, height: float) -> float:
        """The height of a line, smaller where there are many."""
        room = height - (19 if self._title else 0)
        return min(LINE_HEIGHT, max(room / max(len(self._lines), 1), 8))

    def _draw_swatch(self, line: KeyLine, down: float, line_height: float) -> None:
        """Draw the colors of a line side by side, the first at the left."""
        height = min(SWATCH_HEIGHT, 0.8 * line_height)
        part, bottom = SWATCH_WIDTH / len(line.colors), -down - (line_height + height) / 2
        if line.dashed:
            middle = bottom + height / 2
            self.add_patch(
                PathPatch(
                    Path([(0, middle), (SWATCH_WIDTH, middle)]),
                    linewidth=1.4,
                    edgecolor=line.colors[0],
                    linestyle=(0, (3.5, 2.5)),
                )
            )
            return
        for i, color in enumerate(line.colors):
            width = min(2 * part, SWATCH_WIDTH - i * part)
            self.add_patch(Rectangle((i * part, bottom), width, height, facecolor=color,
                                     linewidth=0, antialiased=False))  # fmt: skip


def draw_map_key(axes: Axes, scene: Scene, picture: MapPicture) -> None:
    """Draw the key of a panel at its right."""
    figure: Any = axes.get_figure(root=True)
    key = MapKey(figure, (0.0, 0.0, 1.0, 1.0))
    key.set_picture(scene, picture)
    key.place(axes.bbox.x1 + BAR_GAP * scene.unit, axes.bbox.y0, axes.bbox.height)
    axes.add_child_axes(key)
