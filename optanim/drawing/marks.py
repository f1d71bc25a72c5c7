"""Marks: the parts of a panel that move, drawn with Agg directly.

A matplotlib artist takes 0.2 ms per draw and a text 3 ms, mostly for computing again the same
places. A mark computes its pixels once. Every `draw` depends on the step only.

Agg takes places in pixels, and widths of lines in points, which are pixels of the default figure.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, Protocol

import numpy as np
from matplotlib.backend_bases import RendererBase
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.colors import to_rgba
from matplotlib.markers import MarkerStyle
from matplotlib.path import Path
from matplotlib.transforms import Affine2D, Bbox, IdentityTransform

from optanim.drawing.pixel_boxes import PixelBox, box_around
from optanim.drawing.pixels import pack_rgb
from optanim.drawing.scratch import scratch_renderer
from optanim.scene.scene import Trace
from optanim.surfaces import Array

MANY_DOTS = 300
"""Dots that do not move, from which on those that others cover are drawn once."""

HALO_WIDTH = 0.8
"""Pixels of the default figure: the width of the line around a dot."""

IDENTITY = IdentityTransform()
"""The transform of places that are pixels already."""


class Mark(Protocol):
    """A part of a figure that changes with the step.

    A mark that belongs to one trace has it as an attribute `owner`. One whose `draw` needs pixels
    has a method `draw_vectors` of the same arguments, which needs none.
    """

    def draw(self, renderer: RendererAgg, step: float) -> PixelBox | None:
        """Draw it at a step, fractional between two updates.

        Returns:
            The pixels that it may have changed. None is the whole picture, which takes longer.
        """
        ...


def draw_vectors(mark: Mark, renderer: RendererBase, step: float) -> None:
    """Draw a mark at a step on a renderer that has no pixels, such as that of an SVG.

    Only these methods of the renderer are used: `new_gc`, `draw_path`, `draw_markers`,
    `draw_path_collection`, `draw_image`, `draw_text`, `open_group` and `close_group`, and those
    that matplotlib's texts need.
    """
    draw: Any = getattr(mark, "draw_vectors", mark.draw)
    draw(renderer, step)


@lru_cache(64)
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
        along: the trail whose line up to its head it is, if it is one.
        owner: the trace that it belongs to; None if it belongs to none.
    """

    def __init__(
        self, points: Callable[[float], Array], color: str, *, clip: Bbox, width: float,
        halo: str | None = None, alpha: float = 1.0, pairs: bool = False,
        dash: tuple[float, ...] | None = None, along: object = None,
        owner: Trace | None = None,
    ) -> None:  # fmt: skip
        self.owner = owner
        self.points, self.clip, self.pairs, self.dash = points, clip, pairs, dash
        self.color, self.halo, self.width, self.along = to_rgba(color, alpha), halo, width, along
        self._passes = [(to_rgba(halo), 2.1 * width)] if halo else []
        self._passes.append((to_rgba(color, alpha), width))

    def draw(self, renderer: RendererAgg, step: float) -> PixelBox:
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
        return box_around(points, renderer.points_to_pixels(self._passes[0][1]) + 2, self.clip)


class Dots:
    """Points, drawn over the lines: those of data, which do not move, or predictions.

    Args:
        points: (n, 2) in pixels, from the bottom left; or a step -> such points.
        color: `#RRGGBB`.
        halo: the color around them.
        radius: in pixels.
        clip: the rectangle in which they are drawn; None is the whole figure.
        owner: the trace that they belong to; None if they belong to none.
    """

    def __init__(
        self, points: Array | Callable[[float], Array], color: str, halo: str, *,
        radius: float, clip: Bbox | None = None, owner: Trace | None = None,
    ) -> None:  # fmt: skip
        self.owner = owner
        self.points, self.color, self.halo = points, to_rgba(color), to_rgba(halo)
        self._radius, self._size, self.clip = radius, Affine2D().scale(radius), clip
        self._settled: SettledPixels | None = None
        self._box: PixelBox | None = None

    def draw(self, renderer: RendererAgg, step: float) -> PixelBox:
        """Draw all of them at a step."""
        reach = self._radius + renderer.points_to_pixels(HALO_WIDTH / 2)
        if callable(self.points):
            points = self.points(step)
            self._draw(renderer, points)
            return box_around(points, reach + 2, self.clip)
        if self._box is None:
            self._box = box_around(self.points, reach + 2, self.clip)
            if len(self.points) >= MANY_DOTS:
                self._settled = SettledPixels(renderer, self.points, reach, self._draw)
        if self._settled is None:
            self._draw(renderer, self.points)
        else:
            self._draw(renderer, self._settled.loose)
            self._settled.fill(renderer)
        return self._box

    def draw_vectors(self, renderer: RendererBase, step: float) -> None:
        """Draw all of them at a step, each of them whole."""
        self._draw(renderer, self.points(step) if callable(self.points) else self.points)

    def _draw(self, renderer: RendererBase, points: Array) -> None:
        gc = renderer.new_gc()
        if self.clip is not None:
            gc.set_clip_rectangle(self.clip)
        gc.set_foreground(self.halo, isRGBA=True)
        gc.set_linewidth(HALO_WIDTH)
        circle, dots = Path.unit_circle(), Path(points)
        renderer.draw_markers(gc, circle, self._size, dots, IDENTITY, self.color)
        gc.restore()


class SettledPixels:
    """The pixels that many dots give one color, whatever is below them.

    Each dot moves a color towards its own and never turns the order of two shades: where black and
    white become the same, every shade does. These pixels are drawn once. Only dots that touch
    another pixel, at the edge of a cloud, have to be drawn in each frame.

    Attributes:
        loose: the dots that have to be drawn, (m, 2) of the points.

    Args:
        renderer: of the figure, which has its size.
        points: the pixels of all dots, (n, 2).
        reach: the pixels from the middle of a dot to its edge.
        draw: draws dots on a renderer.
    """

    def __init__(
        self, renderer: RendererAgg, points: Array, reach: float,
        draw: Callable[[RendererAgg, Array], None],
    ) -> None:  # fmt: skip
        scratch = scratch_renderer(renderer, int(renderer.width), int(renderer.height))
        pixels = np.asarray(scratch.buffer_rgba())
        shades = []
        for ground in (0, 255):
            pixels[:] = ground, ground, ground, 255
            draw(scratch, points)
            shades.append(pack_rgb(pixels).copy())
        settled = shades[0] == shades[1]
        self._places = np.flatnonzero(settled)
        self._colors = shades[0].ravel()[self._places]
        # The number of other pixels above and left of each corner gives that in any rectangle.
        counts = np.pad(np.cumsum(np.cumsum(~settled, axis=0), axis=1), ((1, 0), (1, 0)))
        middle = np.stack([len(pixels) - points[:, 1], points[:, 0]], axis=1)
        # Agg moves dots to whole pixels.
        low, high = np.floor(middle - reach - 2), np.ceil(middle + reach + 2)
        top, left = np.clip(low, 0, settled.shape).astype(np.intp).T
        bottom, right = np.clip(high, 0, settled.shape).astype(np.intp).T
        others = counts[bottom, right] - counts[top, right]
        others -= counts[bottom, left] - counts[top, left]
        self.loose = points[others > 0]

    def fill(self, renderer: RendererAgg) -> None:
        """Set these pixels."""
        pack_rgb(np.asarray(renderer.buffer_rgba())).reshape(-1)[self._places] = self._colors
