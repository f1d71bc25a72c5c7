"""The frame of a landscape: ticks, numbers and names along three edges of its block."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.colors import to_rgba
from matplotlib.font_manager import FontProperties
from matplotlib.path import Path
from matplotlib.transforms import Bbox

from optanim.drawing.landscape.height_scale import Heights
from optanim.drawing.landscape.projection import DataBox, Projection
from optanim.drawing.landscape.ticks import even
from optanim.drawing.marks import STAY
from optanim.formulas.numbers import tick_label
from optanim.scene.scene import Scene
from optanim.surfaces import Array

TICK, GAP = 4.0, 3.0
"""Pixels of the default figure: the length of a tick, and the room before its number."""

FLAT = 0.2
"""An axis of height is left out where so little of it, of 1, is seen from above."""


class Stamp:
    """A text, set once, that may be put anywhere.

    Args:
        text: TeX between dollar signs.
        size: of the letters, in pixels of the default figure.
        color: `#RRGGBB`.
        dpi: pixels of 72 pixels of the default figure.
        upright: it reads from below.
    """

    def __init__(self, text: str, size: float, color: str, dpi: float, *, upright: bool) -> None:
        font, maths = FontProperties(size=size), "$" in text
        scratch = RendererAgg(1, 1, dpi)
        width, height, descent = scratch.get_text_width_height_descent(text, font, maths)
        scratch = RendererAgg(int(width) + 6, int(height) + 6, dpi)
        gc = scratch.new_gc()
        gc.set_foreground("black")
        scratch.draw_text(gc, 3, 3 + round(height - descent), text, font, 0, maths)
        mask = np.asarray(scratch.buffer_rgba())[..., 3]
        rows, columns = (np.flatnonzero(mask.any(axis=axis)) for axis in (1, 0))
        if len(rows):
            mask = mask[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
        # As few steps of coverage as `marks.Cells` has.
        mask = np.rint(np.rint(mask * (6 / 255)) * (255 / 6)).astype(np.uint16)
        self.mask = np.rot90(mask) if upright else mask
        self.color = np.array([round(255 * part) for part in to_rgba(color)[:3]], np.uint16)
        self.size = np.array(self.mask.shape[::-1], np.float64)

    def reach(self, way: Array) -> float:
        """From its middle to its side, in a direction."""
        return float(np.abs(way) @ self.size) / 2

    def draw(self, pixels: npt.NDArray[np.uint8], middle: Array) -> None:
        """Blend it into (height, width, 4), its middle at a pixel from the bottom left."""
        left, bottom = (round(part) for part in middle - self.size / 2)
        top = len(pixels) - bottom - self.mask.shape[0]
        box = pixels[max(top, 0) : top + self.mask.shape[0], max(left, 0) :, :3]
        mask = self.mask[max(-top, 0) :, max(-left, 0) :, None][: box.shape[0], : box.shape[1]]
        box = box[:, : mask.shape[1]]
        box[:] = (box * (255 - mask) + self.color * mask + 127) // 255


@dataclass(frozen=True)
class Put:
    """A stamp and where its middle is."""

    stamp: Stamp
    middle: Array

    def meets(self, other: Put, room: float) -> bool:
        """Whether less than so many pixels are between them, in both directions."""
        gap = np.abs(self.middle - other.middle) - (self.stamp.size + other.stamp.size) / 2
        return bool((gap < room).all())


class BoxAxes:
    """Ticks, numbers and names of the axes of a box.

    Args:
        box: whose edges they stand at.
        heights: what its height means.
        shown: points of the surface, (3, N), that a picture must have room for.
        names: of the two parameters, in TeX between dollar signs.
        scene: for its colors and its unit.
        room: width and height of the picture, in pixels.
    """

    def __init__(
        self, box: DataBox, heights: Heights, shown: Array, names: Sequence[str], scene: Scene,
        room: Array,
    ) -> None:  # fmt: skip
        self.box, self.shown, self.unit = box, shown, scene.unit
        self.color, dpi = to_rgba(scene.theme.contour), 72 * scene.unit
        most = int(np.clip(min(room) / scene.unit / 60, 2, 5))
        small = min(room) < 200 * scene.unit
        size = 11 if small else 12
        self._ticks: list[list[tuple[float, Stamp]]] = []
        for i in range(3):
            low, high = box.sides[i] if i < 2 else (heights.low, heights.high)
            if i < 2:
                at = {n: (n / 2 - low / 2) / (high / 2 - low / 2) for n in even(low, high, most)}
            else:
                at = {n: float(heights.of(np.array(n))) for n in heights.ticks(most)}
            stamp = [Stamp(tick_label(n), size, scene.theme.faint, dpi, upright=False) for n in at]
            self._ticks.append(list(zip(at.values(), stamp, strict=True)))
        self._names = [
            Stamp(name, 14, scene.theme.ink, dpi, upright="," in name)
            for name in (*names, heights.name)
        ]

    def draw(self, renderer: RendererAgg, projection: Projection) -> None:
        """All of it, from a camera."""
        lines, puts = self._laid(projection)
        gc = renderer.new_gc()
        gc.set_foreground(self.color, isRGBA=True)
        gc.set_linewidth(0.8)
        codes = np.tile([Path.MOVETO, Path.LINETO], len(lines) // 2).astype(Path.code_type)
        renderer.draw_path(gc, Path(lines, codes), STAY)
        gc.restore()
        pixels = np.asarray(renderer.buffer_rgba())
        for put in puts:
            put.stamp.draw(pixels, put.middle)

    def fitted(self, projections: Sequence[Projection], clip: Bbox) -> Projection:
        """The first of some cameras, so near that all of them have all in the picture."""
        scale, middle, room = 1.0, np.zeros(2), np.array(clip.size)
        for _ in range(4):
            low, high, bare = np.full(2, np.inf), np.full(2, -np.inf), np.zeros(2)
            for one in projections:
                view = replace(one, scale=scale, middle=(0.0, 0.0))
                pixels = self._outline(view)
                bare = np.maximum(bare, np.ptp(pixels, axis=0))
                for put in self._laid(view)[1]:
                    pixels = np.concatenate([pixels, put.middle + put.stamp.size / [[2], [-2]]])
                low = np.minimum(low, pixels.min(axis=0))
                high = np.maximum(high, pixels.max(axis=0))
            middle = clip.get_points().mean(axis=0) - (low + high) / 2
            beside = np.maximum(high - low - bare, 0)
            # Where numbers need all of a tiny picture, the block still has some of it.
            scale *= float((np.maximum(room - beside, 0.2 * room) / bare).min())
        return replace(projections[0], scale=scale, middle=(float(middle[0]), float(middle[1])))

    def _outline(self, projection: Projection) -> Array:
        """Pixels, (n, 2), that must be in the picture, of what is not text."""
        foot, top = self._edge(2, projection)[:2]
        corners = self.box.corners[:, ::2]
        return projection.pixels(np.concatenate([self.shown, corners, foot, top], axis=1))

    def _edge(self, axis: int, projection: Projection) -> tuple[Array, Array, Array]:
        """The two ends of the edge where an axis stands, (3, 1) each, and the way out, (2,)."""
        cos, sin = projection.turned
        half = self.box.size / 2
        if axis == 2:
            corners = self.box.corners[:, ::2]
            # The one farthest left, and of two the nearer.
            where = projection.pixels(corners)[:, 0] + 1e-6 * projection.depth(corners)
            foot = corners[:, [int(where.argmin())]]
            return foot, foot + np.array([[0], [0], [2 * half[2]]]), np.array([-1.0, 0.0])
        # Of the two edges the nearer one; of two as near, the right one.
        toward = (cos, sin)[1 - axis] or (1e-9 if axis == 0 else -sin)
        toward = toward if abs(toward) > 1e-6 else (cos if axis == 0 else -sin)
        ends = np.zeros((3, 2))
        ends[axis] = -half[axis], half[axis]
        ends[1 - axis] = np.sign(toward) * half[1 - axis]
        out = np.zeros((3, 2))
        out[1 - axis] = 0, np.sign(toward)
        # Out of the picture's edge, and not along the ground: from low, that is along the edge.
        begin, end = projection.pixels(ends)
        way = np.diff(projection.pixels(out), axis=0)[0]
        across = np.array([[0.0, 1.0], [-1.0, 0.0]]) @ (end - begin)
        across *= np.sign(across @ way) or 1.0
        return ends[:, :1], ends[:, 1:], across / max(float(np.hypot(*across)), 1e-9)

    def _laid(self, projection: Projection) -> tuple[Array, list[Put]]:
        """Lines, each two pixels (2 n, 2), and the stamps that do not cover one another."""
        lines, names = list[Array](), list[Put]()
        numbers = list[tuple[Put, Array, Array]]()
        for axis in (2, 0, 1) if projection.tilted[0] > FLAT else (0, 1):
            foot, top, way = self._edge(axis, projection)
            begin, end = projection.pixels(np.concatenate([foot, top], axis=1))
            lines += [begin, end]
            widest, tick = 0.0, TICK * self.unit * way
            for at, stamp in self._ticks[axis]:
                on = begin + at * (end - begin)
                beside = on + tick + (GAP * self.unit + stamp.reach(way)) * way
                numbers.append((Put(stamp, beside), on, on + tick))
                widest = max(widest, 2 * stamp.reach(way))
            name = self._names[axis]
            far = (TICK + 3 * GAP) * self.unit + widest + name.reach(way)
            names.append(Put(name, (begin + end) / 2 + far * way))
        puts = names
        for put, on, out in numbers:
            if not any(put.meets(other, 5 * self.unit) for other in puts):
                puts = [*puts, put]
                lines += [on, out]
        return np.array(lines), puts
