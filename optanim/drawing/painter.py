"""The painter: a scene and a step become pixels.

What does not move is drawn once, by matplotlib. Every frame starts from it; marks draw the rest.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.text import Text

from optanim.drawing.arrow_legend import key, shown
from optanim.drawing.axes import outer
from optanim.drawing.colorbar import Bar
from optanim.drawing.fonts import families
from optanim.drawing.grid_headers import HEAD as EDGE
from optanim.drawing.grid_headers import edges, has_edges
from optanim.drawing.isolation import no_boxes, settings
from optanim.drawing.legend import FIGURE_SPACE, FIGURES, Legend, losses, number, verdict
from optanim.drawing.live_numbers import Cells, Reading
from optanim.drawing.marks import Mark
from optanim.drawing.reduce_colors import fewer_shades
from optanim.drawing.text_fit import fit, length
from optanim.errors import ConfigError, Problem
from optanim.scene.layout import AxesPlace, grid, row
from optanim.scene.scene import Scene

PAD = 14
"""Pixels of the default figure between its edge and what stands in it."""
PANEL = 160
"""The width that a panel needs beside a legend, its margins with it."""
HEAD = 26
"""The height of the line above each cell of a grid."""
LEAST = 10
"""The smallest letters of a title or a caption; what is still too long is cut."""


class Painter:
    """Paints any step of a scene.

    Attributes:
        scene: what is painted.
        axes: those of each panel, from left to right.

    Raises:
        ConfigError: a text cannot be set: no font has a character, or its TeX is wrong.
    """

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        labels = [trace.label for trace in scene.traces] if scene.legend or scene.grid else []
        labels = scene.sweep.texts if scene.sweep else labels
        data = scene.surface.data.names if scene.surface.data else ()
        texts = [scene.title, *scene.caption, *scene.surface.axes, *data, *labels]
        with settings(families(texts, scene.figure.font)), no_boxes():
            self._compose()

    def paint(self, step: float) -> npt.NDArray[np.uint8]:
        """The picture at a step, fractional between two updates: (height, width, 4), opaque."""
        np.copyto(self._pixels, self._backdrop)
        for mark in self._marks:
            mark.draw(self._renderer, step)
        return self._pixels.copy()

    def _compose(self) -> None:
        scene, unit = self.scene, self.scene.unit
        width, height = scene.pixels
        # A point is then a pixel of the default figure: all sizes below are in these.
        dpi = 72 * unit
        figure = Figure((width / dpi, height / dpi), dpi=dpi, facecolor=scene.theme.background)
        canvas = FigureCanvasAgg(figure)
        self._renderer: RendererAgg = canvas.get_renderer()
        counter, taken = self._counter(width, dpi)
        beside = 0.0
        moving: list[Mark] = []
        try:
            top = self._header(figure, width - taken)
            if scene.legend:
                # As much as leaves every panel some width, but never more than two fifths.
                most = width - PANEL * unit * len(scene.panels)
                most = min(max(most, 0.25 * width), 0.42 * width)
                room = height - top - PAD * unit
                column = Bar if scene.sweep else Legend
                legend = column(figure, self._renderer, scene, most, room)
                beside = legend.width
                moving = legend.place(width - beside, top)
        except ValueError as error:
            # matplotlib's words for TeX it does not know; the last line says where.
            reason = str(error).strip().splitlines()[-1]
            raise ConfigError([Problem(f"a text cannot be set as TeX: {reason}")]) from None
        moving += self._panels(figure, top, beside)
        canvas.draw()
        self._marks: list[Mark] = [*counter, *moving]
        self._pixels = np.asarray(canvas.buffer_rgba())
        self._backdrop = fewer_shades(self._pixels)

    def _counter(self, width: int, dpi: float) -> tuple[list[Mark], float]:
        """Step and loss at the top right, and the pixels that they need there."""
        scene, unit = self.scene, self.scene.unit
        font = FontProperties(size=14)
        ink, alarm = Cells(font, scene.theme.ink, dpi), Cells(font, scene.theme.alarm, dpi)
        ink.draw(FIGURES)
        digits = len(str(scene.steps))
        right, baseline = width - PAD * unit, 25 * unit
        marks: list[Mark] = []
        if len(scene.traces) == 1:
            (trace,) = scene.traces
            value, over = losses(trace, number(trace.trajectory.values)), verdict(trace)
            marks.append(Reading(lambda k: value(k) and f"loss {value(k)}", ink,
                                 right=right, baseline=baseline))  # fmt: skip
            marks.append(Reading(over, alarm, right=right, baseline=baseline))
            widest = max(ink.width(f"loss {value(0)}"), alarm.width(over(scene.steps)))
            right -= widest + PAD * unit
        step = Reading(
            lambda k: f"step {k:{FIGURE_SPACE}>{digits}}", ink, right=right, baseline=baseline
        )
        left = right - ink.width(step.text(scene.steps))
        return [*marks, step], width - left + PAD * unit

    def _header(self, figure: Figure, room: float) -> float:
        """Title and caption at the top left; the pixels from the top down to the panels."""
        scene, unit, theme = self.scene, self.scene.unit, self.scene.theme
        left, whole = PAD * unit, figure.bbox.width - 2 * PAD * unit
        down = 25 * unit
        if scene.title:
            self._line(figure, scene.title, left, down, 17, theme.ink, room - left)
        lines = [line for line in scene.caption if line]
        joined = "      ".join(lines)
        if lines and length(Text(text=joined, size=13, figure=figure), self._renderer) <= whole:
            lines = [joined]
        for line in lines:
            down += 20 * unit
            self._line(figure, line, left, down, 13, theme.faint, whole)
        if shown(scene):
            down += 21 * unit
            key(figure, self._renderer, scene, left, down)
        return down + 13 * unit

    def _line(
        self, figure: Figure, words: str, left: float, down: float, size: float, color: str,
        room: float,
    ) -> None:  # fmt: skip
        """A line of text, smaller or shorter where the room asks for it."""
        text = figure.text(0, 0, words, size=size, color=color, transform=None)
        text.set_position((left, figure.bbox.height - down))
        fit(text, self._renderer, room, 1.35 * size * self.scene.unit, LEAST)

    def _panels(self, figure: Figure, top: float, beside: float) -> list[Mark]:
        """The panels in what the legend leaves; once more with wider margins if ticks need them."""
        unit, scene = self.scene.unit, self.scene
        margins = np.array([50.0, 44.0, 0.0]) * unit  # left, bottom, and above, below the header
        whole = figure.bbox.bounds[2:]
        alike, head = True, 0.0
        if has_edges(scene):
            beside, head = beside + EDGE * unit, 0.7 * EDGE * unit
            top += head
        for again in (True, False):
            marks, all_axes = list[Mark](), list[Axes]()
            places = self._places((whole[0] - beside, whole[1] - top - margins[2]), margins, alike)
            for place, panel in zip(places, scene.panels, strict=True):
                if min(place.width, place.height) < 24 * unit:
                    help = "a larger figure.size, fewer panels, or figure.legend: none"
                    raise ConfigError([Problem("figure.size leaves no room for a panel", "", help)])
                axes = figure.add_axes(
                    (place.left / whole[0], place.bottom / whole[1],
                     place.width / whole[0], place.height / whole[1])
                )  # fmt: skip
                marks += panel.entry.function(axes, scene, **panel.options)
                if scene.grid:
                    outer(axes, left=place.numbers_left, below=place.numbers_below)
                all_axes.append(axes)
            lacks = np.zeros(3)
            for place, axes in zip(places, all_axes, strict=True):
                tight = axes.get_tightbbox(self._renderer)
                if tight is not None:
                    # Half a tick's number stands above; a power of ten for all of them is higher.
                    above = whole[1] - top + 8 * unit - tight.y1
                    edge = place.left - margins[0] if place.numbers_left else -np.inf
                    below = tight.y0 if place.numbers_below else np.inf
                    spare = np.array([tight.x0 - edge - 6 * unit, below - 6 * unit, above])
                    lacks = np.maximum(lacks, -spare)
            same = not scene.grid or len({_limits(axes) for axes in all_axes}) == 1
            if not again or ((lacks <= 0).all() and same):
                break
            alike = same
            margins += np.ceil(np.maximum(lacks, 0))
            for axes in all_axes:
                axes.remove()
        self.axes = all_axes
        if scene.grid:
            marks += self._cell_heads(figure)
        if has_edges(scene):
            edges(figure, self._renderer, scene, all_axes, top + margins[2] - 0.2 * head)
        return marks

    def _places(
        self, room: tuple[float, float], margins: npt.NDArray[np.float64], alike: bool
    ) -> list[AxesPlace]:
        left, below, pad = margins[0], margins[1], PAD * self.scene.unit
        if self.scene.grid:
            across = self.scene.sweep.across if self.scene.sweep else None
            return grid(len(self.scene.panels), room, left, below, pad, HEAD * self.scene.unit,
                        across=across, alike=alike)  # fmt: skip
        return row(len(self.scene.panels), room, left, below, pad)

    def _cell_heads(self, figure: Figure) -> list[Mark]:
        """The name of each trace above its cell, and its loss of the moment."""
        unit, theme, traces = self.scene.unit, self.scene.theme, self.scene.traces
        small = FontProperties(size=12)
        ink, alarm = (Cells(small, color, figure.dpi) for color in (theme.faint, theme.alarm))
        ink.draw(FIGURES)
        write = number(np.concatenate([trace.trajectory.values for trace in traces]))
        marks: list[Mark] = []
        labels = ["" if has_edges(self.scene) else trace.label for trace in traces]
        read = not self.scene.sweep or self._beside(figure, labels, ink, write)
        for axes, trace, label in zip(self.axes, traces, labels, strict=True):
            box, baseline = axes.bbox, figure.bbox.height - axes.bbox.y1 - 7 * unit
            wide = 0
            readings = ((ink, losses(trace, write)), (alarm, verdict(trace, short=True)))
            for cells, text in readings if read else ():
                marks.append(Reading(text, cells, right=box.x1, baseline=baseline))
                wide = max(wide, cells.width(text(0)), cells.width(text(self.scene.steps)))
            room = box.width - wide - 8 * unit
            self._line(figure, label, box.x0, baseline, 13, theme.ink, room)
        return marks

    def _beside(
        self, figure: Figure, labels: list[str], cells: Cells, write: Callable[[float], str]
    ) -> bool:
        """Whether every cell has room for a loss beside its label."""
        wide = max(length(Text(text=said, size=12, figure=figure), self._renderer)
                   for said in labels)  # fmt: skip
        room = min(axes.bbox.width for axes in self.axes) - 8 * self.scene.unit
        return bool(wide + max(cells.width(write(0)), cells.width("diverged")) <= room)


def _limits(axes: Axes) -> tuple[tuple[float, float], ...]:
    return axes.get_xlim(), axes.get_ylim()
