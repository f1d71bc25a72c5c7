"""Line styles: the width, opacity and dots of traces, so that many of them stay legible."""

from __future__ import annotations

from dataclasses import dataclass, replace

LINE_WIDTH = 1.7
"""Pixels of the default figure: the default width of a trace."""

MARKER_SIZE = 10.5
"""Pixels of the default figure: the default size of the marker at the head of a trace."""


@dataclass(frozen=True)
class LineStyle:
    """The style of a trace; sizes are in pixels of the default figure.

    Attributes:
        width: of the line.
        halo: the width of the halo around the line; 0 for none.
        alpha: the opacity of the line and its marker, from 0 to 1.
        head: the size of the marker at its end.
        dots: whether its points have dots, and in the panel `curve` a tangent.
        dash: the lengths of strokes and gaps; None for a solid line.
    """

    width: float = LINE_WIDTH
    halo: float = 3.6
    alpha: float = 1.0
    head: float = MARKER_SIZE
    dots: bool = True
    dash: tuple[float, ...] | None = None

    @property
    def fine(self) -> bool:
        """Whether points within the same half of a pixel may be left out of the line."""
        return not self.dots


def line_style(
    traces: int, dash: tuple[float, ...] | None = None, *, dashed: bool = False
) -> LineStyle:
    """The style of one of the traces in a panel: the more traces, the finer.

    Args:
        traces: their number.
        dash: the dash of this trace.
        dashed: whether any of the traces has dashes; dots would hide them.
    """
    if traces <= 8:
        return LineStyle(dots=not dashed, dash=dash)
    if traces <= 24:
        return LineStyle(1.5, 3.0, 1.0, 7.5, dots=False, dash=dash)
    if traces <= 120:
        return LineStyle(1.2, 0.0, 0.95 - 0.35 * traces / 120, 5.0, dots=False, dash=dash)
    # The opacity falls more slowly than the number rises, so that each trace stays visible.
    return LineStyle(0.8, 0.0, max(0.3, 0.6 * (120 / traces) ** 0.5), 3.0, dots=False, dash=dash)


def seed_style(style: LineStyle) -> LineStyle:
    """The style of a trial of which the mean over seeds is what is to be seen."""
    return replace(style, width=min(style.width, 1.0), halo=0.0, alpha=0.4 * style.alpha,
                   head=min(style.head, 4.0), dots=False)  # fmt: skip


def mean_style(means: int, dash: tuple[float, ...] | None = None) -> LineStyle:
    """The style of the mean over seeds: wider than a usual trace.

    Args:
        means: the number of means in a panel.
        dash: the dash of its trials.
    """
    style = line_style(means, dash)
    return replace(style, width=1.5 * style.width, halo=1.4 * style.halo, dots=False)
