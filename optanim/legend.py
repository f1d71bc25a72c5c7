"""The legend: a column beside the panels with a row for each path and its loss of the moment."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D
from matplotlib.text import Text

from optanim.marks import Mark
from optanim.readings import Cells, Reading
from optanim.scene import Path, Scene
from optanim.surface import Array

ROW, HANDLE = 40, 24
"""Pixels of the default figure: the height of a row of two lines, the width before its words."""


FIGURE_SPACE = "\u2007"
"""As wide as a digit."""


def number(values: Array, among: Array | None = None) -> Callable[[float], str]:
    """How to write the losses of a path, all in the same width.

    Plain where four decimals keep three figures of every loss, else with a power of ten.

    Args:
        values: the losses of the path.
        among: those of all paths, which are written in the same form.
    """
    size = np.abs(values if among is None else among)
    form = ".4f" if size.max() < 1e5 and size.min() >= 1e-2 else ".2e"
    width = max(len(f"{value:{form}}") for value in (values.max(), values.min()))
    return lambda value: f"{value:{FIGURE_SPACE}>{width}{form}}".replace("-", "−")


def losses(path: Path, write: Callable[[float], str]) -> Callable[[int], str]:
    """The loss of a path at a step as text; "" from where it has diverged."""
    values, over = path.trajectory.values, path.trajectory.status == "diverged"

    def text(step: int) -> str:
        end = step >= path.trajectory.steps
        return "" if over and end else write(float(values[min(step, len(values) - 1)]))

    return text


def verdict(path: Path) -> Callable[[int], str]:
    """What is said of a path from its last finite point on: "diverged at step k", or nothing."""
    steps, over = path.trajectory.steps, path.trajectory.status == "diverged"
    return lambda step: f"diverged at step {steps + 1}" if over and step >= steps else ""


class Legend:
    """The rows, measured; `width` is what the column needs, in pixels."""

    def __init__(self, figure: Figure, renderer: RendererAgg, scene: Scene) -> None:
        self._figure, self._scene = figure, scene
        self._font, self._small = FontProperties(size=13), FontProperties(size=12)
        self._ink = Cells(self._small, scene.theme.faint, figure.dpi)
        self._alarm = Cells(self._small, scene.theme.alarm, figure.dpi)
        every = np.concatenate([path.trajectory.values for path in scene.paths])
        self._losses = [losses(path, number(path.trajectory.values, every)) for path in scene.paths]
        wide = 0.0
        for path, loss in zip(scene.paths, self._losses, strict=True):
            label = Text(text=path.label, fontproperties=self._font, figure=figure)
            said = verdict(path)(path.trajectory.steps)
            wide = max(wide, label.get_window_extent(renderer).width,
                       self._alarm.width(said), self._ink.width(loss(0)))  # fmt: skip
        self.width = wide + (HANDLE + 10) * scene.unit

    def place(self, left: float, top: float, room: float) -> list[Mark]:
        """Draw the rows from a pixel at the top left, in so much height; the numbers that move."""
        scene, theme, unit = self._scene, self._scene.theme, self._scene.unit
        row = min(ROW * unit, room / len(scene.paths))
        add, high = self._figure.add_artist, self._figure.bbox.height
        marks: list[Mark] = []
        for i, (path, loss) in enumerate(zip(scene.paths, self._losses, strict=True)):
            baseline = top + i * row + 12 * unit
            middle = high - baseline + 4.6 * unit
            ends = [left, left + 0.65 * HANDLE * unit]
            add(Line2D(ends, [middle] * 2, color=path.color, linewidth=1.7,
                       solid_capstyle="round", transform=None))  # fmt: skip
            add(Line2D([sum(ends) / 2], [middle], marker=path.marker, color=path.color,
                       markersize=8.5, markeredgecolor=theme.halo, markeredgewidth=0.8,
                       transform=None))  # fmt: skip
            words = left + HANDLE * unit
            add(Text(words, high - baseline, path.label, color=theme.ink,
                     fontproperties=self._font, transform=None))  # fmt: skip
            for cells, text in (
                (self._ink, loss),
                (self._alarm, verdict(path)),
            ):
                reading = Reading(text, cells, left=words, baseline=baseline + 16 * unit)
                if row >= 32 * unit and (cells is self._ink or text(path.trajectory.steps)):
                    marks.append(reading)
        return marks
