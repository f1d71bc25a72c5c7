"""The header of a figure: title, caption, and the counter of steps at the right."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.text import Text

from optanim.drawing.arrow_legend import arrow_kinds, draw_arrow_legend
from optanim.drawing.legend import (
    FIGURE_SPACE,
    ending_text,
    loss_text,
    widest_loss,
)
from optanim.drawing.live_numbers import GlyphCells, LiveNumber
from optanim.drawing.marks import Mark
from optanim.drawing.text_fit import fit_text, text_width, wrapped
from optanim.formulas.numbers import LIVE_CHARACTERS
from optanim.scene.scene import Scene
from optanim.schema.figure import MIN_LETTERS

PADDING = 14
"""Pixels of the default figure between its edge and its contents."""

TITLE_SIZE, CAPTION_SIZE = 17, 13
"""Pixels of the default figure: the letters of titles and captions. No title has smaller letters
than its caption."""

TITLE_STEP, CAPTION_STEP = 23, 20
"""Pixels of the default figure from one baseline to the next, unless a formula is taller."""

MIN_WRAPPED_HEIGHT = 200
"""Pixels of the default figure: in a lower picture a title has one line, or the panel no room."""

MAX_LINE_HEIGHT, MAX_LINE_SHARE = 50, 0.14
"""The height of a line with a tall formula at most: pixels of the default figure, and the part of
the picture's height. A formula that is taller becomes smaller."""


def live_counter(scene: Scene, width: int, dpi: float) -> tuple[list[Mark], float]:
    """The step, and the loss of a single trace, at the top right; and the pixels they need."""
    unit = scene.unit
    font = FontProperties(size=14)
    ink = GlyphCells(font, scene.theme.ink, dpi)
    alarm = GlyphCells(font, scene.theme.alarm, dpi)
    ink.draw(LIVE_CHARACTERS)
    baseline, counter = 25 * unit, scene.words.counter
    # The word stays where it is: a number before it has the width of the last one.
    digits = 0 if counter.endswith("{step}") else len(str(scene.steps))

    def step(k: int) -> str:
        return counter.format(step=f"{min(k, scene.steps):{FIGURE_SPACE}>{digits}}")

    right = width - PADDING * unit
    if factors := scene.zoom_factors:
        step = partial(_magnification, factors)
        left = right - ink.width(step(scene.steps))
        return [
            LiveNumber(step, ink, right=right, baseline=baseline)
        ], width - left + PADDING * unit
    left = right - ink.width(step(scene.steps))
    marks: list[Mark] = [LiveNumber(step, ink, left=left, baseline=baseline)]
    if len(scene.traces) == 1 and scene.has_traces and not scene.dots_by:
        (trace,) = scene.traces
        word = scene.value_word
        value, divergence = loss_text(scene, trace), ending_text(scene, trace)
        # The word stays where it is, and so do all digits before the one that changes.
        widest = ink.width(f"{word} ") + widest_loss(ink, trace.trajectory.values)
        left -= PADDING * unit + max(widest, alarm.width(divergence(scene.steps)))
        marks.append(LiveNumber(lambda k: value(k) and f"{word} {value(k)}", ink,
                                left=left, baseline=baseline))  # fmt: skip
        marks.append(LiveNumber(divergence, alarm, left=left, baseline=baseline))
    return marks, width - left + PADDING * unit


def _magnification(factors: Sequence[float], k: int) -> str:
    """How much larger than in the first window all is in a window: `× 12,000`."""
    factor = float(f"{factors[min(k, len(factors) - 1)]:.2g}")
    return f"× {factor:,.0f}" if factor >= 10 else f"× {factor:g}"


def draw_header(figure: Figure, renderer: RendererAgg, scene: Scene, room: float) -> float:
    """Draw title, caption and legend of arrows; the pixels from the top to the panels.

    Args:
        figure: to draw on.
        renderer: that measures texts.
        scene: that has the texts.
        room: the pixel where the counter begins.
    """
    unit, theme = scene.unit, scene.theme
    left, width = PADDING * unit, figure.bbox.width - 2 * PADDING * unit
    lines = _Lines(figure, renderer, unit)
    title = Text(text=scene.title, size=TITLE_SIZE, figure=figure)
    if scene.title:
        titles = [title]
        if figure.bbox.height < MIN_WRAPPED_HEIGHT * unit:
            fit_text(title, renderer, room - left, np.inf, CAPTION_SIZE)
        else:
            titles = wrapped(title, renderer, (room - left, width), CAPTION_SIZE)
        for text in titles:
            lines.add(text, left, theme.ink, TITLE_STEP)
    captions = [line for line in scene.caption if line]
    joined = Text(text="      ".join(captions), size=CAPTION_SIZE, figure=figure)
    if captions and text_width(joined, renderer) <= width:
        captions = [joined.get_text()]
    for caption in captions:
        text = Text(text=caption, size=CAPTION_SIZE, figure=figure)
        limit = text.get_window_extent(renderer).height * MIN_LETTERS / CAPTION_SIZE
        limit = max(limit, min(MAX_LINE_HEIGHT * unit, MAX_LINE_SHARE * figure.bbox.height))
        fit_text(text, renderer, width, limit, MIN_LETTERS)
        lines.add(text, left, theme.faint, CAPTION_STEP)
    down = lines.baseline
    if arrow_kinds(scene):
        down = max(down + 21 * unit, lines.bottom + 15 * unit)
        draw_arrow_legend(figure, renderer, scene, left, down)
    return max(down + 13 * unit, lines.bottom + 7 * unit)


class _Lines:
    """Lines of text from the top down; those that have a tall formula are higher.

    Attributes:
        baseline: that of the last line, in pixels from the top.
        bottom: the lower end of the last line, in pixels from the top.
    """

    def __init__(self, figure: Figure, renderer: RendererAgg, unit: float) -> None:
        self._figure, self._renderer, self._unit = figure, renderer, unit
        self.baseline, self.bottom, self._empty = 25 * unit, 0.0, True

    def add(self, text: Text, left: float, color: str, step: float) -> None:
        """Draw a line below those before it.

        Args:
            text: of this line.
            left: the pixel where it begins.
            color: `#RRGGBB`.
            step: from the baseline before it, in pixels of the default figure.
        """
        # A caption without a title is where it is with one.
        next = 0 if self._empty and step == TITLE_STEP else step
        text.set(color=color, transform=None, position=(0, 0))
        box = text.get_window_extent(self._renderer)
        free = self.bottom + (5 if self._empty else 3) * self._unit
        self.baseline = max(self.baseline + next * self._unit, free + box.y1)
        self.bottom, self._empty = self.baseline - box.y0, False
        text.set_position((left, self._figure.bbox.height - self.baseline))
        self._figure.add_artist(text)


def draw_line(
    figure: Figure, renderer: RendererAgg, line: str, place: tuple[float, float], size: float,
    color: str, room: float,
) -> Text:  # fmt: skip
    """Draw a line of text, smaller or shortened where the room requires it.

    Args:
        figure: to draw on.
        renderer: that measures texts.
        line: the text.
        place: where its baseline begins, in pixels from the top left.
        size: of its letters, in pixels of the default figure.
        color: `#RRGGBB`.
        room: its width at most, in pixels.
    """
    text = figure.text(0, 0, line, size=size, color=color, transform=None)
    text.set_position((place[0], figure.bbox.height - place[1]))
    fit_text(text, renderer, room, 1.35 * size * figure.dpi / 72, MIN_LETTERS)
    return text
