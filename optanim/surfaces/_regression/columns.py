"""Two columns of a CSV file as numbers, or all problems of the file."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import numpy as np

from optanim.errors import ConfigError, OptionError, Place, Problem, did_you_mean, quoted
from optanim.surfaces._regression.csv_reader import CsvRows
from optanim.surfaces._surface import Array

MAX_BYTES = 100_000_000
"""Maximum size of a file."""

MAX_PROBLEMS = 10
"""Maximum number of problems in one report."""

MAX_MAGNITUDE = 1e100
"""Maximum absolute value of a number in the data; the sum of larger squares could overflow."""

NUMBER_HELP = "numbers look like 12, 0.5 or 1e-3: a decimal point, and no unit"


@dataclass(frozen=True)
class Columns:
    """Two columns of n numbers, (n,) each, and their names."""

    x: Array
    y: Array
    names: tuple[str, str]


def read_columns(file: Path, x: str | None = None, y: str | None = None) -> Columns:
    """Two columns of a CSV file.

    Args:
        file: UTF-8, with names in its first line. Two columns without names are called x and y.
        x: name of the column of x; by default `x`, or the first of two columns.
        y: name of the column of y; by default `y`, or the second of two columns.

    Raises:
        OptionError: there is no such file, at ("data",); or no such column, at ("x",) or ("y",).
        ConfigError: the file has problems, each at its line and column.
    """
    _check(file)
    try:
        with file.open("rb") as opened:
            return _read_numbers(CsvRows(opened, str(file)), file, x, y)
    except OSError as error:
        raise OptionError(f"{file} cannot be read: {error.strerror}", ("data",)) from None


def _check(file: Path) -> None:
    """Check that a file can be opened and is not too large."""
    try:
        if file.is_dir():
            raise OptionError(f"{file} is a folder, not a CSV file", ("data",))
        if not file.exists():
            names = sorted(p.name for p in file.parent.glob("*.csv"))[:20]
            help = did_you_mean(file.name, names, "CSV files there") or (
                "its name is relative to the folder of the config"
            )
            raise OptionError(f"there is no file {file}", ("data",), help=help)
        if not file.is_file():
            raise OptionError(f"{file} is not a regular file", ("data",))
        if file.stat().st_size > MAX_BYTES:
            message = f"{file} is larger than {MAX_BYTES // 10**6} MB"
            raise OptionError(message, ("data",))
    except OSError as error:
        raise OptionError(f"{file} cannot be read: {error.strerror}", ("data",)) from None


def _read_numbers(rows: CsvRows, file: Path, x: str | None, y: str | None) -> Columns:
    """The columns x and y of some rows, the first of which may have the names of the columns."""
    all_rows = iter(rows)
    first = next(all_rows, None)
    if first is None:
        help = "its first line has names, the others numbers"
        raise ConfigError([Problem("the file is empty", rows.source, help)])
    header, body = [name.strip() for name in first], all_rows
    if all(_number(cell) is not None for cell in header):
        if len(header) != 2 or x or y:
            message, help = "the first line has numbers in place of names", "for example hours,mark"
            raise ConfigError([Problem(message, rows.place(0), help)])
        header, body = ["x", "y"], chain([first], all_rows)
    indices = _column_indices(header, rows, file, x, y)
    names = (header[indices[0]], header[indices[1]])
    numbers, problems, last = (array("d"), array("d")), list[Problem](), rows.place(0)
    for row in body:
        cells = _numbers_of_row(row, rows, header, indices)
        problems += [cell for cell in cells if isinstance(cell, Problem)]
        if len(problems) >= MAX_PROBLEMS:
            message = f"{MAX_PROBLEMS} mistakes; the rest of the file was not read"
            raise ConfigError([*problems[:MAX_PROBLEMS], Problem(message, rows.source)])
        if not problems:
            for column, number in zip(numbers, cells, strict=True):
                assert isinstance(number, float)
                column.append(number)
        last = rows.place(0) if len(numbers[0]) < 2 else last
    if problems:
        raise ConfigError(problems)
    if len(numbers[0]) < 2:
        content = "one row of numbers" if numbers[0] else "a first line and no numbers"
        raise ConfigError([Problem(f"the file has {content}, a fit needs two", last)])
    return Columns(np.array(numbers[0]), np.array(numbers[1]), names)


def _column_indices(
    header: Sequence[str], rows: CsvRows, file: Path, x: str | None, y: str | None
) -> tuple[int, int]:
    """The indices of the columns x and y."""
    for key, name in (("x", x), ("y", y)):
        if name is not None and name not in header:
            help = did_you_mean(name, header, "columns")
            raise OptionError(f"{file.name} has no column {quoted(name)}", (key,), help=help)
    names = [x or "x", y or "y"]
    for i, name in enumerate((x, y)):
        other = names[1 - i]
        if name is None and names[i] not in header and len(header) == 2:
            # If the name of one column is known, the other column is this one.
            free = [name for name in header if name != other or header.count(name) > 1]
            names[i] = free[0] if len(free) == 1 else header[i]
    if not set(names) <= set(header):
        if len(header) == 1:
            place = rows.place(0)
            help = "separate columns with a comma, semicolon or tab"
            raise ConfigError([Problem("the file has one column, a fit needs two", place, help)])
        message = f"{file.name} has {len(header)} columns; set which are x and y"
        help = f"x: {header[0]}, y: {header[1]}, for example; columns: {', '.join(header)}"
        raise OptionError(message, ("data",), help=help)
    for name in names:
        if header.count(name) > 1:
            second = header.index(name, header.index(name) + 1)
            message = f"two columns are called {quoted(name)}"
            raise ConfigError([Problem(message, rows.place(second))])
    return header.index(names[0]), header.index(names[1])


def _numbers_of_row(
    row: list[str], rows: CsvRows, header: Sequence[str], indices: tuple[int, int]
) -> list[float | Problem]:
    """The two numbers of a row, with a problem in place of a cell without a number."""
    if len(row) != len(header):
        count = f"{len(row)} {'cell' if len(row) == 1 else 'cells'}"
        message = f"{count}, the first line has {len(header)}"
        return [Problem(message, rows.place(min(len(row), len(header))))]
    numbers: list[float | Problem] = []
    for i in indices:
        number = _number(row[i])
        numbers.append(_problem(header[i], row[i], rows.place(i)) if number is None else number)
    return numbers


def _number(cell: str) -> float | None:
    """The number in a cell, as Python reads it, but without `nan`, `inf` and `1_000`."""
    try:
        number = float(cell)
    except ValueError:
        return None
    usable = abs(number) <= MAX_MAGNITUDE and cell.isascii() and "_" not in cell
    return number if usable else None


def _problem(name: str, cell: str, place: Place) -> Problem:
    """The problem of a cell in the column `name` that is not a number."""
    if not cell.strip():
        help = "fill the cell, or leave out the row"
        return Problem(f"{name} is empty", place, help)
    try:
        number = float(cell)
    except ValueError:
        number = 0.0
    rule = "a number" if number == number else "a finite number"
    rule = f"a number up to {MAX_MAGNITUDE:g}" if abs(number) > MAX_MAGNITUDE else rule
    return Problem(f"{name} must be {rule}, got {quoted(cell)}", place, NUMBER_HELP)
