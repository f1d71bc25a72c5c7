"""The header of a figure: title, caption, and the counter of steps at the right."""

from __future__ import annotations

from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.text import Text

from optanim.drawing.arrow_legend import arrow_kinds, draw_arrow_legend
from optanim.drawing.legend import (
    FIGURE_SPACE,
    LOSS_CHARACTERS,
    ending_text,
    loss_format,
    loss_text,
)
from optanim.drawing.live_numbers import GlyphCells, LiveNumber
from optanim.drawing.marks import Mark
from optanim.drawing.text_fit import fit_text, text_width
from optanim.scene.scene import Scene
from optanim.schema.figure import MIN_LETTERS

PADDING = 14
"""Pixels of the default figure between its edge and its contents."""


def live_counter(scene: Scene, width: int, dpi: float) -> tuple[list[Mark], float]:
    """The step, and the loss of a single trace, at the top right; and the pixels they need."""
    unit = scene.unit
    font = FontProperties(size=14)
    ink = GlyphCells(font, scene.theme.ink, dpi)
    alarm = GlyphCells(font, scene.theme.alarm, dpi)
    ink.draw(LOSS_CHARACTERS)
    digits = len(str(scene.steps))
    right, baseline = width - PADDING * unit, 25 * unit
    marks: list[Mark] = []
    if len(scene.traces) == 1:
        (trace,) = scene.traces
        word = scene.value_word
        value = loss_text(scene, trace, loss_format(trace.trajectory.values))
        divergence = ending_text(scene, trace)
        marks.append(LiveNumber(lambda k: value(k) and f"{word} {value(k)}", ink,
                                right=right, baseline=baseline))  # fmt: skip
        marks.append(LiveNumber(divergence, alarm, right=right, baseline=baseline))
        widest = max(ink.width(f"{word} {value(0)}"), alarm.width(divergence(scene.steps)))
        right -= widest + PADDING * unit
    step = LiveNumber(
        lambda k: scene.words.counter.format(step=f"{k:{FIGURE_SPACE}>{digits}}"),
        ink,
        right=right,
        baseline=baseline,
    )
    left = right - ink.width(step.text(scene.steps))
    return [*marks, step], width - left + PADDING * unit


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
    down = 25 * unit
    if scene.title:
        draw_line(figure, renderer, scene.title, (left, down), 17, theme.ink, room - left)
    lines = [line for line in scene.caption if line]
    joined = Text(text="      ".join(lines), size=13, figure=figure)
    if lines and text_width(joined, renderer) <= width:
        lines = [joined.get_text()]
    for line in lines:
        down += 20 * unit
        draw_line(figure, renderer, line, (left, down), 13, theme.faint, width)
    if arrow_kinds(scene):
        down += 21 * unit
        draw_arrow_legend(figure, renderer, scene, left, down)
    return down + 13 * unit


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
