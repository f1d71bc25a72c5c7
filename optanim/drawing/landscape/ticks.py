"""Round numbers for the ticks of an axis."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil, floor, log10

import numpy as np


def even_ticks(low: float, high: float, max_count: int) -> list[float]:
    """Multiples of 1, 2 or 5 times a power of ten from low to high, at least one of them."""
    rough = max((high - low) / max(max_count, 1), 1e-300)
    power = 10.0 ** floor(log10(rough))
    for step in (1 * power, 2 * power, 5 * power, 10 * power, 20 * power):
        first, last = ceil(low / step - 1e-9), floor(high / step + 1e-9)
        if last - first < max_count:
            break
    # A division is exact where the step is a fraction: 0.3, not 0.30000000000000004.
    divisor = round(1 / step) if step < 1 else 0
    return [k / divisor if divisor else k * step for k in range(first, last + 1)]


def spaced_ticks(
    low: float, high: float, place: Callable[[float], float], max_count: int
) -> list[float]:
    """Round numbers from low to high, the roundest first chosen, with room between them.

    Args:
        low: the least number.
        high: the greatest number.
        place: a number -> its place on the axis, from 0 to 1.
        max_count: the largest number of ticks; two are at least 0.8 / max_count apart.
    """
    top = ceil(log10(max(abs(low), abs(high))))
    bottom = max(floor(log10(high - low)) - 12, top - 300)
    powers = [10.0**k for k in range(top, bottom - 1, -1)]
    places: dict[float, float] = {}
    for number in [0.0, *(sign * n * p for n in (1, 5, 2) for p in powers for sign in (1, -1))]:
        if low <= number <= high and len(places) < max_count:
            at = place(number)
            gaps = np.abs(np.array([at - other for other in places.values()]))
            if gaps.min(initial=1) >= 0.8 / max_count:
                places[number] = at
    return sorted(places)
