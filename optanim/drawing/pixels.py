"""Pixels as numbers: a color in one number, and the colors that there are."""

from __future__ import annotations

from mmap import mmap
from typing import Any

import numpy as np
import numpy.typing as npt

Points = npt.NDArray[np.float32]
"""Colors as points, (n, 3): red, green and blue, whole numbers from 0 to 255."""


Packed = npt.NDArray[np.uint32]
"""Colors as R + 256 G + 65536 B; above that an alpha, which nobody reads."""


RGB = 0xFFFFFF


def sparse(kind: type[np.unsignedinteger]) -> npt.NDArray[Any]:
    """A zero for every packed color; the system gives memory only for what is touched.

    numpy's own zeros come in pages of 2 MB, and colors are strewn over all of them.
    """
    return np.frombuffer(mmap(-1, (RGB + 1) * np.dtype(kind).itemsize), kind)


def packed(pixels: npt.NDArray[np.uint8]) -> Packed:
    """(…, 4) pixels as (…) colors; not a copy."""
    return np.ascontiguousarray(pixels).view("<u4")[..., 0]


def points(keys: npt.NDArray[np.integer]) -> Points:
    """Packed colors, (n,), as points, (n, 3)."""
    return np.stack([keys >> shift & 255 for shift in (0, 8, 16)], axis=-1).astype(np.float32)
