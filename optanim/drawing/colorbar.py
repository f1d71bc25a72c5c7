"""The column of a sweep beside its panels: the color, and the dash, of each value.

Of starts, it has a line for each place that trials reached; of seeds, one for their mean.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from math import ceil, floor, log10

import numpy as np
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.text import Text
from matplotlib.ticker import MaxNLocator

from optanim.config.sweep import DASHES, SweptKey
from optanim.drawing.live_numbers import GlyphCells, LiveNumber
from optanim.drawing.marks import Mark
from optanim.drawing.text_fit import fit_text, text_width
from optanim.scene.color_scale import SHADE_COUNT, ColorScale, ramp_colors, scale_of, value_colors
from optanim.scene.line_style import LINE_WIDTH
from optanim.scene.scene import Scene, Trace
from optanim.scene.sweep_traces import diverged_count
from optanim.schema.notation import value_label

BAR_WIDTH, LABEL_GAP = 13, 7
"""Pixels of the default figure: the width of the bar, and the gap between it and its labels."""

HANDLE_WIDTH = 30
"""Pixels of the default figure from the left of the column to the labels of lines."""

LINE_HEIGHT = 17
"""Pixels of the default figure: the height of a line of text."""

MIN_BAR_HEIGHT = 70
"""Pixels of the default figure: the smallest height of the bar."""

PADDING = 10
"""Pixels of the default figure at the right of the column."""


class ColorBar:
    """The column of a color bar, measured.

    Attributes:
        width: of the column, in pixels.
        height: that the column of seeds alone has, in pixels.

    Args:
        figure: that it is drawn on.
        renderer: that measures texts.
        scene: a sweep.
        max_width: of the column, in pixels.
        height: of the column, in pixels.

    Raises:
        ValueError: the TeX of a label is wrong.
    """

    def __init__(
        self, figure: Figure, renderer: RendererAgg, scene: Scene, max_width: float, height: float
    ) -> None:
        assert scene.sweep  # otherwise there is a legend
        self._figure, self._renderer, self._scene = figure, renderer, scene
        self._sweep, self._unit = scene.sweep, scene.unit
        self._key, self._dashed = self._sweep.colored, self._sweep.dashed
        self.height = 1.2 * LINE_HEIGHT * self._unit
        self._alarm = GlyphCells(FontProperties(size=12), scene.theme.alarm, figure.dpi)
        self._alarm.draw("0123456789")
        count = len(scene.traces) - sum(trace.mean_of > 0 for trace in scene.traces)
        # The number of diverged trials, in two lines.
        any_diverged = not scene.groups and diverged_count(scene.traces, scene.steps)
        words = scene.words
        some = words.some_of_all.format(some="{}", all=count)
        self._count_lines = [some, words.diverged] if any_diverged else []
        # The keys that neither color nor dashes tell apart.
        untold = [
            words.for_values.format(count=len(key.values), symbol=f"${key.symbol}$")
            for key in self._sweep.untold
        ]
        self._notes = [self._text(note, 11) for note in untold]
        self._title, self._lines = self._titled_lines()
        line = LINE_HEIGHT * self._unit
        below = line * (len(self._count_lines) + len(self._notes) + len(self._lines))
        if self._dashed:
            below += line * (len(self._dashed.values) + 2.1)
        self._bar_height = 0.0
        if self._key and not scene.groups:
            self._bar_height = max(height - below - 2.2 * line, MIN_BAR_HEIGHT * self._unit)
            if not self._continuous:
                self._bar_height = min(self._bar_height, 1.3 * line * len(self._key.values))
        self._labels = [(at, self._text(label, 12)) for at, label in self._placed_labels()]
        dash_labels = self._dashed.labels if self._dashed else ()
        self._dash_labels = [self._text(label, 12) for label in dash_labels]
        room = max_width - PADDING * self._unit
        self._fit_texts(room)
        counts = [self._alarm.width(text.format(count)) for text in self._count_lines]
        self.width = PADDING * self._unit + max([self._text_width(), *counts])

    def _titled_lines(self) -> tuple[Text, list[tuple[Text, Trace]]]:
        """The title of the column, and the lines that have a label, each with a trace like it."""
        scene, words = self._scene, self._scene.words
        lines = [
            (self._text(group.label, 12), scene.traces[group.members[0]]) for group in scene.groups
        ]
        title = f"${self._key.symbol}$" if self._key else ""
        means = [trace for trace in scene.traces if trace.mean_of]
        if means:
            # Each mean has the color of its value: together they have that of the ink.
            trace = replace(means[0], color=scene.theme.ink) if self._key else means[0]
            label = words.mean_of_seeds.format(count=trace.mean_of)
            lines.append((self._text(label, 12), trace))
        return self._text(words.reached if scene.groups else title, 15), lines

    def _fit_texts(self, room: float) -> None:
        """Fit all texts into the width of the column."""
        for _, text in self._labels:
            beside = (BAR_WIDTH + LABEL_GAP) * self._unit
            fit_text(text, self._renderer, room - beside, np.inf, 9)
        for text in (*self._dash_labels, *(text for text, _ in self._lines)):
            fit_text(text, self._renderer, room - HANDLE_WIDTH * self._unit, np.inf, 9)
        for text in (self._title, *self._notes):
            fit_text(text, self._renderer, room, np.inf, 8)

    def _text_width(self) -> float:
        """The width that the texts need, with the bar and the dashes at their left, in pixels."""
        beside = {text: (BAR_WIDTH + LABEL_GAP) * self._unit for _, text in self._labels}
        labels = [*self._dash_labels, *(text for text, _ in self._lines)]
        beside |= dict.fromkeys(labels, HANDLE_WIDTH * self._unit)
        texts = [self._title, *beside, *self._notes]
        return max(beside.get(text, 0.0) + text_width(text, self._renderer) for text in texts)

    def place(self, left: float, top: float) -> list[Mark]:
        """Draw the column from a pixel at the top left; the count that changes is returned."""
        unit, theme = self._unit, self._scene.theme
        down = top + 13 * unit
        if self._title.get_text():
            self._put(self._title, left, down, theme.ink)
            down += 0.9 * LINE_HEIGHT * unit
        else:
            down -= LINE_HEIGHT * unit
        if self._bar_height:
            self._draw_bar(left, down)
            down += self._bar_height + 0.5 * LINE_HEIGHT * unit
        for text, trace in self._lines:
            down += LINE_HEIGHT * unit
            width = max(trace.pen.width, LINE_WIDTH)
            self._draw_line(text, left, down, trace.color, width=width)
        if self._dashed:
            down = self._draw_dashes(self._dashed, left, down)
        for note in self._notes:
            down += 0.9 * LINE_HEIGHT * unit
            self._put(note, left, down, theme.faint)
        return list(self._diverged_count(left, down))

    def _draw_bar(self, left: float, down: float) -> None:
        unit, theme, add = self._unit, self._scene.theme, self._figure.add_artist
        height, bar = self._figure.bbox.height, self._bar_height
        foot = height - down - bar
        for color, low, part in self._blocks():
            add(Rectangle((left, foot + low * bar), BAR_WIDTH * unit, part * bar, facecolor=color,
                          linewidth=0, antialiased=False, transform=None))  # fmt: skip
        for at, text in self._labels:
            middle = foot + at * bar
            if self._continuous:
                ends = [left + BAR_WIDTH * unit, left + (BAR_WIDTH + 3.5) * unit]
                add(Line2D(ends, [middle] * 2, color=theme.faint, linewidth=0.8, transform=None))
            text_left = left + (BAR_WIDTH + LABEL_GAP) * unit
            self._put(text, text_left, height - middle + 4.4 * unit, theme.ink)

    def _draw_dashes(self, dashed: SweptKey, left: float, down: float) -> float:
        """Draw the dash of each value of a key; the new distance from the top, in pixels."""
        unit, theme = self._unit, self._scene.theme
        down += (1.6 if self._lines else 1.1) * LINE_HEIGHT * unit
        self._put(self._text(f"${dashed.symbol}$", 14), left, down, theme.ink)
        for text, dash in zip(self._dash_labels, DASHES, strict=False):
            down += LINE_HEIGHT * unit
            self._draw_line(text, left, down, theme.ink, dash=dash)
        return down + 0.5 * LINE_HEIGHT * unit

    def _draw_line(
        self, text: Text, left: float, down: float, color: str, *, width: float = LINE_WIDTH,
        dash: tuple[float, ...] | None = None,
    ) -> None:  # fmt: skip
        """Draw a line and its label."""
        unit = self._unit
        middle = self._figure.bbox.height - down + 4.4 * unit
        self._figure.add_artist(
            Line2D([left, left + 24 * unit], [middle] * 2, color=color, linewidth=width,
                   linestyle=(0, dash or ()), dash_capstyle="butt", transform=None)
        )  # fmt: skip
        self._put(text, left + HANDLE_WIDTH * unit, down, self._scene.theme.ink)

    def _diverged_count(self, left: float, down: float) -> Iterator[Mark]:
        """The number of trials that have diverged by a step, in two lines; none at first."""
        traces = self._scene.traces
        for line in self._count_lines:
            down += LINE_HEIGHT * self._unit

            def text(step: int, line: str = line) -> str:
                count = diverged_count(traces, step)
                return line.format(count) if count else ""

            yield LiveNumber(text, self._alarm, left=left, baseline=down)

    def _blocks(self) -> Iterator[tuple[str, float, float]]:
        """Colors, the bottom of each block, and its height; as shares of the bar."""
        theme = self._scene.theme
        if self._continuous:
            for i, color in enumerate(ramp_colors(theme.ramp)):
                # It reaches under the next one: as vectors, there is no gap between them.
                yield color, i / SHADE_COUNT, min(2, SHADE_COUNT - i) / SHADE_COUNT
            return
        assert self._key
        block_colors = value_colors(self._key, theme.ramp, theme.paths)
        part = 1 / len(block_colors)
        for i, color in enumerate(block_colors):
            yield color, 1 - (i + 0.86) * part, 0.72 * part

    @property
    def _continuous(self) -> bool:
        """Whether the bar is continuous, for different numbers; otherwise it is made of blocks."""
        return self._key is not None and len(set(self._key.numbers or ())) > 1

    def _placed_labels(self) -> list[tuple[float, str]]:
        """The labels beside the bar, each after its place as a share of the bar's height."""
        if not self._bar_height:
            return []
        assert self._key
        if self._continuous:
            assert self._key.numbers
            # The middles of the lowest and of the highest color.
            low, high = ((0.5 + end * (SHADE_COUNT - 1)) / SHADE_COUNT for end in (0, 1))
            lines = self._bar_height / (LINE_HEIGHT * self._unit)
            return [
                (low + at * (high - low), label)
                for at, label in bar_ticks(self._key, scale_of(self._key.numbers), lines)
            ]
        part = 1 / len(self._key.values)
        # Labels that would overlap are left out.
        every = ceil(0.72 * LINE_HEIGHT * self._unit / (part * self._bar_height))
        return [
            (1 - (i + 0.5) * part, label)
            for i, label in enumerate(self._key.labels) if i % every == 0
        ]  # fmt: skip

    def _text(self, text: str, size: float) -> Text:
        return Text(text=text, size=size, figure=self._figure)

    def _put(self, text: Text, left: float, down: float, color: str) -> None:
        """Draw a text at a pixel from the top left."""
        height = self._figure.bbox.height
        text.set(position=(left, height - down), color=color, transform=None)
        self._figure.add_artist(text)


def bar_ticks(key: SweptKey, scale: ColorScale, lines: float) -> list[tuple[float, str]]:
    """The labels of a continuous bar, each after its place from 0 to 1.

    They are the values of the key if these do not overlap, otherwise round numbers.

    Args:
        key: with numbers.
        scale: of the bar.
        lines: the number of lines of text that the bar has room for.
    """
    assert key.numbers
    own = sorted((scale.at(n), label) for n, label in zip(key.numbers, key.labels, strict=True))
    if _lines_fit([at for at, _ in own], lines):
        return own
    return round_ticks(scale, lines)


def round_ticks(scale: ColorScale, lines: float) -> list[tuple[float, str]]:
    """Labels with round numbers, each after its place from 0 to 1.

    Args:
        scale: of the bar.
        lines: the number of lines of text that the bar has room for.
    """
    numbers = _log_ticks(scale, lines) if scale.log else _linear_ticks(scale, lines)
    return [(scale.at(number), value_label(number)) for number in numbers]


def _lines_fit(places: Sequence[float], lines: float) -> bool:
    """Whether places, rising, are at least a line of text apart."""
    return all((b - a) * lines >= 1 for a, b in pairwise(places))


def _linear_ticks(scale: ColorScale, lines: float) -> list[float]:
    locator = MaxNLocator(max(2, int(min(lines / 1.4, 6))), steps=[1, 2, 5, 10])
    ticks = [float(f"{n:.12g}") for n in locator.tick_values(scale.low, scale.high)]
    return [n for n in ticks if scale.low <= n <= scale.high]


def _log_ticks(scale: ColorScale, lines: float) -> list[float]:
    """Powers of ten; if there is room, multiples of them, too."""
    low, high = floor(log10(scale.low)), ceil(log10(scale.high))
    for digits in ((1, 2, 5), (1, 3), (1,)):
        ticks = [float(f"{d}e{e}") for e in range(low, high + 1) for d in digits]
        ticks = [n for n in ticks if scale.low <= n <= scale.high * (1 + 1e-12)]
        if _lines_fit([scale.at(n) for n in ticks], 0.8 * lines):
            return ticks
    every = ceil(len(ticks) / max(1.0, lines / 1.5))
    return ticks[::every]
