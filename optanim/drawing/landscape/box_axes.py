"""Ticks, numbers and names along three edges of the box around a surface."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt
from matplotlib.backend_bases import RendererBase
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.colors import to_rgba
from matplotlib.font_manager import FontProperties
from matplotlib.path import Path
from matplotlib.transforms import Bbox

from optanim.drawing.colors import rgb_bytes
from optanim.drawing.landscape.height_scale import HeightScale
from optanim.drawing.landscape.projection import DataBox, Projection
from optanim.drawing.landscape.ticks import even_ticks
from optanim.drawing.live_numbers import quantized
from optanim.drawing.marks import IDENTITY
from optanim.drawing.scratch import scratch_renderer
from optanim.drawing.vectors import draw_string
from optanim.formulas.numbers import tick_label
from optanim.scene.scene import Scene
from optanim.surfaces import Array

TICK_LENGTH = 4.0
"""Pixels of the default figure: the length of a tick."""

NUMBER_GAP = 3.0
"""Pixels of the default figure between a tick and its number."""

TEXT_GAP = 5.0
"""Pixels of the default figure: the smallest gap between two texts."""

MIN_VERTICAL = 0.2
"""The vertical axis is left out where it is foreshortened to less than this share."""


class TextImage:
    """A text that is drawn once as pixels, and may be put at many places.

    Attributes:
        size: width and height in pixels, (2,).

    Args:
        text: TeX between dollar signs.
        size: of the letters, in pixels of the default figure.
        color: `#RRGGBB`.
        dpi: the number of pixels for 72 pixels of the default figure.
        upright: whether the text is turned by 90 degrees, and reads from below.
    """

    def __init__(self, text: str, size: float, color: str, dpi: float, *, upright: bool) -> None:
        font, maths = FontProperties(size=size), "$" in text
        self._text, self._font, self._maths, self._color = text, font, maths, color
        scratch = RendererAgg(1, 1, dpi)
        width, height, descent = scratch.get_text_width_height_descent(text, font, maths)
        scratch = scratch_renderer(scratch, int(width) + 6, int(height) + 6)
        gc = scratch.new_gc()
        gc.set_foreground("black")
        left, baseline = 3, 3 + round(height - descent)
        scratch.draw_text(gc, 3, baseline, text, font, 0, maths)
        mask = np.asarray(scratch.buffer_rgba())[..., 3]
        rows, columns = (np.flatnonzero(mask.any(axis=axis)) for axis in (1, 0))
        if len(rows):
            mask = mask[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
            baseline, left = baseline - int(rows[0]), 3 - int(columns[0])
        mask = quantized(mask)
        # Where the baseline begins, from the top left of the upright or level pixels.
        self._begin = (baseline, mask.shape[1] - left) if upright else (left, baseline)
        self._angle = 90.0 if upright else 0.0
        self._mask = np.rot90(mask) if upright else mask
        self._ink = rgb_bytes(color) * self._mask[..., None].astype(np.uint16) + np.uint16(127)
        self._clear = 255 - self._mask[..., None].astype(np.uint16)
        self.size = np.array(self._mask.shape[::-1], np.float64)

    def extent(self, direction: Array) -> float:
        """The distance from its middle to its side, in pixels, in a direction (2,)."""
        return float(np.abs(direction) @ self.size) / 2

    def draw(self, pixels: npt.NDArray[np.uint8], middle: Array) -> None:
        """Blend it into pixels (height, width, 4); `middle` counts from the bottom left."""
        left, bottom = (round(part) for part in middle - self.size / 2)
        top = len(pixels) - bottom - self._mask.shape[0]
        box = pixels[max(top, 0) : top + self._mask.shape[0], max(left, 0) :, :3]
        box = box[:, : max(self._mask.shape[1] + min(left, 0), 0)]
        part = slice(max(-top, 0), None), slice(max(-left, 0), None)
        clear, ink = (
            whole[part][: box.shape[0], : box.shape[1]] for whole in (self._clear, self._ink)
        )
        box[:] = (box * clear + ink) // 255

    def draw_vectors(self, renderer: RendererBase, middle: Array) -> None:
        """Draw it as a text; `middle` counts from the bottom left."""
        place = middle + self.size * (-0.5, 0.5) + np.array(self._begin) * (1, -1)
        draw_string(renderer, self._text, place, self._font, self._color, angle=self._angle,
                    maths=self._maths)  # fmt: skip


@dataclass(frozen=True)
class PlacedText:
    """A text and the pixel of its middle, (2,)."""

    image: TextImage
    middle: Array

    @cached_property
    def bounds(self) -> tuple[float, float, float, float]:
        """Left, bottom, right and top, in pixels."""
        half = self.image.size / 2
        return (*(self.middle - half).tolist(), *(self.middle + half).tolist())

    def overlaps(self, other: PlacedText, gap: float) -> bool:
        """Whether fewer pixels than a gap are between them, in both directions."""
        left, bottom, right, top = self.bounds
        other_left, other_bottom, other_right, other_top = other.bounds
        return (
            left - other_right < gap
            and other_left - right < gap
            and bottom - other_top < gap
            and other_bottom - top < gap
        )


class BoxAxes:
    """Ticks, numbers and names of the axes of a box.

    Args:
        box: the axes are along three of its edges.
        scale: of its vertical axis.
        surface: points of the surface, (3, N), that must be in the picture.
        names: of the two parameters, TeX between dollar signs.
        scene: for its colors and its unit.
        size: width and height of the panel, in pixels.
    """

    def __init__(
        self, box: DataBox, scale: HeightScale, surface: Array, names: Sequence[str], scene: Scene,
        size: Array,
    ) -> None:  # fmt: skip
        self.box, self.surface, self.unit = box, surface, scene.unit
        self._color, dpi = to_rgba(scene.theme.contour), 72 * scene.unit
        max_count = int(np.clip(min(size) / scene.unit / 60, 2, 5))
        font_size = 11 if min(size) < 200 * scene.unit else 12
        places: list[dict[float, float]] = [
            {n: (n / 2 - low / 2) / (high / 2 - low / 2) for n in even_ticks(low, high, max_count)}
            for low, high in box.sides
        ]
        places.append({n: float(scale.heights(np.array(n))) for n in scale.ticks(max_count)})
        self._ticks = [
            [
                (share, TextImage(tick_label(number), font_size, scene.theme.faint, dpi,
                                  upright=False))
                for number, share in axis.items()
            ]
            for axis in places
        ]  # fmt: skip
        height = scale.name(scene.words)
        self._names = [
            *(TextImage(name, 14, scene.theme.ink, dpi, upright=False) for name in names),
            TextImage(height, 14, scene.theme.ink, dpi, upright="," in height),
        ]

    def draw(self, renderer: RendererAgg, projection: Projection) -> None:
        """Draw edges, ticks and texts as a camera sees them."""
        lines, texts = self.layout(projection)
        self._draw_lines(renderer, lines)
        pixels = np.asarray(renderer.buffer_rgba())
        for text in texts:
            text.image.draw(pixels, text.middle)

    def draw_vectors(self, renderer: RendererBase, projection: Projection) -> None:
        """Draw the same as vectors."""
        lines, texts = self.layout(projection)
        self._draw_lines(renderer, lines)
        for text in texts:
            text.image.draw_vectors(renderer, text.middle)

    def _draw_lines(self, renderer: RendererBase, lines: Array) -> None:
        gc = renderer.new_gc()
        gc.set_foreground(self._color, isRGBA=True)
        gc.set_linewidth(0.8)
        codes = np.tile([Path.MOVETO, Path.LINETO], len(lines) // 2).astype(Path.code_type)
        renderer.draw_path(gc, Path(lines, codes), IDENTITY)
        gc.restore()

    def fitted(self, projections: Sequence[Projection], clip: Bbox) -> Projection:
        """The first projection, with the scale and the middle at which all of them fit the clip."""
        scale, middle, room = 1.0, np.zeros(2), np.array(clip.size)
        for _ in range(4):
            low, high, bare = np.full(2, np.inf), np.full(2, -np.inf), np.zeros(2)
            for projection in projections:
                scaled = replace(projection, scale=scale, middle=(0.0, 0.0))
                pixels = self._outline(scaled)
                bare = np.maximum(bare, np.ptp(pixels, axis=0))
                for text in self.layout(scaled)[1]:
                    corners = text.middle + text.image.size / [[2], [-2]]
                    pixels = np.concatenate([pixels, corners])
                low = np.minimum(low, pixels.min(axis=0))
                high = np.maximum(high, pixels.max(axis=0))
            middle = clip.get_points().mean(axis=0) - (low + high) / 2
            texts = np.maximum(high - low - bare, 0)
            # The box has a fifth of the room at least, even where texts need all of it.
            scale *= float((np.maximum(room - texts, 0.2 * room) / bare).min())
        return replace(projections[0], scale=scale, middle=(float(middle[0]), float(middle[1])))

    def layout(self, projection: Projection) -> tuple[Array, list[PlacedText]]:
        """The lines, two pixels each, (2 n, 2), and the texts, none of which overlap."""
        lines, texts = list[Array](), list[PlacedText]()
        numbers = list[tuple[PlacedText, Array, Array]]()
        vertical = projection.elevation_cos_sin[0] > MIN_VERTICAL
        for axis in (2, 0, 1) if vertical else (0, 1):
            foot, top, outward = self._edge(axis, projection)
            begin, end = projection.pixels(np.concatenate([foot, top], axis=1))
            lines += [begin, end]
            widest, tick = 0.0, TICK_LENGTH * self.unit * outward
            for share, image in self._ticks[axis]:
                place, extent = begin + share * (end - begin), image.extent(outward)
                middle = place + tick + (NUMBER_GAP * self.unit + extent) * outward
                numbers.append((PlacedText(image, middle), place, place + tick))
                widest = max(widest, 2 * extent)
            name = self._names[axis]
            distance = (TICK_LENGTH + 3 * NUMBER_GAP) * self.unit + widest + name.extent(outward)
            texts.append(PlacedText(name, (begin + end) / 2 + distance * outward))
        for text, *tick_ends in numbers:
            if not any(text.overlaps(other, TEXT_GAP * self.unit) for other in texts):
                texts.append(text)
                lines += tick_ends
        return np.array(lines), texts

    def _outline(self, projection: Projection) -> Array:
        """The pixels, (n, 2), of everything but texts that must be in the picture."""
        foot, top, _ = self._edge(2, projection)
        floor = self.box.corners[:, ::2]
        return projection.pixels(np.concatenate([self.surface, floor, foot, top], axis=1))

    def _edge(self, axis: int, projection: Projection) -> tuple[Array, Array, Array]:
        """The ends of the edge of an axis, (3, 1) each, and the outward direction, (2,)."""
        cos, sin = projection.azimuth_cos_sin
        half = self.box.size / 2
        if axis == 2:
            corners = self.box.corners[:, ::2]
            # The leftmost corner; of two as far left, the nearer one.
            place = projection.pixels(corners)[:, 0] + 1e-6 * projection.depth(corners)
            foot = corners[:, [int(place.argmin())]]
            return foot, foot + np.array([[0], [0], [2 * half[2]]]), np.array([-1.0, 0.0])
        # Of the two parallel edges the nearer one; if both are as near, the right one.
        side = (cos, sin)[1 - axis] or (1e-9 if axis == 0 else -sin)
        side = side if abs(side) > 1e-6 else (cos if axis == 0 else -sin)
        ends = np.zeros((3, 2))
        ends[axis] = -half[axis], half[axis]
        ends[1 - axis] = np.sign(side) * half[1 - axis]
        normal = np.zeros((3, 2))
        normal[1 - axis] = 0, np.sign(side)
        # At a right angle to the edge in the picture: seen from low down, the direction on the
        # floor would be nearly along the edge.
        begin, end = projection.pixels(ends)
        outward = np.diff(projection.pixels(normal), axis=0)[0]
        across = np.array([[0.0, 1.0], [-1.0, 0.0]]) @ (end - begin)
        across *= np.sign(across @ outward) or 1.0
        return ends[:, :1], ends[:, 1:], across / max(float(np.hypot(*across)), 1e-9)
