"""Color scales: the colors of the values of a sweep, and their places on the color bar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log

from optanim.config.sweep import SweptKey

SHADE_COUNT = 64
"""The number of colors of a ramp; an animation has 255 colors in all."""


@dataclass(frozen=True)
class ColorScale:
    """The places of numbers on a color bar, from 0 at the lowest to 1 at the highest.

    Attributes:
        low: the smallest number.
        high: the largest number.
        log: whether the scale is logarithmic.
    """

    low: float
    high: float
    log: bool

    def at(self, value: float) -> float:
        """The place of a number; 0.5 if the scale has only one number."""
        if self.high == self.low:
            return 0.5
        if self.log:
            return log(value / self.low) / log(self.high / self.low)
        # Halves, so that the difference of two large numbers does not overflow.
        return (value / 2 - self.low / 2) / (self.high / 2 - self.low / 2)


def scale_of(numbers: Sequence[float]) -> ColorScale:
    """The scale, linear or logarithmic, on which the numbers are spread most evenly.

    It is logarithmic only for positive numbers that span more than a decade. If both scales are
    equally even, such numbers get the logarithmic one.
    """
    distinct = sorted(set(numbers))
    low, high = distinct[0], distinct[-1]
    if not (low > 0 and high / low > 10):
        return ColorScale(low, high, False)
    scales = [ColorScale(low, high, True), ColorScale(low, high, False)]
    return min(scales, key=lambda scale: _unevenness([scale.at(n) for n in distinct]))


def _unevenness(places: Sequence[float]) -> float:
    """The sum of the squared gaps between rising places; smallest if all gaps are equal."""
    return round(sum((b - a) ** 2 for a, b in pairwise(places)), 9)


def ramp_colors(stops: Sequence[str]) -> tuple[str, ...]:
    """The colors of a ramp as `#RRGGBB`, in even steps between its stops."""
    channels = [[int(stop[i : i + 2], 16) for i in (1, 3, 5)] for stop in stops]
    ramp = []
    for shade in range(SHADE_COUNT):
        position = shade * (len(stops) - 1) / (SHADE_COUNT - 1)
        k = min(int(position), len(stops) - 2)
        pairs = zip(channels[k], channels[k + 1], strict=True)
        ramp.append("#" + "".join(f"{round(a + (position - k) * (b - a)):02X}" for a, b in pairs))
    return tuple(ramp)


def value_colors(key: SweptKey, ramp: Sequence[str], distinct: Sequence[str]) -> tuple[str, ...]:
    """The color of each value of a swept key.

    Args:
        key: its numbers get colors of the ramp; other values get distinct colors.
        ramp: the stops of the ramp, `#RRGGBB`; also used if there are too few distinct colors.
        distinct: colors that are easy to tell apart, `#RRGGBB`.
    """
    count = len(key.values)
    if key.numbers is None and count <= len(distinct):
        return tuple(distinct[:count])
    numbers = key.numbers or tuple(map(float, range(count)))
    scale = scale_of(numbers) if key.numbers else ColorScale(0, count - 1, False)
    table = ramp_colors(ramp)
    return tuple(table[round(scale.at(number) * (SHADE_COUNT - 1))] for number in numbers)
