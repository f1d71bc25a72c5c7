"""The result of a run in a sentence below the caption, which the last frame has."""

from __future__ import annotations

from itertools import product

from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

from optanim.drawing.appearing import Appearing
from optanim.drawing.header import PADDING
from optanim.drawing.marks import Mark
from optanim.drawing.text_fit import wrapped
from optanim.scene.scene import Scene

FONT_SIZE = 13
"""Pixels of the default figure: the letters of the result, as those of the caption."""

LINE_HEIGHT = 20
"""Pixels of the default figure: the height of a line with its gap to the one before."""

LINE_SPACING = 1.15
"""The same in units of the letters' own height, as matplotlib has it."""

GAP = 6
"""Pixels of the default figure: from the upper end of the letters to where panels would begin."""


def result_line(
    figure: Figure, renderer: RendererAgg, scene: Scene, top: float
) -> tuple[float, list[Mark]]:
    """The result of a run as a mark, and the pixels from the top to the panels below it.

    Of the sentences of the scene it is the longest that fits into one line, otherwise the longest
    that fits into two. If none does, the shortest one is cut, and ends in an ellipsis.

    Args:
        figure: that it is drawn on.
        renderer: that measures texts.
        scene: with the result.
        top: the pixels from the top to the panels without it.
    """
    if not scene.result:
        return top, []
    unit = scene.unit
    room = figure.bbox.width - 2 * PADDING * unit
    text = Text(size=FONT_SIZE, color=scene.theme.ink, va="top", linespacing=LINE_SPACING,
                transform=None, figure=figure)  # fmt: skip
    # A dollar sign in a sentence is one of a label, and no maths.
    sentences = [sentence.replace("$", r"\$") for sentence in scene.result]
    for lines, sentence in product((1, 2), sentences):
        text.set_text(sentence)
        parts = wrapped(text, renderer, (room, room), FONT_SIZE)
        shown = "\n".join(part.get_text() for part in parts)
        if shown.replace("\n", " ") == sentence and shown.count("\n") < lines:
            break
    text.set_text(shown)
    text.set_position((PADDING * unit, figure.bbox.height - top + GAP * unit))
    return top + (shown.count("\n") + 1) * LINE_HEIGHT * unit, [
        Appearing([text], renderer, scene.steps)
    ]
