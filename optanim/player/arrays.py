"""Arrays as JSON: short ones as numbers, long ones as bytes in base64."""

from __future__ import annotations

import base64
from typing import Any

import numpy as np
import numpy.typing as npt

MAX_LISTED = 16
"""Length up to which an array is a list of numbers."""

FLOAT32 = np.finfo(np.float32)


def encoded(values: npt.ArrayLike) -> Any:
    """An array (n,) as JSON; NaN is no value, and infinite values are not kept.

    A list of numbers, `{"f4": …}` or `{"f8": …}`: little-endian bytes in base64. Single precision
    is used if no value is too large or too small for it.
    """
    array = np.asarray(values, dtype=np.float64)
    array = np.where(np.isfinite(array), array, np.nan)
    if len(array) <= MAX_LISTED and not np.isnan(array).any():
        return [int(v) if v == int(v) and abs(v) < 1e15 else float(f"{v:.9g}") for v in array]
    sizes = np.abs(array[array != 0])
    small = not (sizes > FLOAT32.max).any() and not (sizes < FLOAT32.tiny).any()
    kind = "f4" if small else "f8"
    return {kind: base64.b64encode(array.astype(f"<{kind}").tobytes()).decode()}


def encoded_pixels(values: npt.ArrayLike) -> Any:
    """Pixels (n,) in steps of 1/32 where they fit into 16 bits, otherwise as `encoded`."""
    array = np.asarray(values, dtype=np.float64)
    if len(array) <= MAX_LISTED or not np.isfinite(array).all() or np.abs(array).max() > 1000:
        return encoded(array)
    return {
        "i2": base64.b64encode(np.rint(32 * array).astype("<i2").tobytes()).decode(), "k": 1 / 32
    }  # fmt: skip
