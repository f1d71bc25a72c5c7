"""Colors for the values of a sweep: where a number stands on a scale, and its color there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log

from optanim.config.sweep import Swept

SHADES = 64
"""So many colors tell the values of a key at most: an animation has 255 for all it shows."""


@dataclass(frozen=True)
class ColorScale:
    """Where numbers stand on a bar, from 0 at the lowest to 1 at the highest.

    Attributes:
        low: the least number.
        high: the greatest.
        log: whether equal factors are equally far apart, in place of equal differences.
    """

    low: float
    high: float
    log: bool

    def at(self, value: float) -> float:
        """The place of a number; a half, if there is only one."""
        if self.high == self.low:
            return 0.5
        if self.log:
            return log(value / self.low) / log(self.high / self.low)
        # Halves, so that no difference of finite numbers overflows.
        return (value / 2 - self.low / 2) / (self.high / 2 - self.low / 2)


def scale_of(numbers: Sequence[float]) -> ColorScale:
    """The scale on which numbers are spread most evenly.

    Logarithmic only for positive numbers that span more than a decade, and then among equals.
    """
    known = sorted(set(numbers))
    low, high = known[0], known[-1]
    if not (low > 0 and high / low > 10):
        return ColorScale(low, high, False)
    scales = [ColorScale(low, high, True), ColorScale(low, high, False)]
    return min(scales, key=lambda scale: _unevenness([scale.at(n) for n in known]))


def _unevenness(places: Sequence[float]) -> float:
    """The sum of the squared gaps of rising places from 0 to 1; least where all are alike."""
    return round(sum((b - a) ** 2 for a, b in pairwise(places)), 9)


def shades(stops: Sequence[str]) -> tuple[str, ...]:
    """The colors of a ramp, `#RRGGBB`, even steps between its stops."""
    parts = [[int(stop[i : i + 2], 16) for i in (1, 3, 5)] for stop in stops]
    made = []
    for shade in range(SHADES):
        at = shade * (len(stops) - 1) / (SHADES - 1)
        k = min(int(at), len(stops) - 2)
        pairs = zip(parts[k], parts[k + 1], strict=True)
        made.append("#" + "".join(f"{round(a + (at - k) * (b - a)):02X}" for a, b in pairs))
    return tuple(made)


def colors(key: Swept, ramp: Sequence[str], names: Sequence[str]) -> tuple[str, ...]:
    """The color of each value of a key.

    Args:
        key: whose numbers take their place on the ramp, and whose names take the colors of names.
        ramp: stops, for numbers; and for more names than there are colors.
        names: `#RRGGBB`.
    """
    if key.numbers is None and len(key.values) <= len(names):
        return tuple(names[: len(key.values)])
    numbers = key.numbers or tuple(map(float, range(len(key.values))))
    scale, made = scale_of(numbers) if key.numbers else ColorScale(0, len(numbers) - 1, False), []
    table = shades(ramp)
    for number in numbers:
        made.append(table[round(scale.at(number) * (SHADES - 1))])
    return tuple(made)
