"""A column of two values, such as two words, as 0 and 1."""

from __future__ import annotations

import numpy as np

from optanim.errors import OptionError, did_you_mean, quoted
from optanim.surfaces._regression.csv_numbers import NumberFormat, is_missing
from optanim.surfaces._surface import Array, DataNote


class Classes:
    """A function from a cell to the index of its value, 0 or 1, in the order of the rows.

    None for a missing value, and for a third one.
    """

    def __init__(self, numbers: NumberFormat) -> None:
        self._numbers = numbers
        self._indices: dict[str, int] = {}

    def __call__(self, cell: str) -> float | None:
        """The index of a cell."""
        if is_missing(cell):
            return None
        number = self._numbers.number(cell)
        word = cell.strip() if number is None else f"{number:g}"
        index = self._indices.setdefault(word, len(self._indices))
        if index < 2:
            return float(index)
        del self._indices[word]
        return None

    def message(self, cell: str) -> str:
        """The message for a cell with a third value."""
        first, second = self._indices
        values = f"{quoted(first)} and {quoted(second)}"
        return f"logloss needs two values, got {quoted(cell.strip())} beside {values}"

    def coded(
        self, indices: Array, name: str, positive: str | None, file: str
    ) -> tuple[Array, tuple[str, ...]]:
        """0 or 1 for each row, and what a figure says of it.

        Args:
            indices: (n,), as the cells were read.
            name: of the column.
            positive: the value that is 1.
            file: for messages.

        Raises:
            OptionError: there is one value only, or none is the positive one.
        """
        words = sorted(self._indices, key=self._order)
        if len(words) < 2:
            message = f"{name} is {quoted(words[0])} in all rows, logloss needs two values"
            raise OptionError(message, ("data",), quotes=file)
        if positive is not None and positive not in words:
            help = did_you_mean(positive, words, "its values")
            message = f"{name} is never {quoted(positive)}"
            raise OptionError(message, ("positive",), help=help, quotes=file)
        one = words[1] if positive is None else positive
        zero = words[0] if one == words[1] else words[1]
        note = DataNote("classes", column=name, one=one, zero=zero)
        notes = () if (zero, one) == ("0", "1") else (note,)
        return np.where(indices == self._indices[one], 1.0, 0.0), notes

    def _order(self, word: str) -> tuple[float, str, str]:
        """Numbers in their order, before words in alphabetical order."""
        number = self._numbers.number(word)
        return (np.inf if number is None else number, word.casefold(), word)
