"""Marks: the parts of a panel that move, drawn with Agg directly.

A matplotlib artist takes 0.2 ms per draw and a text 3 ms, mostly for computing again the same
places. A mark computes its pixels once. Every `draw` depends on the step only.

Agg takes places in pixels, and widths of lines in points, which are pixels of the default figure.
"""

from __future__ import annotations

from collections.abc import Callable
from math import floor
from typing import Protocol

import numpy as np
import numpy.typing as npt
from matplotlib.backend_bases import GraphicsContextBase
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.colors import to_rgba
from matplotlib.markers import MarkerStyle
from matplotlib.path import Path
from matplotlib.transforms import Affine2D, Bbox, IdentityTransform

from optanim.drawing.frame_exit import TRIANGLE, exit_points, nearest_exit, outside, triangle
from optanim.scene.line_style import MARKER_SIZE, LineStyle
from optanim.scene.scene import Trace
from optanim.surfaces import Array

Rgba = tuple[float, float, float, float]
Indices = npt.NDArray[np.intp]

IDENTITY = IdentityTransform()
"""The transform of places that are pixels already."""

DEFAULT_PEN = LineStyle()

DOT_RADIUS, DOT_GAP = 2.0, 4.0
"""Pixels of the default figure: the radius of a dot, and the smallest distance of two dots."""

EXIT_SIZE = 0.9
"""The length of the triangle where a trail left its panel, as a part of the size of its head."""

RECENT_STEPS = 8
"""The part of a trail that is strong while it moves: these steps, or a twelfth of a long run."""

OLD_WIDTH, OLD_ALPHA = 0.8, 0.6
"""The width and opacity of the older part of a moving trail, as parts of those of its pen."""

CROSSING_ALPHA = 0.25
"""The opacity of a line that crosses the clip between two points outside of it."""

HEAD_EDGE_WIDTH = 1.4
"""Pixels of the default figure: the width of the line around a head of the default size."""


class Mark(Protocol):
    """A part of a panel that changes with the step."""

    def draw(self, renderer: RendererAgg, step: float) -> None:
        """Draw it at a step, fractional between two updates."""
        ...


class Trail:
    """A polyline up to a step, a dot at each of its points, and its head.

    While the head is outside of the clip, a triangle marks where it left last.

    Attributes:
        points: (T + 1, 2) in pixels, from the bottom left.
        trace: the trace whose place on a map the head is; None in a panel of values.
        aside: how far from its place the head is drawn at step 0, (2,) in pixels, so that heads
            that start together are seen apart.

    Args:
        points: one for each step.
        color: of the line.
        halo: the color around it.
        marker: of the head.
        clip: the rectangle in which it is drawn.
        unit: pixels per pixel of the default figure.
        last: the number of last steps that stay; -1 is all.
        dots: whether each point has a dot, if its pen draws dots.
        pen: widths and opacity.
        between: a step -> the head's pixel, if it is not on the line between two points.
        trace: the trace whose place on a map the head is.
        strong_from: the step from which all of the trail is strong, the last one of the figure;
            before it, older steps are thinner and paler.
    """

    def __init__(
        self, points: Array, color: str, halo: str, marker: str, *,
        clip: Bbox, unit: float, last: int = -1, dots: bool = True, pen: LineStyle = DEFAULT_PEN,
        between: Callable[[float], Array] | None = None, trace: Trace | None = None,
        strong_from: int = 0,
    ) -> None:  # fmt: skip
        self.trace, self.aside = trace, np.zeros(2)
        self.points, self.color, self.halo = points, to_rgba(color, pen.alpha), to_rgba(halo)
        self.clip, self.unit, self.last, self.pen = clip, unit, last, pen
        self._head = marker_path(marker)
        # A line between two points far outside says nothing.
        far = far_outside(points, clip)
        codes = np.where(far & np.r_[False, far[:-1]], Path.MOVETO, Path.LINETO)
        self._drawn = codes[1:] == Path.LINETO
        away = outside(points, clip)
        # Between two points outside a line says little: it is drawn apart, and paler.
        self._crossings = np.flatnonzero(self._drawn & away[1:] & away[:-1])
        codes[self._crossings + 1] = Path.MOVETO
        codes[0] = Path.MOVETO
        self._codes = codes.astype(Path.code_type)
        self._strong_from = strong_from
        dotted = dots and pen.dots
        self._dots = spaced_points(points, DOT_GAP * unit) if dotted else np.zeros(0, np.intp)
        self._thinned = thinned_points(points, codes) if pen.fine else None
        self._dot = Affine2D().scale(DOT_RADIUS * unit)
        self._between = between
        self._exits = self._exits_of(points) if away.any() else None

    def position(self, step: float) -> Array:
        """The head's pixel at a step; after the last point it stays there."""
        step = min(max(step, 0.0), len(self.points) - 1)
        k = floor(step)
        point = self.points[k]
        if k == step:
            return point
        if self._between:
            return self._between(step)
        return point + (step - k) * (self.points[k + 1] - point)

    def draw(self, renderer: RendererAgg, step: float) -> None:
        """Draw the line, over it the dots, and over them the head."""
        whole = step >= self._strong_from
        step = min(step, len(self.points) - 1)
        head = self.position(step)
        gc = renderer.new_gc()
        gc.set_clip_rectangle(self.clip)
        gc.set_capstyle("round")
        gc.set_joinstyle("round")
        if self.last != 0 and step > 0:
            self._draw_trail(renderer, gc, step, head, whole=whole)
        gc.set_foreground(self.halo, isRGBA=True)
        gc.set_linewidth(HEAD_EDGE_WIDTH * self.pen.head / MARKER_SIZE if self.pen.halo else 0)
        place = Affine2D().scale(self.pen.head * self.unit)
        place.translate(*(head if step else head + self.aside))
        renderer.draw_path(gc, self._head, place, self.color)
        if exit := self.exit(step):
            place = triangle(*exit, EXIT_SIZE * self.pen.head * self.unit)
            renderer.draw_path(gc, TRIANGLE, place, self.color)
        gc.restore()

    @property
    def head_size(self) -> float:
        """The size of the head, in pixels."""
        return self.pen.head * self.unit

    def pixels(self, step: float) -> Array:
        """The points up to a step and the head, (n, 2)."""
        whole = floor(min(max(step, 0.0), len(self.points) - 1))
        return np.concatenate([self.points[: whole + 1], self.position(step)[None]])

    def exit(self, step: float) -> tuple[Array, int] | None:
        """The pixel where the head left the clip, and the edge; None while it is inside.

        Lines that are not drawn, between two points far outside, do not count. A head that was
        never inside has the nearest pixel.
        """
        step = min(max(step, 0.0), len(self.points) - 1)
        head, whole = self.position(step), floor(step)
        if self._exits is None or not outside(head[None], self.clip)[0]:
            return None
        pixels, edges, latest = self._exits
        if step > whole:
            (pixel,), (edge,) = exit_points(np.stack([self.points[whole], head]), self.clip)
            if np.isfinite(pixel[0]):
                return pixel, int(edge)
        line = latest[whole]
        if line < 0:
            return nearest_exit(head, self.clip, EXIT_SIZE * self.pen.head * self.unit)
        return pixels[line], int(edges[line])

    def _exits_of(self, points: Array) -> tuple[Array, Indices, Indices]:
        """The exit of each line, its edge, and for each point the last line with an exit, or -1."""
        pixels, edges = exit_points(points, self.clip)
        drawn = np.isfinite(pixels[:, 0]) & self._drawn
        latest = np.maximum.accumulate(np.r_[-1, np.where(drawn, np.arange(len(drawn)), -1)])
        return pixels, edges, latest

    def _draw_trail(
        self, renderer: RendererAgg, gc: GraphicsContextBase, step: float, head: Array,
        *, whole: bool,
    ) -> None:  # fmt: skip
        """Draw lines that only cross the panel, the older part of the trail, and the recent one."""
        last = floor(step)
        first = 0 if self.last < 0 else max(0, last - self.last)
        end = last + 1 + (step > last)
        since = max(first, recent_from(last, len(self.points) - 1, self.pen, whole=whole))
        between = slice(*np.searchsorted(self._crossings, (first, end - 1)))
        if len(crossings := self._crossings[between]):
            self._draw_crossings(renderer, gc, crossings)
        if since > first:
            pale = (*self.color[:3], OLD_ALPHA * self.color[3])
            line = self._line(first, since + 1, self.points[since])
            self._draw_line(renderer, gc, line, pale, OLD_WIDTH)
            self._draw_dots(renderer, gc, first, since, pale)
        self._draw_line(renderer, gc, self._line(since, end, head), self.color)
        self._draw_dots(renderer, gc, since, last + 1, self.color)

    def _draw_crossings(
        self, renderer: RendererAgg, gc: GraphicsContextBase, starts: Indices
    ) -> None:
        """Draw the lines that begin at these points, paler and without a halo."""
        points = self.points[np.stack([starts, starts + 1], axis=1).ravel()]
        gc.set_foreground((*self.color[:3], CROSSING_ALPHA * self.color[3]), isRGBA=True)
        gc.set_linewidth(self.pen.width)
        codes = np.tile(np.array([Path.MOVETO, Path.LINETO], Path.code_type), len(starts))
        renderer.draw_path(gc, Path(points, codes), IDENTITY)

    def _draw_line(
        self, renderer: RendererAgg, gc: GraphicsContextBase, line: Path, color: Rgba,
        share: float = 1.0,
    ) -> None:  # fmt: skip
        """Draw a line on its halo, with a part of the width of the pen."""
        for ink, size in ((self.halo, self.pen.halo), (color, share * self.pen.width)):
            if not size:
                continue
            if self.pen.dash and ink is color:
                gc.set_capstyle("butt")
                gc.set_dashes(0, self.pen.dash)
            gc.set_foreground(ink, isRGBA=True)
            gc.set_linewidth(size)
            renderer.draw_path(gc, line, IDENTITY)
        gc.set_dashes(0, None)
        gc.set_capstyle("round")

    def _draw_dots(
        self, renderer: RendererAgg, gc: GraphicsContextBase, first: int, end: int, color: Rgba
    ) -> None:
        """Draw the dots at points from one on, up to the one before `end`."""
        indices = self._dots[slice(*np.searchsorted(self._dots, (first, end)))]
        if len(indices):
            gc.set_linewidth(0)
            dots = Path(self.points[indices])
            renderer.draw_markers(gc, Path.unit_circle(), self._dot, dots, IDENTITY, color)

    def _line(self, first: int, end: int, head: Array) -> Path:
        """The line from a point up to the one before `end`, which the head replaces."""
        if self._thinned is None:
            points, codes = self.points[first:end].copy(), self._codes[first:end].copy()
        else:
            indices = self._thinned[slice(*np.searchsorted(self._thinned, (first, end - 1)))]
            indices = np.r_[indices, end - 1]
            points, codes = self.points[indices], self._codes[indices]
        codes[0] = Path.MOVETO
        points[-1] = head
        return Path(points, codes)


def recent_from(step: int, steps: int, pen: LineStyle, *, whole: bool) -> int:
    """The step from which on a trail is strong at a step; before it, it is thinner and paler.

    Args:
        step: up to which it is drawn.
        steps: the last one of the trail.
        pen: a line without dots is of one strength, so that dashes do not vanish.
        whole: whether all of it is strong, as in the last frame.
    """
    if whole or not pen.dots:
        return 0
    # The boundary moves in steps of two, so that fewer pixels change.
    return max(0, (step - max(RECENT_STEPS, steps // 12)) // 2 * 2)


def marker_path(marker: str) -> Path:
    """The outline of a marker of matplotlib, in a square of side 1 around the origin."""
    style = MarkerStyle(marker)
    return style.get_transform().transform_path(style.get_path())


def far_outside(points: Array, clip: Bbox) -> npt.NDArray[np.bool_]:
    """Whether each of the pixels (m, 2) is farther outside of the clip than half its size."""
    corners = clip.get_points()
    reach = np.ptp(corners, axis=0) / 2
    return ((points < corners[0] - reach) | (points > corners[1] + reach)).any(axis=1)


def thinned_points(points: Array, codes: npt.NDArray[np.uint8]) -> npt.NDArray[np.intp]:
    """The indices of the points that a thin line needs.

    These are the first of consecutive points in the same half of a pixel, and the beginnings of
    lines.
    """
    cell = np.floor(2 * points)
    kept = np.r_[True, (cell[1:] != cell[:-1]).any(axis=1)] | (codes == Path.MOVETO)
    return np.flatnonzero(kept)


def spaced_points(points: Array, gap: float) -> npt.NDArray[np.intp]:
    """The indices of points, each at least a gap from the one chosen before."""
    chosen = [0]
    for i, point in enumerate(points[1:], 1):
        if np.abs(point - points[chosen[-1]]).max() >= gap:
            chosen.append(i)
    return np.array(chosen)


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
