"""Paints: the colors of a landscape, in light and in shadow."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from optanim.schema.figure import Theme

Bytes = npt.NDArray[np.uint8]

SHADES = 20
"""Steps of light and shadow: GIF's compression lives on equal pixels, and more are hardly seen."""

OPEN = 14
"""The step of light of open ground: it has the color of its band, slopes are darker or lighter."""

DEEP = 0.3
"""How much darker than the open ground what faces away from the light is."""


@dataclass(frozen=True)
class Paints:
    """The colors of a terrain, (3,) uint8 each, in the light of the open ground.

    Attributes:
        bands: (n, 3), from the lowest.
        wall: of the block.
        air: around it.
        line: between two bands, and around the block.
        lines: whether there are any between bands.
    """

    bands: Bytes
    wall: Bytes
    air: Bytes
    line: Bytes
    lines: bool = True

    def table(self, walls: Bytes) -> npt.NDArray[np.uint64]:
        """The color of each band in each light, then of lines, air and walls, packed.

        Sixteen bits for each of red, green and blue: sums of such numbers are sums of colors.

        Args:
            walls: the step of light of each.
        """
        share = 1 + DEEP * (np.arange(SHADES) - OPEN) / OPEN
        shaded = np.multiply.outer(np.concatenate([self.bands, [self.line]]), share)
        # Walls are there to stand on: half as much light and shadow as on the surface.
        flat = [self.air, *(self.wall * (share[w] + 1) / 2 for w in walls)]
        every = np.concatenate(
            [shaded.transpose(0, 2, 1).reshape(-1, 3), np.repeat(flat, SHADES, axis=0)]
        ).clip(0, 255)
        return np.rint(every).astype(np.uint64) @ np.array([1, 1 << 16, 1 << 32], np.uint64)


def painted(theme: Theme, bands: int, contours: str) -> Paints:
    """The paints of a theme for so many bands.

    Args:
        theme: the colors.
        bands: how many there are, at least 1.
        contours: "both", "bands", or "lines" on a surface of one color.
    """
    stops = np.array([_rgb(color) for color in theme.bands], np.float64)
    place = np.linspace(0, len(stops) - 1, bands) * (contours != "lines")
    ramp = [np.interp(place, np.arange(len(stops)), part) for part in stops.T]
    air, line = _rgb(theme.background), _rgb(theme.contour)
    # Not of the bands' colors: a wall has no loss.
    wall = np.rint(air + (line - air.astype(np.float64)) / 3).astype(np.uint8)
    return Paints(
        np.rint(np.stack(ramp, axis=1)).astype(np.uint8), wall, air, line, contours != "bands"
    )


def _rgb(color: str) -> Bytes:
    return np.array([int(color[i : i + 2], 16) for i in (1, 3, 5)], np.uint8)
