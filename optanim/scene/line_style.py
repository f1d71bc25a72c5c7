"""Pens: how thick, how opaque and how richly trials are drawn, so that many stay legible."""

from __future__ import annotations

from dataclasses import dataclass

LINE_WIDTH = 1.7
"""Pixels of the default figure: the default width of a trace."""

MARKER_SIZE = 10.5
"""Pixels of the default figure: the default size of the marker at the head of a trace."""


@dataclass(frozen=True)
class Pen:
    """How a trial is drawn; sizes in pixels of the default figure.

    Attributes:
        width: of the line.
        halo: the width of what is around it; 0 is none.
        alpha: of the line and its head; 1 is opaque.
        head: how large the marker at its end is.
        dots: whether its points have dots, its curve a tangent.
        dash: the lengths of strokes and gaps; None is a whole line.
    """

    width: float = LINE_WIDTH
    halo: float = 3.6
    alpha: float = 1.0
    head: float = MARKER_SIZE
    dots: bool = True
    dash: tuple[float, ...] | None = None

    @property
    def fine(self) -> bool:
        """Whether a line may leave out points that lie in the same half of a pixel."""
        return not self.dots


def pen(count: int, dash: tuple[float, ...] | None = None, *, dashed: bool = False) -> Pen:
    """The pen for one of so many trials in a panel: the more, the finer.

    Args:
        count: how many there are.
        dash: of this one.
        dashed: whether dashes tell some of them apart: dots would hide them.
    """
    if count <= 8:
        return Pen(dots=not dashed, dash=dash)
    if count <= 24:
        return Pen(1.5, 3.0, 1.0, 7.5, dots=False, dash=dash)
    if count <= 120:
        return Pen(1.2, 0.0, 0.95 - 0.35 * count / 120, 5.0, dots=False, dash=dash)
    # As much ink in all as so many lines would have, but each can still be seen.
    return Pen(0.8, 0.0, max(0.3, 0.6 * (120 / count) ** 0.5), 3.0, dots=False, dash=dash)
