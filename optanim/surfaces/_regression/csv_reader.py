"""The rows of a CSV file, and the places of their cells."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterator

from optanim.errors import ConfigError, Place, Problem
from optanim.surfaces._regression.csv_dialect import (
    BLANKS,
    Line,
    find_dialect,
    spaced,
)

MAX_SHOWN_LENGTH = 200
"""Messages do not show a line that is longer."""

MAX_ROW_LENGTH = 1_000_000
"""Maximum number of characters of a row: each delimiter among them takes memory of a cell."""

MAX_HEAD_LINES, MAX_HEAD_LENGTH = 100, 200_000
"""Maximum number of lines and of characters that show how a file is written."""

DELIMITER_WORDS = {"\t": "a tab", BLANKS: "blanks"}


class CsvRows:
    """Iterates over the rows of numbers of a file; each row is a list of cells.

    The file is UTF-8, with or without a byte order mark, with any line ends. Quotes are those of
    RFC 4180; spaces may stand before them. Rows of empty cells are passed over.

    Attributes:
        dialect: the separator, and where the names of the columns are.

    Args:
        content: of the file.
        source: its name in messages.
        asked: names of columns; the row that has them is the row of names.
        delimiter: the separator, if it is known.
        skip: the number of lines before the names, if it is known.
        comment: the beginning of lines that are passed over. By default there is none below the
            names.

    Raises:
        ConfigError: the file has no text; it is not UTF-8, or, while iterating, a quote is not
            closed.
    """

    def __init__(
        self, content: bytes, source: str, asked: Collection[str] = (), *,
        delimiter: str | None = None, skip: int | None = None, comment: str | None = None,
    ) -> None:  # fmt: skip
        self.content, self.source, self.comment = content, source, comment
        self._line = self._row_length = 0
        self._row_lines: list[str] = []
        """The lines of the current row; the last of them is line number `_line`."""
        head = self._head(skip or 0)
        if not head:
            message = f"the file has at most {skip} lines" if skip else "the file is empty"
            help = "its first line has names, the others numbers"
            raise ConfigError([Problem(message, source, help)])
        self.dialect = find_dialect(head, asked, delimiter=delimiter, skip=skip, comment=comment)
        self.delimiter = self.dialect.delimiter
        self._lines_of_names = [text for number, text in head if number == self.dialect.line]

    def _head(self, skip: int) -> list[Line]:
        """The first lines of the file that are not blank, below those to skip."""
        head, length = list[Line](), 0
        for number, line in self._lines():
            if number <= skip or not (head or line.strip()):
                continue
            self._check_length(len(line), number)
            length += len(line)
            if head and length > MAX_HEAD_LENGTH:
                break
            head.append((number, line))
            if len(head) == MAX_HEAD_LINES:
                break
        return head

    def __iter__(self) -> Iterator[list[str]]:
        reader = csv.reader(
            self._recorded(), delimiter=self.delimiter, skipinitialspace=True, strict=True
        )
        while True:
            self._row_lines.clear()
            self._row_length = 0
            try:
                row = next(reader, None)
            except csv.Error as error:
                raise ConfigError([self._problem(error)]) from None
            if row is None:
                return
            if any(row) and not "".join(row).isspace():
                yield row

    def _recorded(self) -> Iterator[str]:
        """Yield the lines below the names, as the module csv reads them."""
        end, comment, blanks = self.dialect.end, self.comment, self.delimiter == BLANKS
        for number, line in self._lines():
            if number <= end:
                continue
            self._line = number
            if comment and not self._row_lines and line.lstrip().startswith(comment):
                continue
            self._row_lines.append(line)
            self._row_length += len(line)
            self._check_length(self._row_length, self._line)
            yield spaced(line) + "\n" if blanks else line

    def _check_length(self, length: int, number: int) -> None:
        if length > MAX_ROW_LENGTH:
            message = f"a row has more than {MAX_ROW_LENGTH} characters"
            raise ConfigError([Problem(message, Place(self.source, number, 1))])

    def place_of_name(self, column: int) -> Place:
        """The place of the name of a column; the first line if the file has no names."""
        self._line = self.dialect.line or 1
        self._row_lines = self._lines_of_names or [""]
        return self.place(column)

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
        sign = r" \t" if self.delimiter == BLANKS else re.escape(self.delimiter)
        before = r"[ \t]*" if self.delimiter == BLANKS else " *"
        cell = re.compile(rf'{before}("(?:[^"]|"")*"?|[^{sign}\r\n]*)')
        ends = " \t" if self.delimiter == BLANKS else self.delimiter
        spans, start = list[tuple[int, int]](), 0
        while True:
            match = cell.match(text, start)
            assert match is not None
            spans.append(match.span(1))
            if match.end() == len(text) or text[match.end()] not in ends:
                return spans
            start = match.end() + 1

    def _problem(self, error: csv.Error) -> Problem:
        """An error of the module csv, at its place."""
        start, end = self._spans()[-1]
        rest = "".join(self._row_lines)[end:].rstrip("\r\n")
        if rest:
            sign = DELIMITER_WORDS.get(self.delimiter, f"'{self.delimiter}'")
            message = f"only {sign} may follow a closing quote"
            help = 'a quote inside quotes is written twice: "a ""b"" c"'
            return Problem(message, self._at(end, len(rest)), help)
        message = "a quote that is opened here is never closed"
        if "field limit" in str(error) or "end of data" in str(error):
            return Problem(message, self._at(start, 1))
        return Problem(f"not CSV: {error}", self._at(start, end - start))

    def _lines(self) -> Iterator[Line]:
        """Yield each line with its number."""
        number = 0
        for raw in io.BytesIO(self.content):
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
