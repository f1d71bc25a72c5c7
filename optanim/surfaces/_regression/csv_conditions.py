"""The values that the rows of a CSV file have, if they are to be read."""

from __future__ import annotations

from collections.abc import Sequence

from optanim.surfaces._regression.csv_numbers import PLAIN

MAX_VALUES = 12
"""Maximum number of values of a column in a message."""


class Condition:
    """A column, and the value that the rows to read have in it.

    Attributes:
        met: whether a row had it.
        values: some of the values that rows had.
    """

    def __init__(self, index: int, name: str, value: str | int | float | bool) -> None:
        self.index, self.name, self.value, self.met = index, name, value, False
        self.values = set[str]()
        word = str(value).lower() if isinstance(value, bool) else str(value)
        self._texts, self._number = {word}, None
        if not isinstance(value, bool):
            self._number = PLAIN.number(word)
        elif value:
            self._texts |= {"True", "TRUE"}
        else:
            self._texts |= {"False", "FALSE"}

    def holds(self, row: Sequence[str]) -> bool:
        """Whether the row has the value."""
        cell = row[self.index].strip()
        same = cell in self._texts
        if not same and self._number is not None:
            same = PLAIN.number(cell) == self._number
        self.met |= same
        if len(self.values) < MAX_VALUES:
            self.values.add(cell)
        return same
