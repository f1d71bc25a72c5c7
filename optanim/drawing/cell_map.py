"""An outcome map on its axes: cells of whole pixels, and marks over them."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.backend_bases import RendererBase
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.colors import to_rgba
from matplotlib.path import Path
from matplotlib.transforms import Affine2D, Bbox

from optanim.drawing.axes import GOAL_SIZE
from optanim.drawing.marks import IDENTITY, marker_path
from optanim.drawing.pixel_boxes import PixelBox, Rect
from optanim.drawing.vectors import draw_pixels
from optanim.scene.map_picture import MapPicture
from optanim.scene.scene import Scene
from optanim.surfaces import Array

STAR_SIZE = 14
"""Pixels of the default figure: the size of the star of a minimum."""


class Cells:
    """The cells of a map, as a mark below all others of its panel.

    Attributes:
        covers_panel: it is no obstacle for a name.

    Args:
        picture: the map.
        box: the pixels of the axes; their edges are between pixels.
    """

    covers_panel = True

    def __init__(self, picture: MapPicture, box: Bbox) -> None:
        self.picture = picture
        self._left, self._bottom = round(box.x0), round(box.y0)
        height, width = picture.final.shape
        # Where cells are no whole pixels, a pixel shows the cell at its middle.
        self._columns = _cell_of_pixel(width, round(box.x1) - self._left)
        self._rows = _cell_of_pixel(height, round(box.y1) - self._bottom)[::-1]
        colors = [to_rgba(color) for color in picture.palette]
        self._colors = np.round(np.array(colors) * 255).astype(np.uint8).view("<u4")[:, 0]

    def draw(self, renderer: RendererAgg, step: float) -> PixelBox:
        """Draw the map as of a step."""
        pixels: npt.NDArray[np.uint8] = np.asarray(renderer.buffer_rgba())
        top = len(pixels) - self._bottom - len(self._rows)
        bottom, right = top + len(self._rows), self._left + len(self._columns)
        pixels[top:bottom, self._left : right].view("<u4")[..., 0] = self._shown(step)
        return PixelBox(self._left, self._bottom, right, self._bottom + len(self._rows))

    def draw_vectors(self, renderer: RendererBase, step: float) -> None:
        """Draw the map as of a step, as an image that has a pixel for each cell where it can."""
        rect = Rect(self._left, self._bottom, len(self._columns), len(self._rows))
        scales = renderer.option_scale_image()
        cells = self._colors[self.picture.at(step)][::-1] if scales else self._shown(step)
        draw_pixels(renderer, rect, cells, smooth=False)

    def _shown(self, step: float) -> npt.NDArray[np.uint32]:
        """The packed color of each pixel at a step, (height, width) from the top."""
        return self._colors[self.picture.at(step)][:, self._columns][self._rows]


class Goals:
    """Whole stars with a ring at known minima, as a mark.

    Args:
        pixels: (n, 2), from the bottom left.
        ink: the color of stars and rings.
        halo: the color around them.
        clip: the pixels of the panel.
        unit: pixels per pixel of the default figure.
    """

    def __init__(self, pixels: Array, ink: str, halo: str, *, clip: Bbox, unit: float) -> None:
        self._places, self._clip = Path(pixels), clip
        self._ink, self._halo = to_rgba(ink), to_rgba(halo)
        self._star, self._circle = marker_path("*"), marker_path("o")
        self._star_place = Affine2D().scale(STAR_SIZE * unit)
        self._ring_place = Affine2D().scale(GOAL_SIZE * unit)

    def draw(self, renderer: RendererAgg, step: float) -> PixelBox:
        """Draw all of them; they are the same at each step."""
        gc = renderer.new_gc()
        gc.set_clip_rectangle(self._clip)
        for color, width in ((self._halo, 2.8), (self._ink, 1.2)):
            gc.set_foreground(color, isRGBA=True)
            gc.set_linewidth(width)
            renderer.draw_markers(gc, self._circle, self._ring_place, self._places, IDENTITY)
        gc.set_foreground(self._halo, isRGBA=True)
        gc.set_linewidth(1)
        renderer.draw_markers(gc, self._star, self._star_place, self._places, IDENTITY, self._ink)
        gc.restore()
        return PixelBox(*self._clip.padded(1).extents)


def fit_cells(axes: Axes, scene: Scene, shape: tuple[int, int], size: int) -> None:
    """Make axes as large as the cells of a map, at whole pixels.

    If there is no room for cells of the size that was asked for, the map fills the room.

    Args:
        axes: in their room.
        scene: for the scale of the figure.
        shape: the number of rows and of columns.
        size: the side of a cell, in pixels of the unscaled figure.
    """
    (height, width), box = shape, axes.bbox.frozen()
    side = size * scene.figure.scale
    if width * side > box.width or height * side > box.height:
        factor = min(box.width / width, box.height / height)
        across, high = int(width * factor), int(height * factor)
    else:
        across, high = width * side, height * side
    left, top = round(box.x0 + (box.width - across) / 2), round(box.y1)
    figure: Any = axes.get_figure(root=True)
    place = Bbox.from_bounds(left, top - high, across, high)
    axes.set_position(place.transformed(figure.transFigure.inverted()))


def no_numbers(axes: Axes) -> None:
    """Leave out the numbers of axes whose window changes from frame to frame."""
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_ticks([])
        axis.set_ticks([], minor=True)


def _cell_of_pixel(cells: int, pixels: int) -> npt.NDArray[np.int64]:
    """The index of the cell at the middle of each pixel, (pixels,)."""
    return ((np.arange(pixels) + 0.5) * cells / pixels).astype(np.int64)
