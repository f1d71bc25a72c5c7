"""The terrain: a landscape as samples, and the light on it."""

from __future__ import annotations

from copy import copy
from functools import cached_property

import numpy as np
import numpy.typing as npt

from optanim.drawing.landscape.projection import DataBox, Projection
from optanim.drawing.landscape.shading import OPEN, SHADES, Bytes, Paints
from optanim.surfaces import Array

Singles = npt.NDArray[np.float32]

SUN = 50.0
"""How high the light stands, in degrees."""

KEYS = 4096
"""Steps of height that have a band each."""

AIR, WALLS, SPECIAL = 3 * KEYS, (3 * KEYS + 1, 3 * KEYS + 2), 3
"""Keys beside those of heights, which begin at KEYS: no landscape, and the block's walls across x
and across y."""


class Terrain:
    """A landscape as samples on a grid over its ground.

    Args:
        box: what it is carved from.
        heights: (H, W) in 0 … 1, over the box's sides; NaN is a hole.
        starts: (n,), the height where each band begins, rising from 0.
        paints: what it is painted with.
        light: where the light stands, in degrees of azimuth.
    """

    def __init__(
        self, box: DataBox, heights: Array, starts: Array, paints: Paints, light: float = -120.0
    ) -> None:
        self.box, self.paints, self.light = box, paints, light
        self.shape = heights.shape
        self.heights = heights.astype(np.float32).ravel()
        self._normals = _normals(heights, box)
        self.bands = np.empty(AIR + SPECIAL, np.uint8)
        # As much room on both sides: where a slope is seen all but end on, a height is a guess.
        middles = (np.arange(-KEYS, 2 * KEYS) + 0.5) / KEYS
        self.bands[:AIR] = np.searchsorted(starts, middles, side="right").clip(1) - 1
        self.bands[AIR:] = len(starts) + 1 + np.arange(SPECIAL)

    @cached_property
    def shade(self) -> Bytes:
        """The step of light of each sample, (H · W,)."""
        return self._lit(self._normals).ravel()

    def lit(self, light: float) -> Terrain:
        """The same terrain, lit from another azimuth."""
        other = copy(self)
        other.light = light
        other.__dict__.pop("shade", None)
        return other

    def _lit(self, normals: Array | Singles) -> Bytes:
        """Normals (3, …) of length 1 as steps of light."""
        turn, rise = np.radians(self.light), np.radians(SUN)
        sun = np.array([np.cos(rise) * np.cos(turn), np.cos(rise) * np.sin(turn), np.sin(rise)])
        light = np.einsum("i,i...->...", sun, normals) - sun[2]
        return np.clip(np.rint(light * (SHADES - 1) + OPEN), 0, SHADES - 1).astype(np.uint8)

    def colors(self, projection: Projection) -> npt.NDArray[np.uint64]:
        """The table of its paints, with the walls that a camera sees in their light."""
        toward = np.sign(projection.turned)
        return self.paints.table(self._lit(np.array([[toward[0], 0], [0, toward[1]], [0, 0]])))

    def sample(self, x: Singles, y: Singles) -> Singles:
        """Heights between the samples, at places counted in columns and rows."""
        rows, columns = self.shape
        i = np.clip(x, 0, columns - 1.001).astype(np.int32)
        j = np.clip(y, 0, rows - 1.001).astype(np.int32)
        x, y, at, z = x - i, y - j, j * columns + i, self.heights
        low = z[at] + x * (z[at + 1] - z[at])
        high = z[at + columns] + x * (z[at + columns + 1] - z[at + columns])
        return low + y * (high - low)


def _normals(heights: Array, box: DataBox) -> Singles:
    """Unit normals of the surface over its grid, (3, H, W); upright at a hole."""
    rows, columns = heights.shape
    width, depth, tall = box.size
    along_y, along_x = np.gradient(heights * tall, depth / (rows - 1), width / (columns - 1))
    slopes = np.nan_to_num(np.stack([-along_x, -along_y, np.ones_like(heights)]))
    slopes[2] = 1
    return (slopes / np.sqrt((slopes**2).sum(axis=0))).astype(np.float32)
