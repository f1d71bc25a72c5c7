"""The heads of traces in pixels, as far as the timeline must know where they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from optanim.surfaces import Array, Window

STILL = 0.5
"""A head that moves by no more pixels of the unscaled figure is still."""

FAR = 1e6
"""Pixels: heads that are farther out are drawn nearer, so that their differences are finite."""


@dataclass(frozen=True)
class HeadPaths:
    """The heads on a map, at each step.

    A head outside the window is not seen, so it is at one place, whatever it does there.

    Attributes:
        pixels: of each trace, (d, T + 1), from the lower corner of the window.
        size: the sides of the window in pixels, (d,).
        curves: whether there are curves over the steps beside the map.
    """

    pixels: tuple[Array, ...]
    size: Array
    curves: bool = False

    @classmethod
    def in_windows(
        cls, points: Sequence[Array], windows: Sequence[Window], size: Array,
        *, curves: bool = False,
    ) -> HeadPaths:  # fmt: skip
        """The heads of trajectories, (d, T + 1) each, in a window for each, of this size."""
        pixels = []
        for trajectory, window in zip(points, windows, strict=True):
            low, high = np.array(window).T[:, :, None]
            with np.errstate(all="ignore"):
                part = (trajectory - low) / (high - low) * size[:, None]
            pixels.append(np.clip(part, -FAR, FAR))
        return cls(tuple(pixels), size, curves)

    def rest_step(self) -> int:
        """The step from which on each head stays where it ends, to half a pixel."""
        return max(map(self._rest_step, self.pixels), default=0)

    def _rest_step(self, pixels: Array) -> int:
        seen = self._seen(pixels)
        moving = np.linalg.norm(seen - seen[:, -1:], axis=0) > STILL
        return int(np.flatnonzero(moving)[-1]) + 1 if moving.any() else 0

    def at(self, steps: Array) -> Array:
        """The pixels of each head at steps (n,), fractional between two updates: (heads, d, n)."""
        places = [
            [np.interp(steps, np.arange(pixels.shape[1]), side) for side in pixels]
            for pixels in self.pixels
        ]
        return np.stack([self._seen(np.stack(place)) for place in places])

    def _seen(self, pixels: Array) -> Array:
        """The pixels (d, n); those outside the window are one place."""
        inside = ((pixels >= 0) & (pixels <= self.size[:, None])).all(axis=0)
        return np.where(inside, pixels, -FAR)
