"""The legend of a figure at its place, and the room that it leaves for the panels."""

from __future__ import annotations

import math
from typing import NamedTuple

from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.figure import Figure

from optanim.drawing.colorbar import ColorBar
from optanim.drawing.header import PADDING
from optanim.drawing.legend import Legend
from optanim.drawing.marks import Mark
from optanim.drawing.swarm_legend import SwarmLegend
from optanim.scene.scene import LegendKind, Scene

MIN_PANEL_WIDTH = 160
"""Pixels of the default figure that a legend leaves for each panel with its margins."""

MAX_LEGEND_HEIGHT = 0.35
"""The part of the room below the header that a legend in rows takes at most."""

MAX_LEGEND_ROWS = 3
"""A legend below the panels with more names than this has two columns or more."""

NAMES_HEIGHT = 20
"""Pixels of the default figure: the height of a row of names below the header."""

ROW_GAP = 4
"""Pixels of the default figure between the last row of names and the panels."""

NAMES_GAP = 18
"""Pixels of the default figure between two names in a row."""


class LegendRoom(NamedTuple):
    """The pixels that a legend takes at the right, below and above the panels."""

    right: float = 0.0
    below: float = 0.0
    above: float = 0.0


def draw_legend(
    kind: LegendKind, figure: Figure, renderer: RendererAgg, scene: Scene, top: float
) -> tuple[LegendRoom, list[Mark]]:
    """Draw the legend, unless it is at the heads; its room, and the texts that change.

    Args:
        kind: of the legend.
        figure: to draw on.
        renderer: that measures texts.
        scene: with the traces.
        top: the pixel below the header, from the top.
    """
    if kind == "row":
        return _names_above(figure, renderer, scene, top)
    if kind != "box":
        return LegendRoom(), []
    if scene.portrait and (scene.dots_by or not scene.sweep):
        rows = _counts_below if scene.dots_by else _rows_below
        return rows(figure, renderer, scene, top)
    unit, (width, height) = scene.unit, scene.pixels
    if scene.sweep and not scene.sweep.colored and not scene.dots_by:
        # One line, of the mean over seeds, needs no column.
        padding = PADDING * unit
        line = ColorBar(figure, renderer, scene, width - 2 * padding, height - top)
        return LegendRoom(above=line.height), line.place(padding, top)
    # At least a quarter and at most two fifths of the width; between these, the panels have their
    # smallest width.
    max_width = width - MIN_PANEL_WIDTH * unit * scene.across
    max_width = min(max(max_width, 0.25 * width), 0.42 * width)
    column = SwarmLegend if scene.dots_by else ColorBar if scene.sweep else Legend
    legend = column(figure, renderer, scene, max_width, height - top - PADDING * unit)
    return LegendRoom(right=legend.width), legend.place(width - legend.width, top)


def _rows_below(
    figure: Figure, renderer: RendererAgg, scene: Scene, top: float
) -> tuple[LegendRoom, list[Mark]]:
    """The legend below the panels, in columns."""
    padding = PADDING * scene.unit
    (width, height), count = scene.pixels, len(scene.traces)
    columns = 1 if count <= MAX_LEGEND_ROWS else 2
    room = (width - padding) / columns - padding
    high = columns * MAX_LEGEND_HEIGHT * (height - top)
    legend = Legend(figure, renderer, scene, room, high)
    columns = min(count, max(columns, int((width - padding) // (legend.width + padding))))
    needed = legend.row * math.ceil(count / columns)
    # Columns as far apart as if they filled the width.
    marks = legend.place(padding, height - needed, columns, (width - padding) / columns)
    return LegendRoom(below=needed), marks


def _counts_below(
    figure: Figure, renderer: RendererAgg, scene: Scene, top: float
) -> tuple[LegendRoom, list[Mark]]:
    """The legend of swarms below the panels, in columns."""
    padding, (width, height) = PADDING * scene.unit, scene.pixels
    room = width - 2 * padding
    legend = SwarmLegend(figure, renderer, scene, room, 2 * MAX_LEGEND_HEIGHT * (height - top))
    columns = max(1, min(len(legend.counts), int(room // legend.width)))
    needed = legend.height_in(columns)
    marks = legend.place(padding, height - needed, columns, room / columns)
    return LegendRoom(below=needed), marks


def _names_above(
    figure: Figure, renderer: RendererAgg, scene: Scene, top: float
) -> tuple[LegendRoom, list[Mark]]:
    """The names in one row below the header, or in more where they are long."""
    unit, (width, height), count = scene.unit, scene.pixels, len(scene.traces)
    padding, gap = PADDING * unit, NAMES_GAP * unit
    row = NAMES_HEIGHT * unit
    for _ in range(2):
        legend = Legend(figure, renderer, scene, width - 2 * padding, row * count,
                        beside=True)  # fmt: skip
        spots, right, rows = list[tuple[float, float]](), padding, 0
        for needed in legend.row_widths:
            if spots and right + needed > width - padding:
                right, rows = padding, rows + 1
            spots.append((right, top + rows * legend.row))
            right += needed + gap
        most = MAX_LEGEND_HEIGHT * (height - top)
        if (rows + 1) * legend.row <= most:
            break
        row = most / (rows + 1)
    return LegendRoom(above=(rows + 1) * legend.row + ROW_GAP * unit), legend.place_at(spots)
