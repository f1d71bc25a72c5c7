"""Drawing on a renderer of vectors, such as that of an SVG: texts, their halos, groups of traces.

A unit of such a renderer is a pixel of the picture, from the bottom left, as for Agg. It has no
pixels that could be read or written.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.artist import Artist
from matplotlib.backend_bases import RendererBase
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.collections import Collection
from matplotlib.colors import to_rgba
from matplotlib.font_manager import FontProperties
from matplotlib.patheffects import Stroke as Outline
from matplotlib.patheffects import withStroke
from matplotlib.text import Text
from matplotlib.transforms import Affine2D

from optanim.drawing.pixel_boxes import Rect
from optanim.scene.scene import Scene, Trace
from optanim.surfaces import Array

SEAM_WIDTH = 1.0
"""Pixels of the default figure: the width of the lines below the edges of areas."""


class HaloText(Text):
    """A text with a halo.

    Args:
        text: TeX between dollar signs.
        halo: the color around it.
        halo_width: in pixels of the default figure.
        settings: those of `Text`.
    """

    def __init__(self, text: str, halo: str, halo_width: float, **settings: Any) -> None:
        super().__init__(text=text, **settings)
        stroke: Any = {"linewidth": halo_width, "foreground": halo}
        self._halo, self._with_halo = Outline(**stroke), withStroke(**stroke)
        self.set_path_effects([self._with_halo])

    def draw(self, renderer: RendererBase) -> None:
        """Draw it. Vectors have the outlines of the letters as a halo, and over it a real text.

        The outlines are in a group `halo`: a renderer that has other letters may draw its own.
        """
        if isinstance(renderer, RendererAgg):
            super().draw(renderer)
            return
        renderer.open_group("halo")
        self.set_path_effects([self._halo])
        super().draw(renderer)
        renderer.close_group("halo")
        self.set_path_effects([])
        super().draw(renderer)
        self.set_path_effects([self._with_halo])


class Seams(Artist):
    """Lines below the edges of areas, in their colors, on vectors alone.

    Where two areas touch, a viewer of vectors shows a little of what is below them.

    Args:
        areas: side by side.
    """

    def __init__(self, areas: Collection) -> None:
        super().__init__()
        self.set_zorder(areas.get_zorder() - 0.01)
        self._areas = areas

    def draw(self, renderer: RendererBase) -> None:
        """Draw the areas with such lines."""
        if isinstance(renderer, RendererAgg):
            return
        edges, widths = self._areas.get_edgecolor(), self._areas.get_linewidth()
        self._areas.set(edgecolor="face", linewidth=SEAM_WIDTH)
        self._areas.draw(renderer)
        self._areas.set(edgecolor=edges, linewidth=widths)


def draw_string(
    renderer: RendererBase, text: str, place: Array, font: FontProperties, color: Any, *,
    angle: float = 0.0, maths: bool = False,
) -> None:  # fmt: skip
    """Draw a text as vectors.

    Args:
        renderer: to draw on.
        text: in one line.
        place: the pixel where its baseline begins, (2,) from the bottom left.
        font: its font and its size.
        color: of matplotlib.
        angle: in degrees, counterclockwise.
        maths: whether it is TeX between dollar signs.
    """
    gc = renderer.new_gc()
    gc.set_foreground(to_rgba(color), isRGBA=True)
    left, bottom = (float(part) for part in place)
    if renderer.flipy():
        bottom = renderer.get_canvas_width_height()[1] - bottom
    renderer.draw_text(gc, left, bottom, text, font, angle, maths)
    gc.restore()


def draw_pixels(
    renderer: RendererBase, rect: Rect, pixels: npt.NDArray[np.uint32], *, smooth: bool
) -> None:
    """Draw an image.

    Args:
        renderer: to draw on; if it scales no images, the image has the size of the rectangle.
        rect: the pixels of the picture that it covers.
        pixels: packed colors, (height, width) from the top.
        smooth: whether a scaled image has shades between its pixels.
    """
    gc = renderer.new_gc()
    gc.set_antialiased(smooth)
    # matplotlib counts the rows of an image from the bottom.
    image = np.ascontiguousarray(pixels[::-1])[..., None].view(np.uint8)
    if renderer.option_scale_image():
        size = Affine2D().scale(rect.width, rect.height)
        renderer.draw_image(gc, rect.left, rect.bottom, image, size)
    else:
        renderer.draw_image(gc, rect.left, rect.bottom, image)
    gc.restore()


def trace_id(scene: Scene, trace: Trace | None) -> str | None:
    """The name of the groups of all that is drawn of a trace, `trace-0` for the first one.

    None for no trace, or for one that is none of the scene.
    """
    index = scene.index_of(trace) if trace else None
    return None if index is None else f"trace-{index}"


def legend_id(index: int) -> str:
    """The name of the groups of the row of a trace in the legend, by its index in the scene."""
    return f"legend-{index}"


@contextmanager
def trace_group(renderer: RendererBase, name: str | None) -> Iterator[None]:
    """A context in which all that is drawn belongs to a trace, by its `trace_id`."""
    if name is None:
        yield
        return
    renderer.open_group("trace", gid=name)
    yield
    renderer.close_group("trace")


def owner_group(renderer: RendererBase, scene: Scene, mark: object) -> AbstractContextManager[None]:
    """A context in which all that is drawn belongs to the trace that owns a mark, if one does."""
    return trace_group(renderer, trace_id(scene, getattr(mark, "owner", None)))
