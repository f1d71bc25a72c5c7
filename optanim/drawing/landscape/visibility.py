"""What a camera sees of a terrain, pixel by pixel.

Each column of pixels sees one line over the ground, from its near edge to the far one. Along it a
point is seen if it stands higher in the picture than all before it: the floating horizon (Wright
1973, "A two-space solution to the hidden line problem for plotting functions of two variables").
Before the near edge stands a wall.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from optanim.drawing.landscape.height_field import AIR, KEYS, WALLS, Terrain
from optanim.drawing.landscape.projection import Projection
from optanim.drawing.landscape.shading import OPEN, SHADES, Bytes
from optanim.surfaces import Array

DEEPEST = np.float32(-1e9)
"""Below any pixel."""

STRIP = 144
"""Columns, within pixels, of a picture at a time."""

NEAR = 2.0
"""Pixels of the default figure: a point no farther than that below the horizon is on it."""


@dataclass(frozen=True)
class Rect:
    """A part of the picture in whole pixels, from the bottom left."""

    left: int
    bottom: int
    width: int
    height: int


class Sight:
    """A terrain from one camera.

    Args:
        terrain: what is seen.
        projection: the camera.
        rect: the pixels that show it.
        fine: columns and rows within a pixel.
        samples: of the height along a column.
    """

    def __init__(
        self, terrain: Terrain, projection: Projection, rect: Rect, *, fine: int, samples: int
    ) -> None:
        self.terrain, self.projection, self.rect = terrain, projection, rect
        self.fine = fine
        (cos, sin), (flat, steep) = projection.turned, projection.tilted
        width, depth, tall = terrain.box.size
        # Where each column's line enters the ground and where it leaves, behind the middle.
        u = (np.arange(rect.width * fine) + 0.5) / fine + rect.left - projection.middle[0]
        u /= projection.scale
        cos, sin = (part if abs(part) > 1e-9 else 1e-9 for part in (cos, sin))
        across_x = np.sort([(-side * width / 2 - u * sin) / cos for side in (-1, 1)], axis=0)
        across_y = np.sort([(-side * depth / 2 + u * cos) / sin for side in (-1, 1)], axis=0)
        near = np.maximum(across_x[0], across_y[0])
        far = np.minimum(across_x[1], across_y[1])
        hit = np.flatnonzero(far > near)
        u, near, far = u[hit], near[hit], far[hit]
        self._first = int(hit[0]) if len(hit) else 0
        self._wall = np.where(across_x[0] > across_y[0], *WALLS)[hit]
        self._near, self._step = near, (far - near) / (samples - 1)
        # Places on the grid: the first sample's, and from one to the next.
        rows, columns = terrain.shape
        place = np.array([-sin * u - cos * near, cos * u - sin * near])
        pace = np.array([-cos, -sin])[:, None] * self._step
        size, counts = np.array([[width], [depth]]), np.array([[columns - 1], [rows - 1]])
        self._place = ((place / size + 0.5) * counts).astype(np.float32)[:, :, None]
        self._pace = (pace / size * counts).astype(np.float32)[:, :, None]
        along = np.arange(samples, dtype=np.float32)
        self._h = terrain.sample(*(self._place + self._pace * along))
        ground = (near[:, None] + self._step[:, None] * along) * steep
        unit = projection.scale * fine
        up = (ground * unit + (projection.middle[1] - rect.bottom) * fine).astype(np.float32)
        self._foot = up[:, 0].copy()
        up += self._h * np.float32(tall * flat * unit)
        self._up = np.where(np.isnan(up), 2 * DEEPEST, up)
        self.horizon = np.maximum.accumulate(self._up, axis=1)

    def seen(self, points: Array, unit: float) -> npt.NDArray[np.bool_]:
        """Which points of the box, (3, N), nothing stands before.

        Args:
            points: on the surface.
            unit: pixels of a pixel of the default figure.
        """
        x, y = self.projection.pixels(points).T
        column = np.rint((x - self.rect.left) * self.fine - 0.5).astype(int) - self._first
        column = column.clip(0, len(self._near) - 1)
        along = (self.projection.depth(points) - self._near[column]) / self._step[column]
        before = along.clip(0, self.horizon.shape[1] - 1).astype(int)
        up = (y - self.rect.bottom + NEAR * unit) * self.fine
        return np.asarray(up >= self.horizon[column, before])

    def picture(self, width: float) -> Bytes:
        """The pixels of the rectangle, (height, width, 4) from the top, with lines so wide."""
        terrain, fine = self.terrain, self.fine
        bands, lights = self._pixels()
        line = len(terrain.paints.bands)
        # Without lines between bands only the block is outlined.
        parts = bands if terrain.paints.lines else np.maximum(bands, line)
        edge = _edges(parts, max(1, round(width * fine)))
        np.copyto(bands, line, where=edge)
        place = bands.astype(np.uint16) * SHADES + lights
        packed = terrain.colors(self.projection)[place]
        half = np.uint64(fine * fine // 2 * (1 | 1 << 16 | 1 << 32))
        total = np.full((self.rect.width, self.rect.height), half)
        for i in range(fine):
            for j in range(fine):
                total += packed[i::fine, j::fine]
        pixels = np.full((self.rect.height, self.rect.width, 4), 255, np.uint8)
        for i in range(3):
            part = (total >> np.uint64(16 * i) & np.uint64(0xFFFF)) // np.uint64(fine * fine)
            pixels[..., i] = part.T[::-1]
        return pixels

    def _pixels(self) -> tuple[Bytes, Bytes]:
        """For each column and each row from below: the band, and the step of light."""
        high = self.rect.height * self.fine
        count, samples = self._h.shape
        # Rows whose middle is below the horizon at each sample; each segment shows the next ones.
        below = np.empty((count, samples + 3), np.int32)
        below[:, 0] = 0
        below[:, 1] = np.rint(self._foot)
        below[:, 2:-1] = np.rint(self.horizon)
        below[:, -1] = high
        np.clip(below, 0, high, out=below)
        np.maximum.accumulate(below, axis=1, out=below)
        shown = np.diff(below, axis=1).ravel()
        # Along a segment height and place change evenly with the row.
        start, end = self._up[:, :-1], self._up[:, 1:]
        slope = (start > DEEPEST) / np.maximum(end - start, np.float32(1))
        a = np.empty((count, samples + 2), np.float32)
        b = np.zeros((count, samples + 2), np.float32)
        h = np.nan_to_num(self._h)
        rise = (h[:, 1:] - h[:, :-1]) * slope
        a[:, 0] = a[:, -1] = AIR
        a[:, 1] = self._wall
        a[:, 2:-1] = (h[:, 1:] + rise * (np.float32(0.5) - end) + 1) * KEYS
        b[:, 2:-1] = rise * KEYS
        keys = np.repeat(a.ravel(), shown).reshape(count, high)
        keys += np.repeat(b.ravel(), shown).reshape(count, high) * np.arange(high, dtype=np.float32)
        light = np.full((count, samples + 2), OPEN, np.uint8)
        light[:, 2:-1] = self._light()
        bands = np.full((self.rect.width * self.fine, high), self.terrain.bands[AIR])
        lights = np.full_like(bands, OPEN)
        mine = slice(self._first, self._first + count)
        bands[mine] = self.terrain.bands[keys.astype(np.int16)]
        lights[mine] = np.repeat(light.ravel(), shown).reshape(count, high)
        return bands, lights

    def _light(self) -> Bytes:
        """The step of light of each segment, at its far end."""
        x, y = self._place + self._pace * np.arange(1, self._h.shape[1], dtype=np.float32)
        rows, columns = self.terrain.shape
        at = (y + 0.5).clip(0, rows - 1).astype(np.int32) * columns
        return self.terrain.shade[at + (x + 0.5).clip(0, columns - 1).astype(np.int32)]


def picture(
    terrain: Terrain, projection: Projection, rect: Rect, *, fine: int, samples: int, width: float
) -> Bytes:
    """The pixels of a rectangle, as `Sight.picture` has them, a few columns at a time.

    Their samples then stay in the processor's cache, and no picture needs much memory.
    """
    pixels = np.empty((rect.height, rect.width, 4), np.uint8)
    wide = STRIP // fine
    for left in range(0, rect.width, wide):
        # One more to the left: a line lies between two columns.
        part = replace(rect, left=rect.left + left - 1, width=min(wide, rect.width - left) + 1)
        strip = Sight(terrain, projection, part, fine=fine, samples=samples)
        pixels[:, left : left + wide] = strip.picture(width)[:, 1:]
    return pixels


def _edges(bands: Bytes, wide: int) -> npt.NDArray[np.bool_]:
    """Where a line so many pixels wide lies between two bands."""
    edge = np.zeros(bands.shape, np.bool_)
    for k in range(1, wide + 1):
        edge[k:] |= bands[k:] != bands[:-k]
        edge[:, k:] |= bands[:, k:] != bands[:, :-k]
    return edge
