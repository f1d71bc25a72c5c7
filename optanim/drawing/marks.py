"""Marks: what moves in a panel, drawn with Agg directly.

A matplotlib artist costs 0.2 ms a draw and a text 3 ms, most of it spent on finding out again what
has not changed. A mark knows its pixels beforehand. Every `draw` depends on the step only.

Agg takes places in pixels and widths of lines in points, which are pixels of the default figure.
"""

from __future__ import annotations

from collections.abc import Callable
from math import floor
from typing import Protocol

import numpy as np
import numpy.typing as npt
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.colors import to_rgba
from matplotlib.markers import MarkerStyle
from matplotlib.path import Path
from matplotlib.transforms import Affine2D, Bbox, IdentityTransform

from optanim.scene.line_style import Pen
from optanim.surfaces import Array

Rgba = tuple[float, float, float, float]
STAY = IdentityTransform()
PEN = Pen()


class Mark(Protocol):
    """Something that changes with the step."""

    def draw(self, renderer: RendererAgg, step: float) -> None:
        """Draw it as it is at a step, fractional between two updates."""
        ...


class Trail:
    """A path up to a step, a dot at each of its points, and its head.

    Attributes:
        points: (T + 1, 2) in pixels, the origin at the bottom left.

    Args:
        points: the path.
        color: of the line; `halo` is around it.
        marker: of the head.
        clip: where it may be drawn.
        unit: pixels of a pixel of the default figure.
        last: how many of the last steps stay; -1 is all.
        dots: whether each point has one, if its pen makes them.
        pen: how it is drawn.
        between: a step -> the head's pixel, if that is not on the line between two points.
    """

    def __init__(
        self, points: Array, color: str, halo: str, marker: str, *,
        clip: Bbox, unit: float, last: int = -1, dots: bool = True, pen: Pen = PEN,
        between: Callable[[float], Array] | None = None,
    ) -> None:  # fmt: skip
        self.points, self.color, self.halo = points, to_rgba(color, pen.alpha), to_rgba(halo)
        self.clip, self.unit, self.last, self.pen = clip, unit, last, pen
        style = MarkerStyle(marker)
        self._head = style.get_transform().transform_path(style.get_path())
        # The pen is lifted between two points far outside: such a line says nothing.
        far = far_off(points, clip)
        codes = np.where(far & np.r_[False, far[:-1]], Path.MOVETO, Path.LINETO)
        codes[0] = Path.MOVETO
        self._codes = codes.astype(Path.code_type)
        self._dots = apart(points, 4 * unit) if dots and pen.dots else np.zeros(0, np.intp)
        self._turns = turns(points, codes) if pen.fine else None
        self._dot = Affine2D().scale(2.0 * unit)
        self._between = between

    def position(self, step: float) -> Array:
        """The head's pixel at a step; it stays at the end of a path that ended early."""
        step = min(max(step, 0.0), len(self.points) - 1)
        k = floor(step)
        here = self.points[k]
        if k == step:
            return here
        if self._between:
            return self._between(step)
        return here + (step - k) * (self.points[k + 1] - here)

    def draw(self, renderer: RendererAgg, step: float) -> None:
        """The trail under its dots under the head, each on a halo."""
        step = min(step, len(self.points) - 1)
        whole, head = floor(step), self.position(step)
        first = 0 if self.last < 0 else max(0, whole - self.last)
        gc = renderer.new_gc()
        gc.set_clip_rectangle(self.clip)
        gc.set_capstyle("round")
        gc.set_joinstyle("round")
        if self.last != 0 and step > 0:
            end = whole + 1 + (step > whole)
            line = self._line(first, end, head)
            for color, width in ((self.halo, self.pen.halo), (self.color, self.pen.width)):
                if not width:
                    continue
                if self.pen.dash and color is self.color:
                    gc.set_capstyle("butt")
                    gc.set_dashes(0, self.pen.dash)
                gc.set_foreground(color, isRGBA=True)
                gc.set_linewidth(width)
                renderer.draw_path(gc, line, STAY)
            gc.set_dashes(0, None)
            shown = self._dots[slice(*np.searchsorted(self._dots, (first, whole + 1)))]
            if len(shown):
                gc.set_linewidth(0)
                dots = Path(self.points[shown])
                renderer.draw_markers(gc, Path.unit_circle(), self._dot, dots, STAY, self.color)
        gc.set_foreground(self.halo, isRGBA=True)
        gc.set_linewidth(1.4 * self.pen.head / 10.5 if self.pen.halo else 0)
        place = Affine2D().scale(self.pen.head * self.unit).translate(*head)
        renderer.draw_path(gc, self._head, place, self.color)
        gc.restore()

    def _line(self, first: int, end: int, head: Array) -> Path:
        """The way from a point up to another, whose place the head takes."""
        if self._turns is None:
            points, codes = self.points[first:end].copy(), self._codes[first:end].copy()
        else:
            shown = self._turns[slice(*np.searchsorted(self._turns, (first, end - 1)))]
            shown = np.r_[shown, end - 1]
            points, codes = self.points[shown], self._codes[shown]
        codes[0] = Path.MOVETO
        points[-1] = head
        return Path(points, codes)


def far_off(points: Array, clip: Bbox) -> npt.NDArray[np.bool_]:
    """Which pixels (m, 2) lie so far outside that a line between two of them says nothing."""
    box = clip.get_points()
    reach = np.ptp(box, axis=0) / 2
    return ((points < box[0] - reach) | (points > box[1] + reach)).any(axis=1)


def turns(points: Array, codes: npt.NDArray[np.uint8]) -> npt.NDArray[np.intp]:
    """The indices of points that a thin line needs: one of each half of a pixel, and each lift."""
    cell = np.floor(2 * points)
    kept = np.r_[True, (cell[1:] != cell[:-1]).any(axis=1)] | (codes == Path.MOVETO)
    return np.flatnonzero(kept)


def apart(points: Array, gap: float) -> npt.NDArray[np.intp]:
    """The indices of points so far from the last one chosen; dots that touch say nothing."""
    chosen = [0]
    for i, point in enumerate(points[1:], 1):
        if np.abs(point - points[chosen[-1]]).max() >= gap:
            chosen.append(i)
    return np.array(chosen)


class Stroke:
    """A line, or several, that follow from the step: a tangent, a model, its residuals.

    Args:
        points: a step -> pixels (m, 2), the origin at the bottom left.
        color: `#RRGGBB`.
        clip: where it may be drawn.
        width: in pixels of the default figure.
        halo: a color around it, or none.
        alpha: 1 is opaque.
        pairs: each two points are a line of their own.
        dash: the lengths of its strokes and gaps, or none for a whole line.
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
        """Draw it where it is at a step."""
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
            renderer.draw_path(gc, line, STAY)
        gc.restore()


class Dots:
    """Points that stand still, over what moves.

    Args:
        points: (n, 2) in pixels, the origin at the bottom left.
        color: `#RRGGBB`; `halo` is around it.
        radius: in pixels.
    """

    def __init__(self, points: Array, color: str, halo: str, *, radius: float) -> None:
        self.points, self.color, self.halo = points, to_rgba(color), to_rgba(halo)
        self._size = Affine2D().scale(radius)

    def draw(self, renderer: RendererAgg, step: float) -> None:
        """Draw all of them, whatever the step."""
        gc = renderer.new_gc()
        gc.set_foreground(self.halo, isRGBA=True)
        gc.set_linewidth(0.8)
        circle, dots = Path.unit_circle(), Path(self.points)
        renderer.draw_markers(gc, circle, self._size, dots, STAY, self.color)
        gc.restore()
