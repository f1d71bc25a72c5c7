"""A ribbon: a trace on the surface, bold where it is seen and thin where something hides it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from matplotlib.backend_bases import GraphicsContextBase
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.colors import to_rgba
from matplotlib.markers import MarkerStyle
from matplotlib.path import Path as Line
from matplotlib.transforms import Affine2D

from optanim.drawing.landscape.backdrop import Scenery
from optanim.drawing.landscape.surface_path import track
from optanim.drawing.landscape.visibility import Sight
from optanim.drawing.marks import STAY, Rgba, apart
from optanim.scene.scene import Trace
from optanim.surfaces import Array

Flags = npt.NDArray[np.bool_]

FINE = 4.0
"""Pixels of the default figure between two points of a line, which follows the surface."""


class Ribbon:
    """A trace up to a step, its dots, and its head, on the surface.

    Args:
        scenery: what it lies on, and the camera.
        trace: what was walked, and its colors.
        last: how many of the last steps stay; -1 is all.
    """

    def __init__(self, scenery: Scenery, trace: Trace, last: int) -> None:
        self.scenery, self.trace, self.last = scenery, trace, last
        self.color: Rgba = to_rgba(trace.color)
        self.halo: Rgba = to_rgba(scenery.theme.halo)
        self.unit = scenery.unit
        points = trace.trajectory.points
        self.track = track(scenery.ground, points, FINE * self.unit / scenery.scale)
        style = MarkerStyle(trace.marker)
        self._head = style.get_transform().transform_path(style.get_path())
        inside = np.flatnonzero(scenery.ground.inside(points))
        places = scenery.ground.place(points[:, inside])
        self._knots = np.zeros(0, np.intp)
        if len(inside):
            chosen = apart(scenery.sight(0.0).projection.pixels(places), 4 * self.unit)
            self._knots, places = inside[chosen], places[:, chosen]
        self._places = places
        self._seen_from: Sight | None = None
        self._look(scenery.sight(0.0))

    def position(self, step: float) -> Array | None:
        """The head's pixel at a step, from the bottom left; none outside of the window."""
        place = self._place(step)
        return None if place is None else self.scenery.sight(step).projection.pixels(place)[0]

    def hidden(self, step: float) -> bool:
        """Whether something stands before the head."""
        place = self._place(step)
        return place is not None and not self.scenery.sight(step).seen(place, self.unit)[0]

    def draw(self, renderer: RendererAgg, step: float) -> None:
        """What is hidden under what is seen under the head."""
        step = min(max(step, 0.0), self.trace.trajectory.steps)
        self._look(self.scenery.sight(step))
        place, whole = self._place(step), int(step)
        first = 0 if self.last < 0 else max(0, whole - self.last)
        gc = renderer.new_gc()
        gc.set_clip_rectangle(self.scenery.clip)
        gc.set_capstyle("round")
        gc.set_joinstyle("round")
        if self.last != 0 and step > 0:
            points, seen, drawn = self._until(first, step, place)
            gc.set_dashes(0, [3.0, 2.6])
            self._lines(renderer, gc, points, drawn & ~seen, [(to_rgba(self.color, 0.75), 1.0)])
            gc.set_dashes(0, None)
            self._lines(
                renderer,
                gc,
                points,
                drawn & seen,
                [(self.halo, self.trace.pen.halo), (self.color, self.trace.pen.width)],
            )
            shown = slice(*np.searchsorted(self._knots, (first, whole + 1)))
            dots = self._dots[shown][self._dots_seen[shown]]
            if len(dots) and self.trace.pen.dots:
                gc.set_linewidth(0)
                size = Affine2D().scale(2.0 * self.unit)
                renderer.draw_markers(gc, Line.unit_circle(), size, Line(dots), STAY, self.color)
        if place is not None:
            sight = self.scenery.sight(step)
            at = (
                Affine2D()
                .scale(self.trace.pen.head * self.unit)
                .translate(*sight.projection.pixels(place)[0])
            )
            # A hidden head is hollow: it is not where it seems to be, on what stands before it.
            edge, fill = self.halo, self.color
            if not sight.seen(place, self.unit)[0]:
                edge, fill = self.color, to_rgba(self.halo[:3], 0.7)
            gc.set_foreground(edge, isRGBA=True)
            gc.set_linewidth(1.4)
            renderer.draw_path(gc, self._head, at, fill)
        gc.restore()

    def _place(self, step: float) -> Array | None:
        at = self.trace.at(step)[:, None]
        return self.scenery.ground.place(at) if self.scenery.ground.inside(at)[0] else None

    def _look(self, sight: Sight) -> None:
        """The pixels from where the camera stands now."""
        if sight is not self._seen_from:
            self._seen_from = sight
            self._pixels = sight.projection.pixels(self.track.points)
            self._seen = sight.seen(self.track.points, self.unit)
            self._dots = sight.projection.pixels(self._places)
            self._dots_seen = sight.seen(self._places, self.unit)

    def _until(self, first: int, step: float, head: Array | None) -> tuple[Array, Flags, Flags]:
        """Pixels, (n, 2), and of the line to each from the one before, (n,): is it seen, drawn."""
        begin, end = np.searchsorted(self.track.steps, (first, step), side="right")
        begin = max(0, begin - 1)
        points, seen = self._pixels[begin:end], self._seen[begin:end]
        drawn = ~self.track.lifted[begin:end]
        if head is not None and len(points):
            sight = self.scenery.sight(step)
            points = np.concatenate([points, sight.projection.pixels(head)])
            seen, drawn = np.r_[seen, sight.seen(head, self.unit)], np.r_[drawn, True]
        drawn[:1] = False
        seen = seen.copy()
        seen[1:] &= seen[:-1]
        return points, seen, drawn

    def _lines(
        self, renderer: RendererAgg, gc: GraphicsContextBase, points: Array, drawn: Flags,
        passes: list[tuple[Rgba, float]],
    ) -> None:  # fmt: skip
        """Those lines that are drawn, as few strokes as there are gaps."""
        needed = drawn.copy()
        needed[:-1] |= drawn[1:]
        if not drawn.any():
            return
        codes = np.where(drawn, Line.LINETO, Line.MOVETO).astype(Line.code_type)
        line = Line(points[needed], codes[needed])
        for color, width in passes:
            gc.set_foreground(color, isRGBA=True)
            gc.set_linewidth(width)
            renderer.draw_path(gc, line, STAY)
