"""Fewer shades: what stands still is drawn with as many colors as an eye can tell apart.

Antialiasing gives an edge up to 256 shades, and LZW finds no two pixels of it alike. With shades a
few steps apart the first frame of an animation takes a half to two thirds of the bytes.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from optanim.drawing.pixels import RGB, packed, points, sparse

TOLERANCE = 4
"""So far, of 255 in each of red, green and blue, may a color move."""

AREA = 8
"""A color that fills so many squares of 2 × 2 pixels is an area, not an edge, and stays exact."""


def fewer_shades(pixels: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """The picture with each color of an edge put to a frequent one at most TOLERANCE away.

    Args:
        pixels: (height, width, 4) uint8, opaque.

    Returns:
        A new array of the same shape; colors that fill an area are exactly as before.
    """
    screen = packed(pixels) & RGB
    keys, count = np.unique(screen, return_counts=True)
    place = sparse(np.uint32)
    place[keys] = np.arange(len(keys))
    corner = screen[:-1, :-1]
    square = (corner == screen[1:, :-1]) & (corner == screen[:-1, 1:]) & (corner == screen[1:, 1:])
    area = np.bincount(place[corner[square]], minlength=len(keys)) >= AREA
    colors = points(keys)
    kept = np.empty_like(colors)
    chosen = 0
    for i in np.lexsort((-count, ~area)):
        if chosen and not area[i]:
            away = np.abs(kept[:chosen] - colors[i]).max(axis=1)
            if away.min() <= TOLERANCE:
                colors[i] = kept[away.argmin()]
                continue
        kept[chosen] = colors[i]
        chosen += 1
    opaque = np.full((len(keys), 4), 255, np.uint8)
    opaque[:, :3] = colors
    return packed(opaque)[place[screen]].view(np.uint8).reshape(pixels.shape)
