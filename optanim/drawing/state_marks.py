"""What an optimizer holds beside its point: a crowd, an ellipse and a mean, under its head."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import floor

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.backend_bases import GraphicsContextBase
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.colors import to_rgba
from matplotlib.path import Path
from matplotlib.transforms import Affine2D, Bbox

from optanim.drawing.axes import to_pixels
from optanim.drawing.frame_exit import outside
from optanim.drawing.marks import IDENTITY, marker_path
from optanim.drawing.pixel_boxes import PixelBox
from optanim.scene.scene import Trace
from optanim.surfaces import Array

Locate = Callable[[Array, float], tuple[Array, npt.NDArray[np.bool_]]]
"""Points (2, n) and a step -> their pixels (n, 2), and whether each is seen, (n,)."""

LINE_WIDTH, HALO_WIDTH = 1.2, 2.8
"""Pixels of the default figure: the width of an outline, and of the halo around it."""

FILL_ALPHA = 0.14
"""The opacity of the area of a simplex or an ellipse."""

DOT_RADIUS, HOLLOW_RADIUS = 2.6, 2.8
"""Pixels of the default figure: the radius of a sample, and of a proposal that was refused."""

MEAN_DASH, MEAN_HEAD = (3.5, 2.2), 6.0
"""The strokes and gaps of the path of the mean, and the size of its head."""

PIECES, ANGLES = 12, 48
"""The number of pieces of an edge of a simplex, and of an ellipse: on a landscape each is bent."""

FAR = 1e5
"""Pixels: points farther away are moved here, since Agg has no larger places."""

CIRCLE = Path.unit_circle()


def on_map(axes: Axes) -> Locate:
    """Where points are in a panel that shows the surface from above; all of them are seen."""
    return lambda points, step: (to_pixels(axes, points), np.ones(points.shape[1], dtype=bool))


def state_marks(
    traces: Sequence[Trace], locate: Locate, *, halo: str, clip: Bbox, unit: float
) -> list[StateMark]:
    """A mark for each trace whose optimizer holds more than its point.

    Args:
        traces: of a panel that shows the surface.
        locate: see `Locate`.
        halo: the color around lines and dots.
        clip: the rectangle in which they are drawn.
        unit: pixels per pixel of the default figure.
    """
    return [
        StateMark(trace, locate, halo=halo, clip=clip, unit=unit)
        for trace in traces
        if not all(
            beside is None
            for beside in (trace.trajectory.crowd, trace.trajectory.shapes, trace.trajectory.means)
        )
    ]


class StateMark:
    """The crowd, the ellipse and the mean of a trace at a step.

    Between two updates the ellipse and the mean move as the head does; a crowd is that of the last
    update.

    Args:
        trace: the trace.
        others: see `state_marks`.
    """

    def __init__(self, trace: Trace, locate: Locate, *, halo: str, clip: Bbox, unit: float) -> None:
        self.owner, self._locate, self._clip, self._unit = trace, locate, clip, unit
        self._color, self._halo = to_rgba(trace.color, trace.pen.alpha), to_rgba(halo)
        self._pale = to_rgba(trace.color, FILL_ALPHA * trace.pen.alpha)
        self._head = marker_path(trace.marker)
        means = trace.trajectory.means
        self._means = None if means is None else _without_gaps(means, trace.trajectory.points)

    def draw(self, renderer: RendererAgg, step: float) -> PixelBox:
        """Draw the ellipse, over it the crowd, and over that the path of the mean."""
        trajectory = self.owner.trajectory
        step = min(max(step, 0.0), trajectory.steps)
        gc = renderer.new_gc()
        gc.set_clip_rectangle(self._clip)
        gc.set_joinstyle("round")
        if trajectory.shapes is not None:
            shape = _between(trajectory.shapes, step)
            if np.isfinite(shape).all():
                outline = ellipse(self.owner.at(step), shape)
                self._draw_outline(renderer, gc, outline, step)
        if trajectory.crowd is not None:
            crowd = trajectory.crowd[:, :, floor(step)]
            crowd = crowd[:, np.isfinite(crowd).all(axis=0)]
            if crowd.shape[1]:
                self._draw_crowd(renderer, gc, crowd, step)
        if self._means is not None:
            self._draw_mean(renderer, gc, self._means, step)
        gc.restore()
        return PixelBox(*self._clip.padded(1).extents)

    def _draw_crowd(
        self, renderer: RendererAgg, gc: GraphicsContextBase, crowd: Array, step: float
    ) -> None:
        kind = self.owner.trajectory.crowd_kind
        if kind == "simplex":
            point = self.owner.trajectory.points[:, floor(step)]
            self._draw_outline(renderer, gc, polygon(point, crowd), step)
            return
        pixels, seen = self._pixels(crowd, step)
        hollow = kind == "proposals"
        edge, fill = (self._color, self._halo) if hollow else (self._halo, self._color)
        gc.set_foreground(edge, isRGBA=True)
        gc.set_linewidth(LINE_WIDTH if hollow else 0.8)
        size = Affine2D().scale((HOLLOW_RADIUS if hollow else DOT_RADIUS) * self._unit)
        renderer.draw_markers(gc, CIRCLE, size, Path(pixels[seen]), IDENTITY, fill)

    def _draw_outline(
        self, renderer: RendererAgg, gc: GraphicsContextBase, outline: Array, step: float
    ) -> None:
        """Draw a closed line (2, n) with its halo, and its area where all of it is seen."""
        pixels, seen = self._pixels(outline, step)
        if seen.all():
            gc.set_linewidth(0)
            renderer.draw_path(gc, Path(pixels), IDENTITY, self._pale)
        self._draw_line(renderer, gc, pixels, seen, HALO_WIDTH)

    def _draw_mean(
        self, renderer: RendererAgg, gc: GraphicsContextBase, means: Array, step: float
    ) -> None:
        """Draw the path of the mean, thin and dashed, and its head.

        Between two points outside of the panel there is no line: the mean of a trial that diverges
        would cross all of it.
        """
        path = np.column_stack([means[:, : floor(step) + 1], _between(means, step)])
        pixels, seen = self._pixels(path, step)
        away = outside(pixels, self._clip)
        gc.set_dashes(0, MEAN_DASH)
        self._draw_line(renderer, gc, pixels, seen, 0.0, apart=away)
        gc.set_dashes(0, None)
        if seen[-1]:
            gc.set_foreground(self._halo, isRGBA=True)
            gc.set_linewidth(0.8)
            place = Affine2D().scale(MEAN_HEAD * self._unit).translate(*pixels[-1])
            renderer.draw_path(gc, self._head, place, self._color)

    def _draw_line(
        self, renderer: RendererAgg, gc: GraphicsContextBase, pixels: Array,
        seen: npt.NDArray[np.bool_], halo: float, apart: npt.NDArray[np.bool_] | None = None,
    ) -> None:  # fmt: skip
        """Draw a line through those pixels that are seen, with a halo of a width, or none.

        Two consecutive pixels that are both `apart` are not joined.
        """
        drawn = np.r_[False, seen[1:] & seen[:-1]]
        if apart is not None:
            drawn[1:] &= ~(apart[1:] & apart[:-1])
        codes = np.where(drawn, Path.LINETO, Path.MOVETO).astype(Path.code_type)
        line = Path(pixels, codes)
        for color, width in ((self._halo, halo), (self._color, LINE_WIDTH)):
            if width:
                gc.set_foreground(color, isRGBA=True)
                gc.set_linewidth(width)
                renderer.draw_path(gc, line, IDENTITY)

    def _pixels(self, points: Array, step: float) -> tuple[Array, npt.NDArray[np.bool_]]:
        pixels, seen = self._locate(points, step)
        return np.clip(np.nan_to_num(pixels), -FAR, FAR), seen


def ellipse(center: Array, shape: Array) -> Array:
    """The closed line (2, n) of the points p with (p − center)ᵀ shape⁻¹ (p − center) = 1."""
    values, vectors = np.linalg.eigh((shape + shape.T) / 2)
    angles = np.linspace(0, 2 * np.pi, ANGLES + 1)
    circle = np.stack([np.cos(angles), np.sin(angles)])
    axes = vectors * np.sqrt(np.maximum(values, 0))
    return np.asarray(center[:, None] + axes @ circle)


def polygon(point: Array, corners: Array) -> Array:
    """The closed line (2, n) around a point (2,) and the other corners (2, m), in pieces."""
    corners = np.unique(np.column_stack([point, corners]), axis=1)
    offsets = corners - corners.mean(axis=1, keepdims=True)
    corners = corners[:, np.argsort(np.arctan2(offsets[1], offsets[0]))]
    ends = np.roll(corners, -1, axis=1)
    shares = np.arange(PIECES) / PIECES
    pieces = corners[:, :, None] + shares * (ends - corners)[:, :, None]
    return np.column_stack([pieces.reshape(2, -1), corners[:, 0]])


def _between(values: Array, step: float) -> Array:
    """The values (…, T + 1) at a step; linear interpolation between two updates."""
    k = floor(step)
    here: Array = values[..., k]
    if k == step:
        return here
    following: Array = values[..., k + 1]
    moved = here + (step - k) * (following - here)
    return moved if np.isfinite(moved).all() else here


def _without_gaps(means: Array, points: Array) -> Array:
    """The means (d, T + 1), with the one before where there is none, and first the start."""
    known = np.asarray(np.isfinite(means).all(axis=0))
    means = np.where(known, means, np.nan)
    if not known[0]:
        means = np.column_stack([points[:, 0], means[:, 1:]])
        known = np.r_[True, known[1:]]
    latest = np.maximum.accumulate(np.where(known, np.arange(len(known)), 0))
    return np.asarray(means[:, latest])
