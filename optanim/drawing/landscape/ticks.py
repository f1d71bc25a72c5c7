"""Round numbers along an axis, and how to write them."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil, floor, log10

import numpy as np


def even(low: float, high: float, most: int) -> list[float]:
    """Multiples of 1, 2 or 5 times a power of ten in a range, at most so many and at least one."""
    rough = max((high - low) / max(most, 1), 1e-300)
    power = 10.0 ** floor(log10(rough))
    for step in (1 * power, 2 * power, 5 * power, 10 * power, 20 * power):
        first, last = ceil(low / step - 1e-9), floor(high / step + 1e-9)
        if last - first < most:
            break
    # Divided and not multiplied, where the step is a fraction: 0.3 and not 0.30000000000000004.
    shrink = round(1 / step) if step < 1 else 0
    return [k / shrink if shrink else k * step for k in range(first, last + 1)]


def apart(low: float, high: float, place: Callable[[float], float], most: int) -> list[float]:
    """The roundest numbers whose places on an axis, 0 to 1, are far enough from one another."""
    top = ceil(log10(max(abs(low), abs(high))))
    bottom = max(floor(log10(high - low)) - 12, top - 300)
    powers = [10.0**k for k in range(top, bottom - 1, -1)]
    chosen: dict[float, float] = {}
    for number in [0.0, *(sign * n * p for n in (1, 5, 2) for p in powers for sign in (1, -1))]:
        if low <= number <= high and len(chosen) < most:
            at = place(number)
            if (
                np.abs(np.array([at - other for other in chosen.values()])).min(initial=1)
                >= 0.8 / most
            ):
                chosen[number] = at
    return sorted(chosen)
