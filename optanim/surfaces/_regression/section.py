"""The section `regression` of a surface."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from optanim.schema.formula_types import DataPoints, ModelFormula
from optanim.schema.types import (
    ColumnName,
    ColumnsByName,
    CommentSign,
    DecimalSign,
    InputFile,
    LineCount,
    Missing,
    Positive,
    RowValues,
    Separator,
    ThousandsSign,
)

KEYS_OF_FILES = (
    "separator", "decimal", "thousands", "skip", "comment", "missing", "where"
)  # fmt: skip
"""The keys that say how a file is read."""


@dataclass(frozen=True, kw_only=True)
class Regression:
    """A model and the data that it is fitted to.

    Attributes:
        model: a formula for y, of x or of names of columns, and of one or two parameters.
        data: a CSV file; or
        points: the data points, each as [x, y].
        x: the name of the column of x; by default x, or the first of two columns.
        y: the name of the column of y; by default y, or the one column that is left.
        columns: names in the model for columns that it cannot name, as `Sepal.Length`.
        loss: the loss of a residual: its square, its absolute value, or Huber's loss; or logloss,
            of a model of a probability, where y is 0 or 1, or one of two words.
        positive: the word that is 1; by default, the second in alphabetical order.
        delta: the residual up to which Huber's loss is quadratic; by default 1.
        standardize: whether each input is its distance from the mean, in standard deviations.
        missing: whether a row without a value is an error, as it is by default, or left out; a
            number such as -99.99 stands for no value, and rows with it are left out, too.
        where: the values that rows have in other columns; rows with others are left out.
        separator: of the columns of the file; by default, this and the next four are found from
            the first hundred lines.
        decimal: the sign before the fraction of its numbers.
        thousands: the sign between groups of three digits.
        skip: the number of lines above the names.
        comment: how lines begin that are passed over; by default `#`, above the numbers.
    """

    example: ClassVar = {"model": "w*x + b", "data": "data.csv"}

    model: ModelFormula
    data: InputFile = None
    points: DataPoints = None
    x: ColumnName | None = None
    y: ColumnName | None = None
    columns: ColumnsByName | None = None
    loss: Literal["mse", "mae", "huber", "logloss"] = "mse"
    positive: ColumnName | None = None
    delta: Positive | None = None
    standardize: bool | None = None
    missing: Missing = None
    where: RowValues | None = None
    separator: Separator | None = None
    decimal: DecimalSign | None = None
    thousands: ThousandsSign | None = None
    skip: LineCount | None = None
    comment: CommentSign | None = None
