"""The legend: a column beside the panels with a row for each trace and its loss of the moment."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D
from matplotlib.text import Text

from optanim.drawing.live_numbers import Cells, Reading
from optanim.drawing.marks import Mark
from optanim.drawing.text_fit import fit, length
from optanim.scene.scene import Scene, Trace
from optanim.surfaces import Array

ROW, BOTH, HANDLE, LEAST = 40, 32, 24, 10
"""In pixels of the default figure: the height of a row of two lines, and the least that has room
for both; the width before its words; the smallest letters before a label is cut."""

FIGURE_SPACE = "\u2007"
"""As wide as a digit."""
FIGURES = "0123456789.e+−"
"""What losses are written with."""


def number(values: Array) -> Callable[[float], str]:
    """How to write losses, all in the same width, so that decimal points stand in a column.

    Plain where four decimals keep three figures of every loss, else with a power of ten.
    """
    size = np.abs(values)
    form = ".4f" if size.max() < 1e5 and size.min() >= 1e-2 else ".2e"
    width = max(len(f"{value:{form}}") for value in (values.max(), values.min()))
    return lambda value: f"{value:{FIGURE_SPACE}>{width}{form}}".replace("-", "−")


def losses(trace: Trace, write: Callable[[float], str]) -> Callable[[int], str]:
    """The loss of a trace at a step as text; "" from where it has diverged."""
    values, over = trace.trajectory.values, trace.trajectory.status == "diverged"

    def text(step: int) -> str:
        end = step >= trace.trajectory.steps
        return "" if over and end else write(float(values[min(step, len(values) - 1)]))

    return text


def verdict(trace: Trace, *, short: bool = False) -> Callable[[int], str]:
    """What is said of a trace from its last finite point on: "diverged at step k", or nothing.

    In short, without the step.
    """
    steps, over = trace.trajectory.steps, trace.trajectory.status == "diverged"
    words = "diverged" if short else f"diverged at step {steps + 1}"
    return lambda step: words if over and step >= steps else ""


class Legend:
    """The rows, measured; `width` is what the column needs, in pixels.

    Args:
        figure: that they will stand in.
        renderer: that measures them.
        scene: whose traces they are.
        most: the pixels that the column may take, and `height`, that all rows may.

    Raises:
        ValueError: the TeX of a label is wrong.
    """

    def __init__(
        self, figure: Figure, renderer: RendererAgg, scene: Scene, most: float, height: float
    ) -> None:
        self._figure, self._scene, unit = figure, scene, scene.unit
        self._row = min(ROW * unit, height / len(scene.traces))
        self._both = self._row >= BOTH * unit
        beside = (HANDLE + 10) * unit
        room = most - beside
        small = FontProperties(size=12)
        self._ink = Cells(small, scene.theme.faint, figure.dpi)
        self._alarm = Cells(small, scene.theme.alarm, figure.dpi)
        self._ink.draw(FIGURES)
        every = np.concatenate([trace.trajectory.values for trace in scene.traces])
        self._losses = [losses(trace, number(every)) for trace in scene.traces]
        self._verdicts = [verdict(trace) for trace in scene.traces]
        if max(self._said(self._verdicts, scene.steps)) > room:
            self._verdicts = [verdict(trace, short=True) for trace in scene.traces]
        size = min(13, 0.8 * self._row / unit)
        self._labels = [Text(text=trace.label, size=size, figure=figure) for trace in scene.traces]
        high = 20 * unit if self._both else 1.1 * self._row
        boxes = [label.get_window_extent(renderer) for label in self._labels]
        wide, tall = max(box.width for box in boxes), max(box.height for box in boxes)
        if wide > room or tall > high:
            # All in one size: that in which the longest is not cut, or the least.
            size *= min(high / tall, 1, max(0.98 * room / wide, min(LEAST / size, 1)))
            for label in self._labels:
                label.set_fontsize(size)
                fit(label, renderer, room, np.inf, size)
            wide = max(length(label, renderer) for label in self._labels)
        if self._both:
            said = [*self._said(self._losses, 0), *self._said(self._verdicts, scene.steps)]
            wide = max(wide, *said)
        self.width = wide + beside

    def _said(self, texts: list[Callable[[int], str]], step: int) -> list[int]:
        """The widths of readings at a step."""
        return [self._alarm.width(text(step)) for text in texts]

    def place(self, left: float, top: float) -> list[Mark]:
        """Draw the rows from a pixel at the top left; the numbers that move."""
        theme, unit = self._scene.theme, self._scene.unit
        add, high = self._figure.add_artist, self._figure.bbox.height
        marks: list[Mark] = []
        for i, trace in enumerate(self._scene.traces):
            baseline = top + i * self._row + min(12 * unit, 0.8 * self._row)
            middle = high - baseline + 4.6 * unit
            ends = [left, left + 0.65 * HANDLE * unit]
            add(Line2D(ends, [middle] * 2, color=trace.color, linewidth=1.7,
                       solid_capstyle="round", transform=None))  # fmt: skip
            add(Line2D([sum(ends) / 2], [middle], marker=trace.marker, color=trace.color,
                       markersize=min(8.5, 0.75 * self._row / unit),
                       markeredgecolor=theme.halo, markeredgewidth=0.8,
                       transform=None))  # fmt: skip
            words = left + HANDLE * unit
            label = self._labels[i]
            label.set(position=(words, high - baseline), color=theme.ink, transform=None)
            add(label)
            for cells, text in ((self._ink, self._losses[i]), (self._alarm, self._verdicts[i])):
                if self._both and (cells is self._ink or text(trace.trajectory.steps)):
                    marks.append(Reading(text, cells, left=words, baseline=baseline + 16 * unit))
        return marks
