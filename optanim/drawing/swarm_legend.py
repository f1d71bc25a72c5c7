"""The legend of swarms: what their colors mean, and how many dots have come where."""

from __future__ import annotations

from math import ceil

import numpy as np
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from optanim.drawing.live_numbers import GlyphCells, LiveNumber
from optanim.drawing.marks import Mark
from optanim.drawing.text_fit import fit_text, keep_apart, text_width
from optanim.formulas.numbers import live_number
from optanim.scene.scene import Scene
from optanim.scene.swarm import count_heads, counts, loss_edges
from optanim.schema.figure import MIN_LETTERS

ROW_HEIGHT, MIN_ROW_HEIGHT = 38, 20
"""Pixels of the default figure: the height of a name with its number below it, and of a name with
its number beside it."""

NAME_SIZE = 13
"""Pixels of the default figure: the letters of names."""

HANDLE_WIDTH = 16
"""Pixels of the default figure from the left of the column to its names."""

PADDING = 12
"""Pixels of the default figure at the right of the column, and between a name and its number."""

DOT_SIZE = 8.5
"""Pixels of the default figure: the diameter of a dot of the legend."""

BAR_HEIGHT = 44
"""Pixels of the default figure: the height of the bar of losses with its title and its numbers."""

HEAD_HEIGHT, HEAD_SIZE = 17, 12
"""Pixels of the default figure: the height of a line of the head, and its letters."""

MIN_BAR_WIDTH = 124
"""Pixels of the default figure: a narrower bar has no room for the numbers at its ends."""


class SwarmLegend:
    """The rows of the legend of swarms, measured.

    Attributes:
        width: of the column, in pixels.
        row: the height of a row, in pixels.
        counts: the rows.

    Args:
        figure: that they are drawn on.
        renderer: that measures texts.
        scene: of swarms.
        max_width: of the column, in pixels.
        max_height: of all rows, in pixels.

    Raises:
        ValueError: the TeX of a label is wrong.
    """

    def __init__(
        self, figure: Figure, renderer: RendererAgg, scene: Scene, max_width: float,
        max_height: float,
    ) -> None:  # fmt: skip
        self._figure, self._scene, unit = figure, scene, scene.unit
        self.counts = counts(scene)
        self._bar = BAR_HEIGHT * unit if scene.dots_by == "loss" else 0.0
        handle = 0 if all(not row.color for row in self.counts) else HANDLE_WIDTH * unit
        self._heads = self._fitted_heads(renderer, max_width - handle - PADDING * unit)
        self._head = HEAD_HEIGHT * unit * len(self._heads)
        room = max_height - self._bar - self._head
        self.row = min(ROW_HEIGHT * unit, room / len(self.counts))
        self._beside = self.row < 0.9 * ROW_HEIGHT * unit
        self.row = min(self.row, MIN_ROW_HEIGHT * unit) if self._beside else self.row
        self._cells = GlyphCells(FontProperties(size=12), scene.theme.faint, figure.dpi)
        numbers = [self._cells.width(row.text(step)) for row in self.counts
                   for step in (0, scene.steps)]  # fmt: skip
        size = min(NAME_SIZE, 0.8 * self.row / unit)
        self._names = [Text(text=row.name, size=size, figure=figure) for row in self.counts]
        beside = max(numbers) + PADDING * unit if self._beside else 0.0
        room = max_width - handle - beside - PADDING * unit
        for name in self._names:
            fit_text(name, renderer, room, np.inf, size)
        keep_apart(self._names, [row.name for row in self.counts], renderer, room)
        self._name_width = max(text_width(name, renderer) for name in self._names)
        needed = self._name_width + beside if self._beside else max(self._name_width, *numbers)
        needed = max(needed, *(text_width(head, renderer) for head in self._heads), 0)
        bar = min(MIN_BAR_WIDTH * unit, max_width) if self._bar else 0.0
        self.width = max(handle + needed, bar) + PADDING * unit
        self._handle = handle

    def height_in(self, columns: int) -> float:
        """The height of all rows in this number of columns, in pixels."""
        return self._bar + self._head + self.row * ceil(len(self.counts) / columns)

    def _fitted_heads(self, renderer: RendererAgg, room: float) -> list[Text]:
        """What the numbers of a row are of: in a line, or in one for each if no row is as long."""
        names = count_heads(self._scene)
        heads = [Text(text=" / ".join(names), size=HEAD_SIZE, figure=self._figure)]
        rows = [Text(text=row.name, size=NAME_SIZE, figure=self._figure) for row in self.counts]
        longest = max(text_width(row, renderer) for row in rows) if names else 0.0
        if text_width(heads[0], renderer) > min(longest, room):
            lines = [f"{name} /" for name in names[:-1]] + [*names[-1:]]
            heads = [Text(text=line, size=HEAD_SIZE, figure=self._figure) for line in lines]
            for head in heads:
                fit_text(head, renderer, room, np.inf, MIN_LETTERS)
        return heads if names else []

    def place(
        self, left: float, top: float, columns: int = 1, column_width: float = 0.0
    ) -> list[Mark]:
        """Draw the rows from a pixel at the top left; the numbers are returned.

        Args:
            left: the pixel of the first column.
            top: the pixel of the first row, from the top.
            columns: their number; the rows go on in the next column, then in the next row.
            column_width: the distance of columns, in pixels.
        """
        unit, theme, height = self._scene.unit, self._scene.theme, self._figure.bbox.height
        marks: list[Mark] = []
        for i, head in enumerate(self._heads):
            baseline = height - top - (12 + i * HEAD_HEIGHT) * unit
            head.set(position=(left + self._handle, baseline), color=theme.faint, transform=None)
            self._figure.add_artist(head)
        top += self._head
        for i, (row, name) in enumerate(zip(self.counts, self._names, strict=True)):
            x = left + i % columns * column_width
            baseline = top + i // columns * self.row + min(12 * unit, 0.8 * self.row)
            if row.color:
                dot = Line2D([x + DOT_SIZE / 2 * unit], [height - baseline + 4.6 * unit],
                             marker="o", color=row.color, markersize=DOT_SIZE,
                             markeredgecolor=theme.halo, markeredgewidth=0.8,
                             transform=None)  # fmt: skip
                self._figure.add_artist(dot)
            # What has no color is no place: its name is no part of the list beside the dots.
            start, x = x, x + (self._handle if row.color else 0)
            name.set(position=(x, height - baseline), color=theme.ink, transform=None)
            self._figure.add_artist(name)
            if self._beside:
                x = start + self._handle + self._name_width + PADDING * unit
            below = baseline + (0 if self._beside else 16 * unit)
            marks.append(LiveNumber(row.text, self._cells, left=x, baseline=below))
        if self._bar:
            rows = ceil(len(self.counts) / columns)
            self._draw_bar(left, top + rows * self.row)
        return marks

    def _draw_bar(self, left: float, top: float) -> None:
        """Draw the colors of losses, from the lowest to the highest, with these two below."""
        scene, unit, height = self._scene, self._scene.unit, self._figure.bbox.height
        dots = scene.traces[0].dots
        assert dots
        edges = loss_edges(scene.traces)
        width = (self.width - PADDING * unit) / len(dots.colors)
        foot = height - top - 26 * unit
        for i, color in enumerate(dots.colors):
            self._figure.add_artist(
                Rectangle((left + i * width, foot), min(2, len(dots.colors) - i) * width, 9 * unit,
                          facecolor=color, linewidth=0, antialiased=False, transform=None)
            )  # fmt: skip
        right = left + width * len(dots.colors)
        for x, y, text, side in (
            (left, foot + 14 * unit, scene.value_word, "left"),
            (left, foot - 13 * unit, live_number(float(edges[0])), "left"),
            (right, foot - 13 * unit, live_number(float(edges[-1])), "right"),
        ):
            self._figure.text(x, y, text, ha=side, size=11, color=scene.theme.faint, transform=None)
