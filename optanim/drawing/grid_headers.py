"""The headers of a grid: of its cells, of its columns, and at the right of its rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.text import Text

from optanim.drawing.header import draw_line
from optanim.drawing.legend import ending_text, loss_text, widest_loss
from optanim.drawing.live_numbers import GlyphCells, LiveNumber
from optanim.drawing.marks import Mark
from optanim.drawing.text_fit import fit_text, keep_apart, text_width
from optanim.formulas.numbers import LIVE_CHARACTERS
from optanim.scene.scene import Scene
from optanim.scene.swarm import arrived_text
from optanim.scene.trial_names import short_labels
from optanim.schema.figure import MIN_LETTERS

HEADER_SIZE = 22
"""Pixels of the default figure: the height of a column header, and the width of a row header."""


def draw_headers(
    figure: Figure, renderer: RendererAgg, scene: Scene, cells: Sequence[Axes], baseline: float,
    bar_width: float,
) -> None:  # fmt: skip
    """Draw the headers of columns and rows.

    Args:
        figure: that contains the cells.
        renderer: that measures texts.
        scene: a sweep over at least two keys.
        cells: in the order of its combinations.
        baseline: of the column headers, in pixels from the top.
        bar_width: of the color bar at the right of each cell, in pixels.
    """
    assert scene.sweep
    unit, ink, across = scene.unit, scene.theme.ink, scene.sweep.across
    for i, axes in enumerate(cells[:across]):
        text = figure.text(0, 0, scene.sweep.equations(i)[-1], size=14, color=ink, ha="center",
                           transform=None)  # fmt: skip
        text.set_position((axes.bbox.x0 + axes.bbox.width / 2, figure.bbox.height - baseline))
        fit_text(text, renderer, axes.bbox.width, np.inf, 8)
    for i in range(0, len(cells), across):
        axes = cells[i + across - 1]
        text = figure.text(0, 0, ",  ".join(scene.sweep.equations(i)[:-1]), size=14, color=ink,
                           va="center", ha="center", transform=None)  # fmt: skip
        # At the right, the line above the cells is free, too.
        fit_text(text, renderer, axes.bbox.height + 0.9 * HEADER_SIZE * unit, np.inf, 8)
        text.set(rotation=270, position=(axes.bbox.x1 + bar_width + 0.6 * HEADER_SIZE * unit,
                                         axes.bbox.y0 + axes.bbox.height / 2))  # fmt: skip


def cell_headers(
    figure: Figure, renderer: RendererAgg, scene: Scene, cells: Sequence[Axes]
) -> list[Mark]:
    """Draw the label of each trace above its cell; the losses beside them are returned."""
    unit, theme, traces = scene.unit, scene.theme, scene.traces
    font = FontProperties(size=12)
    ink, alarm = (GlyphCells(font, color, figure.dpi) for color in (theme.faint, theme.alarm))
    ink.draw(LIVE_CHARACTERS)
    widest = widest_loss(ink, np.concatenate([trace.trajectory.values for trace in traces]))
    marks: list[Mark] = []
    texts, rooms = list[Text](), list[float]()
    labels = ["" if scene.has_headers else trace.label for trace in traces]
    min_width = min(axes.bbox.width for axes in cells) - 8 * unit
    with_losses = not scene.sweep or _losses_fit(
        figure, renderer, labels, ink, widest, min_width, scene.words.diverged
    )
    numbers, widths = list[list[tuple[GlyphCells, Callable[[int], str]]]](), list[int]()
    for trace in traces:
        end = ending_text(scene, trace, short=True)
        live = [(ink, loss_text(scene, trace)), (alarm, end)] if with_losses else []
        if not scene.has_traces:
            live = []  # a map is of many trials
        elif scene.dots_by:
            count = arrived_text(scene, trace, short=True)
            live, widest = [(ink, count)], ink.width(count(scene.steps))
        numbers.append(live)
        widths.append(max(widest, *(glyphs.width(end(scene.steps)) for glyphs, _ in live))
                      if live else 0)  # fmt: skip
    labels, has_numbers = _fitting_headers(figure, renderer, labels, min_width, max(widths))
    rows = zip(cells, labels, numbers, widths, traces, strict=True)
    for axes, label, live, width, trace in rows:
        box, baseline = axes.bbox, figure.bbox.height - axes.bbox.y1 - 7 * unit
        if not has_numbers:  # That a trial diverges is said beside a name that is cut, too.
            live = live[1:]
            width = max((glyphs.width(text(scene.steps)) for glyphs, text in live), default=0)
        for glyphs, text in live:
            marks.append(LiveNumber(text, glyphs, right=box.x1, baseline=baseline, owner=trace))
        room = box.width - 8 * unit - width
        texts.append(draw_line(figure, renderer, label, (box.x0, baseline), 13, theme.ink, room))
        rooms.append(room)
    keep_apart(texts, labels, renderer, min(rooms))
    return marks


def _fitting_headers(
    figure: Figure, renderer: RendererAgg, labels: list[str], room: float, width: int
) -> tuple[list[str], bool]:
    """The labels of cells, and whether their numbers are beside them, so that no label is cut.

    The options of the optimizers are left out first, unless they tell the cells apart; then the
    numbers. In the narrowest cells, the labels are cut in spite of all.

    Args:
        figure: that they are drawn on.
        renderer: that measures texts.
        labels: of all cells.
        room: for a label and a number, in pixels.
        width: of the widest number, in pixels.
    """
    short = short_labels(labels)
    texts = [[Text(text=label, size=MIN_LETTERS, figure=figure) for label in some]
             for some in (labels, short)]  # fmt: skip
    widest = [max(text_width(text, renderer) for text in some) for some in texts]
    for some, needed in zip((labels, short), widest, strict=True):
        if needed <= 0.98 * (room - width):
            return some, True
    return (labels if widest[0] <= 0.98 * room else short), not any(labels)


def _losses_fit(
    figure: Figure, renderer: RendererAgg, labels: list[str], glyphs: GlyphCells,
    widest: int, room: float, diverged: str,
) -> bool:  # fmt: skip
    """Whether a cell has room for a loss beside its label."""
    texts = [Text(text=label, size=12, figure=figure) for label in labels]
    width = max(text_width(text, renderer) for text in texts)
    width += max(widest, glyphs.width(diverged))
    return bool(width <= room)
