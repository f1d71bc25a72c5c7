"""Sweeps: which keys of a config take which values, and how a figure names and orders them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise, product
from math import log, prod
from typing import Any

from optanim.figure import columns
from optanim.notation import is_number, value_in_tex, written

SHADES = 64
"""So many colors tell the values of a key at most: an animation has 255 for all it shows."""

DASHES: tuple[tuple[float, ...] | None, ...] = (None, (6.0, 3.5), (1.2, 2.8), (8.0, 3.0, 1.2, 3.0))
"""The lines of a second key's values, where color tells those of the first."""


@dataclass(frozen=True)
class Swept:
    """A key of a matrix.

    Attributes:
        path: as in `--set`, e.g. `optimizer.lr`.
        name: in braces and in the names of files, e.g. `lr`.
        symbol: TeX, without dollar signs.
        values: as they were written.
        labels: the same as a figure shows them, with dollar signs where they are maths.
    """

    path: str
    name: str
    symbol: str
    values: tuple[Any, ...]
    labels: tuple[str, ...]

    @cached_property
    def numbers(self) -> tuple[float, ...] | None:
        """The values, where all of them are numbers."""
        return tuple(map(float, self.values)) if all(map(is_number, self.values)) else None

    def equation(self, i: int) -> str:
        """A value as a figure says it away from the others: $\\eta = 0.1$, or a name."""
        value = self.values[i]
        if is_number(value):
            return f"${self.symbol} = {value_in_tex(value)}$"
        named = isinstance(value, str) or (isinstance(value, dict) and "name" in value)
        return self.labels[i] if named else f"${self.symbol} =$ {self.labels[i]}"


@dataclass(frozen=True)
class Sweep:
    """A matrix: every combination of its values, the first key slowest.

    Attributes:
        layout: `files`, `overlay` or `grid`.
        keys: at least one.
        output: of `files`, with braces for the values.
    """

    layout: str
    keys: tuple[Swept, ...]
    output: str = ""

    def __len__(self) -> int:
        return prod(len(key.values) for key in self.keys)

    @cached_property
    def places(self) -> list[tuple[int, ...]]:
        """Which value of each key a combination has, for all of them in order."""
        return list(product(*(range(len(key.values)) for key in self.keys)))

    def said(self, i: int) -> str:
        """A combination as a table says it: `lr=0.1, momentum=0.9`."""
        pairs = zip(self.keys, self.places[i], strict=True)
        return ", ".join(f"{key.name}={written(key.values[k])}" for key, k in pairs)

    def equations(self, i: int) -> list[str]:
        """A combination as a figure says it, a text for each key."""
        return [key.equation(k) for key, k in zip(self.keys, self.places[i], strict=True)]

    @property
    def pictured(self) -> bool:
        """Whether all walks stand in one picture."""
        return self.layout != "files"

    @property
    def options(self) -> set[str]:
        """The options of an optimizer that are swept, in part or in whole."""
        found = (re.match(r"optimizers?(?:\[0\])?\.(\w+)", key.path) for key in self.keys)
        return {match[1] for match in found if match}

    @property
    def texts(self) -> list[str]:
        """All that a figure writes of it."""
        return [key.equation(i) for key in self.keys for i in range(len(key.values))]

    @property
    def across(self) -> int:
        """How many columns a grid has: the values of the last key; those of one key may wrap."""
        last = len(self.keys[-1].values)
        return last if len(self.keys) > 1 or last <= 4 else columns(last)

    @property
    def dashed(self) -> Swept | None:
        """The key that the dashes of an overlay tell, if there are dashes enough."""
        if len(self.keys) == 1 or len(self.keys[1].values) > len(DASHES):
            return None
        return self.keys[1]

    @property
    def untold(self) -> tuple[Swept, ...]:
        """The keys that an overlay does not tell apart."""
        return tuple(key for key in self.keys[1:] if key is not self.dashed)


@dataclass(frozen=True)
class Scale:
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


def scale_of(numbers: Sequence[float]) -> Scale:
    """The scale on which numbers are spread most evenly.

    Logarithmic only for positive numbers that span more than a decade, and then among equals.
    """
    known = sorted(set(numbers))
    low, high = known[0], known[-1]
    if not (low > 0 and high / low > 10):
        return Scale(low, high, False)
    scales = [Scale(low, high, True), Scale(low, high, False)]
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
    scale, made = scale_of(numbers) if key.numbers else Scale(0, len(numbers) - 1, False), []
    table = shades(ramp)
    for number in numbers:
        made.append(table[round(scale.at(number) * (SHADES - 1))])
    return tuple(made)
