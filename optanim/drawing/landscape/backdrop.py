"""The part of the panel `surface3d` that is still unless the camera turns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import numpy.typing as npt
from matplotlib.artist import Artist
from matplotlib.backend_bases import RendererBase
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.colors import to_rgba
from matplotlib.transforms import Affine2D, Bbox

from optanim.drawing.frame_exit import TRIANGLE
from optanim.drawing.landscape.box_axes import BoxAxes
from optanim.drawing.landscape.film_frame import FilmFrames, outline
from optanim.drawing.landscape.height_field import HeightField
from optanim.drawing.landscape.projection import Projection
from optanim.drawing.landscape.surface_path import SurfaceEmbedding
from optanim.drawing.landscape.visibility import Visibility, render_surface
from optanim.drawing.marks import IDENTITY, marker_path
from optanim.drawing.pixel_boxes import ALL_PIXELS, PixelBox, Rect
from optanim.drawing.pixels import pack_rgb
from optanim.drawing.vectors import draw_pixels, trace_group
from optanim.schema.figure import Theme
from optanim.surfaces import Array

LINE_WIDTH = 0.7
"""Pixels of the default figure: the width of a line between two bands."""

OUTLINE_WIDTH = 1.0
"""Pixels of the default figure: the width of the outline, if the camera turns."""

SAMPLE_DENSITY = 0.6
"""Samples of a surface along a column, for each of its rows."""

TURNING_DENSITY = 0.35
"""The same if the camera turns: between two samples the surface is straight."""

IMAGE_DENSITY = 2
"""Pixels of a surface along each pixel of the picture, where it is an image between vectors."""

HIDDEN_ALPHA = 0.6
"""The opacity of a marker that the surface hides."""


class Backdrop:
    """The surface with its axes and markers, seen by a camera that may turn.

    It is drawn once if the camera stands still, otherwise as the first mark of each frame.

    Attributes:
        markers: the markers on the surface; the panel appends them.
        covers_panel: it is no obstacle for a name.

    Args:
        embedding: the map from parameters to points of the box.
        field: the surface.
        axes: ticks, numbers and names at the box.
        theme: the colors.
        clip: the pixels of the panel.
        unit: pixels per pixel of the default figure.
        camera: azimuth and elevation at the first step, in degrees.
        turn: degrees that the camera turns by until the last step.
        elapsed: the part of the animation that is before a step, from 0 to 1. So the camera turns
            evenly in time, whatever the pace of the steps.
    """

    covers_panel = True

    def __init__(
        self, embedding: SurfaceEmbedding, field: HeightField, axes: BoxAxes, theme: Theme, *,
        clip: Bbox, unit: float, camera: tuple[float, float], turn: float,
        elapsed: Callable[[float], float],
    ) -> None:  # fmt: skip
        self.embedding, self.field, self.axes, self.theme = embedding, field, axes, theme
        self.clip, self.unit, self.turn, self.elapsed = clip, unit, turn, elapsed
        self.markers: list[SurfaceMarker] = []
        sweep, (azimuth, elevation) = np.sign(turn) * min(abs(turn), 360.0), camera
        stops = azimuth + sweep * np.linspace(0, 1, 37) if turn else np.array([azimuth])
        projections = [Projection(float(stop), elevation) for stop in stops]
        self._first = axes.fitted(projections, clip.padded(-2 * unit))
        self.scale = self._first.scale
        # The pixels that the box covers at any azimuth.
        fitted = [replace(self._first, azimuth=projection.azimuth) for projection in projections]
        corners = np.concatenate([projection.pixels(field.box.corners) for projection in fitted])
        low = np.maximum(np.floor(corners.min(axis=0)) - 2, clip.min)
        high = np.minimum(np.ceil(corners.max(axis=0)) + 2, clip.max)
        left, bottom, right, top = (int(part) for part in (*low, *high))
        self.rect = Rect(left, bottom, right - left, top - bottom)
        self._frames = FilmFrames(field, LINE_WIDTH * unit) if turn else None
        self._visibility: Visibility | None = None
        self._step = 0.0

    def azimuth(self, step: float) -> float:
        """The azimuth of the camera at a step, in degrees."""
        return self._first.azimuth + self.turn * self.elapsed(step)

    def visibility(self, step: float) -> Visibility:
        """The surface as the camera sees it at a step."""
        if step == self._step and self._visibility:
            return self._visibility
        self._step, azimuth = step, self.azimuth(step)
        if self._visibility is None or self._visibility.projection.azimuth != azimuth:
            projection = replace(self._first, azimuth=azimuth)
            density = TURNING_DENSITY if self.turn else SAMPLE_DENSITY
            self._visibility = Visibility(
                self.field, projection, self.rect, subpixels=1,
                samples=max(60, round(density * self.rect.height)),
                precision=np.float32 if self.turn else np.float64,
            )  # fmt: skip
        return self._visibility

    def locate(self, points: Array, step: float) -> tuple[Array, npt.NDArray[np.bool_]]:
        """The pixels (n, 2) of points (2, n) of the surface, and whether each is seen, (n,)."""
        seen, pixels = self.embedding.contains(points), np.zeros((points.shape[1], 2))
        if seen.any():
            visibility, placed = self.visibility(step), self.embedding.place(points[:, seen])
            pixels[seen] = visibility.projection.pixels(placed)
            seen[seen] = visibility.visible(placed, self.unit)
        return pixels, seen

    def draw(self, renderer: RendererAgg, step: float) -> PixelBox:
        """Draw all of it over the pixels of the panel."""
        pixels: npt.NDArray[np.uint8] = np.asarray(renderer.buffer_rgba())
        rect = self.rect
        top = len(pixels) - rect.bottom - rect.height
        shown = pixels[top : top + rect.height, rect.left : rect.left + rect.width]
        shown.view("<u4")[..., 0] = self._ground(step)
        if self._frames:
            self._draw_outline(renderer, self.visibility(step))
        self.axes.draw(renderer, self.visibility(step).projection)
        self._draw_markers(renderer, step)
        return ALL_PIXELS

    def draw_vectors(self, renderer: RendererBase, step: float) -> None:
        """Draw all of it; the shaded surface is an image, all else are vectors."""
        density = IMAGE_DENSITY if renderer.option_scale_image() and not self.turn else 1
        draw_pixels(renderer, self.rect, self._ground(step, density), smooth=True)
        if self._frames:
            self._draw_outline(renderer, self.visibility(step))
        self.axes.draw_vectors(renderer, self.visibility(step).projection)
        self._draw_markers(renderer, step)

    def _ground(self, step: float, density: int = 1) -> npt.NDArray[np.uint32]:
        """The packed colors of the surface at a step, (height, width) from the top.

        If the camera stands still, a pixel of the picture may be some of them in each direction.
        """
        visibility, rect = self.visibility(step), self.rect
        if self._frames:
            return self._frames.render(visibility)
        # A picture for every frame is rendered faster; a single one is finer.
        rect, (x, y) = rect.scaled(density), visibility.projection.middle
        scale, middle = density * visibility.projection.scale, (density * x, density * y)
        return pack_rgb(render_surface(
            self.field, replace(visibility.projection, scale=scale, middle=middle), rect,
            subpixels=3 if density == 1 else 2, samples=round(max(60, 2.25 * rect.height)),
            line_width=density * LINE_WIDTH * self.unit,
        ))  # fmt: skip

    def _draw_markers(self, renderer: RendererBase, step: float) -> None:
        visibility = self.visibility(step)
        if self.markers:
            points = np.concatenate([marker.point for marker in self.markers], axis=1)
            places = visibility.projection.pixels(points)
            visible = visibility.visible(points, self.unit)
            for marker, place, shown in zip(self.markers, places, visible, strict=True):
                with trace_group(renderer, marker.group):
                    marker.draw(renderer, visibility.projection, place, self.unit,
                                visible=bool(shown))  # fmt: skip

    def _draw_outline(self, renderer: RendererBase, visibility: Visibility) -> None:
        gc = renderer.new_gc()
        gc.set_foreground((*self.field.shading.line / 255, 1.0), isRGBA=True)
        gc.set_linewidth(OUTLINE_WIDTH)
        renderer.draw_path(gc, outline(visibility), IDENTITY)
        gc.restore()


class SurfaceMarker:
    """A marker at a point of the surface.

    Args:
        point: of the box, (3, 1).
        marker: its shape.
        size: in pixels of the default figure.
        face: its color; None if it is a ring.
        edge: the color of the line around it.
        edge_width: the width of that line, in pixels of the default figure.
        group: the `trace_id` of the trace that it belongs to; None if it belongs to none.
    """

    def __init__(
        self, point: Array, marker: str, size: float, face: str | None, edge: str,
        edge_width: float, group: str | None = None,
    ) -> None:  # fmt: skip
        self.group = group
        self.point, self.size, self._path = point, size, marker_path(marker)
        self._face, self._edge = to_rgba(face) if face else None, to_rgba(edge)
        self._edge_width = edge_width

    def draw(
        self, renderer: RendererBase, projection: Projection, pixel: Array, unit: float, *,
        visible: bool,
    ) -> None:  # fmt: skip
        """Draw it at a pixel; paler where the surface hides it."""
        alpha = 1.0 if visible else HIDDEN_ALPHA
        gc = renderer.new_gc()
        gc.set_foreground((*self._edge[:3], alpha), isRGBA=True)
        gc.set_linewidth(self._edge_width)
        place = Affine2D().scale(self.size * unit)
        place = self._turned(place, projection).translate(*pixel)
        face = (*self._face[:3], alpha) if self._face else None
        renderer.draw_path(gc, self._path, place, face)
        gc.restore()

    def _turned(self, place: Affine2D, projection: Projection) -> Affine2D:
        """The marker's directions in the picture: a marker is upright."""
        return place


class SurfaceExit(SurfaceMarker):
    """A triangle at the edge of the surface that points out of the window.

    Args:
        point: of the box, (3, 1), where its tip is.
        inside: of the box, (3, 1), from where it points to the tip.
        size: in pixels of the default figure.
        face: its color.
        edge: the color of the line around it.
        edge_width: the width of that line, in pixels of the default figure.
    """

    def __init__(
        self, point: Array, inside: Array, size: float, face: str, edge: str, edge_width: float
    ) -> None:
        super().__init__(point, "o", size, face, edge, edge_width)
        self._inside, self._path = inside, TRIANGLE

    def _turned(self, place: Affine2D, projection: Projection) -> Affine2D:
        """The direction of the triangle, as the camera sees it."""
        x, y = (projection.pixels(self.point) - projection.pixels(self._inside))[0]
        return place.rotate(float(np.arctan2(y, x)))


class BackdropArtist(Artist):
    """A backdrop with a still camera, as a matplotlib artist that is drawn once."""

    def __init__(self, backdrop: Backdrop) -> None:
        super().__init__()
        self.backdrop = backdrop

    def draw(self, renderer: RendererBase) -> None:
        """Draw the backdrop at the first step, if its camera stands still."""
        if self.backdrop.turn:
            return
        if isinstance(renderer, RendererAgg):
            self.backdrop.draw(renderer, 0.0)
        else:
            self.backdrop.draw_vectors(renderer, 0.0)

    def get_window_extent(self, renderer: object = None) -> Bbox:
        """The pixels of the panel."""
        return self.backdrop.clip
