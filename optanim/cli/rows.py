"""Rows as tables: dataclasses of numbers and words, a column for each of their fields."""

from __future__ import annotations

import csv
import io
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from optanim.errors import ConfigError, Problem, did_you_mean

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Rows = Sequence["DataclassInstance"]


def as_csv(rows: Rows) -> str:
    """Digits enough to read back the same numbers; what is None is empty."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows(
        _cells(rows, lambda v: "" if v is None else v if isinstance(v, str) else repr(v))
    )
    return text.getvalue()


def as_markdown(rows: Rows) -> str:
    """Four significant digits; what is None is a dash; numbers to the right."""
    head, *body = _cells(rows, _short)
    numbers = [
        all(isinstance(getattr(row, name), int | float | None) for row in rows) for name in head
    ]
    lines = [head, ["---:" if number else "---" for number in numbers], *body]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


TABLES: dict[str, Callable[[Rows], str]] = {"csv": as_csv, "markdown": as_markdown}
"""How `--table` can write rows; without rows, nothing."""


def printer(form: str | None, others: Mapping[str, object]) -> Callable[[Rows], None]:
    """What `--table` does with rows: print them on standard output; nothing if it is not set.

    Args:
        form: the value of `--table`.
        others: other flags that print there, with their values: one of them is enough.

    Raises:
        ConfigError: there is no such table, or another flag is set, too.
    """
    if form is None:
        return lambda rows: None
    if form not in TABLES:
        help = did_you_mean(form, TABLES, "known")
        raise ConfigError([Problem(f"no table is called '{form}'", "--table", help)])
    if clash := next((flag for flag, value in others.items() if value), None):
        raise ConfigError([Problem(f"{clash} prints on standard output, too", "--table",
                                   "keep one of them")])  # fmt: skip
    return lambda rows: _print(TABLES[form](rows) if rows else "")


def _print(text: str) -> None:
    # In UTF-8, whatever the terminal speaks, and with its own line ends: it goes into a file.
    sys.stdout.buffer.write(text.encode())
    sys.stdout.flush()


def _cells(rows: Rows, said: Callable[[Any], str]) -> list[list[str]]:
    """The names of the columns, then the cells of each row."""
    names = [field.name for field in fields(rows[0])]
    return [names, *([said(getattr(row, name)) for name in names] for row in rows)]


def _short(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, float):
        return f"{value:.4g}"
    # A bar would end the cell, a line end the row; a backslash before it would be taken for ours.
    return re.sub(r"(\\*)\|", r"\1\1\\|", " ".join(str(value).split()))
