"""The bar of a sweep, beside its panels: which color is which value, and which dash."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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

from optanim.config.sweep import DASHES, Swept
from optanim.drawing.live_numbers import Cells, Reading
from optanim.drawing.marks import Mark
from optanim.drawing.text_fit import fit, length
from optanim.scene.color_scale import SHADES, ColorScale, colors, scale_of, shades
from optanim.scene.scene import Scene
from optanim.scene.sweep_traces import diverged
from optanim.schema.notation import label_of

WIDE, GAP, LINE, LOW = 13, 7, 17, 70
"""In pixels of the default figure: the bar's width, the gap before its numbers, the height of a
line, and the least height of the bar."""


class Bar:
    """The column of a sweep, measured; `width` is what it needs, in pixels.

    Args:
        figure: that it will stand in.
        renderer: that measures its words.
        scene: whose trials it explains.
        most: the pixels that it may take across, and `height`, down.

    Raises:
        ValueError: the TeX of a label is wrong.
    """

    def __init__(
        self, figure: Figure, renderer: RendererAgg, scene: Scene, most: float, height: float
    ) -> None:
        assert scene.sweep  # only a sweep has a bar
        self._figure, self._renderer, self._scene = figure, renderer, scene
        self._sweep, self._unit, self._height = scene.sweep, scene.unit, height
        self._first, self._dashed = self._sweep.keys[0], self._sweep.dashed
        self._alarm = Cells(FontProperties(size=12), scene.theme.alarm, figure.dpi)
        count = len(scene.traces)
        self._lost = diverged(scene.traces, scene.steps)
        self._counts = [f"{{}} of {count}", "diverged"] if self._lost else []
        self._notes = [self._text(note, 11) for note in self._untold()]
        self._title = self._text(f"${self._first.symbol}$", 15)
        below = LINE * self._unit * (len(self._counts) + len(self._notes))
        if self._dashed:
            below += LINE * self._unit * (len(self._dashed.values) + 1.6)
        self._long = max(height - below - 2.2 * LINE * self._unit, LOW * self._unit)
        if not self._spread:
            # As much as the names need.
            self._long = min(self._long, 1.3 * LINE * self._unit * len(self._first.values))
        self._rows = [(at, self._text(label, 12)) for at, label in self._labels()]
        keys = [self._text(label, 12) for label in self._dashed.labels] if self._dashed else []
        self._keys, room = keys, most - 10 * self._unit
        beside = (WIDE + GAP) * self._unit
        for text in (row[1] for row in self._rows):
            fit(text, renderer, room - beside, np.inf, 9)
        for text in keys:
            fit(text, renderer, room - 30 * self._unit, np.inf, 9)
        for text in (self._title, *self._notes):
            fit(text, renderer, room, np.inf, 8)
        said = [self._alarm.width(text.format(count)) for text in self._counts]
        self.width = 10 * self._unit + max(
            length(self._title, renderer),
            *(beside + length(row[1], renderer) for row in self._rows),
            *(30 * self._unit + length(text, renderer) for text in keys),
            *(length(text, renderer) for text in self._notes),
            *said,
        )

    def place(self, left: float, top: float) -> list[Mark]:
        """Draw the column from a pixel at the top left; the count that moves."""
        unit, theme = self._unit, self._scene.theme
        high, add = self._figure.bbox.height, self._figure.add_artist
        down = top + 13 * unit
        self._put(self._title, left, down, theme.ink)
        down += 0.9 * LINE * unit
        foot = high - down - self._long
        for color, low, height in self._blocks():
            corner, size = (left, foot + low * self._long), (WIDE * unit, height * self._long)
            add(Rectangle(corner, *size, facecolor=color, linewidth=0, antialiased=False,
                          transform=None))  # fmt: skip
        for at, text in self._rows:
            middle = foot + at * self._long
            if self._spread:
                ends = [left + WIDE * unit, left + (WIDE + 3.5) * unit]
                add(Line2D(ends, [middle] * 2, color=theme.faint, linewidth=0.8, transform=None))
            self._put(text, left + (WIDE + GAP) * unit, high - middle + 4.4 * unit, theme.ink)
        down += self._long + 0.5 * LINE * unit
        if self._dashed:
            down += 1.1 * LINE * unit
            self._put(self._text(f"${self._dashed.symbol}$", 14), left, down, theme.ink)
            for text, dash in zip(self._keys, DASHES, strict=False):
                down += LINE * unit
                middle = high - down + 4.4 * unit
                style = (0, dash or ())
                add(Line2D([left, left + 24 * unit], [middle] * 2, color=theme.ink, linewidth=1.7,
                           linestyle=style, dash_capstyle="butt", transform=None))  # fmt: skip
                self._put(text, left + 30 * unit, down, theme.ink)
            down += 0.5 * LINE * unit
        for note in self._notes:
            down += 0.9 * LINE * unit
            self._put(note, left, down, theme.faint)
        return list(self._counted(left, down))

    def _counted(self, left: float, down: float) -> Iterator[Mark]:
        """How many trials have diverged by now, in two lines; nothing before the first has."""
        traces = self._scene.traces
        for line in self._counts:
            down += LINE * self._unit

            def text(step: int, line: str = line) -> str:
                lost = diverged(traces, step)
                return line.format(lost) if lost else ""

            yield Reading(text, self._alarm, left=left, baseline=down)

    def _untold(self) -> list[str]:
        """What is not told apart: `each for 20 values` and the symbol of the key."""
        return [f"for {len(k.values)} values of ${k.symbol}$" for k in self._sweep.untold]

    def _blocks(self) -> Iterator[tuple[str, float, float]]:
        """Colors, where each begins, and how high it is, as parts of the bar."""
        theme = self._scene.theme
        if self._spread:
            for i, color in enumerate(shades(theme.ramp)):
                yield color, i / SHADES, 1 / SHADES
            return
        of_values = colors(self._first, theme.ramp, theme.paths)
        part = 1 / len(of_values)
        for i, color in enumerate(of_values):
            yield color, 1 - (i + 0.86) * part, 0.72 * part

    @property
    def _spread(self) -> bool:
        """Whether the values are numbers that differ: they have a bar, others patches."""
        return len(set(self._first.numbers or ())) > 1

    @property
    def _scale(self) -> ColorScale:
        return scale_of(self._first.numbers or (0.0,))

    def _labels(self) -> list[tuple[float, str]]:
        """What stands beside the bar: where, as a part of its height, and a text."""
        first = self._first
        if self._spread:
            # Half a block in, as far as its color's middle is.
            inner = [(0.5 + scale_at * (SHADES - 1)) / SHADES for scale_at in (0, 1)]
            return [
                (inner[0] + at * (inner[1] - inner[0]), label)
                for at, label in ticks(first, self._scale, self._long / (LINE * self._unit))
            ]
        part = 1 / len(first.values)
        # Where names would touch, some are left out.
        every = ceil(0.72 * LINE * self._unit / (part * self._long))
        return [
            (1 - (i + 0.5) * part, label)
            for i, label in enumerate(first.labels) if i % every == 0
        ]  # fmt: skip

    def _text(self, words: str, size: float) -> Text:
        return Text(text=words, size=size, figure=self._figure)

    def _put(self, text: Text, left: float, down: float, color: str) -> None:
        high = self._figure.bbox.height
        text.set(position=(left, high - down), color=color, transform=None)
        self._figure.add_artist(text)


def ticks(key: Swept, scale: ColorScale, lines: float) -> list[tuple[float, str]]:
    """Where numbers stand on a bar that has room for so many lines, and how they are written.

    The values themselves, if none of them would touch; else round numbers between them.
    """
    assert key.numbers
    own = sorted((scale.at(n), label) for n, label in zip(key.numbers, key.labels, strict=True))
    if _apart([at for at, _ in own], lines):
        return own
    numbers = _powers(scale, lines) if scale.log else _round(scale, lines)
    return [(scale.at(number), label_of(number)) for number in numbers]


def _apart(places: Sequence[float], lines: float) -> bool:
    return all((b - a) * lines >= 1 for a, b in pairwise(places))


def _round(scale: ColorScale, lines: float) -> list[float]:
    steps = MaxNLocator(max(2, int(min(lines / 1.4, 6))), steps=[1, 2, 5, 10])
    found = [float(f"{n:.12g}") for n in steps.tick_values(scale.low, scale.high)]
    return [n for n in found if scale.low <= n <= scale.high]


def _powers(scale: ColorScale, lines: float) -> list[float]:
    """Powers of ten; where they are few, twice and five times those, too."""
    low, high = floor(log10(scale.low)), ceil(log10(scale.high))
    for digits in ((1, 2, 5), (1, 3), (1,)):
        found = [float(f"{d}e{e}") for e in range(low, high + 1) for d in digits]
        found = [n for n in found if scale.low <= n <= scale.high * (1 + 1e-12)]
        if _apart([scale.at(n) for n in found], 0.8 * lines):
            return found
    every = ceil(len(found) / max(1.0, lines / 1.5))
    return found[::every]
