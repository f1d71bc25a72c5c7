"""A display list: what matplotlib draws, recorded as paths and pens for a page.

A unit is a pixel of the picture, as for Agg: widths of lines and sizes of letters are in points, of
which the picture has its own number. Places count from the top left, as on a canvas.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from matplotlib.backend_bases import GraphicsContextBase, RendererBase
from matplotlib.colors import to_hex
from matplotlib.font_manager import FontProperties
from matplotlib.path import Path
from matplotlib.text import Text
from matplotlib.transforms import Affine2D, Transform

from optanim.drawing.path_text import path_text
from optanim.surfaces import Array

Op = list[Any]
"""A kind of drawing, the numbers of its path and pen, and its place."""

Outline = tuple[int, float, float, list[float]]
"""A letter of a text: its path, its place from the beginning of the text on, and its matrix."""

Pen = dict[str, Any]

TRACE_GROUP = "trace"
"""The name of a group of what belongs to one trace; its id is `trace-` with the number of it."""

CAPS = {"butt": "butt", "round": "round", "projecting": "square"}
"""The ends of lines, as matplotlib and as pages name them."""

GLYPH_DECIMALS = 0
"""Of letters, which are recorded in 100 units for the size of a font."""


class DotLayer(NamedTuple):
    """Dots of one color and size.

    Attributes:
        radius: in pixels.
        color: of matplotlib, with its opacity, (4,).
        first: the number of the first of them among all dots.
        size: their number.
    """

    radius: float
    color: tuple[float, float, float, float]
    first: int
    size: int


class DisplayList(RendererBase):
    """Records what is drawn.

    Attributes:
        paths: as SVG writes them; each once.
        pens: colors, widths and clips; each once.
        images: pixels (height, width, 4) uint8 RGBA, from the top.

    Args:
        size: width and height of the picture in pixels.
        unit: pixels per point.
    """

    def __init__(self, size: tuple[int, int], unit: float) -> None:
        super().__init__()
        self.width, self.height = size
        self.unit, self.dpi = unit, 72 * unit
        self._paths: dict[str, int] = {}
        self._pens: dict[str, int] = {}
        self._pen_values: list[Pen] = []
        self._images: dict[bytes, int] = {}
        self._image_values: list[npt.NDArray[np.uint8]] = []
        self._texts: dict[tuple[str, FontProperties, bool, float], list[Outline]] = {}
        self._ops: list[Op] = []
        self._groups: list[bool] = []

    @property
    def paths(self) -> list[str]:
        """The paths, as SVG writes them."""
        return list(self._paths)

    @property
    def pens(self) -> list[Pen]:
        """The pens."""
        return self._pen_values

    @property
    def images(self) -> list[npt.NDArray[np.uint8]]:
        """The images, (height, width, 4) RGBA each."""
        return self._image_values

    def take(self) -> list[Op]:
        """What was drawn since the last call."""
        ops, self._ops = self._ops, []
        return ops

    def path(self, path: Path, transform: Transform | None = None, decimals: int = 1) -> int:
        """The number of a path, with a transform, in units of the list."""
        return _number(self._paths, path_text(path, transform, decimals))

    def get_canvas_width_height(self) -> tuple[float, float]:
        """The width and the height of the picture."""
        return self.width, self.height

    def points_to_pixels(self, points: Any) -> Any:
        """Pixels of the picture for points."""
        return points * self.unit

    def open_group(self, s: str, gid: str | None = None) -> None:
        """What follows belongs to a trace, if the group says so."""
        name, _, number = (gid or "").rpartition("-")
        self._groups.append(name == TRACE_GROUP)
        if self._groups[-1]:
            self._ops.append(["g", int(number)])

    def close_group(self, s: str) -> None:
        """What follows belongs to no trace."""
        if self._groups.pop():
            self._ops.append(["g", -1])

    def draw_path(
        self, gc: GraphicsContextBase, path: Path, transform: Transform, rgbFace: Any = None
    ) -> None:
        """Record a path."""
        pen = self._pen(gc, rgbFace)
        if pen is None or len(np.asarray(path.vertices)) < 2:
            return
        flipped = transform + self._flip
        if gc.get_snap() is not False:
            path, flipped = _snapped(path, flipped, gc.get_linewidth() * self.unit)
        self._ops.append(["p", self.path(path, flipped), pen, 0, 0])

    def draw_markers(
        self, gc: GraphicsContextBase, marker_path: Path, marker_trans: Transform, path: Path,
        trans: Transform, rgbFace: Any = None,
    ) -> None:  # fmt: skip
        """Record a path at several places."""
        pen = self._pen(gc, rgbFace)
        places = trans.transform(path.vertices)
        places = places[np.isfinite(places).all(axis=1)]
        if pen is None or not len(places):
            return
        if len(places) == 1:
            moved = marker_trans + Affine2D().translate(*places[0].tolist())
            self.draw_path(gc, marker_path, moved, rgbFace)
            return
        number = self.path(marker_path, marker_trans + Affine2D().scale(1, -1), 2)
        self._add_markers([[number, pen, 0, len(places)]], places)

    def draw_dots(
        self, gc: GraphicsContextBase, layers: Sequence[DotLayer], places: Array
    ) -> None:  # fmt: skip
        """Record dots of several colors, so that each place is there once.

        Args:
            gc: with their clip.
            layers: in the order of drawing.
            places: the pixels of all dots, (n, 2) from the bottom left.
        """
        listed = list[list[int]]()
        for layer in layers:
            pen = self._pen(gc, layer.color, edge=False)
            if pen is not None and layer.size:
                size = Affine2D().scale(layer.radius)
                circle = self.path(Path.unit_circle(), size, 2)
                listed.append([circle, pen, layer.first, layer.size])
        if listed:
            self._add_markers(listed, places)

    def _add_markers(self, layers: list[list[int]], places: Array) -> None:
        flipped = np.stack([places[:, 0], self.height - places[:, 1]], axis=1)
        self._ops.append(["m", layers, rounded(flipped.ravel(), 2)])

    def option_scale_image(self) -> bool:
        """Images have any size."""
        return True

    def draw_image(
        self, gc: GraphicsContextBase, x: float, y: float, im: Any,
        transform: Transform | None = None,
    ) -> None:  # fmt: skip
        """Record an image; a transform gives its width and height in pixels."""
        pixels = np.asarray(im)[::-1]
        height, width = pixels.shape[:2]
        w, h = (width, height) if transform is None else np.diag(transform.get_matrix())[:2]
        pen = self._pen(gc, (0, 0, 0, 1))
        key = repr(pixels.shape).encode() + pixels.tobytes()
        if key not in self._images:
            self._images[key] = len(self._images)
            self._image_values.append(np.ascontiguousarray(pixels))
        place = rounded(np.array([x, self.height - y - h, w, h]), 2)
        self._ops.append(["i", self._images[key], pen, *place, int(gc.get_antialiased())])

    def draw_text(
        self, gc: GraphicsContextBase, x: float, y: float, s: str, prop: FontProperties,
        angle: float, ismath: Any = False, mtext: Text | None = None,
    ) -> None:  # fmt: skip
        """Record a text as the outlines of its letters."""
        key = s, prop, bool(ismath), angle
        if key not in self._texts:
            self._texts[s, prop.copy(), bool(ismath), angle] = self._outlines(*key)
        pen = self._pen(gc, gc.get_rgb(), edge=False)
        for number, left, down, matrix in self._texts[key]:
            place = rounded(np.array([x + left, y + down]), 2)
            self._ops.append(["p", number, pen, *place, *matrix])

    def _outlines(self, s: str, prop: FontProperties, ismath: bool, angle: float) -> list[Outline]:
        """The outlines of a text that begins at the place (0, 0)."""
        outlines: Any = self._text2path
        if ismath:
            glyphs, shapes, bars = outlines.get_glyphs_mathtext(prop, s)
        else:
            glyphs, shapes, bars = outlines.get_glyphs_with_font(outlines._get_font(prop), s)
        scale = prop.get_size_in_points() * self.unit / outlines.FONT_SCALE
        turn = Affine2D().scale(scale, -scale).rotate_deg(-angle)
        listed = list[Outline]()
        for glyph, left, up, size in glyphs:
            vertices, codes = shapes[glyph]
            if len(vertices):
                place = Affine2D().scale(size).translate(left, up) + turn
                (a, c, e), (b, d, f) = place.get_matrix()[:2]
                matrix = [float(f"{number:.5g}") for number in (a, b, c, d)]
                number = self.path(Path(vertices, codes), None, GLYPH_DECIMALS)
                listed.append((number, float(e), float(f), matrix))
        for vertices, codes in bars:
            listed.append((self.path(Path(vertices, codes), turn, 2), 0.0, 0.0, []))
        return listed

    def get_text_width_height_descent(
        self, s: str, prop: FontProperties, ismath: Any
    ) -> tuple[float, float, float]:
        """The size of a text and the part of it below the baseline, in pixels."""
        # The outlines have 72 points per inch.
        size = prop.copy()
        size.set_size(prop.get_size_in_points() * self.unit)
        outlines: Any = self._text2path
        width, height, descent = outlines.get_text_width_height_descent(s, size, ismath)
        return width, height, descent

    @property
    def _flip(self) -> Affine2D:
        return Affine2D().scale(1, -1).translate(0, self.height)

    def _pen(self, gc: GraphicsContextBase, face: Any, *, edge: bool = True) -> int | None:
        """The number of the pen of a context; None if it draws nothing."""
        pen: Pen = {}
        alpha = gc.get_alpha() if gc.get_forced_alpha() else None
        if face is not None:
            opacity = alpha if alpha is not None else (face[3] if len(face) > 3 else 1)
            if opacity:
                pen["fill"], pen["fillAlpha"] = to_hex(face), float(opacity)
        width = gc.get_linewidth() * self.unit
        if edge and width and (opacity := gc.get_rgb()[3] if alpha is None else alpha):
            pen |= {"stroke": to_hex(gc.get_rgb()), "strokeAlpha": float(opacity), "width": width}
            pen |= {"cap": CAPS[gc.get_capstyle()], "join": gc.get_joinstyle()}
            dash: Any = gc.get_dashes()[1]
            if dash is not None and len(dash):
                pen["dash"] = rounded(np.asarray(dash) * self.unit, 2)
        if not pen:
            return None
        pen |= self._clip(gc)
        return self.pen(pen)

    def pen(self, pen: Pen) -> int:
        """The number of a pen, without what is the default."""
        short = {
            key: round(value, 3) if isinstance(value, float) else value
            for key, value in pen.items()
            if (key, value) not in (("fillAlpha", 1.0), ("strokeAlpha", 1.0), ("cap", "butt"),
                                    ("join", "round"))
        }  # fmt: skip
        number = _number(self._pens, repr(short))
        if number == len(self._pen_values):
            self._pen_values.append(short)
        return number

    def _clip(self, gc: GraphicsContextBase) -> Pen:
        """The clip of a context."""
        pen: Pen = {}
        if (box := gc.get_clip_rectangle()) is not None:
            pen["clip"] = self.box(box.extents)
        path: Any
        transform: Any
        path, transform = gc.get_clip_path()
        if path is not None:
            pen["clipPath"] = self.path(path, transform + self._flip)
        return pen

    def box(self, extents: Iterable[float]) -> list[float]:
        """Left, top, width and height of a box given as left, bottom, right, top."""
        x0, y0, x1, y1 = map(float, extents)
        return rounded(np.array([x0, self.height - y1, x1 - x0, y1 - y0]), 2)


def rounded(values: Array, decimals: int) -> list[float]:
    """Numbers with at most as many decimals; those that are whole are integers."""
    return [int(v) if v == int(v) else v for v in np.round(values, decimals).tolist()]


def _number(numbers: dict[str, int], key: str) -> int:
    """The number of a key, which is the next one if it is new."""
    return numbers.setdefault(key, len(numbers))


def _snapped(path: Path, transform: Transform, width: float) -> tuple[Path, Transform]:
    """A path of level and upright lines with its lines at the middle of pixels, as Agg has them.

    Any other path stays as it is.
    """
    points, codes = np.asarray(path.vertices), path.codes
    if (codes is not None and (np.asarray(codes) > Path.LINETO).any()) or not 2 <= len(points) <= 5:
        return path, transform
    pixels = transform.transform(points)
    steps = np.abs(np.diff(pixels, axis=0))
    if not np.isfinite(pixels).all() or (steps.min(axis=1) > 1e-3).any():
        return path, transform
    shift = (round(width) % 2) / 2
    return Path(np.floor(pixels + 0.5) + shift, path.codes), Affine2D()
