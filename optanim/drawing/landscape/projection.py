"""An orthographic camera: points of a box become pixels."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import product

import numpy as np

from optanim.surfaces import Array, Window

BOX_HEIGHT = 0.45
"""The height of a box; its longer side is 1."""

MAX_ASPECT = 1.6
"""The largest ratio of the longer side to the shorter one."""


@dataclass(frozen=True)
class DataBox:
    """The box around the drawn part of a surface.

    Its longer side is 1, and the origin is the middle of its floor.

    Attributes:
        sides: the window, (low, high) of each of the two parameters.
    """

    sides: Window

    @cached_property
    def size(self) -> Array:
        """The lengths of its edges, (3,)."""
        width, depth = (high - low for low, high in self.sides)
        ratio = float(np.clip(width / depth, 1 / MAX_ASPECT, MAX_ASPECT))
        return np.array([min(ratio, 1.0), min(1 / ratio, 1.0), BOX_HEIGHT])

    def place(self, points: Array, heights: Array) -> Array:
        """Parameters (2, N) and heights (N,) in 0 … 1 as points of the box, (3, N)."""
        low, high = np.array(self.sides).T[:, :, None]
        # Halves, because a window may be as wide as the largest numbers.
        floor = (points / 2 - low / 2) / (high / 2 - low / 2) - 0.5
        return np.concatenate([floor, heights[None]]) * self.size[:, None]

    @cached_property
    def corners(self) -> Array:
        """All eight corners, (3, 8); those with even index are on the floor."""
        ends = np.array(list(product((-0.5, 0.5), (-0.5, 0.5), (0, 1))), np.float64)
        return ends.T * self.size[:, None]


@dataclass(frozen=True)
class Projection:
    """An orthographic camera; the z axis is vertical in the picture.

    At azimuth α and elevation ε, the coordinates to the right, away from the camera along the
    floor, and upward in the picture are

        r = −x sin α + y cos α
        d = −x cos α − y sin α
        u = d sin ε + z cos ε

    The angles are those of matplotlib's `view_init`: at α = −90° x points to the right and y away.

    Attributes:
        azimuth: where the camera stands, in degrees from x towards y.
        elevation: degrees above the horizon; at 90 the camera looks straight down.
        scale: pixels per unit of the box.
        middle: the pixel of the middle of the floor, from the bottom left.
    """

    azimuth: float
    elevation: float
    scale: float = 1.0
    middle: tuple[float, float] = (0.0, 0.0)

    @cached_property
    def azimuth_cos_sin(self) -> tuple[float, float]:
        """Cosine and sine of the azimuth."""
        return float(np.cos(np.radians(self.azimuth))), float(np.sin(np.radians(self.azimuth)))

    @cached_property
    def elevation_cos_sin(self) -> tuple[float, float]:
        """Cosine and sine of the elevation."""
        return float(np.cos(np.radians(self.elevation))), float(np.sin(np.radians(self.elevation)))

    def depth(self, points: Array) -> Array:
        """Distances, (N,), of points of the box, (3, N), behind its middle, along the floor."""
        cos, sin = self.azimuth_cos_sin
        return -cos * points[0] - sin * points[1]

    def pixels(self, points: Array) -> Array:
        """Points of the box, (3, N), as pixels, (N, 2), from the bottom left."""
        (cos, sin), (flat, steep) = self.azimuth_cos_sin, self.elevation_cos_sin
        right = cos * points[1] - sin * points[0]
        up = steep * self.depth(points) + flat * points[2]
        pixels = np.empty((len(right), 2))
        pixels[:, 0] = right * self.scale + self.middle[0]
        pixels[:, 1] = up * self.scale + self.middle[1]
        return pixels
