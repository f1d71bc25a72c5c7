"""A sweep: the keys and values of a matrix, as figures and tables name and order them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from math import prod
from typing import Any

from optanim.schema.figure import grid_columns
from optanim.schema.notation import is_number, short_text, value_in_tex

DASHES: tuple[tuple[float, ...] | None, ...] = (None, (6.0, 3.5), (2.2, 2.2), (8.0, 3.0, 2.2, 3.0))
"""Dash patterns for the values of the second key, as colors show those of the first."""


@dataclass(frozen=True)
class SweptKey:
    """A key of a matrix, with its values.

    Attributes:
        path: path as in `--set`, e.g. `optimizer.lr`.
        name: name in braces and in the names of files, e.g. `lr`.
        symbol: TeX, without dollar signs.
        values: values as they were written.
        labels: values as a figure shows them, with dollar signs around TeX.
    """

    path: str
    name: str
    symbol: str
    values: tuple[Any, ...]
    labels: tuple[str, ...]

    @property
    def is_start(self) -> bool:
        """Whether its values are starts: their order means nothing."""
        return self.path == "start" or bool(re.fullmatch(r"optimizers?(\[0\])?\.start", self.path))

    @property
    def is_seed(self) -> bool:
        """Whether its values are seeds: they mean nothing at all."""
        return self.path == "seed"

    @cached_property
    def numbers(self) -> tuple[float, ...] | None:
        """The values if all are numbers, otherwise None."""
        return tuple(map(float, self.values)) if all(map(is_number, self.values)) else None

    def equation(self, i: int) -> str:
        """A value with its symbol, $\\eta = 0.1$; a name stands alone."""
        value = self.values[i]
        if is_number(value):
            return f"${self.symbol} = {value_in_tex(value)}$"
        is_name = isinstance(value, str) or (isinstance(value, dict) and "name" in value)
        return self.labels[i] if is_name else f"${self.symbol} =$ {self.labels[i]}"


@dataclass(frozen=True)
class Sweep:
    """The combinations of a matrix; the first key changes slowest.

    Attributes:
        layout: `files`, `overlay` or `grid`.
        keys: keys of the matrix, at least one.
        output: for `files`, the output with braces for the values.
    """

    layout: str
    keys: tuple[SweptKey, ...]
    output: str = ""

    def __len__(self) -> int:
        return prod(len(key.values) for key in self.keys)

    @cached_property
    def places(self) -> list[tuple[int, ...]]:
        """For each combination, the index of the value of each key."""
        return list(product(*(range(len(key.values)) for key in self.keys)))

    def label(self, i: int) -> str:
        """A combination as a table shows it: `lr=0.1, momentum=0.9`."""
        pairs = zip(self.keys, self.places[i], strict=True)
        return ", ".join(f"{key.name}={short_text(key.values[k])}" for key, k in pairs)

    def equations(self, i: int) -> list[str]:
        """A combination as a figure shows it: a text for each key."""
        return [key.equation(k) for key, k in zip(self.keys, self.places[i], strict=True)]

    @property
    def pictured(self) -> bool:
        """Whether all trials are in one picture."""
        return self.layout != "files"

    @property
    def options(self) -> set[str]:
        """The options of the optimizer that are swept, or of which a part is swept."""
        matches = (re.match(r"optimizers?(?:\[0\])?\.(\w+)", key.path) for key in self.keys)
        return {match[1] for match in matches if match}

    @property
    def texts(self) -> list[str]:
        """All texts that a figure may write: each value of each key with its symbol."""
        return [key.equation(i) for key in self.keys for i in range(len(key.values))]

    @property
    def across(self) -> int:
        """Number of columns of a grid: that of the values of the last key, or fewer for one key."""
        count = len(self.keys[-1].values)
        return count if len(self.keys) > 1 else grid_columns(count)

    @cached_property
    def _told(self) -> tuple[SweptKey, ...]:
        """The keys that an overlay shows by color and by dashes, as far as it can."""
        return tuple(key for key in self.keys if not key.is_seed)

    @property
    def colored(self) -> SweptKey | None:
        """The key that an overlay shows by color; None if only seeds are swept."""
        return self._told[0] if self._told else None

    @property
    def by_outcome(self) -> bool:
        """Whether the colors of an overlay show what became of the trials from several starts."""
        return self.layout == "overlay" and self.colored is not None and self.colored.is_start

    @property
    def dashed(self) -> SweptKey | None:
        """The key that an overlay shows by dashes; None if there are not enough dash patterns."""
        if len(self._told) < 2 or len(self._told[1].values) > len(DASHES):
            return None
        return self._told[1]

    @property
    def averaged(self) -> SweptKey | None:
        """The seeds of an overlay, which also shows the mean over them; None if there are none.

        There is no mean of trials that differ in what became of them.
        """
        seeds = [key for key in self.keys if key.is_seed and len(key.values) > 1]
        return seeds[0] if seeds and self.layout == "overlay" and not self.by_outcome else None

    @property
    def untold(self) -> tuple[SweptKey, ...]:
        """The keys that an overlay shows neither by color nor by dashes, nor by their mean."""
        told = (self.colored, self.dashed, self.averaged)
        return tuple(key for key in self.keys if key not in told)

    def place(self, i: int, key: SweptKey) -> int:
        """The index of the value of a key in a combination."""
        return self.places[i][self.keys.index(key)]
