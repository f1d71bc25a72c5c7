"""Columns of a file without quotes, read by NumPy: ten times as fast as row by row."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence

import numpy as np

from optanim.surfaces._regression.csv_dialect import BLANKS
from optanim.surfaces._regression.csv_numbers import MAX_MAGNITUDE
from optanim.surfaces._regression.csv_reader import MAX_ROW_LENGTH
from optanim.surfaces._surface import Array

NEWLINE = 10
UNUSUAL = re.compile(rb'["_\r\x00\x1c-\x1f\x80-\xff]')


def plain_numbers(
    content: bytes, first: int, delimiter: str, width: int, indices: Sequence[int]
) -> Array | None:
    """The columns with some indices, (k, n), or None if the file has anything unusual.

    What is read here would be read row by row with the same numbers: both convert text as C's
    `strtod` does. What NumPy would pass over is looked for before: rows of another length, quotes,
    other line ends, and letters that the two take differently.

    Args:
        content: of the file.
        first: number of the line with the first numbers.
        delimiter: between the cells.
        width: the number of cells of each row.
        indices: of the columns.
    """
    if delimiter == BLANKS:
        return None
    content = content.replace(b"\r\n", b"\n")
    start = 0
    for _ in range(first - 1):
        start = content.find(b"\n", start) + 1
        if not start:
            return None
    body = content[start:].rstrip(b"\n") + b"\n"
    if UNUSUAL.search(body):
        return None
    signs = np.frombuffer(body, np.uint8)
    ends = np.flatnonzero(signs == NEWLINE)
    separators = np.searchsorted(np.flatnonzero(signs == ord(delimiter)), ends)
    if (np.diff(separators, prepend=0) != width - 1).any():
        return None
    if np.diff(ends, prepend=-1).max() > MAX_ROW_LENGTH:
        return None
    try:
        numbers = np.loadtxt(
            io.BytesIO(body), np.float64, comments=None, delimiter=delimiter, usecols=indices,
            ndmin=2, encoding="ascii",
        )  # fmt: skip
    except ValueError:
        return None
    if len(numbers) != len(ends) or not (np.abs(numbers) <= MAX_MAGNITUDE).all():
        return None
    return np.ascontiguousarray(numbers.T)
