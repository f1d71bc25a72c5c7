"""The colors of a surface, in light and in shadow."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from optanim.drawing.colors import rgb_bytes
from optanim.schema.figure import Theme

Bytes = npt.NDArray[np.uint8]

LIGHT_LEVELS = 20
"""Number of steps from shadow to light. More are hardly seen, and a GIF compresses equal pixels."""

FLAT_LIGHT = 14
"""The light level of horizontal ground, which has the color of its band."""

COVERAGES = 3
"""Number of shares of a line in a pixel of a film, from none to all."""

LINE_INK = 0.2
"""The share of the ink in the color of lines of a dark theme, beside that of contours."""

SHADOW = 0.3
"""The share of the color that is lost at light level 0."""


@dataclass(frozen=True)
class Shading:
    """The colors of a surface in the light of horizontal ground, (3,) uint8 each.

    Attributes:
        bands: the colors of the bands, (n, 3), from the lowest band.
        wall: the color of the walls under the surface's edge.
        background: the color around the box.
        line: the color of lines between bands, and of the outline.
        lines: whether there are lines between bands.
    """

    bands: Bytes
    wall: Bytes
    background: Bytes
    line: Bytes
    lines: bool = True

    def film_colors(self, line_share: float) -> npt.NDArray[np.uint32]:
        """Each band at each light level, with more and more of a line, or of the band above it.

        Args:
            line_share: the largest share of the color of a line.

        Returns:
            (bands · LIGHT_LEVELS · COVERAGES,), four bytes each.
        """
        packed = self.table(np.full(2, FLAT_LIGHT, np.uint8))
        channels = np.stack([packed >> np.uint64(16 * i) & np.uint64(0xFF) for i in range(3)], -1)
        shaded = channels.reshape(-1, LIGHT_LEVELS, 3).astype(np.float64)
        bands, line = shaded[: len(self.bands)], shaded[len(self.bands)]
        over = line[None] if self.lines else np.concatenate([bands[1:], bands[-1:]])
        share = np.linspace(0, line_share if self.lines else 1, COVERAGES)[:, None]
        mixed = bands[:, :, None] + share * (over - bands)[:, :, None]
        colors = np.full((*mixed.shape[:3], 4), 255, np.uint8)
        colors[..., :3] = np.rint(mixed)
        return colors.view("<u4").ravel()

    def table(self, wall_levels: Bytes) -> npt.NDArray[np.uint64]:
        """The color of each band at each light level, then of lines, background and walls.

        Each color is packed with sixteen bits for red, green and blue: the sum of packed colors
        is the packed sum.

        Args:
            wall_levels: the light level of each wall, (2,).
        """
        share = 1 + SHADOW * (np.arange(LIGHT_LEVELS) - FLAT_LIGHT) / FLAT_LIGHT
        shaded = np.multiply.outer(np.concatenate([self.bands, [self.line]]), share)
        # Walls have half of the contrast: they are less important than the surface.
        flat = [self.background, *(self.wall * (share[k] + 1) / 2 for k in wall_levels)]
        colors = np.concatenate(
            [shaded.transpose(0, 2, 1).reshape(-1, 3), np.repeat(flat, LIGHT_LEVELS, axis=0)]
        ).clip(0, 255)
        return np.rint(colors).astype(np.uint64) @ np.array([1, 1 << 16, 1 << 32], np.uint64)


def unpacked(colors: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint32]:
    """Packed colors as four bytes each: red, green, blue and 255."""
    packed = np.full(colors.shape, 0xFF000000, np.uint64)
    for i in range(3):
        packed |= (colors >> np.uint64(16 * i) & np.uint64(0xFF)) << np.uint64(8 * i)
    return packed.astype("<u4")


def shading_of(theme: Theme, bands: int, contours: str) -> Shading:
    """The shading of a theme.

    Args:
        theme: the colors.
        bands: the number of bands, at least 1.
        contours: "both", "labels", "bands", or "lines" on a surface of one color.
    """
    stops = np.array([rgb_bytes(color) for color in theme.bands], np.float64)
    places = np.linspace(0, len(stops) - 1, bands) * (contours != "lines")
    ramp = [np.interp(places, np.arange(len(stops)), channel) for channel in stops.T]
    background, contour = rgb_bytes(theme.background), rgb_bytes(theme.contour)
    # On a dark surface, shadow takes contrast from lines.
    ink = rgb_bytes(theme.ink).astype(np.float64)
    share = LINE_INK if ink.sum() > background.sum() else 0.0
    line = np.rint(contour + share * (ink - contour)).astype(np.uint8)
    # No color of a band: a wall has no loss.
    wall = np.rint(background + (contour - background.astype(np.float64)) / 3).astype(np.uint8)
    colors = np.rint(np.stack(ramp, axis=1)).astype(np.uint8)
    return Shading(colors, wall, background, line, contours != "bands")
