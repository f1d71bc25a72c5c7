"""Colors packed into one number each."""

from __future__ import annotations

from mmap import mmap
from typing import Any

import numpy as np
import numpy.typing as npt

RgbPoints = npt.NDArray[np.float32]
"""Colors as points, (n, 3): red, green and blue, whole numbers from 0 to 255."""

PackedColors = npt.NDArray[np.uint32]
"""Colors as R + 256 G + 65536 B; the highest byte is alpha, and is not used."""

RGB_MASK = 0xFFFFFF
"""The mask of the three bytes of a packed color, and the largest one."""


def zeros_by_color(kind: type[np.unsignedinteger]) -> npt.NDArray[Any]:
    """An array of zeros with an element for every packed color.

    The system allocates memory only for the pages that are used. The zeros of numpy come in pages
    of 2 MB, and the colors of a picture are in most of these.
    """
    return np.frombuffer(mmap(-1, (RGB_MASK + 1) * np.dtype(kind).itemsize), kind)


def pack_rgb(pixels: npt.NDArray[np.uint8]) -> PackedColors:
    """Pixels (…, 4) as packed colors (…), if possible without a copy."""
    return np.ascontiguousarray(pixels).view("<u4")[..., 0]


def rgb_points(keys: npt.NDArray[np.integer]) -> RgbPoints:
    """Packed colors, (n,), as points, (n, 3)."""
    return np.stack([keys >> shift & 255 for shift in (0, 8, 16)], axis=-1).astype(np.float32)
