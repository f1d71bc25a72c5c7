"""The trails of a sweep with many trials: what has been drawn stays, and only heads move.

The lines of such trails are thin and without dots. A line is drawn piece by piece: a piece ends at
a point that is a pixel away from where it begins, and is drawn once, with the update that reaches
it. The pieces of one update are drawn in the order of the trails, so that the picture of a step
does not depend on the steps that were painted before.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import floor
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.backend_bases import GraphicsContextBase
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.path import Path

from optanim.drawing.frame_exit import TRIANGLE, outside, triangle
from optanim.drawing.marks import IDENTITY, Mark
from optanim.drawing.pixel_boxes import NO_PIXELS, PixelBox, box_around
from optanim.drawing.trail import CROSSING_ALPHA, EXIT_SIZE, Trail
from optanim.surfaces import Array

MIN_TRAILS = 200
"""Fewer trails are drawn one by one, each whole and over those before it."""

MIN_PIECE = 1.0
"""Pixels of the default figure: the length of a piece of a line along the longer axis, at least."""

NO_COLORS = np.zeros((0, 4))


def bundled(marks: Sequence[Mark]) -> list[Mark]:
    """The marks of panels; the fine trails of each panel are one mark if there are many."""
    panels: dict[tuple[float, ...], list[Trail]] = {}
    for mark in marks:
        if isinstance(mark, Trail) and mark.plain:
            panels.setdefault(tuple(mark.clip.extents), []).append(mark)
    bundles: dict[int, TrailBundle | None] = {}
    for trails in panels.values():
        if len(trails) >= MIN_TRAILS:
            bundles |= dict.fromkeys(map(id, trails)) | {id(trails[0]): TrailBundle(trails)}
    replaced = [bundles.get(id(mark), mark) for mark in marks]
    return [mark for mark in replaced if mark is not None]


class TrailBundle:
    """Plain trails of a panel, as one mark.

    Attributes:
        trails: from the lowest to the highest.
        clip: the rectangle in which they are drawn.
    """

    def __init__(self, trails: Sequence[Trail]) -> None:
        self.trails, self.clip = trails, trails[0].clip
        self._colors = np.array([trail.color for trail in trails])
        self._widths = np.array([trail.pen.width for trail in trails])
        self._sizes = np.array([trail.pen.head * trail.unit for trail in trails])
        self._unit = trails[0].unit
        ends = np.array([len(trail.points) - 1 for trail in trails])
        steps = np.arange(ends.max() + 1)
        # After its last point a trail stays there, (trails, steps + 1, 2).
        self._points = np.stack([trail.points[np.minimum(steps, len(trail.points) - 1)]
                                 for trail in trails])  # fmt: skip
        finite = np.asarray(np.isfinite(self._points).all(axis=2))
        joined = finite[:, 1:] & finite[:, :-1]
        crossing = np.zeros_like(joined)
        for i, trail in enumerate(trails):
            joined[i, : len(trail.drawn)] &= trail.drawn
            crossing[i, trail.crossings] = joined[i, trail.crossings]
        self._joined = joined & ~crossing & (steps[1:] <= ends[:, None])
        kept = self._kept_points(ends)
        self._latest = np.maximum.accumulate(np.where(kept, steps, 0), axis=1)
        ended, trail_of = np.nonzero(kept[:, 1:].T)
        drawn = self._joined[trail_of, ended] | crossing[trail_of, ended]
        self._piece_trail, before = trail_of[drawn], ended[drawn]
        self._piece_end = before + 1
        self._piece_start = self._latest[self._piece_trail, before]
        self._piece_alpha = np.where(crossing[self._piece_trail, before], CROSSING_ALPHA, 1.0)
        # The lines and heads of all trails have their places in these arrays.
        self._lines = np.zeros((len(trails), 2, 2))
        self._line_paths = [Path(line) for line in self._lines]
        self._heads = [trail.head for trail in trails]
        self._head_places = np.zeros((len(trails), 3, 3))
        self._head_places[:, 0, 0] = self._head_places[:, 1, 1] = self._sizes
        self._head_places[:, 2, 2] = 1
        self._reach = float(self._sizes.max() + self._widths.max() * self._unit) + 2

    def whole(self, step: float) -> int:
        """The last update up to a step."""
        return floor(min(max(step, 0.0), self._points.shape[1] - 1))

    def draw_past(self, renderer: RendererAgg, first: int, last: int) -> PixelBox:
        """Draw the pieces of lines of the updates after `first` up to `last`."""
        begin, end = np.searchsorted(self._piece_end, (first, last), side="right")
        if begin == end:
            return NO_PIXELS
        trails = self._piece_trail[begin:end]
        colors = self._colors[trails]
        colors[:, 3] *= self._piece_alpha[begin:end]
        ends = [part[begin:end] for part in (self._piece_start, self._piece_end)]
        lines = np.stack([self._points[trails, at] for at in ends], axis=1)
        self._draw_lines(renderer, lines, colors, self._widths[trails])
        return box_around(lines.reshape(-1, 2), self._reach, self.clip)

    def draw(self, renderer: RendererAgg, step: float) -> PixelBox:
        """Draw the lines from their last pieces to the heads, and over them the heads."""
        k = self.whole(step)
        part = min(max(step, 0.0), self._points.shape[1] - 1) - k
        heads = here = self._points[:, k]
        if part:
            heads = here + part * (self._points[:, k + 1] - here)
            here = np.where(self._joined[:, k, None], heads, here)
        starts = self._points[np.arange(len(here)), self._latest[:, k]]
        moved = (starts != here).any(axis=1) & np.isfinite(starts + here).all(axis=1)
        if moved.any():
            lines = np.stack([starts[moved], here[moved]], axis=1)
            self._draw_lines(renderer, lines, self._colors[moved], self._widths[moved])
        self._draw_heads(renderer, heads)
        exits = self._draw_exits(renderer, step, heads)
        places = np.concatenate([starts[moved], heads, *exits])
        return box_around(places, self._reach, self.clip)

    def _kept_points(self, ends: npt.NDArray[np.intp]) -> npt.NDArray[np.bool_]:
        """Whether a piece ends at each point, (trails, steps + 1)."""
        points, joined = self._points, self._joined
        kept = np.zeros(points.shape[:2], np.bool_)
        kept[:, 0] = True
        breaks = np.array(kept)
        # A line that is not drawn, or is drawn apart, begins and ends there.
        breaks[:, 1:] |= ~joined
        breaks[:, :-1] |= ~joined
        place = points[:, 0].copy()
        with np.errstate(invalid="ignore", over="ignore"):
            for t in range(1, points.shape[1]):
                far = np.abs(points[:, t] - place).max(axis=1) >= MIN_PIECE * self._unit
                kept[:, t] = far | breaks[:, t] | (ends == t)
                place[kept[:, t]] = points[kept[:, t], t]
        return kept

    def _draw_lines(
        self, renderer: RendererAgg, lines: Array, colors: Array, widths: Array
    ) -> None:
        """Draw lines (n, 2, 2) with a color (n, 4) and a width (n,) each."""
        gc = renderer.new_gc()
        gc.set_clip_rectangle(self.clip)
        # Ends that meet do not overlap.
        gc.set_capstyle("butt")
        gc.set_snap(False)
        size = len(self._lines)
        for i in range(0, len(lines), size):
            count = len(lines[i : i + size])
            self._lines[:count] = lines[i : i + size]
            _draw_all(renderer, gc, self._line_paths[:count], edges=colors[i : i + size],
                      widths=widths[i : i + size])  # fmt: skip
        gc.restore()

    def _draw_heads(self, renderer: RendererAgg, heads: Array) -> None:
        """Draw the heads at pixels (trails, 2)."""
        seen = np.isfinite(heads).all(axis=1)
        if not seen.any():
            return
        places = self._head_places.copy()
        places[:, :2, 2] = heads
        gc = renderer.new_gc()
        gc.set_clip_rectangle(self.clip)
        paths = [self._heads[i] for i in np.flatnonzero(seen).tolist()]
        _draw_all(renderer, gc, paths, places=places[seen], faces=self._colors[seen])
        gc.restore()

    def _draw_exits(self, renderer: RendererAgg, step: float, heads: Array) -> list[Array]:
        """Draw a triangle where each head outside has left the panel; their pixels, (1, 2) each."""
        places = []
        gc = renderer.new_gc()
        gc.set_clip_rectangle(self.clip)
        gc.set_linewidth(0)
        for i in np.flatnonzero(outside(heads, self.clip)).tolist():
            trail = self.trails[i]
            if exit := trail.exit(step):
                place = triangle(exit[0], exit[1], EXIT_SIZE * self._sizes[i])
                renderer.draw_path(gc, TRIANGLE, place, trail.color)
                places.append(exit[0][None])
        gc.restore()
        return places


def _draw_all(
    renderer: RendererAgg, gc: GraphicsContextBase, paths: Sequence[Path], *,
    places: Array | None = None, faces: Array = NO_COLORS, edges: Array = NO_COLORS,
    widths: Array | None = None,
) -> None:  # fmt: skip
    """Draw paths in one call, which takes a tenth of the time of one call for each.

    Args:
        renderer: that draws them.
        gc: with the clip and the ends of lines.
        paths: n of them.
        places: their transforms, (n, 3, 3); by default they are pixels already.
        faces: their colors, (n, 4); by default they are lines.
        edges: the colors of their lines, (n, 4); by default there are none.
        widths: of their lines, (n,) in pixels of the default figure.
    """
    # The annotations of matplotlib know no arrays here.
    draw: Any = renderer.draw_path_collection
    places = np.zeros((0, 3, 3)) if places is None else places
    widths = np.zeros(1) if widths is None else widths
    draw(gc, IDENTITY, paths, places, np.zeros((0, 2)), IDENTITY, faces, edges, widths,
         [(0, None)], np.ones(1, np.uint8), [None], "screen")  # fmt: skip
