"""Pictures that a browser shows, compared with those that optanim has painted."""

from __future__ import annotations

import io

import numpy as np
import numpy.typing as npt
from PIL import Image

Pixels = npt.NDArray[np.float64]

BLOCK = 8
"""Pixels of a side of the blocks whose colors are compared: letters have other edges there."""


def pixels(png: bytes) -> Pixels:
    """The pixels of a PNG, (height, width, 3), from 0 to 255."""
    with Image.open(io.BytesIO(png)) as picture:
        return np.asarray(picture.convert("RGB")).astype(np.float64)


def difference(seen: Pixels, painted: Pixels) -> float:
    """The largest difference between the colors of blocks of two pictures, from 0 to 255.

    Args:
        seen: (h, w, 3); it is scaled to the size of the other.
        painted: (height, width, 3).
    """
    height, width = (side // BLOCK for side in painted.shape[:2])
    both = [
        Image.fromarray(picture.astype(np.uint8))
        .resize(painted.shape[1::-1])
        .resize((width, height), Image.Resampling.BOX)
        for picture in (seen, painted)
    ]
    first, second = (np.asarray(picture).astype(np.float64) for picture in both)
    return float(np.abs(first - second).max())
