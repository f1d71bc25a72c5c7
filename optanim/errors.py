"""What is wrong with an input, said once: where, what, the value, and how to mend it."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """A stretch of one line of a source. Lines and columns count from 1."""

    source: str
    line: int
    column: int
    text: str = ""
    length: int = 1

    def __str__(self) -> str:
        return f"{self.source}:{self.line}:{self.column}"


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong. `place` may be a bare source name where there is no line to show."""

    message: str
    place: Place | str = ""
    help: str = ""

    def __str__(self) -> str:
        lines = [f"{self.place}: error: {self.message}" if self.place else f"error: {self.message}"]
        if isinstance(self.place, Place) and self.place.text.strip():
            gutter = " " * max(2, len(str(self.place.line)))
            lines += [
                f"{self.place.line:>{len(gutter)}} | {self.place.text}",
                f"{gutter} | {_carets(self.place)}",
            ]
        else:
            gutter = "  "
        if self.help:
            lines.append(f"{gutter} = help: {self.help}")
        return "\n".join(lines)


class _ProblemsError(Exception):
    """Everything that is wrong, at once."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(problems)
        self.problems = tuple(problems)

    def __str__(self) -> str:
        return "\n\n".join(map(str, self.problems))


class ConfigError(_ProblemsError):
    """A config that cannot be used; `problems` holds everything that is wrong with it."""


class ClaimError(_ProblemsError):
    """A run that disagrees with claims of its config; `problems` has each of these."""


class OptionError(ValueError):
    """A value that an option cannot have, for a reason that lies further in than its type.

    Attributes:
        path: the keys that lead to it from the entry on, e.g. ("params", "k").
        key: true where the key at the path is at fault, and not its value.
        span: the part of a text at the path: its first character, and how many.
        help: how to mend it.
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
        """The same, of a value that stands at a path."""
        whole = (*path, *self.path)
        return OptionError(str(self), whole, key=self.key, span=self.span, help=self.help)


def _short(problem: Problem) -> str:
    return str(problem).splitlines()[0]


def _github(problem: Problem) -> str:
    place = problem.place
    at = f" file={place}"
    if isinstance(place, Place):
        at = f" file={place.source},line={place.line},col={place.column}"
    text = problem.message + (f" ({problem.help})" if problem.help else "")
    return f"::error{at}::{text}".replace("%", "%25")


def _json(problems: Sequence[Problem]) -> str:
    import json

    rows = []
    for problem in problems:
        place = problem.place
        where: dict[str, object] = {"file": place, "line": None, "column": None}
        if isinstance(place, Place):
            where = {"file": place.source, "line": place.line, "column": place.column}
        rows.append({**where, "message": problem.message, "help": problem.help})
    return json.dumps(rows, indent=2, ensure_ascii=False)


PROBLEM_FORMATS: dict[str, Callable[[Sequence[Problem]], str]] = {
    "human": lambda problems: "\n\n".join(map(str, problems)),
    "short": lambda problems: "\n".join(map(_short, problems)),
    "json": _json,
    "github": lambda problems: "\n".join(map(_github, problems)),
}
"""How a list of problems can be printed."""


def did_you_mean(word: str, known: Iterable[str], what: str) -> str:
    """A help line: the nearest of the known words, then all of them."""
    known = list(known)
    close = difflib.get_close_matches(word, known, n=1, cutoff=0.5)
    nearest = f"did you mean '{close[0]}'? " if close else ""
    return f"{nearest}{what}: {', '.join(known)}" if known else nearest.strip()


def quoted(value: object, limit: int = 60) -> str:
    """A value as it stands in a message: text in quotes, nothing longer than the limit."""
    if isinstance(value, str):
        shown = f"'{value}'"
    elif value is None:
        shown = "nothing"
    elif isinstance(value, bool):
        shown = str(value).lower()
    elif isinstance(value, list | tuple):
        shown = "[" + ", ".join(quoted(item) for item in value) + "]"
    elif isinstance(value, dict):
        shown = "{" + ", ".join(f"{key}: {quoted(item)}" for key, item in value.items()) + "}"
    else:
        shown = str(value)
    shown = "".join(char if char.isprintable() else f"\\x{ord(char):02x}" for char in shown)
    return shown if len(shown) <= limit else shown[: limit - 1] + "…"


def _carets(place: Place) -> str:
    """Carets under the place: a Hangul or Kanji letter is two columns wide, a tab stays a tab."""
    before = "".join(
        "\t" if char == "\t" else " " * _width(char) for char in place.text[: place.column - 1]
    )
    under = place.text[place.column - 1 : place.column - 1 + place.length]
    return before + "^" * max(1, columns(under))


def columns(text: str) -> int:
    """How many columns of a terminal a text takes."""
    return sum(map(_width, text))


def _width(char: str) -> int:
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1
