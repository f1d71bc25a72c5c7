"""Fewer colors in the backdrop, without a visible difference.

Antialiasing gives an edge up to 256 shades, so that LZW finds few equal pixels. With shades a few
steps apart the first frame of an animation has a half to two thirds of the bytes.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from optanim.drawing.pixels import RGB_MASK, RgbPoints, pack_rgb, rgb_points, zeros_by_color

MAX_SHIFT = 4
"""The largest change of red, green or blue, of 255."""

MIN_AREA_SQUARES = 8
"""A color that fills this number of squares of 2 × 2 pixels is an area, and stays exact."""


def reduce_colors(pixels: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """The picture with each color of an edge replaced by a frequent one near it.

    Args:
        pixels: (height, width, 4) uint8, opaque.

    Returns:
        A new array of the same shape. Colors that fill an area are not changed.
    """
    screen = pack_rgb(pixels) & RGB_MASK
    keys, count = np.unique(screen, return_counts=True)
    index = zeros_by_color(np.uint32)
    index[keys] = np.arange(len(keys))
    corner = screen[:-1, :-1]
    square = (corner == screen[1:, :-1]) & (corner == screen[:-1, 1:]) & (corner == screen[1:, 1:])
    squares = np.bincount(index[corner[square]], minlength=len(keys))
    area = squares >= MIN_AREA_SQUARES
    order = np.lexsort((-count, ~area))
    colors = rgb_points(keys)
    colors[order] = _with_frequent_ones(colors[order], int(area.sum()))
    opaque = np.full((len(keys), 4), 255, np.uint8)
    opaque[:, :3] = colors
    return pack_rgb(opaque)[index[screen]].view(np.uint8).reshape(pixels.shape)


def _with_frequent_ones(colors: RgbPoints, area_count: int) -> RgbPoints:
    """Colors of which each is kept, or is replaced by the nearest that was kept before it.

    Args:
        colors: (n, 3), the first are kept in any case.
        area_count: the number of these.
    """
    channels = colors.T.astype(np.int16, order="C")
    shift = np.full(len(colors), MAX_SHIFT + 1, channels.dtype)
    nearest = np.arange(len(colors))
    kept = 0
    while kept < len(colors):
        later = slice(kept + 1, None)
        change = np.abs(channels[:, later] - channels[:, kept, None]).max(axis=0)
        nearer = change < shift[later]
        shift[later][nearer] = change[nearer]
        nearest[later][nearer] = kept
        kept += 1
        if kept >= area_count:
            far = shift[kept:] > MAX_SHIFT
            kept += int(far.argmax()) if far.any() else len(far)
    nearest[:area_count] = np.arange(area_count)
    return colors[nearest]
