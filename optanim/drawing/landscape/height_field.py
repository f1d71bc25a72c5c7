"""A height field: samples of a surface's height on a grid, and the light on it."""

from __future__ import annotations

from copy import copy
from functools import cached_property

import numpy as np
import numpy.typing as npt

from optanim.drawing.landscape.projection import DataBox, Projection
from optanim.drawing.landscape.shading import FLAT_LIGHT, LIGHT_LEVELS, Bytes, Shading
from optanim.surfaces import Array

Singles = npt.NDArray[np.float32]

LIGHT_ELEVATION = 50.0
"""Degrees of the light above the horizon."""

HEIGHT_KEYS = 4096
"""Number of keys for the heights from 0 to 1. A key is an index into `HeightField.bands`, and
height 0 has the key HEIGHT_KEYS."""

BACKGROUND_KEY = 3 * HEIGHT_KEYS
"""The key of pixels beside the box."""

WALL_KEYS = BACKGROUND_KEY + 1, BACKGROUND_KEY + 2
"""The keys of the walls across x and across y."""

SPECIAL_KEYS = 3
"""Number of keys that are no heights."""


class HeightField:
    """Samples of a surface's height on a grid.

    Attributes:
        has_holes: whether some height is NaN.

    Args:
        box: the box around the surface.
        heights: (H, W) in 0 … 1, over the box's sides; NaN is a hole.
        starts: the height where each band begins, (n,), rising from 0.
        shading: the colors.
        light: the azimuth of the light, in degrees.
    """

    def __init__(
        self, box: DataBox, heights: Array, starts: Array, shading: Shading, light: float = -120.0
    ) -> None:
        self.box, self.shading, self.light = box, shading, light
        self.shape = heights.shape
        self._cells = _bilinear_cells(heights.astype(np.float32))
        self._normals = _normals(heights, box)
        self.has_holes = bool(np.isnan(heights).any())
        self._starts = starts
        self.bands = np.empty(BACKGROUND_KEY + SPECIAL_KEYS, np.uint8)
        # Keys below 0 and above 1: on a slope seen nearly edge-on, interpolation may overshoot.
        middles = (np.arange(-HEIGHT_KEYS, 2 * HEIGHT_KEYS) + 0.5) / HEIGHT_KEYS
        bands = np.searchsorted(starts, middles, side="right")
        self.bands[:BACKGROUND_KEY] = bands.clip(1) - 1
        self.bands[BACKGROUND_KEY:] = len(starts) + 1 + np.arange(SPECIAL_KEYS)

    def bands_below(self, heights: Singles) -> Singles:
        """The number of bands below each height; between two starts of bands it rises evenly."""
        key = (np.nan_to_num(heights) if self.has_holes else heights) * np.float32(HEIGHT_KEYS)
        at = key.astype(np.int16).clip(0, HEIGHT_KEYS - 1)
        pairs = self._bands_below.take(at)
        key -= at
        key *= pairs.imag
        key += pairs.real
        return key

    @cached_property
    def _bands_below(self) -> npt.NDArray[np.complex64]:
        """The number of bands below the height of a key, and the step to the next key."""
        heights = np.arange(HEIGHT_KEYS + 1) / HEIGHT_KEYS
        ends, numbers = np.append(self._starts, 1.0), np.arange(len(self._starts) + 1)
        below = np.interp(heights, ends, numbers)
        return (below[:-1] + 1j * np.diff(below)).astype(np.complex64)

    @cached_property
    def light_levels(self) -> Bytes:
        """The light level of each sample, (H · W,)."""
        return self._light_levels(self._normals).ravel()

    def lit_from(self, light: float) -> HeightField:
        """The same height field, lit from another azimuth in degrees."""
        other = copy(self)
        other.light = light
        other.__dict__.pop("light_levels", None)
        return other

    def _light_levels(self, normals: Array | Singles) -> Bytes:
        """The light levels of unit normals, (3, …)."""
        azimuth, elevation = np.radians(self.light), np.radians(LIGHT_ELEVATION)
        sun = np.array([
            np.cos(elevation) * np.cos(azimuth), np.cos(elevation) * np.sin(azimuth),
            np.sin(elevation),
        ])  # fmt: skip
        light = np.einsum("i,i...->...", sun, normals) - sun[2]
        levels = np.rint(light * (LIGHT_LEVELS - 1) + FLAT_LIGHT)
        return np.clip(levels, 0, LIGHT_LEVELS - 1).astype(np.uint8)

    def colors(self, projection: Projection) -> npt.NDArray[np.uint64]:
        """The table of colors, with the light on the two walls that a camera sees."""
        side = np.sign(projection.azimuth_cos_sin)
        normals = np.array([[side[0], 0], [0, side[1]], [0, 0]])
        return self.shading.table(self._light_levels(normals))

    def sample(
        self, x: Singles, y: Singles, precision: type[np.floating] = np.float64
    ) -> tuple[Singles, npt.NDArray[np.int32]]:
        """Heights by bilinear interpolation, and the numbers of cells, at columns x and rows y.

        Args:
            x: columns.
            y: rows.
            precision: in which it is computed; single precision takes half of the time.
        """
        rows, columns = self.shape
        i = np.clip(x, 0, columns - 1.001).astype(np.int32)
        j = np.clip(y, 0, rows - 1.001).astype(np.int32)
        at = j * np.int32(columns) + i
        x, y = x - i.astype(precision), y - j.astype(precision)
        # The four numbers of a cell are together in memory.
        cells = self._cells.take(at).view(np.float32).reshape(*at.shape, 4)
        low = cells[..., 0] + x * cells[..., 1]
        low += y * (cells[..., 2] + x * cells[..., 3])
        return low, at


def _bilinear_cells(z: Singles) -> npt.NDArray[np.complex128]:
    """The height z₀₀ + x a + y (b + x c) in the cell above and right of each sample, (H · W,).

    Each element holds z₀₀, a, b and c as four singles. x and y run from 0 to 1.
    """
    cells = np.zeros((*z.shape, 4), np.float32)
    low, right, above = z[:-1, :-1], z[:-1, 1:], z[1:, :-1]
    inner = cells[:-1, :-1]
    inner[..., 0], inner[..., 1], inner[..., 2] = low, right - low, above - low
    inner[..., 3] = (z[1:, 1:] - above) - (right - low)
    return cells.view(np.complex128).ravel()


def _normals(heights: Array, box: DataBox) -> Singles:
    """Unit normals of the surface at its samples, (3, H, W); vertical at a hole."""
    rows, columns = heights.shape
    width, depth, tall = box.size
    along_y, along_x = np.gradient(heights * tall, depth / (rows - 1), width / (columns - 1))
    slopes = np.nan_to_num(np.stack([-along_x, -along_y, np.ones_like(heights)]))
    slopes[2] = 1
    return (slopes / np.sqrt((slopes**2).sum(axis=0))).astype(np.float32)
