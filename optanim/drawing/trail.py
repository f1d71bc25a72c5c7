"""Trails: the path of a trace up to a step, with its head."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from math import floor
from typing import NamedTuple, Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt
from matplotlib.backend_bases import GraphicsContextBase
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.colors import to_rgba
from matplotlib.path import Path
from matplotlib.transforms import Affine2D, Bbox

from optanim.drawing.frame_exit import TRIANGLE, exit_points, nearest_exit, outside, triangle
from optanim.drawing.marks import IDENTITY, marker_path
from optanim.drawing.pixel_boxes import PixelBox, box_around
from optanim.experiment.simulate import Trajectory
from optanim.scene.line_style import MARKER_SIZE, LineStyle
from optanim.scene.scene import Trace
from optanim.surfaces import Array

Rgba = tuple[float, float, float, float]
Indices = npt.NDArray[np.intp]

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


class Past(NamedTuple):
    """The older part of a trail at a step: it stays the same for several frames.

    Attributes:
        first: the step from which the trail is seen.
        since: the step from which it is strong; the older part ends there.
        crossings: the lines that only cross the panel, as (first, end) of all such lines.
    """

    first: int
    since: int
    crossings: tuple[int, int]

    @property
    def empty(self) -> bool:
        """Whether there is nothing to draw."""
        return self.since == self.first and self.crossings[0] == self.crossings[1]


@runtime_checkable
class WithPast(Protocol):
    """A mark whose older part is drawn below all marks, and only when it is another one."""

    def past(self, step: float) -> Past:
        """The older part at a step."""
        ...

    def draw_past(self, renderer: RendererAgg, past: Past) -> PixelBox:
        """Draw it, and return its box."""
        ...


class Trail:
    """A polyline up to a step, a dot at each of its points, and its head.

    While the head is outside of the clip, a triangle marks where it left last.

    Attributes:
        points: (T + 1, 2) in pixels, from the bottom left.
        drawn: whether there is a line from each point to the next, (T,).
        crossings: the points from which such a line only crosses the clip.
        head: the outline of the head.
        trace: the trace whose place on a map the head is; None in a panel of values.
        aside: how far from its place the head is drawn at step 0, (2,) in pixels, so that heads
            that start together are seen apart.
        rail: the pixels (n, 2) of the line on which these heads stand; None if they may stand
            around their start.
        owner: the trace whose trail it is; None where that is not known.
        dots: the points that have a dot, (n,).
        dot_radius: in pixels.
        strong_from: the step from which all of it is strong.
        between: a step -> the head's pixel, if it is not on the line between two points.
        follow: a trajectory -> the points that this trail would have of it, in the same axes; None
            where that is not known.

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
        rail, owner, follow: see the attributes; the owner is by default `trace`.
    """

    def __init__(
        self, points: Array, color: str, halo: str, marker: str, *,
        clip: Bbox, unit: float, last: int = -1, dots: bool = True, pen: LineStyle = DEFAULT_PEN,
        between: Callable[[float], Array] | None = None, trace: Trace | None = None,
        strong_from: int = 0, rail: Array | None = None, owner: Trace | None = None,
        follow: Callable[[Trajectory], Array] | None = None,
    ) -> None:  # fmt: skip
        self.trace, self.aside, self.rail = trace, np.zeros(2), rail
        self.owner, self.follow = owner or trace, follow
        self.color, self.halo = to_rgba(color, pen.alpha), to_rgba(halo)
        self.clip, self.unit, self.last, self.pen = clip, unit, last, pen
        self.head = marker_path(marker)
        self.strong_from, self.dot_radius, self.between = strong_from, DOT_RADIUS * unit, between
        self._dotted = dots and pen.dots
        self._dot = Affine2D().scale(self.dot_radius)
        # No line, head, dot or triangle is farther from its points.
        self._reach = (pen.head + max(pen.halo, pen.width) + DOT_RADIUS) * unit + 2
        self._set(points)

    def of(self, trajectory: Trajectory) -> Trail | None:
        """The same trail of another trajectory in the same axes; None where that is not known."""
        if self.follow is None:
            return None
        other = copy(self)
        other.between = None
        other._set(self.follow(trajectory))
        return other

    def _set(self, points: Array) -> None:
        """Take the points, and what follows from them."""
        self.points, clip = points, self.clip
        # A line between two points far outside says nothing.
        far = far_outside(points, clip)
        codes = np.where(far & np.r_[False, far[:-1]], Path.MOVETO, Path.LINETO)
        self.drawn = codes[1:] == Path.LINETO
        away = outside(points, clip)
        # Between two points outside a line says little: it is drawn apart, and paler.
        self.crossings = np.flatnonzero(self.drawn & away[1:] & away[:-1])
        codes[self.crossings + 1] = Path.MOVETO
        codes[0] = Path.MOVETO
        self._codes = codes.astype(Path.code_type)
        no_dots = np.zeros(0, np.intp)
        self.dots = spaced_points(points, DOT_GAP * self.unit) if self._dotted else no_dots
        self._thinned = thinned_points(points, codes) if self.pen.fine else None
        self._exits = self._exits_of(points) if away.any() else None

    def position(self, step: float) -> Array:
        """The head's pixel at a step; after the last point it stays there."""
        step = min(max(step, 0.0), len(self.points) - 1)
        k = floor(step)
        point = self.points[k]
        if k == step:
            return point
        if self.between:
            return self.between(step)
        return point + (step - k) * (self.points[k + 1] - point)

    @property
    def plain(self) -> bool:
        """Whether it is a thin line that stays, from point to point, and a head."""
        pen = self.pen
        return pen.fine and not pen.halo and not pen.dash and self.last < 0 and self.between is None

    def past(self, step: float) -> Past:
        """The older part at a step, and the lines that only cross the panel."""
        last = floor(reached := min(max(step, 0.0), len(self.points) - 1))
        if self.last == 0:
            return Past(last, last, (0, 0))
        first = 0 if self.last < 0 else max(0, last - self.last)
        whole = step >= self.strong_from
        since = recent_from(last, len(self.points) - 1, self.pen, whole=whole)
        if not len(self.crossings):
            return Past(first, max(first, since), (0, 0))
        ends = first, last + (reached > last)
        begin, end = np.searchsorted(self.crossings, ends).tolist()
        return Past(first, max(first, since), (begin, end))

    def draw_past(self, renderer: RendererAgg, past: Past) -> PixelBox:
        """Draw the lines that only cross the panel, and the older part of the trail."""
        gc = self._pen_on(renderer)
        ends = self.points[past.first : past.since + 1]
        if len(crossings := self.crossings[slice(*past.crossings)]):
            self._draw_crossings(renderer, gc, crossings)
            ends = np.concatenate([ends, self.points[crossings], self.points[crossings + 1]])
        if past.since > past.first:
            pale = (*self.color[:3], OLD_ALPHA * self.color[3])
            line = self._line(past.first, past.since + 1, self.points[past.since])
            self._draw_line(renderer, gc, line, pale, OLD_WIDTH)
            self._draw_dots(renderer, gc, past.first, past.since, pale)
        gc.restore()
        return box_around(ends, self._reach, self.clip)

    def draw(self, renderer: RendererAgg, step: float) -> PixelBox:
        """Draw the recent line, over it the dots, and over them the head."""
        since = self.past(step).since
        step = min(step, len(self.points) - 1)
        head, last = self.position(step), floor(step)
        gc = self._pen_on(renderer)
        places = [self.points[since : last + 1], head[None]]
        if self.last != 0 and step > 0:
            end = last + 1 + (step > last)
            self._draw_line(renderer, gc, self._line(since, end, head), self.color)
            self._draw_dots(renderer, gc, since, last + 1, self.color)
        gc.set_foreground(self.halo, isRGBA=True)
        gc.set_linewidth(HEAD_EDGE_WIDTH * self.pen.head / MARKER_SIZE if self.pen.halo else 0)
        place = Affine2D().scale(self.pen.head * self.unit)
        if not step and self.aside.any():
            places.append((head + self.aside)[None])
        place.translate(*places[-1][0])
        renderer.draw_path(gc, self.head, place, self.color)
        if exit := self._exit_at(step, head):
            place = triangle(*exit, EXIT_SIZE * self.pen.head * self.unit)
            renderer.draw_path(gc, TRIANGLE, place, self.color)
            places.append(exit[0][None])
        gc.restore()
        return box_around(np.concatenate(places), self._reach, self.clip)

    def _pen_on(self, renderer: RendererAgg) -> GraphicsContextBase:
        """A pen that draws inside of the clip."""
        gc = renderer.new_gc()
        gc.set_clip_rectangle(self.clip)
        gc.set_capstyle("round")
        gc.set_joinstyle("round")
        return gc

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
        return self._exit_at(step, self.position(step))

    def _exit_at(self, step: float, head: Array) -> tuple[Array, int] | None:
        """The same for a step of the trail, at which the head is at a pixel."""
        if self._exits is None:
            return None
        whole = floor(step)
        if not outside(head[None], self.clip)[0]:
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
        drawn = np.isfinite(pixels[:, 0]) & self.drawn
        latest = np.maximum.accumulate(np.r_[-1, np.where(drawn, np.arange(len(drawn)), -1)])
        return pixels, edges, latest

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
        indices = self.dots[slice(*np.searchsorted(self.dots, (first, end)))]
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
    # The boundary moves in steps of two, so that fewer pixels change and less is drawn anew.
    return max(0, (step - max(RECENT_STEPS, steps // 12)) // 2 * 2)


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
