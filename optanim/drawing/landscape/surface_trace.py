"""A trace on the surface: a solid line where it is visible, dashed and thin where it is hidden."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from matplotlib.backend_bases import GraphicsContextBase
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.colors import to_rgba
from matplotlib.path import Path
from matplotlib.transforms import Affine2D, Bbox

from optanim.drawing.landscape.backdrop import Backdrop
from optanim.drawing.landscape.surface_path import surface_path
from optanim.drawing.landscape.visibility import Visibility
from optanim.drawing.marks import IDENTITY, marker_path
from optanim.drawing.pixel_boxes import PixelBox, box_around
from optanim.drawing.trail import (
    DOT_GAP,
    DOT_RADIUS,
    HEAD_EDGE_WIDTH,
    OLD_ALPHA,
    OLD_WIDTH,
    Past,
    Rgba,
    recent_from,
    spaced_points,
)
from optanim.experiment.simulate import Trajectory
from optanim.scene.scene import Trace
from optanim.surfaces import Array

Flags = npt.NDArray[np.bool_]

POINT_SPACING = 4.0
"""Pixels of the default figure between two points of a line on the surface."""


class _Head(NamedTuple):
    """The head of a trace at a step.

    Attributes:
        pixel: (2,) from the bottom left.
        visible: whether the camera sees it.
    """

    pixel: Array
    visible: bool


class SurfaceLine(NamedTuple):
    """The line of a trace, seen by a camera that stands still.

    Attributes:
        steps: (n,), rising: the step of each point, fractional between two updates.
        pixels: of each point, (n, 2) from the bottom left.
        starts: whether no line leads to the point, (n,).
        visible: whether the camera sees the point, (n,).
        dots: the points that have a dot that is seen, (m,).
    """

    steps: Array
    pixels: Array
    starts: Flags
    visible: Flags
    dots: npt.NDArray[np.intp]


class SurfaceTrace:
    """A trace up to a step, its dots, and its head, on the surface.

    Args:
        backdrop: the surface, and the camera.
        trace: the trajectory, and its colors.
        last: the number of last steps that stay; -1 is all.
        strong_from: the step from which all of the trail is strong.
        alone: whether no other mark of the panel is below it.
    """

    def __init__(
        self, backdrop: Backdrop, trace: Trace, last: int, *, strong_from: int = 0,
        alone: bool = False,
    ) -> None:  # fmt: skip
        self.strong_from = strong_from
        # The older part is drawn once for several frames, below all marks.
        self._layered = alone and not backdrop.turn and last != 0
        self.backdrop, self.trace, self.last = backdrop, trace, last
        self.owner = trace
        self.aside, self.rail = np.zeros(2), None
        self.color: Rgba = to_rgba(trace.color)
        self.halo: Rgba = to_rgba(backdrop.theme.halo)
        self.unit = backdrop.unit
        points, embedding = trace.trajectory.points, backdrop.embedding
        self.path = surface_path(embedding, points, POINT_SPACING * self.unit / backdrop.scale)
        self.head = marker_path(trace.marker)
        inside = np.flatnonzero(embedding.contains(points))
        dots, self._dot_steps = embedding.place(points[:, inside]), np.zeros(0, np.intp)
        if len(inside):
            pixels = backdrop.visibility(0.0).projection.pixels(dots)
            chosen = spaced_points(pixels, DOT_GAP * self.unit)
            self._dot_steps, dots = inside[chosen], dots[:, chosen]
        self._points = np.concatenate([self.path.points, dots], axis=1)
        self._visibility: Visibility | None = None
        self._update(backdrop.visibility(0.0))

    def of(self, trajectory: Trajectory) -> SurfaceTrace:
        """The same with another trajectory, seen by the same camera."""
        trace = replace(self.trace, trajectory=trajectory)
        return SurfaceTrace(self.backdrop, trace, self.last, strong_from=self.strong_from)

    @property
    def line(self) -> SurfaceLine:
        """Its line, as the camera sees it at the first step."""
        self._update(self.backdrop.visibility(0.0))
        dots = np.searchsorted(self.path.steps, self._dot_steps[self._dots_visible])
        dots = dots[dots < len(self.path.steps)] if self.trace.pen.dots else dots[:0]
        return SurfaceLine(self.path.steps, self._pixels, self.path.starts, self._visible, dots)

    def position(self, step: float) -> Array | None:
        """The head's pixel at a step, from the bottom left; None outside of the window."""
        head = self._head_at(step, self.backdrop.visibility(step))
        return head.pixel if head else None

    def hidden(self, step: float) -> bool:
        """Whether the surface hides the head."""
        head = self._head_at(step, self.backdrop.visibility(step))
        return head is not None and not head.visible

    def past(self, step: float) -> Past:
        """The older part at a step; empty where it is drawn with the recent one."""
        first, since = self._parts(step)
        return Past(first, since if self._layered else first, (0, 0))

    def draw_past(self, renderer: RendererAgg, past: Past) -> PixelBox:
        """Draw the older part, thinner and paler."""
        gc = self._pen_on(renderer)
        self._draw_part(renderer, gc, past.first, past.since, None, OLD_WIDTH, OLD_ALPHA)
        gc.restore()
        return self._box(past.first, past.since)

    def draw(self, renderer: RendererAgg, step: float) -> PixelBox:
        """Draw hidden lines, over them visible ones, dots, and the head."""
        first, since = self._parts(step)
        # A trace that has ended stays on the surface while the camera turns on.
        visibility = self.backdrop.visibility(step)
        self._update(visibility)
        step = min(max(step, 0.0), self.trace.trajectory.steps)
        head = self._head_at(step, visibility)
        gc = self._pen_on(renderer)
        if self.last != 0 and step > 0:
            if since > first and not self._layered:
                self._draw_part(renderer, gc, first, since, None, OLD_WIDTH, OLD_ALPHA)
            self._draw_part(renderer, gc, since, step, head)
        places = []
        if head is not None:
            pixel = head.pixel if step else head.pixel + self.aside
            self._draw_head(renderer, gc, pixel, visible=head.visible)
            places.append(pixel[None])
        gc.restore()
        return self._box(since if self._layered else first, step, *places)

    def _pen_on(self, renderer: RendererAgg) -> GraphicsContextBase:
        gc = renderer.new_gc()
        gc.set_clip_rectangle(self.backdrop.clip)
        gc.set_capstyle("round")
        gc.set_joinstyle("round")
        return gc

    def _parts(self, step: float) -> tuple[int, int]:
        """The step from which the trail is seen, and that from which it is strong."""
        whole = step >= self.strong_from
        step = min(max(step, 0.0), self.trace.trajectory.steps)
        last, steps = int(step), self.trace.trajectory.steps
        first = 0 if self.last < 0 else max(0, last - self.last)
        return first, max(first, recent_from(last, steps, self.trace.pen, whole=whole))

    def _box(self, first: int, step: float, *places: Array) -> PixelBox:
        """The box of the trail between two steps, and of heads at pixels (1, 2) each."""
        begin, end = np.searchsorted(self.path.steps, (first, step), side="right")
        pen = self.trace.pen
        reach = (pen.head + max(pen.halo, pen.width) + DOT_RADIUS) * self.unit + 2
        line = self._pixels[max(0, begin - 1) : end]
        return box_around(np.concatenate([line, *places]), reach, self.clip)

    @property
    def clip(self) -> Bbox:
        """The pixels of the panel."""
        return self.backdrop.clip

    @property
    def head_size(self) -> float:
        """The size of the head, in pixels."""
        return self.trace.pen.head * self.unit

    def exit(self, step: float) -> None:
        """No triangle marks where a trace leaves the window: the box is not the panel."""

    def pixels(self, step: float) -> Array:
        """The pixels of the trace up to a step, (n, 2)."""
        self._update(self.backdrop.visibility(step))
        end = int(np.searchsorted(self.path.steps, step, side="right"))
        return self._pixels[:end]

    def draw_axes(self, renderer: RendererAgg, step: float) -> None:
        """Draw the axes of the box alone, which no name covers."""
        self.backdrop.axes.draw(renderer, self.backdrop.visibility(step).projection)

    def markers(self, step: float) -> list[tuple[Array, float]]:
        """The pixel of each marker on the surface, and its size in pixels."""
        projection = self.backdrop.visibility(step).projection
        return [(projection.pixels(marker.point)[0], (marker.size + 4) * self.unit)
                for marker in self.backdrop.markers]  # fmt: skip

    def _draw_part(
        self, renderer: RendererAgg, gc: GraphicsContextBase, first: int, step: float,
        head: _Head | None, width: float = 1.0, alpha: float = 1.0,
    ) -> None:  # fmt: skip
        """Draw the trail between two steps, with a part of the width and opacity of its pen."""
        pen, color = self.trace.pen, (*self.color[:3], alpha * self.color[3])
        points, visible, drawn = self._polyline(first, step, head)
        gc.set_dashes(0, [3.0, 2.6])
        faint = to_rgba(self.color, 0.75 * alpha)
        self._draw_lines(renderer, gc, points, drawn & ~visible, [(faint, 1.0)])
        gc.set_dashes(0, None)
        passes = [(self.halo, pen.halo), (color, width * pen.width)]
        self._draw_lines(renderer, gc, points, drawn & visible, passes)
        indices = slice(*np.searchsorted(self._dot_steps, (first, int(step) + 1)))
        dots = self._dot_pixels[indices][self._dots_visible[indices]]
        if len(dots) and pen.dots:
            gc.set_linewidth(0)
            size, circle = Affine2D().scale(DOT_RADIUS * self.unit), Path.unit_circle()
            renderer.draw_markers(gc, circle, size, Path(dots), IDENTITY, color)

    def _draw_head(
        self, renderer: RendererAgg, gc: GraphicsContextBase, pixel: Array, *, visible: bool
    ) -> None:
        place = Affine2D().scale(self.trace.pen.head * self.unit).translate(*pixel)
        edge, fill = self.halo, self.color
        # A hidden head is hollow: it is behind the surface that the picture shows there.
        if not visible:
            edge, fill = self.color, to_rgba(self.halo[:3], 0.7)
        gc.set_foreground(edge, isRGBA=True)
        gc.set_linewidth(HEAD_EDGE_WIDTH)
        renderer.draw_path(gc, self.head, place, fill)

    def _head_at(self, step: float, visibility: Visibility) -> _Head | None:
        """The head at a step; None outside of the window."""
        point, embedding = self.trace.at(step)[:, None], self.backdrop.embedding
        if not embedding.contains(point)[0]:
            return None
        place = embedding.place(point)
        visible = bool(visibility.visible(place, self.unit)[0])
        return _Head(visibility.projection.pixels(place)[0], visible)

    def _update(self, visibility: Visibility) -> None:
        """Compute the pixels again if the camera has moved."""
        if visibility is not self._visibility:
            self._visibility, projection = visibility, visibility.projection
            pixels = projection.pixels(self._points)
            visible = visibility.visible(self._points, self.unit)
            count = self.path.points.shape[1]
            self._pixels, self._dot_pixels = pixels[:count], pixels[count:]
            self._visible, self._dots_visible = visible[:count], visible[count:]

    def _polyline(self, first: int, step: float, head: _Head | None) -> tuple[Array, Flags, Flags]:
        """The polyline up to a step: pixels (n, 2), and two flags for each segment, (n,) each.

        The flags tell whether the segment that ends at a pixel is visible, and whether it is drawn.
        """
        begin, end = np.searchsorted(self.path.steps, (first, step), side="right")
        begin = max(0, begin - 1)
        points, visible = self._pixels[begin:end], self._visible[begin:end]
        drawn = ~self.path.starts[begin:end]
        if head is not None and len(points):
            points = np.concatenate([points, head.pixel[None]])
            visible = np.r_[visible, head.visible]
            drawn = np.r_[drawn, True]
        drawn[:1] = False
        visible = visible.copy()
        visible[1:] &= visible[:-1]
        return points, visible, drawn

    def _draw_lines(
        self, renderer: RendererAgg, gc: GraphicsContextBase, points: Array, drawn: Flags,
        passes: list[tuple[Rgba, float]],
    ) -> None:  # fmt: skip
        """Draw the segments of a polyline that are drawn, once for each color and width."""
        needed = drawn.copy()
        needed[:-1] |= drawn[1:]
        if not drawn.any():
            return
        codes = np.where(drawn, Path.LINETO, Path.MOVETO).astype(Path.code_type)
        line = Path(points[needed], codes[needed])
        for color, width in passes:
            gc.set_foreground(color, isRGBA=True)
            gc.set_linewidth(width)
            renderer.draw_path(gc, line, IDENTITY)
