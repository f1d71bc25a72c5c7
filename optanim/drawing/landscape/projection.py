"""A camera far away: points of a landscape as pixels, and how deep they lie behind them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np

from optanim.surfaces import Array, Window

TALL = 0.45
"""The height of a landscape, its longer side being 1."""

LONGEST = 1.6
"""So many times the shorter side is the longer one at most: all of it is to be seen."""


@dataclass(frozen=True)
class DataBox:
    """The block that a landscape is carved from, its longer side 1, on the middle of the ground.

    Attributes:
        sides: the window, (low, high) of each of the two parameters.
    """

    sides: Window

    @property
    def size(self) -> Array:
        """The lengths of its edges, (3,)."""
        width, depth = (high - low for low, high in self.sides)
        ratio = float(np.clip(width / depth, 1 / LONGEST, LONGEST))
        return np.array([min(ratio, 1.0), min(1 / ratio, 1.0), TALL])

    def place(self, points: Array, heights: Array) -> Array:
        """Parameters (2, N) and heights (N,) in 0 … 1 as points of the box, (3, N)."""
        low, high = np.array(self.sides).T[:, :, None]
        # Halves: a window may be as wide as the largest numbers.
        ground = (points / 2 - low / 2) / (high / 2 - low / 2) - 0.5
        return np.concatenate([ground, heights[None]]) * self.size[:, None]

    @property
    def corners(self) -> Array:
        """All eight, (3, 8)."""
        ends = np.array(list(product((-0.5, 0.5), (-0.5, 0.5), (0, 1))), np.float64)
        return ends.T * self.size[:, None]


@dataclass(frozen=True)
class Projection:
    """An orthographic camera, its upright upright in the picture.

    Right, up and away from the camera at azimuth α and elevation ε are

        r = −x sin α + y cos α
        d = −x cos α − y sin α
        u = d sin ε + z cos ε

    as matplotlib's `view_init` counts them: at α = −90° x points to the right and y away.

    Attributes:
        azimuth: where the camera stands, in degrees from x towards y.
        elevation: how high above the horizon, in degrees; 90 looks straight down.
        scale: pixels of a unit of the box.
        middle: the pixel of the middle of the ground, from the bottom left.
    """

    azimuth: float
    elevation: float
    scale: float = 1.0
    middle: tuple[float, float] = (0.0, 0.0)

    @property
    def turned(self) -> tuple[float, float]:
        """Cosine and sine of the azimuth."""
        return float(np.cos(np.radians(self.azimuth))), float(np.sin(np.radians(self.azimuth)))

    @property
    def tilted(self) -> tuple[float, float]:
        """Cosine and sine of the elevation."""
        return float(np.cos(np.radians(self.elevation))), float(np.sin(np.radians(self.elevation)))

    def depth(self, points: Array) -> Array:
        """How far points of the box, (3, N), are behind the middle, along the ground: (N,)."""
        cos, sin = self.turned
        return -cos * points[0] - sin * points[1]

    def pixels(self, points: Array) -> Array:
        """Points of the box, (3, N), as pixels, (N, 2), the origin at the bottom left."""
        (cos, sin), (flat, steep) = self.turned, self.tilted
        right = cos * points[1] - sin * points[0]
        up = steep * self.depth(points) + flat * points[2]
        return np.stack([right, up], axis=1) * self.scale + np.array(self.middle)
