"""Columns of numbers of a CSV, JSON or NPZ file, by their names.

A file may have the columns of several optimizers, as `optanim trace` writes them: `where` chooses.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import Any

import numpy as np

from optanim.errors import ConfigError, OptionError, Place, Problem, did_you_mean, quoted
from optanim.files import DATA
from optanim.surfaces._regression.csv_content import content_of
from optanim.surfaces._regression.csv_dialect import ROW_NAMES, reading_of
from optanim.surfaces._regression.csv_numbers import MAX_MAGNITUDE
from optanim.surfaces._regression.csv_table import MAX_PROBLEMS, CsvTable
from optanim.surfaces._surface import Array

BESIDE = (*ROW_NAMES, "label", "step", "loss")
"""Columns that are no axis unless a config says so: `optanim trace` writes them beside the axes."""

KEY, PURPOSE = "file", "a path"

_JSON_PIECES = re.compile(r'\s+|"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+')


@dataclass(frozen=True)
class _Columns:
    """Columns that are not checked yet.

    Attributes:
        values: of each column, by its name.
        place: from the name of a column and an index to the place in the file.
    """

    values: Mapping[str, Sequence[Any]]
    place: Callable[[str, int], Place | str]


def read_columns(
    file: Path, axes: Sequence[str], *, columns: Mapping[str, str] | None = None,
    where: Mapping[str, Any] | None = None, missing: str | float | None = None, **csv_keys: Any,
) -> Array:  # fmt: skip
    """The numbers (d, n) of the d columns of some axes, n ≥ 2.

    Args:
        file: CSV, JSON or NPZ, by its suffix; any other suffix is read as CSV.
        axes: names of the axes.
        columns: the column of an axis, if it has another name.
        where: the values that rows, or optimizers, have in other columns.
        missing: as in `regression`.
        csv_keys: `separator`, `decimal`, `thousands`, `skip` and `comment`, as in `regression`.

    Raises:
        OptionError: an option does not fit the file; its path begins with the name of the option.
        ConfigError: the file has problems, each at its place.
    """
    columns, where = columns or {}, where or {}
    for name in columns:
        if name not in axes:
            message = f"the surface has no axis {quoted(name)}"
            help = did_you_mean(name, axes, "axes")
            raise OptionError(message, ("columns", name), key=True, help=help)
    kind = file.suffix.lower()
    if kind not in (".json", ".npz"):
        return _of_csv(file, axes, columns, where, missing=missing, **csv_keys)
    for key, value in csv_keys.items():
        if value is not None:
            message = f"{quoted(key)} is about a CSV file, and {file.name} is none"
            raise OptionError(message, (key,), key=True)
    content = content_of(file, KEY)
    table = (_of_json if kind == ".json" else _of_npz)(content, file, axes, where)
    names = _names_of(axes, columns, list(table.values), file)
    return _numbers(table, names, file, missing)


def _of_csv(
    file: Path, axes: Sequence[str], columns: Mapping[str, str], where: Mapping[str, Any],
    **keys: Any,
) -> Array:  # fmt: skip
    reading = reading_of(where=where, key=KEY, purpose=PURPOSE, **keys)
    table = CsvTable(file, [*(columns.get(axis, axis) for axis in axes), *where], reading)
    names = _names_of(axes, columns, table.names, file)
    table.check_all((("columns", axis), name) for axis, name in zip(axes, names, strict=True))
    if "label" in table.names and "label" not in where:
        _check_one(table.values_of("label"), file)
    return table.read(names).values


def _names_of(
    axes: Sequence[str], columns: Mapping[str, str], known: Sequence[str], file: Path
) -> list[str]:
    """The name of the column of each axis.

    Raises:
        OptionError: a file has no such column, and not as many columns as there are axes.
    """
    names = [columns.get(axis, axis) for axis in axes]
    free = [name for name in known if name not in BESIDE]
    if not columns and not set(names) <= set(known) and len(free) == len(axes):
        return free
    wrong = [axis for axis, name in zip(axes, names, strict=True) if name not in known]
    if named := [axis for axis in wrong if axis in columns]:
        message = f"{file.name} has no column {quoted(columns[named[0]])}"
        help = did_you_mean(columns[named[0]], known, "columns")
        raise OptionError(message, ("columns", named[0]), help=help, quotes=str(file))
    if wrong:
        pairs = (f"{axis}: {name}" for axis, name in zip(axes, free or axes, strict=False))
        message = f"{file.name} has no column {quoted(wrong[0])}, the name of an axis"
        help = f"columns: {{{', '.join(pairs)}}}, for example; columns: {', '.join(known)}"
        raise OptionError(message, (KEY,), help=help, quotes=str(file))
    return names


def _check_one(labels: Sequence[str], file: Path) -> None:
    """Check that a file has the path of one optimizer."""
    if len(labels) > 1:
        message = f"{file.name} has the paths of several optimizers; choose one"
        shown = ", ".join(map(quoted, labels))
        help = f"where: {{label: {labels[0]}}}; labels: {shown}"
        raise OptionError(message, (KEY,), help=help, quotes=str(file))


def _of_json(content: bytes, file: Path, axes: Sequence[str], where: Mapping[str, Any]) -> _Columns:
    """The columns of a file of JSON: of lists, of rows with names, or of points."""
    text = _decoded(content, file)

    def place(path: tuple[str | int, ...]) -> Place:
        return _place_at(text, str(file), *_span_in_json(text, path))

    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        broken = _place_at(text, str(file), error.pos, 1)
        raise ConfigError([Problem(f"is no JSON: {error.msg}", broken)]) from None
    except RecursionError:
        raise ConfigError([Problem("is nested too deep", str(file))]) from None
    rows = data if isinstance(data, list) else [data]
    if rows and all(isinstance(row, list) for row in rows):
        for i, row in enumerate(rows):
            if len(row) != len(axes):
                message = f"a point has {len(axes)} numbers, one for each axis, got {len(row)}"
                raise ConfigError([Problem(message, place((i,)))])
        points = {axis: [row[k] for row in rows] for k, axis in enumerate(axes)}
        return _Columns(points, lambda name, i: place((i, list(axes).index(name))))
    if not rows or not all(isinstance(row, dict) for row in rows):
        help = '{"x": [1, 0.9], "y": [2, 1.8]}, or [[1, 2], [0.9, 1.8]], or what trace writes'
        raise ConfigError([Problem("has no columns", place(()), help)])
    kept = [(i, row) for i, row in enumerate(rows) if _holds(row, where)]
    if not kept:
        raise _no_row(rows, where, file)
    _check_one(_labels(row for _, row in kept), file)
    i, first = kept[0]
    at: tuple[str | int, ...] = (i,) if data is rows else ()
    if any(isinstance(value, list) for value in first.values()):
        lists = {name: value for name, value in first.items() if isinstance(value, list)}
        return _Columns(lists, lambda name, k: place((*at, name, k)))
    table = {name: [row.get(name) for _, row in kept] for name in first}
    return _Columns(table, lambda name, k: place((kept[k][0], name)))


def _decoded(content: bytes, file: Path) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise ConfigError([Problem("is not UTF-8", Place(str(file), line, 1))]) from None


def _holds(row: Mapping[str, Any], where: Mapping[str, Any]) -> bool:
    return all(name in row and str(row[name]) == str(value) for name, value in where.items())


def _labels(rows: Any) -> list[str]:
    """The different labels of rows, as text."""
    return list(dict.fromkeys(str(row["label"]) for row in rows if "label" in row))


def _no_row(rows: Sequence[Mapping[str, Any]], where: Mapping[str, Any], file: Path) -> OptionError:
    """The error of a condition that no row meets."""
    for name, value in where.items():
        values = list(dict.fromkeys(str(row[name]) for row in rows if name in row))
        if not values:
            help = did_you_mean(name, rows[0], "columns")
            message = f"{file.name} has no column {quoted(name)}"
            return OptionError(message, ("where", name), key=True, help=help, quotes=str(file))
        if str(value) not in values:
            help = did_you_mean(str(value), values[:12], "its values")
            message = f"nothing has {name} = {quoted(value)}"
            return OptionError(message, ("where", name), help=help, quotes=str(file))
    return OptionError(f"nothing in {file.name} has all the values of 'where'", ("where",))


def _span_in_json(text: str, path: tuple[str | int, ...]) -> tuple[int, int]:
    """The index and the length of the first token of the value at a path."""
    at = list[str | int | None]()  # of each open bracket, the index or the key of its value
    for match in _JSON_PIECES.finditer(text):
        piece = match[0]
        if piece.isspace() or piece == ":":
            continue
        if piece in "]}":
            at.pop()
        elif piece == ",":
            index = at[-1]
            at[-1] = index + 1 if isinstance(index, int) else None
        elif at and at[-1] is None:
            at[-1] = json.loads(piece)
        elif tuple(at) == path:
            return match.start(), len(piece)
        elif piece in "[{":
            at.append(0 if piece == "[" else None)
    return 0, 1


def _place_at(text: str, source: str, index: int, length: int) -> Place:
    start = text.rfind("\n", 0, index) + 1
    line = text[start : text.find("\n", index) if "\n" in text[index:] else None]
    return Place(source, text.count("\n", 0, index) + 1, index - start + 1, line, length)


def _of_npz(content: bytes, file: Path, axes: Sequence[str], where: Mapping[str, Any]) -> _Columns:
    """The columns of a file of arrays: one for each column, one of points, or those of trace."""
    arrays = _arrays(content, file)

    def place(name: str, i: int) -> str:
        return str(file)

    if "label" in arrays and "points_0" in arrays:
        labels = [{"label": str(label)} for label in np.atleast_1d(arrays["label"])]
        kept = [i for i, row in enumerate(labels) if _holds(row, where)]
        if not kept:
            raise _no_row(labels, where, file)
        _check_one([labels[i]["label"] for i in kept], file)
        points = np.atleast_2d(arrays.get(f"points_{kept[0]}", np.zeros((0, 0))))
        return _Columns(dict(zip(map(str, arrays.get("axes", axes)), points, strict=False)), place)
    if where:
        message = f"{file.name} has no labels to choose from"
        raise OptionError(message, ("where",), key=True)
    rows = [array for array in arrays.values() if array.ndim == 2 and array.shape[1] == len(axes)]
    if len(rows) == 1 and len(axes) > 1:
        return _Columns(dict(zip(axes, rows[0].T, strict=True)), place)
    return _Columns({name: array for name, array in arrays.items() if array.ndim == 1}, place)


def _arrays(content: bytes, file: Path) -> dict[str, Any]:
    """The arrays of a file by name. No pickle is read: it could run code."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(item.file_size for item in archive.infolist()) > DATA:
                raise ValueError(f"its arrays are larger than {DATA // 10**6} MB")
        with np.load(io.BytesIO(content), allow_pickle=False) as data:
            return {name: data[name] for name in data.files}
    except Exception as error:  # any: a file of others, read by two libraries
        message = f"cannot be read as NPZ: {' '.join(str(error).split())}"
        raise ConfigError([Problem(message, str(file))]) from None


def _numbers(
    table: _Columns, names: Sequence[str], file: Path, missing: str | float | None
) -> Array:
    """The columns with some names as numbers (k, n), without the rows that `missing` leaves out."""
    columns = [table.values[name] for name in names]
    lengths = [len(column) for column in columns]
    if len({*lengths}) > 1:
        counts = ", ".join(f"{n} has {count}" for n, count in zip(names, lengths, strict=True))
        raise ConfigError([Problem(f"the columns have different lengths: {counts}", str(file))])
    kept, problems = list[list[float]](), list[Problem]()
    for i, row in enumerate(zip(*columns, strict=True)):
        wrong = [k for k, value in enumerate(row) if not _is_number(value)]
        if missing not in (None, "error") and (
            missing in row or (all(row[k] is None or row[k] != row[k] for k in wrong) and wrong)
        ):
            continue
        for k in wrong:
            place = table.place(names[k], i)
            name = names[k] if isinstance(place, Place) else f"{names[k]}[{i}]"
            message = f"{name} must be a number up to {MAX_MAGNITUDE:g}, got {quoted(row[k])}"
            help = "missing: drop leaves out the rows where a value is missing"
            problems.append(Problem(message, place, help))
        if len(problems) >= MAX_PROBLEMS:
            break
        kept.append([float(value) for value in row] if not wrong else [])
    if problems:
        raise ConfigError(problems)
    if len(kept) < 2:
        count = "no point" if not kept else "one point"
        raise ConfigError([Problem(f"the file has {count}, {PURPOSE} needs two", str(file))])
    return np.array(kept, dtype=np.float64).T.copy()


def _is_number(value: Any) -> bool:
    number = isinstance(value, int | float | np.integer | np.floating)
    if not number or isinstance(value, bool):
        return False
    return isfinite(value) and abs(value) <= MAX_MAGNITUDE
