"""Marks: the parts of a panel that move, drawn with Agg directly.

A matplotlib artist takes 0.2 ms per draw and a text 3 ms, mostly for computing again the same
places. A mark computes its pixels once. Every `draw` depends on the step only.

Agg takes places in pixels, and widths of lines in points, which are pixels of the default figure.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import numpy as np
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.colors import to_rgba
from matplotlib.markers import MarkerStyle
from matplotlib.path import Path
from matplotlib.transforms import Affine2D, Bbox, IdentityTransform

from optanim.surfaces import Array

IDENTITY = IdentityTransform()
"""The transform of places that are pixels already."""


class Mark(Protocol):
    """A part of a panel that changes with the step."""

    def draw(self, renderer: RendererAgg, step: float) -> None:
        """Draw it at a step, fractional between two updates."""
        ...


def marker_path(marker: str) -> Path:
    """The outline of a marker of matplotlib, in a square of side 1 around the origin."""
    style = MarkerStyle(marker)
    return style.get_transform().transform_path(style.get_path())


class Stroke:
    """One line or several that depend on the step: a tangent, a model, its residuals.

    Args:
        points: a step -> pixels (m, 2), from the bottom left.
        color: `#RRGGBB`.
        clip: the rectangle in which it is drawn.
        width: in pixels of the default figure.
        halo: the color around it; None is no halo.
        alpha: opacity, from 0 to 1.
        pairs: whether each two points are a line of their own.
        dash: the lengths of its dashes and gaps; None is a solid line.
    """

    def __init__(
        self, points: Callable[[float], Array], color: str, *, clip: Bbox, width: float,
        halo: str | None = None, alpha: float = 1.0, pairs: bool = False,
        dash: tuple[float, ...] | None = None,
    ) -> None:  # fmt: skip
        self.points, self.clip, self.pairs, self.dash = points, clip, pairs, dash
        self._passes = [(to_rgba(halo), 2.1 * width)] if halo else []
        self._passes.append((to_rgba(color, alpha), width))

    def draw(self, renderer: RendererAgg, step: float) -> None:
        """Draw the line of a step."""
        points = self.points(step)
        codes = np.full(len(points), Path.LINETO, Path.code_type)
        codes[:: 2 if self.pairs else len(points)] = Path.MOVETO
        line = Path(points, codes)
        gc = renderer.new_gc()
        gc.set_clip_rectangle(self.clip)
        gc.set_capstyle("round")
        gc.set_joinstyle("round")
        if self.dash:
            gc.set_capstyle("butt")
            gc.set_dashes(0, self.dash)
        for color, width in self._passes:
            gc.set_foreground(color, isRGBA=True)
            gc.set_linewidth(width)
            renderer.draw_path(gc, line, IDENTITY)
        gc.restore()


class Dots:
    """Points, drawn over the lines: those of data, which do not move, or predictions.

    Args:
        points: (n, 2) in pixels, from the bottom left; or a step -> such points.
        color: `#RRGGBB`.
        halo: the color around them.
        radius: in pixels.
        clip: the rectangle in which they are drawn; None is the whole figure.
    """

    def __init__(
        self, points: Array | Callable[[float], Array], color: str, halo: str, *,
        radius: float, clip: Bbox | None = None,
    ) -> None:  # fmt: skip
        self.points, self.color, self.halo = points, to_rgba(color), to_rgba(halo)
        self._size, self.clip = Affine2D().scale(radius), clip

    def draw(self, renderer: RendererAgg, step: float) -> None:
        """Draw all of them at a step."""
        points = self.points(step) if callable(self.points) else self.points
        gc = renderer.new_gc()
        if self.clip is not None:
            gc.set_clip_rectangle(self.clip)
        gc.set_foreground(self.halo, isRGBA=True)
        gc.set_linewidth(0.8)
        circle, dots = Path.unit_circle(), Path(points)
        renderer.draw_markers(gc, circle, self._size, dots, IDENTITY, self.color)
        gc.restore()
