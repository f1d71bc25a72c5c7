"""Which points of a surface a camera sees, and the pixels of the picture.

Each column of pixels shows one line over the floor, from its near edge to the far one. A point on
it is visible if it is higher in the picture than all points before it: the floating horizon
(Wright 1973, "A two-space solution to the hidden line problem for plotting functions of two
variables"). Below the near edge is a wall.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from optanim.drawing.landscape.height_field import (
    BACKGROUND_KEY,
    HEIGHT_KEYS,
    WALL_KEYS,
    HeightField,
    Singles,
)
from optanim.drawing.landscape.projection import Projection
from optanim.drawing.landscape.shading import FLAT_LIGHT, LIGHT_LEVELS, Bytes
from optanim.drawing.pixel_boxes import Rect
from optanim.surfaces import Array

BELOW_PICTURE = np.float32(-1e9)
"""A row below any picture; a hole is lower still."""

STRIP_WIDTH = 144
"""Subpixel columns that are rendered at a time."""

HORIZON_TOLERANCE = 2.0
"""Pixels of the default figure: a point so little below the horizon is still visible."""


class Visibility:
    """A height field seen by one camera.

    Columns are those that the box covers. Rows and columns of the picture count in subpixels, from
    the bottom left of the rectangle.

    Attributes:
        first: the first column.
        wall: the key of the wall in each column, (columns,).
        foot: the row of the near edge's floor, (columns,); below it and above the wall's foot is
            the wall.
        heights: of the samples from the near edge to the far one, (columns, samples).
        cells: their cells of the height field, as by `HeightField.sample`.
        up: the row of each sample.
        horizon: the highest row up to each sample.

    Args:
        field: the surface.
        projection: the camera.
        rect: the pixels that show it.
        subpixels: columns and rows within a pixel.
        samples: the number of heights sampled along a column.
        precision: in which heights are computed.
    """

    def __init__(
        self, field: HeightField, projection: Projection, rect: Rect, *, subpixels: int,
        samples: int, precision: type[np.floating] = np.float64,
    ) -> None:  # fmt: skip
        self.field, self.projection, self.rect = field, projection, rect
        self.subpixels = subpixels
        (cos, sin), (flat, steep) = projection.azimuth_cos_sin, projection.elevation_cos_sin
        width, depth, tall = field.box.size
        # The depths at which the line of each column enters and leaves the floor.
        u = (np.arange(rect.width * subpixels) + 0.5) / subpixels
        u = u + rect.left - projection.middle[0]
        u /= projection.scale
        cos, sin = (part if abs(part) > 1e-9 else 1e-9 for part in (cos, sin))
        across_x = np.sort([(-side * width / 2 - u * sin) / cos for side in (-1, 1)], axis=0)
        across_y = np.sort([(-side * depth / 2 + u * cos) / sin for side in (-1, 1)], axis=0)
        near = np.maximum(across_x[0], across_y[0])
        far = np.minimum(across_x[1], across_y[1])
        hit = np.flatnonzero(far > near)
        u, near, far = u[hit], near[hit], far[hit]
        self.first = int(hit[0]) if len(hit) else 0
        self.wall = np.where(across_x[0] > across_y[0], *WALL_KEYS)[hit]
        self._near, self._spacing = near, (far - near) / (samples - 1)
        # In columns and rows of the grid: the first sample, and the move from one to the next.
        rows, columns = field.shape
        first = np.array([-sin * u - cos * near, cos * u - sin * near])
        move = np.array([-cos, -sin])[:, None] * self._spacing
        size, counts = np.array([[width], [depth]]), np.array([[columns - 1], [rows - 1]])
        origin = ((first / size + 0.5) * counts).astype(np.float32)[:, :, None]
        move = (move / size * counts).astype(np.float32)[:, :, None]
        index = np.arange(samples, dtype=np.float32)
        x, y = origin + move * index
        self.heights, self.cells = field.sample(x, y, precision)
        floor = (near[:, None] + self._spacing[:, None] * index) * steep
        unit = projection.scale * subpixels
        up = (floor * unit + (projection.middle[1] - rect.bottom) * subpixels).astype(np.float32)
        self.foot = up[:, 0].copy()
        up += self.heights * np.float32(tall * flat * unit)
        if field.has_holes:
            up[np.isnan(up)] = 2 * BELOW_PICTURE
        self.up = up
        self.horizon = np.maximum.accumulate(self.up, axis=1)

    def visible(self, points: Array, unit: float) -> npt.NDArray[np.bool_]:
        """Whether each of the points of the box, (3, N), is visible.

        Args:
            points: on the surface.
            unit: pixels per pixel of the default figure.
        """
        x, y = self.projection.pixels(points).T
        column = np.rint((x - self.rect.left) * self.subpixels - 0.5).astype(int) - self.first
        column = column.clip(0, len(self._near) - 1)
        index = (self.projection.depth(points) - self._near[column]) / self._spacing[column]
        before = index.clip(0, self.horizon.shape[1] - 1).astype(int)
        up = (y - self.rect.bottom + HORIZON_TOLERANCE * unit) * self.subpixels
        return np.asarray(up >= self.horizon[column, before])

    def render(self, line_width: float) -> Bytes:
        """The pixels of the rectangle, (height, width, 4) from the top.

        Args:
            line_width: of the lines between bands, in pixels.
        """
        field, n = self.field, self.subpixels
        bands, lights = self._bands_and_lights()
        line = len(field.shading.bands)
        # Without lines between bands only the box is outlined.
        areas = bands if field.shading.lines else np.maximum(bands, line)
        np.copyto(bands, line, where=_edges(areas, max(1, round(line_width * n))))
        packed = field.colors(self.projection)[bands.astype(np.uint16) * LIGHT_LEVELS + lights]
        half = np.uint64(n * n // 2 * (1 | 1 << 16 | 1 << 32))
        total = np.full((self.rect.width, self.rect.height), half)
        for i in range(n):
            for j in range(n):
                total += packed[i::n, j::n]
        pixels = np.full((self.rect.height, self.rect.width, 4), 255, np.uint8)
        for i in range(3):
            channel = (total >> np.uint64(16 * i) & np.uint64(0xFFFF)) // np.uint64(n * n)
            pixels[..., i] = channel.T[::-1]
        return pixels

    def row_counts(self) -> npt.NDArray[np.int32]:
        """The number of rows that show each segment, (columns, samples + 2).

        A segment is what lies between two samples. The first one is the background below the box,
        the second one the wall, and the last one the background above.
        """
        height = self.rect.height * self.subpixels
        count, samples = self.heights.shape
        # The number of rows whose middle is below the horizon at each sample.
        below = np.empty((count, samples + 3), np.int32)
        below[:, 0] = 0
        below[:, 1] = np.rint(self.foot)
        np.rint(self.horizon, out=below[:, 2:-1], casting="unsafe")
        below[:, -1] = height
        np.clip(below, 0, height, out=below)
        np.maximum(below[:, 2:], below[:, 1:2], out=below[:, 2:])
        return np.diff(below, axis=1)

    def along_rows(self, values: Singles) -> tuple[Singles, Singles]:
        """The value in the middle of row i of each segment of the surface, a + i b, as a and b.

        Args:
            values: at the samples, (columns, samples), which are linear along a segment.

        Returns:
            Two arrays (columns, samples - 1); b is 0 where no surface is.
        """
        begin, end = self.up[:, :-1], self.up[:, 1:]
        if self.field.has_holes:
            values = np.nan_to_num(values)
        rise = np.diff(values, axis=1)
        rise *= (begin > BELOW_PICTURE) / np.maximum(end - begin, np.float32(1))
        return values[:, 1:] + rise * (np.float32(0.5) - end), rise

    def _bands_and_lights(self) -> tuple[Bytes, Bytes]:
        """The band and the light level of each subpixel, (columns, rows) each, from the bottom."""
        height = self.rect.height * self.subpixels
        count, samples = self.heights.shape
        row_counts = self.row_counts().ravel()
        # The value in the middle of row i, a + i b, as a + b j.
        lines = np.full((count, samples + 2), BACKGROUND_KEY, np.complex64)
        lines[:, 1] = self.wall
        lines.real[:, 2:-1], lines.imag[:, 2:-1] = self.along_rows(
            (self.heights + 1) * np.float32(HEIGHT_KEYS)
        )
        segments = np.repeat(lines.ravel(), row_counts).reshape(count, height)
        keys = segments.imag * np.arange(height, dtype=np.float32)
        keys += segments.real
        levels = np.full((count, samples + 2), FLAT_LIGHT, np.uint8)
        levels[:, 2:-1] = self.field.light_levels[self.cells[:, 1:]]
        width = self.rect.width * self.subpixels
        bands = np.full((width, height), self.field.bands[BACKGROUND_KEY])
        lights = np.full_like(bands, FLAT_LIGHT)
        columns = slice(self.first, self.first + count)
        bands[columns] = self.field.bands[keys.astype(np.int16)]
        lights[columns] = np.repeat(levels.ravel(), row_counts).reshape(count, height)
        return bands, lights


def render_surface(
    field: HeightField, projection: Projection, rect: Rect, *, subpixels: int, samples: int,
    line_width: float,
) -> Bytes:  # fmt: skip
    """The pixels of a rectangle, as by `Visibility.render`, in strips of a few columns.

    The samples of a strip fit into the processor's cache, and the memory needed is small.
    """
    pixels = np.empty((rect.height, rect.width, 4), np.uint8)
    width = STRIP_WIDTH // subpixels
    for left in range(0, rect.width, width):
        # One more column at the left, because a line lies between two columns.
        part = replace(rect, left=rect.left + left - 1, width=min(width, rect.width - left) + 1)
        strip = Visibility(field, projection, part, subpixels=subpixels, samples=samples)
        pixels[:, left : left + width] = strip.render(line_width)[:, 1:]
    return pixels


def _edges(areas: Bytes, width: int) -> npt.NDArray[np.bool_]:
    """Whether a line of a width in subpixels, between two areas, covers each subpixel."""
    edge = np.zeros(areas.shape, np.bool_)
    for k in range(1, width + 1):
        edge[k:] |= areas[k:] != areas[:-k]
        edge[:, k:] |= areas[:, k:] != areas[:, :-k]
    return edge
