"""The scenery: what stands still in a landscape, until the camera turns."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.colors import to_rgba
from matplotlib.markers import MarkerStyle
from matplotlib.transforms import Affine2D, Bbox

from optanim.drawing.landscape.box_axes import BoxAxes
from optanim.drawing.landscape.height_field import Terrain
from optanim.drawing.landscape.projection import Projection
from optanim.drawing.landscape.surface_path import HeightMap
from optanim.drawing.landscape.visibility import Rect, Sight, picture
from optanim.schema.figure import Theme
from optanim.surfaces import Array

LINE = 0.7
"""Pixels of the default figure: the width of a line between two bands."""


class Scenery:
    """A landscape with its frame and pins, from a camera that may turn.

    It is drawn once if the camera stands still, else as the first mark of each frame.

    Args:
        ground: which points are where.
        terrain: the surface.
        frame: its edges, ticks and names.
        theme: the colors.
        clip: the pixels it has.
        unit: pixels of a pixel of the default figure.
        view: azimuth and elevation at the first step, in degrees.
        turn: degrees that the camera turns by, until the last step.
        steps: the last step.
    """

    def __init__(
        self, ground: HeightMap, terrain: Terrain, frame: BoxAxes, theme: Theme, *,
        clip: Bbox, unit: float, view: tuple[float, float], turn: float, steps: int,
    ) -> None:  # fmt: skip
        self.ground, self.terrain, self.frame, self.theme = ground, terrain, frame, theme
        self.clip, self.unit, self.turn, self.steps = clip, unit, turn, steps
        self.pins: list[Pin] = []
        around = np.sign(turn) * min(abs(turn), 360.0)
        stops = [Projection(float(a), view[1]) for a in view[0] + around * np.linspace(0, 1, 37)]
        self._first = frame.fitted(stops if turn else stops[:1], clip.padded(-2 * unit))
        self.scale = self._first.scale
        # What the block covers, wherever the camera stands.
        each = [replace(self._first, azimuth=stop.azimuth) for stop in stops]
        corners = np.concatenate([one.pixels(terrain.box.corners) for one in each])
        low = np.maximum(np.floor(corners.min(axis=0)) - 2, clip.min)
        high = np.minimum(np.ceil(corners.max(axis=0)) + 2, clip.max)
        left, bottom, right, top = (int(part) for part in (*low, *high))
        self.rect = Rect(left, bottom, right - left, top - bottom)
        self._sight: Sight | None = None

    def azimuth(self, step: float) -> float:
        """Where the camera stands at a step, in degrees."""
        way = min(max(step / self.steps, 0.0), 1.0) if self.steps else 0.0
        return self._first.azimuth + self.turn * way

    def sight(self, step: float) -> Sight:
        """What the camera sees at a step."""
        azimuth = self.azimuth(step)
        if self._sight is None or self._sight.projection.azimuth != azimuth:
            view = replace(self._first, azimuth=azimuth)
            samples = max(60, self.rect.height // 2)
            self._sight = Sight(self.terrain, view, self.rect, fine=1, samples=samples)
        return self._sight

    def draw(self, renderer: RendererAgg, step: float) -> None:
        """All of it, over what was there."""
        sight = self.sight(step)
        pixels: npt.NDArray[np.uint8] = np.asarray(renderer.buffer_rgba())
        if self.turn:
            box = self.clip
            rows = slice(round(len(pixels) - box.y1), round(len(pixels) - box.y0))
            pixels[rows, round(box.x0) : round(box.x1)] = [*self.terrain.paints.air, 255]
        # A picture for every frame has to be quick; one for all of them has to be fine.
        fine, samples = (2, 0.6) if self.turn else (3, 2.25)
        rect, samples = self.rect, round(max(60, samples * self.rect.height))
        top = len(pixels) - rect.bottom - rect.height
        pixels[top : top + rect.height, rect.left : rect.left + rect.width] = picture(
            self.terrain, sight.projection, rect,
            fine=fine, samples=samples, width=LINE * self.unit,
        )  # fmt: skip
        self.frame.draw(renderer, sight.projection)
        for pin in self.pins:
            pin.draw(renderer, sight, self.unit)


class Pin:
    """A marker that stands somewhere on the surface.

    Args:
        place: (3, 1), its point of the box.
        marker: its shape.
        size: in pixels of the default figure.
        face: its color.
        edge: of the line around it, and its `width`.
    """

    def __init__(
        self, place: Array, marker: str, size: float, face: str, edge: str, width: float
    ) -> None:
        self.place, self.size = place, size
        style = MarkerStyle(marker)
        self._path = style.get_transform().transform_path(style.get_path())
        self._face, self._edge, self._width = to_rgba(face), to_rgba(edge), width

    def draw(self, renderer: RendererAgg, sight: Sight, unit: float) -> None:
        """Draw it; paler, if something stands before it."""
        strength = 1.0 if sight.seen(self.place, unit)[0] else 0.35
        gc = renderer.new_gc()
        gc.set_foreground((*self._edge[:3], strength), isRGBA=True)
        gc.set_linewidth(self._width)
        at = Affine2D().scale(self.size * unit).translate(*sight.projection.pixels(self.place)[0])
        renderer.draw_path(gc, self._path, at, (*self._face[:3], strength))
        gc.restore()


class Still(Artist):
    """A scenery as an artist of the backdrop."""

    def __init__(self, scenery: Scenery) -> None:
        super().__init__()
        self.scenery = scenery

    def draw(self, renderer: RendererAgg) -> None:  # type: ignore[override]
        """Draw it as it is at the first step."""
        if not self.scenery.turn:
            self.scenery.draw(renderer, 0.0)

    def get_window_extent(self, renderer: object = None) -> Bbox:
        """The pixels it has."""
        return self.scenery.clip
