"""The rows of a CSV file, and where their cells stand."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from itertools import chain
from typing import BinaryIO

from optanim.errors import ConfigError, Place, Problem

SHOWN = 200
"""A line longer than this is not shown in messages."""

DELIMITERS = (",", ";", "\t")

HEAD = 50
"""The names in quotes may go on for so many lines."""


class CsvRows:
    """Iterates over the rows of a file that are not blank, each a list of cells.

    UTF-8, with or without a byte order mark; any line ends; quotes as in RFC 4180, also with blanks
    before them. The delimiter is the first of `, ; tab` that the first line has outside of quotes.

    Raises:
        ConfigError: it is not UTF-8, or its quotes do not pair: while iterating.
    """

    def __init__(self, file: BinaryIO, source: str) -> None:
        self.source = source
        self._file, self._line = file, 0
        self._held: list[str] = []
        """The lines of the row at hand; the last of them is line number `_line`."""

    def __iter__(self) -> Iterator[list[str]]:
        lines = self._lines()
        head = _head(lines)
        plain = re.sub(r'"[^"]*"', "", "".join(line for _, line in head))
        self.delimiter = next((sign for sign in DELIMITERS if sign in plain), ",")

        def noted() -> Iterator[str]:
            for self._line, line in chain(head, lines):
                self._held.append(line)
                yield line

        reader = csv.reader(noted(), delimiter=self.delimiter, skipinitialspace=True, strict=True)
        while True:
            self._held.clear()
            try:
                row = next(reader, None)
            except csv.Error as error:
                raise ConfigError([self._torn(error)]) from None
            if row is None:
                return
            if row[1:] or "".join(row).strip():
                yield row

    def place(self, cell: int) -> Place:
        """Where a cell of the row at hand stands; right behind the last if it has no such cell."""
        spans = self._spans()
        start, end = spans[cell] if cell < len(spans) else (spans[-1][1], spans[-1][1])
        return self._at(start, end - start)

    def _at(self, start: int, length: int) -> Place:
        """The place of a stretch of the row at hand; as far as its line goes."""
        line = self._line - len(self._held) + 1
        for text in self._held:
            if start < len(text) or text is self._held[-1]:
                break
            start, line = start - len(text), line + 1
        text = text.rstrip("\r\n")
        length = max(1, min(length, len(text) - start))
        return Place(self.source, line, start + 1, text if len(text) <= SHOWN else "", length)

    def _spans(self) -> list[tuple[int, int]]:
        """The first character of each cell in the text of the row at hand, and the one behind."""
        text = "".join(self._held)
        cell = re.compile(rf' *("(?:[^"]|"")*"?|[^{self.delimiter}\r\n]*)')
        spans, at = list[tuple[int, int]](), 0
        while True:
            match = cell.match(text, at)
            assert match is not None
            spans.append(match.span(1))
            if text[match.end() : match.end() + 1] != self.delimiter:
                return spans
            at = match.end() + 1

    def _torn(self, error: csv.Error) -> Problem:
        """What csv found, at its place."""
        start, end = self._spans()[-1]
        rest = "".join(self._held)[end:].rstrip("\r\n")
        if rest:
            sign = "a tab" if self.delimiter == "\t" else f"'{self.delimiter}'"
            message = f"only {sign} may follow a closing quote"
            help = 'a quote inside of quotes is written twice: "a ""b"" c"'
            return Problem(message, self._at(end, len(rest)), help)
        message = "a quote that is opened here is never closed"
        if "field limit" in str(error) or "end of data" in str(error):
            return Problem(message, self._at(start, 1))
        return Problem(f"not CSV: {error}", self._at(start, end - start))

    def _lines(self) -> Iterator[tuple[int, str]]:
        """Every line with its number."""
        number = 0
        for raw in self._file:
            if number == 0 and raw.startswith((b"\xff\xfe", b"\xfe\xff")):
                help = "save the file as UTF-8; Excel calls it 'CSV UTF-8'"
                raise ConfigError([Problem("is UTF-16, not UTF-8", self.source, help)])
            if b"\0" in raw:
                raise ConfigError([Problem("is not a text file", self.source)])
            # A file without \n has the line ends of an old Macintosh.
            for part in raw.splitlines(keepends=True) if b"\r" in raw[:-2] else [raw]:
                number += 1
                part = part.removeprefix(b"\xef\xbb\xbf") if number == 1 else part
                yield number, self._decoded(part, number)

    def _decoded(self, raw: bytes, number: int) -> str:
        try:
            return raw.decode("utf-8")
        except UnicodeDecodeError as error:
            column = len(raw[: error.start].decode("utf-8")) + 1
            shown = raw.decode("utf-8", "replace").rstrip("\r\n")
            place = Place(self.source, number, column, shown if len(shown) <= SHOWN else "")
            message = f"not UTF-8: byte 0x{raw[error.start]:02x}"
            help = "save the file as UTF-8; Excel calls it 'CSV UTF-8'"
            raise ConfigError([Problem(message, place, help)]) from None


def _head(lines: Iterator[tuple[int, str]]) -> list[tuple[int, str]]:
    """The first line that is not blank, and those that its quotes go on to."""
    head, quotes = list[tuple[int, str]](), 0
    for number, line in lines:
        if head or line.strip():
            head.append((number, line))
            quotes += line.count('"')
            if quotes % 2 == 0 or len(head) == HEAD:
                break
    return head
