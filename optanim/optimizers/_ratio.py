"""A ratio whose denominator may be 0, for numbers and for arrays of many trajectories."""

from __future__ import annotations

from typing import Any

import numpy as np


def ratio(part: Any, whole: Any) -> Any:
    """The ratio part/whole, and 0 where the whole is 0; each a number, or an array (R,)."""
    if isinstance(whole, float):
        return part / whole if whole else 0.0
    return np.divide(part, whole, out=np.zeros_like(whole), where=whole != 0)
