"""Sweeps: which keys of a config take which values, and how a figure names and orders them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from math import prod
from typing import Any

from optanim.schema.figure import columns
from optanim.schema.notation import is_number, short_text, value_in_tex

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
        return ", ".join(f"{key.name}={short_text(key.values[k])}" for key, k in pairs)

    def equations(self, i: int) -> list[str]:
        """A combination as a figure says it, a text for each key."""
        return [key.equation(k) for key, k in zip(self.keys, self.places[i], strict=True)]

    @property
    def pictured(self) -> bool:
        """Whether all trials stand in one picture."""
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
