"""Problems of an input, with their places, and how they are printed."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

MAX_EXCERPT_COLUMNS = 120
"""Number of terminal columns that are printed of a longer line of a source."""


@dataclass(frozen=True)
class Place:
    """A part of one line of a source.

    Attributes:
        source: name of the file, or of another origin.
        line: number of the line, from 1.
        column: number of the first character, from 1.
        text: the whole line.
        length: number of characters.
    """

    source: str
    line: int
    column: int
    text: str = ""
    length: int = 1

    def __str__(self) -> str:
        return f"{self.source}:{self.line}:{self.column}"


@dataclass(frozen=True)
class Problem:
    """One error in an input.

    Attributes:
        message: the rule that is broken, and the value.
        place: in the source; the name of the source alone if there is no line to print.
        help: how to correct it, "" if that is not known.
    """

    message: str
    place: Place | str = ""
    help: str = ""

    def __str__(self) -> str:
        lines = [f"{self.place}: error: {self.message}" if self.place else f"error: {self.message}"]
        if isinstance(self.place, Place) and self.place.text.strip():
            gutter = " " * max(2, len(str(self.place.line)))
            excerpt, carets = _excerpt(self.place)
            lines += [f"{self.place.line:>{len(gutter)}} | {excerpt}", f"{gutter} | {carets}"]
        else:
            gutter = "  "
        if self.help:
            lines.append(f"{gutter} = help: {self.help}")
        return "\n".join(lines)


class _ProblemsError(Exception):
    """All problems of an input."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(problems)
        self.problems = tuple(problems)

    def __str__(self) -> str:
        return "\n\n".join(map(str, self.problems))


class ConfigError(_ProblemsError):
    """A config that cannot be used; `problems` has all of its problems."""


class ClaimError(_ProblemsError):
    """A run that contradicts claims of its config; `problems` has one for each such claim."""


class OptionError(ValueError):
    """A value that an option cannot have, although its type is right.

    Attributes:
        path: the keys from the entry to the value, e.g. ("params", "k").
        key: whether the key at the path is wrong, and not its value.
        span: the wrong part of a text at the path: the index of its first character, and the
            number of characters; None for all of it.
        help: how to correct it.
    """

    def __init__(
        self,
        message: str,
        path: tuple[str | int, ...] = (),
        *,
        key: bool = False,
        span: tuple[int, int] | None = None,
        help: str = "",
    ) -> None:
        super().__init__(message)
        self.path, self.key, self.span, self.help = path, key, span, help

    def inside(self, *path: str | int) -> OptionError:
        """The same error, with a path before its own."""
        return OptionError(
            str(self), (*path, *self.path), key=self.key, span=self.span, help=self.help
        )


def _short_line(problem: Problem) -> str:
    return str(problem).splitlines()[0]


def _github_line(problem: Problem) -> str:
    place = problem.place
    position = f" file={place}"
    if isinstance(place, Place):
        position = f" file={place.source},line={place.line},col={place.column}"
    text = problem.message + (f" ({problem.help})" if problem.help else "")
    return f"::error{position}::{text}".replace("%", "%25")


def _json(problems: Sequence[Problem]) -> str:
    import json

    rows = []
    for problem in problems:
        place = problem.place
        position: dict[str, object] = {"file": place, "line": None, "column": None}
        if isinstance(place, Place):
            position = {"file": place.source, "line": place.line, "column": place.column}
        rows.append({**position, "message": problem.message, "help": problem.help})
    return json.dumps(rows, indent=2, ensure_ascii=False)


PROBLEM_FORMATS: dict[str, Callable[[Sequence[Problem]], str]] = {
    "human": lambda problems: "\n\n".join(map(str, problems)),
    "short": lambda problems: "\n".join(map(_short_line, problems)),
    "json": _json,
    "github": lambda problems: "\n".join(map(_github_line, problems)),
}
"""The formats of `optanim check --format`: a function from problems to one text."""


def did_you_mean(word: str, known: Iterable[str], what: str) -> str:
    """A help line: the known word that is most similar to `word`, then all known words.

    Args:
        word: the unknown word.
        known: the words that are allowed; without any, the line is empty.
        what: the title of the list, e.g. "options".
    """
    words = list(known)
    if not words:
        return ""
    similar = difflib.get_close_matches(word, words, n=1, cutoff=0.5)
    question = f"did you mean '{similar[0]}'? " if similar else ""
    return f"{question}{what}: {', '.join(words)}"


def quoted(value: object, limit: int = 60) -> str:
    """A value in a message, cut to a number of characters; text is in quotes."""
    if isinstance(value, str):
        text = f"'{value}'"
    elif value is None:
        text = "nothing"
    elif isinstance(value, bool):
        text = str(value).lower()
    elif isinstance(value, list | tuple):
        text = "[" + ", ".join(quoted(item) for item in value) + "]"
    elif isinstance(value, dict):
        text = "{" + ", ".join(f"{key}: {quoted(item)}" for key, item in value.items()) + "}"
    else:
        text = str(value)
    text = "".join(char if char.isprintable() else f"\\x{ord(char):02x}" for char in text)
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _excerpt(place: Place) -> tuple[str, str]:
    """The line of a place, and carets under the place.

    A line of more than `MAX_EXCERPT_COLUMNS` is cut to a window around the beginning of the place;
    `…` marks where it is cut.
    """
    text, start = place.text, min(place.column - 1, len(place.text))
    end = start + max(1, place.length)
    first, last = 0, len(text)
    if text_width(text) > MAX_EXCERPT_COLUMNS:
        room = MAX_EXCERPT_COLUMNS - 2  # for the two marks
        first = _window_start(text, start, room // 3)
        last = _window_end(text, first, room)
        first = _window_start(text, last, room)
    before, after = "…" * (first > 0), "…" * (last < len(text))
    # A tab is kept, so that the carets stand under the place at any tab width.
    blanks = " " * len(before) + "".join(
        "\t" if char == "\t" else " " * _width(char) for char in text[first:start]
    )
    carets = "^" * max(1, text_width(text[start : min(end, last)]))
    return f"{before}{text[first:last]}{after}", blanks + carets


def _window_start(text: str, end: int, room: int) -> int:
    """The smallest index from which the text up to `end` has at most `room` columns."""
    start = end
    while start > 0 and (room := room - _width(text[start - 1])) >= 0:
        start -= 1
    return start


def _window_end(text: str, start: int, room: int) -> int:
    """The largest index up to which the text from `start` has at most `room` columns."""
    end = start
    while end < len(text) and (room := room - _width(text[end])) >= 0:
        end += 1
    return end


def text_width(text: str) -> int:
    """The number of terminal columns of a text; a Hangul or Kanji letter takes two."""
    return sum(map(_width, text))


def _width(char: str) -> int:
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1
