"""How the cells of a CSV file are written: numbers, dates, and what is missing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from optanim.errors import quoted

MAX_MAGNITUDE = 1e100
"""Maximum absolute value of a number in the data; the sum of larger squares could overflow."""

MAX_LENGTH = 60
"""Of a cell that may be a number in another form: the search takes the square of its length."""

HOW_TO_WRITE = "numbers look like 12, 0.5 or 1e-3"

MISSING = frozenset(
    "? - -- — – . .. ... n/a na n.a. nan -nan #n/a #na <na> null none nil missing".split()
) | {""}
"""Cells that stand for no value, in small letters; also one or more `*`."""

THOUSANDS = {",": ",", ".": ".", "blank": " ", "'": "'"}
"""The separators of thousands, by their names in a config."""

_OTHER_SIGNS = {
    **dict.fromkeys("−–－﹣", "-"), **dict.fromkeys("＋", "+"), **dict.fromkeys("．", "."),
    **dict.fromkeys("，", ","), **dict.fromkeys("\u00a0\u2007\u2009\u202f\u3000", " "),
    **dict.fromkeys("’＇", "'"),
}  # fmt: skip
_TRANSLATED = str.maketrans(_OTHER_SIGNS)

_LOOSE = re.compile(
    r"[+-]?(?:[0-9]+(?:[.,' ][0-9]{2,3})*[.,' ][0-9]{3}(?:[.,][0-9]*)?"
    r"|[0-9]+(?:[.,][0-9]*)?|[.,][0-9]+)(?:[eE][+-]?[0-9]+)?"
)
DATE = re.compile(
    r"([0-9]{4})([-/])(0?[1-9]|1[0-2])(?:\2(0?[1-9]|[12][0-9]|3[01])"
    r"(?:[T ]([01]?[0-9]|2[0-3]):([0-5][0-9])(?::([0-5][0-9](?:\.[0-9]*)?))?Z?)?)?"
)
"""A date or a month, perhaps with a time: `2024-05-01`, `2024-05`, `2024-05-01T12:30`."""


def is_missing(cell: str) -> bool:
    """Whether a cell stands for no value."""
    text = cell.strip().lower()
    return text in MISSING or not text.strip("*")


def plain(cell: str) -> str:
    """A cell without the blanks around it; digits and signs of other scripts are those of ASCII."""
    cell = cell.strip()
    if cell.isascii():
        return cell
    cell = cell.translate(_TRANSLATED).strip()
    return "".join(str(int(c)) if not c.isascii() and c.isdecimal() else c for c in cell)


def is_number_like(cell: str) -> bool:
    """Whether a cell is a number in any format, or a date."""
    text = plain(cell)
    return bool(_LOOSE.fullmatch(text) or DATE.fullmatch(text))


@dataclass(frozen=True)
class NumberFormat:
    """A way to write numbers.

    Attributes:
        decimal: the sign before the fraction.
        thousands: the sign between groups of three digits; "" if there is none.
    """

    decimal: str = "."
    thousands: str = ""
    _grouped: re.Pattern[str] | None = field(init=False, repr=False, compare=False, default=None)

    def __post_init__(self) -> None:
        if self.thousands:
            sign, point = re.escape(self.thousands), re.escape(self.decimal)
            # Groups of two digits are those of India: 12,34,567.
            pattern = (
                rf"[+-]?[1-9][0-9]{{0,2}}(?:{sign}[0-9]{{2,3}})*{sign}[0-9]{{3}}(?:{point}[0-9]*)?"
            )
            object.__setattr__(self, "_grouped", re.compile(pattern))

    def number(self, cell: str) -> float | None:
        """The number in a cell; None if it has none, or one that is not finite or is too large."""
        if self.decimal != "." or not cell.isascii() or self.thousands:
            cell = plain(cell)
            if self._grouped and self.thousands in cell:
                if not self._grouped.fullmatch(cell):
                    return None
                cell = cell.replace(self.thousands, "")
            if self.decimal == ",":
                cell = "" if "." in cell else cell.replace(",", ".")
        try:
            number = float(cell)
        except ValueError:
            return None
        return number if abs(number) <= MAX_MAGNITUDE and "_" not in cell else None


PLAIN = NumberFormat()
_FORMATS = (PLAIN, NumberFormat(","), *(
    NumberFormat(decimal, sign)
    for decimal in ".,"
    for sign in THOUSANDS.values()
    if sign != decimal
))  # fmt: skip


class AmbiguousNumberError(ValueError):
    """A number that two formats read as different numbers.

    Attributes:
        cell: it.
        readings: the two formats with their numbers.
    """

    def __init__(self, cell: str, readings: Sequence[tuple[NumberFormat, float]]) -> None:
        super().__init__(cell)
        self.cell, self.readings = cell, readings


def find_format(
    cells: Iterable[str], others: Iterable[str], *, commas_separate: bool,
    decimal: str | None = None, thousands: str | None = None,
) -> NumberFormat:  # fmt: skip
    """The format that reads most of the cells as numbers.

    Args:
        cells: of the columns to read.
        others: of the other columns; they decide if the cells leave it open.
        commas_separate: whether the comma separates the columns. Where it does, it is hardly the
            decimal sign of numbers in quotes.
        decimal: the sign before the fraction, if it is known.
        thousands: the sign between groups of digits, if it is known.

    Raises:
        AmbiguousNumberError: two formats are as good, and read different numbers.
    """
    formats = [
        known for known in _FORMATS
        if decimal in (None, known.decimal) and thousands in (None, known.thousands)
    ]  # fmt: skip
    written, rest = _separated(cells), _separated(others)

    def fitness(known: NumberFormat) -> tuple[int, bool, int]:
        unusual = commas_separate and known.decimal == ","
        return _count(known, written), not unusual, _count(known, rest)

    scores = {known: fitness(known) for known in formats}
    best = max(scores.values())
    top = [known for known in formats if scores[known] == best]
    if not written and PLAIN in formats:
        return PLAIN
    if top[0] == PLAIN:
        return PLAIN
    for first, second in pairwise(top):
        for cell in written:
            a, b = first.number(cell), second.number(cell)
            if a is not None and b is not None and a != b:
                raise AmbiguousNumberError(cell, [(first, a), (second, b)])
    return top[0]


def _separated(cells: Iterable[str]) -> list[str]:
    """The cells, as they are compared, whose format is not obvious."""
    texts = (plain(cell) for cell in cells)
    return [text for text in texts if not text.isdigit() and _LOOSE.fullmatch(text)]


def _count(known: NumberFormat, cells: Sequence[str]) -> int:
    return sum(known.number(cell) is not None for cell in cells)


def how_to_write(text: str, numbers: NumberFormat) -> str:
    """How to write a cell that is not a number."""
    if len(text) > MAX_LENGTH:
        return HOW_TO_WRITE
    for decimal in ".,":
        for sign in ("", *(sign for sign in THOUSANDS.values() if sign != decimal)):
            other = NumberFormat(decimal, sign)
            value = other.number(text)
            if value is not None and other != numbers:
                right = f"{value:.15g}".replace(".", numbers.decimal)
                return f"write {right}; if all numbers are written so: {key_of(other)}"
    if re.search(r"[0-9]([./-])[0-9]+\1[0-9]|[A-Za-z]{3,}\.?,? [0-9]{4}$", text):
        return "dates look like 2024-05-01 or 2024-05"
    unit = re.fullmatch(r"([^0-9.,+-]*)([+-]?[0-9][0-9.,' ]*?)([^0-9.,]*)", text)
    if unit and (unit[1] or unit[3]) and numbers.number(unit[2]) is not None:
        return f"write {unit[2]}, without {quoted((unit[1] or unit[3]).strip())}"
    return HOW_TO_WRITE


def key_of(numbers: NumberFormat) -> str:
    """The keys that state a format."""
    names = {sign: name for name, sign in THOUSANDS.items()}
    keys = []
    if numbers.decimal != "." or not numbers.thousands:
        keys.append(f"decimal: '{numbers.decimal}'")
    if numbers.thousands:
        name = names[numbers.thousands]
        keys.append(f"thousands: {name if name.isalpha() else repr(name)}")
    return ", ".join(keys)
