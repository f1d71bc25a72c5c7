"""Two columns of a CSV file as numbers, or everything that is wrong with them."""

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

BYTES, MOST = 100_000_000, 10
"""The largest file; so many wrong cells are told at once."""

LARGEST = 1e100
"""The largest number that data may have: larger ones cannot be squared and summed."""

NUMBERS = "numbers look like 12, 0.5 or 1e-3: a decimal point, and no unit"


@dataclass(frozen=True)
class Columns:
    """Two columns of n numbers and their names."""

    x: Array
    y: Array
    names: tuple[str, str]


def read_columns(file: Path, x: str | None = None, y: str | None = None) -> Columns:
    """Two columns of a CSV file.

    Args:
        file: UTF-8, with names in its first line. Two columns of bare numbers are called x and y.
        x: the name of a column; by default `x`, or the first of two.
        y: the same; by default `y`, or the second of two.

    Raises:
        OptionError: there is no such file, at ("data",); or no such column, at ("x",) or ("y",).
        ConfigError: with what is wrong inside of it, each at its line and column.
    """
    _check(file)
    try:
        with file.open("rb") as opened:
            return _read(CsvRows(opened, str(file)), file, x, y)
    except OSError as error:
        raise OptionError(f"{file} cannot be read: {error.strerror}", ("data",)) from None


def _check(file: Path) -> None:
    try:
        if file.is_dir():
            raise OptionError(f"{file} is a folder, not a CSV file", ("data",))
        if not file.exists():
            near = sorted(p.name for p in file.parent.glob("*.csv"))[:20]
            help = did_you_mean(file.name, near, "CSV files there") or (
                "a file is looked for in the folder of the config that names it"
            )
            raise OptionError(f"there is no file {file}", ("data",), help=help)
        if not file.is_file():
            raise OptionError(f"{file} is not a regular file", ("data",))
        if file.stat().st_size > BYTES:
            message = f"{file} is larger than {BYTES // 10**6} MB"
            raise OptionError(message, ("data",))
    except OSError as error:
        raise OptionError(f"{file} cannot be read: {error.strerror}", ("data",)) from None


def _read(rows: CsvRows, file: Path, x: str | None, y: str | None) -> Columns:
    read = iter(rows)
    first = next(read, None)
    if first is None:
        help = "its first line has names, the others numbers"
        raise ConfigError([Problem("the file is empty", rows.source, help)])
    header, body = [name.strip() for name in first], read
    if all(_number(cell) is not None for cell in header):
        if len(header) != 2 or x or y:
            help = "for example hours,mark"
            problem = Problem("numbers stand where names should be", rows.place(0), help)
            raise ConfigError([problem])
        header, body = ["x", "y"], chain([first], read)
    chosen = _chosen(header, rows, file, x, y)
    names = (header[chosen[0]], header[chosen[1]])
    numbers, wrong, last = (array("d"), array("d")), list[Problem](), rows.place(0)
    for row in body:
        found = _found(row, rows, header, chosen)
        wrong += [part for part in found if isinstance(part, Problem)]
        if len(wrong) >= MOST:
            message = f"{MOST} mistakes; the rest of the file was not read"
            raise ConfigError([*wrong[:MOST], Problem(message, rows.source)])
        if not wrong:
            for column, number in zip(numbers, found, strict=True):
                assert isinstance(number, float)
                column.append(number)
        last = rows.place(0) if len(numbers[0]) < 2 else last
    if wrong:
        raise ConfigError(wrong)
    if len(numbers[0]) < 2:
        has = "one row of numbers" if numbers[0] else "a first line and no numbers"
        raise ConfigError([Problem(f"the file has {has}, a fit needs two", last)])
    return Columns(np.array(numbers[0]), np.array(numbers[1]), names)


def _chosen(
    header: Sequence[str], rows: CsvRows, file: Path, x: str | None, y: str | None
) -> tuple[int, int]:
    """Which columns are x and y."""
    for key, name in (("x", x), ("y", y)):
        if name is not None and name not in header:
            help = did_you_mean(name, header, "columns")
            raise OptionError(f"{file.name} has no column {quoted(name)}", (key,), help=help)
    wanted = [x or "x", y or "y"]
    for i, named in enumerate((x, y)):
        other = wanted[1 - i]
        if named is None and wanted[i] not in header and len(header) == 2:
            # The one that the other is not; in order if neither is named.
            free = [name for name in header if name != other or header.count(name) > 1]
            wanted[i] = free[0] if len(free) == 1 else header[i]
    if not set(wanted) <= set(header):
        if len(header) == 1:
            place = rows.place(0)
            help = "a comma, semicolon or tab stands between two columns"
            raise ConfigError([Problem("the file has one column, a fit needs two", place, help)])
        message = f"{file.name} has {len(header)} columns; say which are x and y"
        help = f"x: {header[0]}, y: {header[1]}, for example; columns: {', '.join(header)}"
        raise OptionError(message, ("data",), help=help)
    for name in wanted:
        if header.count(name) > 1:
            second = header.index(name, header.index(name) + 1)
            message = f"two columns are called {quoted(name)}"
            raise ConfigError([Problem(message, rows.place(second))])
    return header.index(wanted[0]), header.index(wanted[1])


def _found(
    row: list[str], rows: CsvRows, header: Sequence[str], chosen: tuple[int, int]
) -> list[float | Problem]:
    """The two numbers of a row, or what is wrong with it."""
    if len(row) != len(header):
        count = f"{len(row)} {'cell' if len(row) == 1 else 'cells'}"
        message = f"{count}, the first line has {len(header)}"
        return [Problem(message, rows.place(min(len(row), len(header))))]
    out: list[float | Problem] = []
    for i in chosen:
        number = _number(row[i])
        out.append(_wrong(header[i], row[i], rows.place(i)) if number is None else number)
    return out


def _number(cell: str) -> float | None:
    """The number in a cell: Python's own reading, less its `nan`, `inf` and `1_000`."""
    try:
        number = float(cell)
    except ValueError:
        return None
    usable = abs(number) <= LARGEST and cell.isascii() and "_" not in cell
    return number if usable else None


def _wrong(name: str, cell: str, place: Place) -> Problem:
    if not cell.strip():
        help = "fill it, or leave the row out"
        return Problem(f"{name} is empty", place, help)
    try:
        number = float(cell)
    except ValueError:
        number = 0.0
    rule = "a number" if number == number else "a finite number"
    rule = f"a number up to {LARGEST:g}" if abs(number) > LARGEST else rule
    return Problem(f"{name} must be {rule}, got {quoted(cell)}", place, NUMBERS)
