"""Numbers that stand for no value, as −99.99 and 9999 in files of measurements."""

from __future__ import annotations

import re

import numpy as np

from optanim.surfaces._surface import Array

NINES = re.compile(r"-?9{2,}(\.9*|\.0)?")
"""How such numbers are written: nines only."""


def sentinel_in(values: Array) -> tuple[float, int, tuple[float, float]] | None:
    """A number of nines that is farther from all others than these are from each other.

    Args:
        values: of a column, (n,).

    Returns:
        The number, how often it occurs, and the range of the others; None if there is none, or no
        others.
    """
    for value in (float(values.min()), float(values.max())):
        others = values[values != value]
        if not NINES.fullmatch(repr(value)) or not len(others):
            continue
        low, high = float(others.min()), float(others.max())
        if np.abs(others - value).min() > high - low:
            return value, int((values == value).sum()), (low, high)
    return None
