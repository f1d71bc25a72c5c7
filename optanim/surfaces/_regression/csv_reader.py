"""The rows of a CSV file, and the places of their cells."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from itertools import chain
from typing import BinaryIO

from optanim.errors import ConfigError, Place, Problem

MAX_SHOWN_LENGTH = 200
"""Messages do not show a line that is longer."""

DELIMITERS = (",", ";", "\t")

MAX_HEADER_LINES = 50
"""Maximum number of lines of the first row, which quotes may continue over several lines."""


class CsvRows:
    """Iterates over the rows of a file that are not blank; each row is a list of cells.

    The file is UTF-8, with or without a byte order mark, with any line ends. Quotes are those of
    RFC 4180; spaces may stand before them. The delimiter is the first of `, ; tab` that the first
    line contains outside quotes.

    Raises:
        ConfigError: while iterating, if the file is not UTF-8 or a quote is not closed.
    """

    def __init__(self, file: BinaryIO, source: str) -> None:
        self.source = source
        self._file, self._line = file, 0
        self._row_lines: list[str] = []
        """The lines of the current row; the last of them is line number `_line`."""

    def __iter__(self) -> Iterator[list[str]]:
        lines = self._lines()
        header = _header_lines(lines)
        unquoted = re.sub(r'"[^"]*"', "", "".join(line for _, line in header))
        self.delimiter = next((sign for sign in DELIMITERS if sign in unquoted), ",")

        def recorded() -> Iterator[str]:
            for self._line, line in chain(header, lines):
                self._row_lines.append(line)
                yield line

        reader = csv.reader(
            recorded(), delimiter=self.delimiter, skipinitialspace=True, strict=True
        )
        while True:
            self._row_lines.clear()
            try:
                row = next(reader, None)
            except csv.Error as error:
                raise ConfigError([self._problem(error)]) from None
            if row is None:
                return
            if row[1:] or "".join(row).strip():
                yield row

    def place(self, cell: int) -> Place:
        """The place of a cell of the current row; the end of the row if it has no such cell."""
        spans = self._spans()
        start, end = spans[cell] if cell < len(spans) else (spans[-1][1], spans[-1][1])
        return self._at(start, end - start)

    def _at(self, start: int, length: int) -> Place:
        """The place of a part of the current row, up to the end of its line."""
        line = self._line - len(self._row_lines) + 1
        for text in self._row_lines:
            if start < len(text) or text is self._row_lines[-1]:
                break
            start, line = start - len(text), line + 1
        text = text.rstrip("\r\n")
        length = max(1, min(length, len(text) - start))
        return Place(self.source, line, start + 1, _shown(text), length)

    def _spans(self) -> list[tuple[int, int]]:
        """The start and the end of each cell in the text of the current row."""
        text = "".join(self._row_lines)
        cell = re.compile(rf' *("(?:[^"]|"")*"?|[^{self.delimiter}\r\n]*)')
        spans, start = list[tuple[int, int]](), 0
        while True:
            match = cell.match(text, start)
            assert match is not None
            spans.append(match.span(1))
            if text[match.end() : match.end() + 1] != self.delimiter:
                return spans
            start = match.end() + 1

    def _problem(self, error: csv.Error) -> Problem:
        """An error of the module csv, at its place."""
        start, end = self._spans()[-1]
        rest = "".join(self._row_lines)[end:].rstrip("\r\n")
        if rest:
            sign = "a tab" if self.delimiter == "\t" else f"'{self.delimiter}'"
            message = f"only {sign} may follow a closing quote"
            help = 'a quote inside quotes is written twice: "a ""b"" c"'
            return Problem(message, self._at(end, len(rest)), help)
        message = "a quote that is opened here is never closed"
        if "field limit" in str(error) or "end of data" in str(error):
            return Problem(message, self._at(start, 1))
        return Problem(f"not CSV: {error}", self._at(start, end - start))

    def _lines(self) -> Iterator[tuple[int, str]]:
        """Yield each line with its number."""
        number = 0
        for raw in self._file:
            if number == 0 and raw.startswith((b"\xff\xfe", b"\xfe\xff")):
                help = "save the file as UTF-8; Excel calls it 'CSV UTF-8'"
                raise ConfigError([Problem("is UTF-16, not UTF-8", self.source, help)])
            if b"\0" in raw:
                raise ConfigError([Problem("is not a text file", self.source)])
            # A file without \n may have the line ends of an old Macintosh, \r.
            for part in raw.splitlines(keepends=True) if b"\r" in raw[:-2] else [raw]:
                number += 1
                part = part.removeprefix(b"\xef\xbb\xbf") if number == 1 else part
                yield number, self._decoded(part, number)

    def _decoded(self, raw: bytes, number: int) -> str:
        try:
            return raw.decode("utf-8")
        except UnicodeDecodeError as error:
            column = len(raw[: error.start].decode("utf-8")) + 1
            text = raw.decode("utf-8", "replace").rstrip("\r\n")
            place = Place(self.source, number, column, _shown(text))
            message = f"not UTF-8: byte 0x{raw[error.start]:02x}"
            help = "save the file as UTF-8; Excel calls it 'CSV UTF-8'"
            raise ConfigError([Problem(message, place, help)]) from None


def _shown(line: str) -> str:
    """A line as messages show it; "" if it is too long."""
    return line if len(line) <= MAX_SHOWN_LENGTH else ""


def _header_lines(lines: Iterator[tuple[int, str]]) -> list[tuple[int, str]]:
    """The first line that is not blank, and the lines over which its quotes continue."""
    header, quotes = list[tuple[int, str]](), 0
    for number, line in lines:
        if header or line.strip():
            header.append((number, line))
            quotes += line.count('"')
            if quotes % 2 == 0 or len(header) == MAX_HEADER_LINES:
                break
    return header
