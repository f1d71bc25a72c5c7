"""Colors of a theme as bytes."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from matplotlib.colors import to_rgb


def rgb_bytes(color: str) -> npt.NDArray[np.uint8]:
    """Red, green and blue of a color `#RRGGBB`, (3,), from 0 to 255."""
    return np.rint(255 * np.array(to_rgb(color))).astype(np.uint8)
