"""The legend: a row for each trace with its current loss, or names alone where rows are low."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D
from matplotlib.text import Text

from optanim.drawing.live_numbers import GlyphCells, LiveNumber
from optanim.drawing.marks import Mark
from optanim.drawing.text_fit import fit_text, keep_apart, text_width
from optanim.drawing.vectors import legend_id
from optanim.experiment.outcome import left_from, measure_outcome
from optanim.formulas.numbers import LIVE_CHARACTERS, live_number
from optanim.scene.line_style import LINE_WIDTH
from optanim.scene.scene import Scene, Trace
from optanim.schema.figure import MIN_LETTERS
from optanim.surfaces import Array, configured_window

ROW_HEIGHT = 40
"""Pixels of the default figure: the height of a row, a label and a loss below it."""

MIN_ROW_HEIGHT = 32
"""Pixels of the default figure: a lower row has no loss."""

HANDLE_WIDTH = 24
"""Pixels of the default figure from the left of the column to its labels."""

ENDING_GAP = 6
"""Pixels of the default figure between a name and the ending of its trial after it."""

FIGURE_SPACE = "\u2007"
"""A space as wide as a digit."""


def ending(scene: Scene, trace: Trace) -> tuple[str, str, int] | None:
    """The end of a trace in words, in one word, and the step that shows it.

    It is None for a trace that neither diverges, nor comes to where the loss has no value, nor
    leaves the frame for good.
    """
    trajectory, surface = trace.trajectory, trace.surface
    frame = configured_window(scene.view, surface)
    # This is quick; to measure the whole outcome of a long trajectory is not.
    if trajectory.status == "finished" and left_from(trajectory, surface, frame) is None:
        return None
    outcome = measure_outcome(trajectory, surface, frame=frame)
    if outcome.status not in ("diverged", "undefined", "left"):
        return None
    shown = outcome.since if outcome.status == "left" else trajectory.steps
    words = scene.words
    long, word = {
        "diverged": (words.diverged_from if outcome.grows else words.diverged_at, words.diverged),
        "undefined": (words.undefined_at, words.undefined),
        "left": (words.left_at, words.left),
    }[outcome.status]
    return long.format(since=outcome.since), word, shown or 0


def loss_text(scene: Scene, trace: Trace) -> Callable[[int], str]:
    """A step -> the loss of a trace as text; "" once its `ending` stands in its place."""
    values, end = trace.trajectory.values, ending(scene, trace)

    def text(step: int) -> str:
        hidden = end is not None and step >= end[2]
        return "" if hidden else live_number(float(values[min(step, len(values) - 1)]))

    return text


def ending_text(scene: Scene, trace: Trace, *, short: bool = False) -> Callable[[int], str]:
    """A step -> the `ending` of a trace from its step on; "" before. In short, in one word."""
    message, word, since = ending(scene, trace) or ("", "", 0)
    return lambda step: (word if short else message) if step >= since else ""


def widest_loss(cells: GlyphCells, values: Array) -> int:
    """The width of the widest of losses as text, in pixels; two losses of each size are measured.

    The largest below 0.0001 may be rounded to it, and is shorter then than the others.
    """
    size = np.sort(np.abs(values[np.isfinite(values) & (values != 0)]))
    shown = [0.0]
    for sizes in (size, size[::-1]):
        _, first = np.unique(np.floor(np.log10(sizes)), return_index=True)
        shown += sizes[first].tolist()
    sign = "−" if (values < 0).any() else ""
    return max(cells.width(sign + live_number(value)) for value in shown)


class Legend:
    """The rows of the legend, measured.

    Attributes:
        width: of the column, in pixels.
        row: the height of a row, in pixels.
        row_widths: of each row with its ending beside the name, in pixels.

    Args:
        figure: that they are drawn on.
        renderer: that measures texts.
        scene: with the traces.
        max_width: of the column, in pixels.
        height: of all rows at most, in pixels.
        beside: whether rows have no losses, and the ending of a trial stands beside its name.

    Raises:
        ValueError: the TeX of a label is wrong.
    """

    def __init__(
        self, figure: Figure, renderer: RendererAgg, scene: Scene, max_width: float, height: float,
        *, beside: bool = False,
    ) -> None:  # fmt: skip
        self._figure, self._scene, self._beside, unit = figure, scene, beside, scene.unit
        self.row = min(ROW_HEIGHT * unit, height / len(scene.traces))
        self._has_losses = self.row >= MIN_ROW_HEIGHT * unit and not beside
        handle = (HANDLE_WIDTH + 10) * unit
        room = max_width - handle
        font = FontProperties(size=12)
        self._ink = GlyphCells(font, scene.theme.faint, figure.dpi)
        self._alarm = GlyphCells(font, scene.theme.alarm, figure.dpi)
        self._ink.draw(LIVE_CHARACTERS)
        self._losses = [loss_text(scene, trace) for trace in scene.traces]
        self._divergences = [ending_text(scene, trace) for trace in scene.traces]
        if beside or max(self._widths(self._divergences, scene.steps)) > room:
            self._divergences = [ending_text(scene, trace, short=True) for trace in scene.traces]
        if beside and (widest := max(self._widths(self._divergences, scene.steps))):
            room -= widest + ENDING_GAP * unit
        size = min(13, 0.8 * self.row / unit)
        self._labels = [Text(text=trace.label, size=size, figure=figure) for trace in scene.traces]
        line_height = 20 * unit if self._has_losses else 1.1 * self.row
        width = self._fit_labels(renderer, room, line_height, size)
        if self._has_losses:
            losses = [widest_loss(self._ink, trace.trajectory.values) for trace in scene.traces]
            width = max(width, *losses, *self._widths(self._divergences, scene.steps))
        self.width = width + handle
        self._label_widths = [text_width(label, renderer) for label in self._labels]
        endings = self._widths(self._divergences, scene.steps)
        self.row_widths = [
            HANDLE_WIDTH * unit + label + (ending and ending + ENDING_GAP * unit)
            for label, ending in zip(self._label_widths, endings, strict=True)
        ]

    def _fit_labels(
        self, renderer: RendererAgg, room: float, line_height: float, size: float
    ) -> float:
        """Fit the labels, all in one size, and return the largest width."""
        boxes = [label.get_window_extent(renderer) for label in self._labels]
        width, height = max(box.width for box in boxes), max(box.height for box in boxes)
        if width <= room and height <= line_height:
            return width
        # The size at which the longest label fits, or the smallest size.
        narrow = max(0.98 * room / width, min(MIN_LETTERS / size, 1))
        size *= min(line_height / height, 1, narrow)
        for label in self._labels:
            label.set_fontsize(size)
            fit_text(label, renderer, room, np.inf, size)
        keep_apart(self._labels, [trace.label for trace in self._scene.traces], renderer, room)
        return max(text_width(label, renderer) for label in self._labels)

    def _widths(self, texts: list[Callable[[int], str]], step: int) -> list[int]:
        """The widths of texts at a step, in pixels."""
        return [self._alarm.width(text(step)) for text in texts]

    def place(
        self, left: float, top: float, columns: int = 1, column_width: float = 0.0
    ) -> list[Mark]:
        """Draw the rows from a pixel at the top left; the texts that change are returned.

        Args:
            left: the pixel of the first column.
            top: the pixel of the first row, from the top.
            columns: their number; the names go on in the next column, then in the next row.
            column_width: the distance of columns, in pixels.
        """
        count = range(len(self._scene.traces))
        return self.place_at([(left + i % columns * column_width, top + i // columns * self.row)
                              for i in count])  # fmt: skip

    def place_at(self, places: Sequence[tuple[float, float]]) -> list[Mark]:
        """Draw each row from its own pixel at the top left; the texts that change are returned."""
        theme, unit = self._scene.theme, self._scene.unit
        add, height = self._figure.add_artist, self._figure.bbox.height
        marks: list[Mark] = []
        for i, (trace, (left, top)) in enumerate(zip(self._scene.traces, places, strict=True)):
            baseline = top + min(12 * unit, 0.8 * self.row)
            middle = height - baseline + 4.6 * unit
            ends = [left, left + 0.65 * HANDLE_WIDTH * unit]
            add(Line2D(ends, [middle] * 2, color=trace.color, linewidth=LINE_WIDTH,
                       linestyle=(0, trace.pen.dash or ()), solid_capstyle="round",
                       transform=None, gid=legend_id(i)))  # fmt: skip
            add(Line2D([sum(ends) / 2], [middle], marker=trace.marker, color=trace.color,
                       markersize=min(8.5, 0.75 * self.row / unit),
                       markeredgecolor=theme.halo, markeredgewidth=0.8,
                       transform=None, gid=legend_id(i)))  # fmt: skip
            text_left = left + HANDLE_WIDTH * unit
            label = self._labels[i]
            label.set(position=(text_left, height - baseline), color=theme.ink, transform=None,
                      gid=legend_id(i))  # fmt: skip
            add(label)
            ends_badly = self._divergences[i](trace.trajectory.steps)
            if not self._has_losses:
                if ends_badly and self._beside:
                    after = text_left + self._label_widths[i] + ENDING_GAP * unit
                    marks.append(LiveNumber(self._divergences[i], self._alarm, left=after,
                                            baseline=baseline, owner=trace))  # fmt: skip
                continue
            below = baseline + 16 * unit
            marks.append(LiveNumber(self._losses[i], self._ink, left=text_left, baseline=below,
                                    owner=trace))  # fmt: skip
            if ends_badly:
                marks.append(LiveNumber(self._divergences[i], self._alarm, left=text_left,
                                        baseline=below, owner=trace))  # fmt: skip
        return marks
