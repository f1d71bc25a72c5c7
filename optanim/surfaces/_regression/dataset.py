"""The data of a section `regression`: from points or from a file, perhaps standardized."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from optanim.errors import OptionError, quoted
from optanim.surfaces._regression.csv_dialect import reading_of
from optanim.surfaces._regression.csv_numbers import MAX_MAGNITUDE
from optanim.surfaces._regression.csv_table import CsvTable
from optanim.surfaces._regression.model import EXAMPLE, Model
from optanim.surfaces._regression.section import KEYS_OF_FILES, Regression
from optanim.surfaces._surface import Array, DataNote


@dataclass(frozen=True)
class Dataset:
    """The n data points that a model is fitted to.

    Attributes:
        inputs: of the model, (k, n), in the units of the data.
        y: the targets (n,).
        labels: the names of the inputs, and of y.
        means: what is taken from the inputs, (k, 1); zeros if they are not standardized.
        deviations: what they are divided by then, (k, 1).
        notes: what a figure says of the data.
    """

    inputs: Array
    y: Array
    labels: tuple[str, ...]
    means: Array
    deviations: Array
    notes: tuple[str, ...] = ()

    def scaled(self, inputs: Array) -> Array:
        """Inputs (k, m), as the model takes them."""
        return (inputs - self.means) / self.deviations


def dataset(inputs: Array, y: Array, labels: Sequence[str], notes: Sequence[str]) -> Dataset:
    """Data that are not standardized."""
    count = len(inputs)
    return Dataset(
        inputs, y, tuple(labels), np.zeros((count, 1)), np.ones((count, 1)), tuple(notes)
    )


def standardized(data: Dataset, names: Sequence[str]) -> Dataset:
    """The data with inputs of mean 0 and of standard deviation 1, as the model takes them.

    The deviation is that of the n points, with 1/n, as of scikit-learn's `StandardScaler`.

    Args:
        data: the data.
        names: those of the inputs in the model.

    Raises:
        OptionError: an input has one value only.
    """
    means = data.inputs.mean(axis=1, keepdims=True)
    deviations = data.inputs.std(axis=1, keepdims=True)
    notes = list(data.notes)
    for k, name in enumerate(names):
        label, (mean,), (deviation,) = data.labels[k], means[k].tolist(), deviations[k].tolist()
        if not deviation > 1e-14 * np.abs(data.inputs[k]).max():
            message = f"{quoted(label)} is {mean:g} in all rows, so it has no standard deviation"
            raise OptionError(message, ("standardize",))
        sign = "−" if mean >= 0 else "+"
        formula = f"{name} = ({label} {sign} {abs(mean):.4g}) / {deviation:.4g}"
        notes.append(DataNote("standardized", formula=formula))
    return replace(data, means=means, deviations=deviations, notes=tuple(notes))


def dataset_of_points(section: Regression, model: Model) -> Dataset:
    """The data points that a section states.

    Raises:
        OptionError: a number is too large, a key is about files, or y is a part of the model.
    """
    for key in KEYS_OF_FILES:
        if getattr(section, key) is not None:
            message = f"{quoted(key)} is about a file of data, and the data are points"
            raise OptionError(message, (key,), key=True)
    for row, column in np.argwhere(np.abs(section.points or ()) > MAX_MAGNITUDE).tolist():
        number = (section.points or ())[row][column]
        message = f"a number in the data must be at most {MAX_MAGNITUDE:g}, got {number:g}"
        raise OptionError(message, ("points", row, column))
    names = section.x or "x", section.y or "y"
    _check_target(model, [column or names[0] for column in model.columns], names[1])
    x, y = np.array(section.points, dtype=np.float64).T.copy()
    count = len(model.inputs)
    labels = (*[names[0]] * count, names[1])
    return dataset(np.repeat(x[None], count, axis=0), y, labels, ())


def dataset_of_file(section: Regression, model: Model, table: CsvTable) -> Dataset:
    """The columns of a file that a model and the section name.

    Raises:
        OptionError: a column is not known, or as `CsvTable.read` does.
        ConfigError: as `CsvTable.read` does.
    """
    named = [column for column in model.columns if column is not None]
    if None in model.columns:
        x, y = table.x_and_y(section.x, section.y)
    else:
        x, y = "", table.target(section.y, named)
    columns = [column or x for column in model.columns]
    for column in columns:
        table.check(("model",), column)
    _check_target(model, columns, y)
    classes = section.loss == "logloss"
    rows = table.read((*columns, y), classes=classes, positive=section.positive)
    notes = [
        DataNote("rows_where", column=name, value=_shown(value))
        for name, value in table.reading.where
    ]
    if rows.dropped:
        key = "row_dropped" if rows.dropped == 1 else "rows_dropped"
        notes.append(DataNote(key, count=rows.dropped))
    return dataset(rows.values[:-1], rows.values[-1], rows.labels, [*notes, *rows.notes])


def _check_target(model: Model, columns: Sequence[str], y: str) -> None:
    """Check that the target is no part of the model."""
    for name, column in zip(model.inputs, columns, strict=False):
        if column == y and name != "x":
            message = f"{quoted(name)} is the target of the model, it cannot be a part of the model"
            raise OptionError(message, ("model",), span=model.formula.where(name), help=EXAMPLE)


def check_classes(section: Regression, data: Dataset) -> None:
    """Check that all y are 0 or 1.

    Raises:
        OptionError: one is not, among the points of a section.
    """
    wrong = np.flatnonzero((data.y != 0) & (data.y != 1))
    if len(wrong) and section.points:
        message = f"y must be 0 or 1 for logloss, got {data.y[wrong[0]]:g}"
        raise OptionError(message, ("points", int(wrong[0]), 1))


def table_of(section: Regression, asked: Sequence[str]) -> CsvTable:
    """The file of a section, with its names.

    Raises:
        OptionError: there is none, or no such file, or two keys contradict each other.
        ConfigError: the head of the file cannot be read.
    """
    if section.data is None:
        help = "data: a CSV file, or points: [[1, 12], [2, 19]]"
        raise OptionError("has neither data nor points", help=help)
    keys = {key: getattr(section, key) for key in KEYS_OF_FILES}
    reading = reading_of(**keys)
    named = [name for name in (section.x, section.y) if name is not None]
    return CsvTable(
        Path(section.data), [*named, *asked, *(name for name, _ in reading.where)], reading
    )


def _shown(value: str | int | float | bool) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
