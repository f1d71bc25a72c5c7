"""A CSV file as columns of numbers, or all problems of the file."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NoReturn

import numpy as np

from optanim.errors import ConfigError, OptionError, Place, Problem, did_you_mean, quoted
from optanim.printable import cut, one_line
from optanim.surfaces._regression.csv_classes import Classes
from optanim.surfaces._regression.csv_conditions import MAX_VALUES, Condition
from optanim.surfaces._regression.csv_content import content_of
from optanim.surfaces._regression.csv_dates import days_of, in_years_or_days, is_month
from optanim.surfaces._regression.csv_dialect import ROW_NAMES, Reading
from optanim.surfaces._regression.csv_numbers import (
    MAX_MAGNITUDE,
    PLAIN,
    AmbiguousNumberError,
    NumberFormat,
    find_format,
    how_to_write,
    is_missing,
    key_of,
    plain,
)
from optanim.surfaces._regression.csv_reader import CsvRows
from optanim.surfaces._regression.plain_numbers import plain_numbers
from optanim.surfaces._surface import Array

MAX_PROBLEMS = 10
"""Maximum number of problems in one report."""

MAX_COLUMNS = 1000
"""Maximum number of columns."""

Reader = Callable[[str], float | None]
"""A function from a cell to its number; None if it has none."""

KEYS = "keys to set: separator, skip, comment, decimal, thousands"


@dataclass(frozen=True)
class NumberRows:
    """Some columns of a file.

    Attributes:
        values: (k, n) with n ≥ 2.
        labels: the names of the columns, those of dates with their unit.
        dropped: the number of rows that were left out as a value is missing.
        notes: what a figure says of them.
    """

    values: Array
    labels: tuple[str, ...]
    dropped: int = 0
    notes: tuple[str, ...] = ()


class CsvTable:
    """A CSV file whose numbers are not yet read.

    Attributes:
        names: of the columns.

    Args:
        file: UTF-8, perhaps with names above the numbers. Two columns without names are called x
            and y, more are called 1, 2, ….
        asked: names of columns; the row that has them is the row of names.
        reading: what is known of the way it is written.

    Raises:
        OptionError: there is no such file, at the key of the reading.
        ConfigError: the head of the file cannot be read.
    """

    def __init__(
        self, file: Path, asked: Collection[str] = (), reading: Reading = Reading()  # noqa: B008
    ) -> None:  # fmt: skip
        self.file, self.reading = file, reading
        self._rows = CsvRows(
            content_of(file, reading.key), str(file), asked,
            delimiter=reading.delimiter, skip=reading.skip, comment=reading.comment,
        )  # fmt: skip
        self.names = self._rows.dialect.names
        if len(self.names) > MAX_COLUMNS:
            line = "the first line" if self._rows.dialect.line <= 1 else "the line of names"
            message = f"{line} has {len(self.names)} columns; at most {MAX_COLUMNS} are read"
            raise ConfigError([Problem(message, self._rows.place_of_name(0))])

    def check(self, key: tuple[str, ...], name: str) -> None:
        """Check that there is one column with a name.

        Raises:
            OptionError: there is none; the path of the error is that of the key.
            ConfigError: there are two.
        """
        if name not in self.names:
            help = did_you_mean(name, self._named(), "columns")
            message = f"{self.file.name} has no column {quoted(name)}"
            raise OptionError(
                message, key, key=len(key) > 1, help=self._explained(help), quotes=str(self.file)
            )
        if self.names.count(name) > 1:
            second = self.names.index(name, self.names.index(name) + 1)
            message = f"two columns are called {quoted(name)}"
            raise ConfigError([Problem(message, self._rows.place_of_name(second))])

    def check_all(self, columns: Iterable[tuple[tuple[str, ...], str]]) -> None:
        """Check columns with their keys, as `check` does, so that all errors are told at once."""
        errors = list[OptionError]()
        for key, name in columns:
            try:
                self.check(key, name)
            except OptionError as error:
                errors.append(error)
        if errors:
            errors[0].others = tuple(errors[1:])
            raise errors[0]

    def x_and_y(self, x: str | None = None, y: str | None = None) -> tuple[str, str]:
        """The names of the columns of x and y.

        Args:
            x: the name of the first; by default `x`, or the first of two columns.
            y: the name of the second; by default `y`, or the second of two columns.

        Raises:
            OptionError: there is no such column, or it is not known which ones are meant.
            ConfigError: two columns have the same name, or there is one column only.
        """
        names, header = [x or "x", y or "y"], self._named()
        for i, given in enumerate((x, y)):
            other = names[1 - i]
            if given is None and names[i] not in header and len(header) == 2:
                # If the name of one column is known, the other column is this one.
                free = [name for name in header if name != other or header.count(name) > 1]
                names[i] = free[0] if len(free) == 1 else header[i]
        if not set(names) <= set(self.names):
            if len(header) < 2:
                message, place = (
                    "the file has one column, a fit needs two",
                    self._rows.place_of_name(0),
                )
                help = "separate columns with a comma, semicolon or tab"
                raise ConfigError([Problem(message, place, help)])
            message = f"{self.file.name} has {len(header)} columns; set which are x and y"
            help = f"x: {header[0]}, y: {header[1]}, for example; columns: {', '.join(header)}"
            raise OptionError(message, ("data",), help=self._explained(help), quotes=str(self.file))
        self.check_all([(("x",), names[0]), (("y",), names[1])])
        return names[0], names[1]

    def target(self, y: str | None, inputs: Sequence[str]) -> str:
        """The name of the column of y, beside the columns of a model.

        Raises:
            OptionError: there is no such column, or it is not known which one is meant.
            ConfigError: two columns have this name.
        """
        left = [name for name in self._named() if name not in inputs]
        if y is None and "y" not in left and len(left) != 1:
            message = f"{self.file.name} has {len(left)} columns beside those of the model; set y"
            help = f"y: {left[0]}, for example; columns: {', '.join(left)}" if left else ""
            raise OptionError(message, ("data",), help=self._explained(help), quotes=str(self.file))
        name = y or ("y" if "y" in left else left[0])
        self.check(("y",), name)
        return name

    def values_of(self, name: str) -> list[str]:
        """Some of the different cells of a column, in the order of the file."""
        index = self.names.index(name)
        cells = dict.fromkeys(row[index].strip() for row in self._rows if index < len(row))
        return list(cells)[:MAX_VALUES]

    def read(
        self, names: Sequence[str], *, classes: bool = False, positive: str | None = None
    ) -> NumberRows:
        """The columns with some names, without the rows whose number stands for no value.

        The arguments and the errors are those of `_read`.
        """
        rows = self._read(names, classes=classes, positive=positive)
        missing = self.reading.missing_number
        if missing is None:
            return rows
        kept = (rows.values[: len(names) - classes] != missing).all(axis=0)
        dropped = rows.dropped + int((~kept).sum())
        if kept.sum() < 2:
            self._fail_without_rows(int(kept.sum()), dropped, (), None)
        return replace(rows, values=rows.values[:, kept], dropped=dropped)

    def _read(self, names: Sequence[str], *, classes: bool, positive: str | None) -> NumberRows:
        """The columns with some names.

        Args:
            names: of the columns.
            classes: whether the last column has two values, which become 0 and 1.
            positive: the one that becomes 1; by default 1, or the second in alphabetical order.

        Raises:
            OptionError: two ways to read the numbers are possible, or no row has the values of
                `where`.
            ConfigError: the file has problems, each at its line and column.
        """
        indices = [self.names.index(name) for name in names]
        for name, _ in self.reading.where:
            self.check(("where", name), name)
        numbers = self._format(indices)
        rows, dates = self._rows, [self._has_dates(i, numbers) for i in indices]
        if numbers == PLAIN and not (self.reading.comment or self.reading.where or any(dates)):
            first, width = rows.dialect.end + 1, len(self.names)
            table = plain_numbers(rows.content, first, rows.delimiter, width, indices)
            coded = not classes or (table is not None and set(np.unique(table[-1])) == {0.0, 1.0})
            if table is not None and table.shape[1] >= 2 and coded and positive is None:
                return NumberRows(table, tuple(names))
        readers: list[Reader] = [days_of if dated else numbers.number for dated in dates]
        if classes:
            readers[-1], dates[-1] = Classes(numbers), False
        values, dropped = self._read_rows(indices, readers, numbers)
        labels = list(names)
        for k in (k for k, dated in enumerate(dates) if dated):
            values[k], unit = in_years_or_days(values[k], self._monthly(indices[k]))
            labels[k] = f"{names[k]} ({unit})"
        notes: tuple[str, ...] = ()
        if isinstance(readers[-1], Classes):
            values[-1], notes = readers[-1].coded(values[-1], names[-1], positive, str(self.file))
        return NumberRows(values, tuple(labels), dropped, notes)

    def _read_rows(
        self, indices: Sequence[int], readers: Sequence[Reader], numbers: NumberFormat
    ) -> tuple[Array, int]:
        """The columns with some indices, row by row, and the number of rows that were left out."""
        columns, problems, dropped = [array("d") for _ in indices], list[Problem](), 0
        rows, width, last = self._rows, len(self.names), None
        cells = list(zip(indices, readers, strict=True))
        conditions = [Condition(self.names.index(name), name, v) for name, v in self.reading.where]
        for row in rows:
            if len(row) != width and (len(row) < width or any(map(str.strip, row[width:]))):
                problems.append(self._problem_of_width(row))
                values = []
            elif False in [condition.holds(row) for condition in conditions]:
                continue
            else:
                values = [read(row[i]) for i, read in cells]
                if None in values:
                    lacking = [i for i, value in zip(indices, values, strict=True) if value is None]
                    if self.reading.drop_missing and any(is_missing(row[i]) for i in lacking):
                        lacking = [i for i in lacking if not is_missing(row[i])]
                        dropped += not lacking
                    read_by = dict(cells)
                    problems += self._problem_of_units(row, cells) or [
                        self._problem_of_cell(i, row[i], numbers, read_by[i]) for i in lacking
                    ]
                    values = []
            if len(problems) >= MAX_PROBLEMS:
                message = f"{MAX_PROBLEMS} mistakes; the rest of the file was not read"
                end = Problem(message, rows.source)
                raise ConfigError(self._all_explained([*problems[:MAX_PROBLEMS], end]))
            if not problems:
                for column, value in zip(columns, values, strict=False):
                    column.append(value)  # type: ignore[arg-type]
            last = rows.place(0) if len(columns[0]) < 2 else last
        if problems:
            raise ConfigError(self._all_explained(problems))
        if len(columns[0]) < 2:
            self._fail_without_rows(len(columns[0]), dropped, conditions, last)
        return np.array(columns), dropped

    def _fail_without_rows(
        self, count: int, dropped: int, conditions: Sequence[Condition], last: Place | None
    ) -> NoReturn:
        """Raise the error of a file with 0 or 1 rows to read."""
        needs = f"{self.reading.purpose} needs two"
        for condition in conditions:
            if not condition.met:
                message = f"no row has {condition.name} = {quoted(condition.value)}"
                values = ", ".join(cut(one_line(value), 20) for value in sorted(condition.values))
                help = f"its values: {values}" + ", …" * (len(condition.values) == MAX_VALUES)
                path = ("where", condition.name)
                raise OptionError(message, path, help=help, quotes=str(self.file))
        if conditions:
            row = "one row" if count else "no row"
            message = f"{row} of {self.file.name} has all the values of 'where', {needs}"
            raise OptionError(message, ("where",), quotes=str(self.file))
        content = "one row of numbers" if count else "a first line and no numbers"
        without = f" beside {dropped} without a value" if dropped else ""
        problem = Problem(
            f"the file has {content}{without}, {needs}", last or self._rows.place_of_name(0)
        )
        raise ConfigError(self._all_explained([problem]))

    def _has_dates(self, index: int, numbers: NumberFormat) -> bool:
        """Whether the first value of a column is a date."""
        for row in self._rows.dialect.rows:
            if len(row.cells) > index and not is_missing(row.cells[index]):
                cell = row.cells[index]
                return numbers.number(cell) is None and days_of(cell) is not None
        return False

    def _monthly(self, index: int) -> bool:
        """Whether a column of dates has months, without days."""
        cells = (row.cells[index] for row in self._rows.dialect.rows if len(row.cells) > index)
        return all(is_missing(cell) or is_month(cell) for cell in cells)

    def _format(self, indices: Sequence[int]) -> NumberFormat:
        """How the numbers in the columns are written."""
        rows, width = self._rows.dialect.rows, len(self.names)
        cells = [row.cells for row in rows if len(row.cells) >= width]
        chosen = (row[i] for i in indices for row in cells)
        others = (cell for row in cells for i, cell in enumerate(row) if i not in indices)
        reading = self.reading
        try:
            return find_format(
                chosen, others, commas_separate=self._rows.delimiter == ",",
                decimal=reading.decimal, thousands=reading.thousands,
            )  # fmt: skip
        except AmbiguousNumberError as error:
            (first, a), (second, b) = error.readings
            message = f"{quoted(error.cell)} in {self.file.name} is {a:.12g} or {b:.12g}"
            help = f"{key_of(first)} reads {a:.12g}, {key_of(second)} reads {b:.12g}"
            raise OptionError(
                message, (reading.key,), help=self._explained(help), quotes=str(self.file)
            ) from None

    def _named(self) -> list[str]:
        """The names of the columns, without those of row names."""
        return [name for name in self.names if name not in ROW_NAMES]

    def _explained(self, help: str) -> str:
        """A help, and what was understood of the file."""
        return "\n".join(filter(None, [help, f"{self._rows.dialect.in_words()}; {KEYS}"]))

    def _all_explained(self, problems: Sequence[Problem]) -> list[Problem]:
        """Problems; the first one says what was understood of the file."""
        first, *others = problems
        return [replace(first, help=self._explained(first.help)), *others]

    def _problem_of_width(self, row: Sequence[str]) -> Problem:
        """The problem of a row with another number of cells than names."""
        count, width = len(row), len(self.names)
        line = self._rows.dialect.line
        where = f"line {line}" if line > 1 else "the first line"
        message = f"{count} {'cell' if count == 1 else 'cells'}, {where} has {width}"
        place, help = self._rows.place(min(count, width)), ""
        if self._rows.delimiter == "," and any("." not in cell for cell in row) and count > width:
            help = "a comma within a number or text needs quotes"
        text = place.text.lstrip()
        if text[:1] in ("#", "%", "!") or (count == 1 and text[:1].isalpha()):
            help = f"comment: {quoted(text[0])} passes over lines that begin so"
        return Problem(message, place, help)

    def _problem_of_units(
        self, row: Sequence[str], readers: Sequence[tuple[int, Reader]]
    ) -> list[Problem]:
        """The problem of a first row that has words above numbers, such as units; else none."""
        head, first = self._rows.dialect.rows, self._rows.place(0)
        numeric = [(i, read) for i, read in readers if not isinstance(read, Classes)]
        if len(head) < 2 or head[0].line != first.line or not self._rows.dialect.line:
            return []
        next_row = [(read, head[1].cells[i]) for i, read in numeric if i < len(head[1].cells)]
        below = [read(cell) for read, cell in next_row if not is_missing(cell)]
        cells = [row[i] for i, read in numeric if read(row[i]) is None]
        words = [cell.strip() for cell in cells if not is_missing(cell)]
        if len(cells) < len(numeric) or not words or not below or None in below:
            return []
        message = (
            f"a row below the names has words, such as units, and no numbers: {_listed(words)}"
        )
        help = f"remove the line; or skip: {self._rows.dialect.line} takes its words for the names"
        return [Problem(message, self._rows.place(numeric[0][0]), help)]

    def _problem_of_cell(
        self, index: int, cell: str, numbers: NumberFormat, reader: Reader
    ) -> Problem:
        """The problem of a cell that is not a number, or not one of two values."""
        name, place = self.names[index], self._rows.place(index)
        if not cell.strip():
            help = "fill the cell; or missing: drop leaves out such rows"
            return Problem(f"{name} is empty", place, help)
        if isinstance(reader, Classes) and not is_missing(cell):
            help = "where: {column: value} reads some of the rows"
            return Problem(reader.message(cell), place, help)
        text = plain(cell)
        try:
            number = float(text)
        except ValueError:
            number = 0.0
        rule = "a number" if number == number else "a finite number"
        rule = f"a number up to {MAX_MAGNITUDE:g}" if abs(number) > MAX_MAGNITUDE else rule
        message = f"{name} must be {rule}, got {quoted(cell)}"
        drop = "missing: drop leaves out the rows where a value is missing"
        return Problem(message, place, drop if is_missing(cell) else how_to_write(text, numbers))


def _listed(cells: Sequence[str]) -> str:
    return ", ".join(cut(one_line(cell), 20) for cell in cells)
