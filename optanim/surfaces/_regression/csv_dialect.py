"""How the columns of a CSV file are separated, and where their names are.

No line alone tells: a title may have commas, names may have units with commas, numbers may have
decimal commas. So each separator divides the whole head of the file, and the one is taken for which
the rows have the same number of cells, most columns are numbers, and a row of names fits.

Python's `csv.Sniffer` counts characters of lines, and takes the comma of `1,5;2,5`; pandas takes
the first line for the names. Neither looks at what the cells hold.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from optanim.errors import OptionError, quoted
from optanim.printable import cut, one_line
from optanim.surfaces._regression.csv_numbers import THOUSANDS, is_missing, is_number_like

BLANKS = " "
"""The delimiter of columns by blanks: any number of spaces and tabs."""

DELIMITERS = {"tab": "\t", ";": ";", "|": "|", ",": ",", "blanks": BLANKS}
"""The delimiters by their names in a config; of equally good ones, the first is taken."""

COMMENT = "#"
MAX_LOOKED_AT = 50
"""Number of columns whose cells are looked at to find the separator."""

MAX_SHOWN_CELLS = 6
ROW_NAMES = frozenset(["", "rownames", "Unnamed: 0"])
"""The names of a column of row names: those of R, of its collections, and of pandas."""

Line = tuple[int, str]
"""The number of a line and its text."""


@dataclass(frozen=True)
class Reading:
    """What a config says of the way a file is written; None is found from the file.

    Attributes:
        delimiter: between the cells.
        decimal: the sign before the fraction of a number.
        thousands: the sign between groups of three digits.
        skip: the number of lines before the names.
        comment: the beginning of lines that are passed over.
        drop_missing: whether rows with an empty cell are left out; otherwise they are problems.
        missing_number: a number that stands for no value; rows with it are left out, too.
        where: names of columns, and the values that the rows to read have in them.
        key: the option that names the file.
        purpose: what the numbers are read for, in messages.
    """

    delimiter: str | None = None
    decimal: str | None = None
    thousands: str | None = None
    skip: int | None = None
    comment: str | None = None
    drop_missing: bool = False
    missing_number: float | None = None
    where: tuple[tuple[str, str | int | float | bool], ...] = ()
    key: str = "data"
    purpose: str = "a fit"


def reading_of(
    *,
    separator: str | None = None,
    decimal: str | None = None,
    thousands: str | None = None,
    skip: int | None = None,
    comment: str | None = None,
    missing: str | float | None = None,
    where: Mapping[str, str | int | float | bool] | None = None,
    key: str = "data",
    purpose: str = "a fit",
) -> Reading:
    """The `Reading` of the keys of a config.

    Raises:
        OptionError: two keys contradict each other.
    """
    if thousands and thousands == decimal:
        message = f"decimal and thousands cannot both be {quoted(decimal)}"
        raise OptionError(message, ("thousands",), help="leave out one of them")
    return Reading(
        delimiter=DELIMITERS[separator] if separator else None,
        decimal=decimal,
        thousands=THOUSANDS[thousands] if thousands else None,
        skip=skip,
        comment=comment,
        drop_missing=missing not in (None, "error"),
        missing_number=missing if isinstance(missing, float) else None,
        where=tuple((where or {}).items()),
        key=key,
        purpose=purpose,
    )


@dataclass(frozen=True)
class HeadRow:
    """A row of the head of a file.

    Attributes:
        cells: without the blanks around them.
        line: number of its first line.
        end: number of its last line.
        quoted: whether its text begins with a quote.
        comma: whether commas separate its cells.
    """

    cells: tuple[str, ...]
    line: int
    end: int
    quoted: bool = False
    comma: bool = False

    def has(self, names: Collection[str]) -> bool:
        """Whether all the names are cells of the row."""
        return bool(names) and set(names) <= set(self.cells)


@dataclass(frozen=True)
class Dialect:
    """What was understood of a file.

    Attributes:
        delimiter: between the cells.
        names: of the columns.
        line: number of the line of the names; 0 if there is none.
        end: number of the last line before the numbers.
        rows: the rows of the head below that.
    """

    delimiter: str
    names: tuple[str, ...]
    line: int
    end: int
    rows: tuple[HeadRow, ...]

    def in_words(self) -> str:
        """The separator, the names and the first row."""
        sign = next(key for key, sign in DELIMITERS.items() if sign == self.delimiter)
        sign = sign if len(sign) > 1 else f"'{sign}'"
        names = f"names in line {self.line}: {_shown(self.names)}" if self.line else "no names"
        first = f"; first row: {_shown(self.rows[0].cells)}" if self.rows else ""
        return f"read with separator {sign}; {names}{first}"


def _shown(cells: Sequence[str]) -> str:
    """The first cells of a row in a message."""
    texts = [cut(one_line(cell), 20) or "''" for cell in cells[:MAX_SHOWN_CELLS]]
    return " | ".join([*texts, "…"] if len(cells) > MAX_SHOWN_CELLS else texts)


def find_dialect(
    lines: Sequence[Line], asked: Collection[str], *,
    delimiter: str | None = None, skip: int | None = None, comment: str | None = None,
) -> Dialect:  # fmt: skip
    """The dialect of a file with at least one line that is not blank.

    Args:
        lines: its head.
        asked: names of columns that a config asks for: the row that has them is the row of names.
        delimiter: the separator, if it is known.
        skip: the number of lines before the names, if it is known.
        comment: the beginning of lines that are passed over; by default `#`, above the numbers.
    """
    lines = [line for line in lines if line[0] > (skip or 0)] or lines[-1:]
    first = next((line for line in lines if line[1].strip()), lines[0])
    hint = re.fullmatch(r'"?sep=(.)"?\s*', first[1], re.IGNORECASE)
    if hint:
        lines = [line for line in lines if line[0] > first[0]] or lines
        delimiter = delimiter or hint[1]
    if delimiter:
        return _divided(lines, delimiter, asked, skip, comment)[1]
    found = [_divided(lines, sign, asked, skip, comment) for sign in DELIMITERS.values()]
    score, dialect = max(found, key=lambda pair: pair[0])
    if score > 0:
        return dialect
    signs = [sign for sign in (",", ";", "\t", "|") if sign in re.sub(r'"[^"]*"', "", first[1])]
    return _divided(lines, (signs or [","])[0], asked, skip, comment)[1]


def _divided(
    lines: Sequence[Line],
    delimiter: str,
    asked: Collection[str],
    skip: int | None,
    comment: str | None,
) -> tuple[float, Dialect]:
    """The dialect with a delimiter, and how well it fits; 0 if hardly."""
    rows, comments = _rows(lines, delimiter, comment or COMMENT)
    width = _width(rows)
    names, row, start = _header(rows, comments, width, asked, skip)
    body = tuple(rows[start:])
    if row and not comment:
        # Below the names, a full row whose first cell begins with `#` is no comment.
        full = [c for c in comments if c.line > row.end and len(c.cells) == width]
        marked = (
            replace(c, cells=("#" + c.cells[0], *c.cells[1:])) for c in full if not _is_text(c)
        )
        body = tuple(sorted([*body, *marked], key=lambda other: other.line))
    count = width or max((len(row.cells) for row in body), default=0)
    unnamed = ("x", "y") if count == 2 else tuple(map(str, range(1, count + 1)))
    end = body[0].line - 1 if body else row.end if row else lines[-1][0]
    dialect = Dialect(delimiter, names or unnamed, row.line if row else 0, end, body)
    if not width:
        return 0, dialect
    share = sum(len(row.cells) == width for row in body) / len(body) if body else 1
    numeric = sum(_numeric_columns(body, width)) / min(width, MAX_LOOKED_AT)
    # Where the names do not fit the rows, the separator is probably another one.
    fits = len(dialect.names) == width and (row is not None or rows[0] in body)
    as_asked = bool(asked) and set(asked) <= set(dialect.names)
    return (share + numeric + 0.5 * fits + as_asked if share >= 0.5 else 0), dialect


def _rows(
    lines: Sequence[Line], delimiter: str, comment: str
) -> tuple[list[HeadRow], list[HeadRow]]:
    """The rows that are not blank; and the comments, without the sign that begins them."""
    comments, texts = list[HeadRow](), list[Line]()

    def passed() -> Iterator[str]:
        for number, line in lines:
            if not texts and line.lstrip().startswith(comment):
                text = line.lstrip().removeprefix(comment)
                comments.append(HeadRow(_cells(text, delimiter), number, number))
                continue
            texts.append((number, line))
            yield spaced(line) if delimiter == BLANKS else line

    reader = csv.reader(passed(), delimiter=delimiter, skipinitialspace=True)
    rows = list[HeadRow]()
    while True:
        texts.clear()
        try:
            cells = next(reader, None)
        except csv.Error:  # the reader of the whole file names its place
            return rows, comments
        if cells is None:
            return rows, comments
        if any(cell.strip() for cell in cells):
            quoted = texts[0][1].lstrip().startswith('"')
            stripped = tuple(cell.strip() for cell in cells)
            first, last = texts[0][0], texts[-1][0]
            rows.append(HeadRow(stripped, first, last, quoted, delimiter == ","))


def spaced(line: str) -> str:
    """A line of columns by blanks, without blanks at its ends, and with spaces for tabs."""
    return line.replace("\t", " ").strip()


def _cells(text: str, delimiter: str) -> tuple[str, ...]:
    """The cells of one line."""
    text = spaced(text) if delimiter == BLANKS else text.strip("\r\n")
    try:
        row = next(csv.reader([text], delimiter=delimiter, skipinitialspace=True), [])
    except csv.Error:
        return ()
    return tuple(cell.strip() for cell in row)


def _width(rows: Sequence[HeadRow]) -> int:
    """The most frequent number of cells of the rows of numbers; 0 if none has two.

    A row of numbers has as many numbers as words; if there is none, it has a number.
    """
    several = [row for row in rows if len(row.cells) > 1]
    shares = [float(np.mean([*map(is_number_like, row.cells[:MAX_LOOKED_AT])])) for row in several]
    least = 0.5 if max(shares, default=0) >= 0.5 else 1e-9
    numbers = [row for row, share in zip(several, shares, strict=True) if share >= least]
    widths = Counter(len(row.cells) for row in numbers or several)
    return widths.most_common(1)[0][0] if widths else 0


def _numeric_columns(rows: Iterable[HeadRow], width: int) -> list[bool]:
    """Whether most cells of each column, up to a limit, are numbers, and the others are missing."""
    cells = [row.cells[:MAX_LOOKED_AT] for row in rows if len(row.cells) == width]
    numeric = []
    for column in zip(*cells, strict=True):
        numbers = sum(map(is_number_like, column))
        words = sum(not is_missing(cell) for cell in column) - numbers
        numeric.append(numbers > 4 * words)
    return numeric


def _header(
    rows: Sequence[HeadRow], comments: Sequence[HeadRow], width: int,
    asked: Collection[str], skip: int | None,
) -> tuple[tuple[str, ...], HeadRow | None, int]:  # fmt: skip
    """The names of the columns, their row, and the index of the row below it."""
    first = next((i for i, row in enumerate(rows) if len(row.cells) == width), 0)
    # Numbers may be the names of columns without names, and stand in any row.
    words = not all(map(is_number_like, asked))
    for i, row in enumerate(rows):
        if row.has(asked) and (words or (i == first and not _has_fractions(row))):
            return _fitted(row, rows[i + 1 :], width), row, i + 1
    start = 0
    if skip is None:
        start = first
        while start + 1 < len(rows) and _is_title(rows[start], rows[start + 1], width):
            start += 1
    if start == len(rows):
        return (), None, start
    if _has_names(rows[start], rows[start + 1 :], width):
        below = rows[start + 1 : start + 2]
        shorter = below and len(below[0].cells) == width - 1 and _is_text(below[0])
        if shorter and len(_fitted(below[0], rows[start + 2 :], width)) == width:
            # The row is a title that happens to have as many words as the rows have cells.
            start += 1
        return _fitted(rows[start], rows[start + 1 :], width), rows[start], start + 1
    above = rows[start - 1] if start else None
    if above and len(above.cells) > 1 and not any(map(is_number_like, above.cells)):
        return _fitted(above, rows[start:], width), above, start
    for row in reversed(comments):
        near = row.end < rows[start].line and (above is None or above.end < row.line)
        if near and (row.has(asked) or (len(row.cells) == width and _is_text(row))):
            return row.cells, row, start
    return (), None, start


def _has_fractions(row: HeadRow) -> bool:
    """Whether a cell is a number that is not whole, which no name is."""
    return any(is_number_like(cell) and not cell.isdecimal() for cell in row.cells)


def _is_title(row: HeadRow, below: HeadRow, width: int) -> bool:
    """Whether a row has one text in front of empty cells, above a row of names."""
    title = row.cells[0] and not any(row.cells[1:])
    return bool(title) and len(below.cells) == width and _is_text(below) and any(below.cells[1:])


def _is_text(row: HeadRow) -> bool:
    """Whether a row has no number."""
    return not any(map(is_number_like, row.cells[:MAX_LOOKED_AT]))


def _has_names(row: HeadRow, below: Sequence[HeadRow], width: int) -> bool:
    """Whether a row has a word where the rows below have numbers."""
    numeric = _numeric_columns(below, width)
    if not any(numeric):
        return not all(map(is_number_like, row.cells))
    pairs = zip(row.cells, numeric, strict=False)
    return any(
        is_column and not (is_number_like(cell) or is_missing(cell)) for cell, is_column in pairs
    )


def _fitted(row: HeadRow, below: Sequence[HeadRow], width: int) -> tuple[str, ...]:
    """The names of a row, one more if the rows below begin with a name of their own, as R writes.

    A number before a comma is no such name: it is probably a part of `1,5`.
    """
    names = row.cells
    if len(names) > width > 0:
        return names if any(names[width:]) else names[:width]
    rows = [other for other in below if len(other.cells) == width]
    if len(names) != width - 1 or not rows or not any(other.cells[-1] for other in rows):
        return names
    firsts = [other.cells[0] for other in rows]
    marked = all(other.quoted or not is_number_like(other.cells[0]) for other in rows)
    counted = len(rows) > 1 and firsts == [str(i + 1) for i in range(len(rows))]
    distinct = len(set(firsts)) == len(firsts)
    return ("", *names) if distinct and (marked or (counted and not row.comma)) else names
