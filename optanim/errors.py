"""Problems of an input, with their places, and how they are printed."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from optanim.printable import as_json, cut, one_line, printable, same_width

MAX_PROBLEMS = 50
"""Number of problems that are printed of more."""

MAX_HELP_LENGTH = 400
"""Number of characters that are printed of a longer help. It has room for all our surfaces."""

MAX_WORD_LENGTH = 100
"""No word that is suggested is longer; to compare longer ones takes long."""

MAX_EXCERPT_COLUMNS = 120
"""Number of terminal columns that are printed of a longer line of a source."""


FOREIGN_HELP = (
    "its text is not shown, as it is outside the working folder and the folder of the config"
)
"""The help in place of the text of such a file."""


@dataclass(frozen=True)
class Place:
    """A part of one line of a source.

    Attributes:
        source: name of the file, or of another origin.
        line: number of the line, from 1.
        column: number of the first character, from 1.
        text: the whole line.
        length: number of characters.
        foreign: whether the text of the source is not shown; see `Problem.without_text`.
    """

    source: str
    line: int
    column: int
    text: str = ""
    length: int = 1
    foreign: bool = False

    def __str__(self) -> str:
        return f"{self.source}:{self.line}:{self.column}"


@dataclass(frozen=True)
class Problem:
    """One error in an input.

    Attributes:
        message: the rule that is broken, and the value.
        place: in the source; the name of the source alone if there is no line to print.
        help: how to correct it, "" if that is not known.
        quotes: name of a file whose text the message or the help quotes, beside that of the place.
    """

    message: str
    place: Place | str = ""
    help: str = ""
    quotes: str = ""

    def __post_init__(self) -> None:
        if isinstance(self.place, Place) and self.place.foreign and self.help != FOREIGN_HELP:
            self.__dict__.update(vars(self.without_text()))

    @property
    def source(self) -> str:
        """The name of the file, or of the other origin, of the place."""
        return self.place.source if isinstance(self.place, Place) else self.place

    def without_text(self) -> Problem:
        """The problem with its place alone, without words of the file.

        A config can name any file that its reader may open. What such a file says must not reach a
        public log. So nothing is quoted from a file that is outside both the working folder and
        the folder of the config.
        """
        if self.quotes:
            return Problem(f"a mistake in {self.quotes}", self.place, FOREIGN_HELP)
        place = self.place
        if isinstance(place, Place):
            place = replace(place, text="", foreign=True)
        return Problem("a mistake in this file", place, FOREIGN_HELP)

    def __str__(self) -> str:
        lines = [_headline(self)]
        if isinstance(self.place, Place) and self.place.text.strip():
            gutter = " " * max(2, len(str(self.place.line)))
            excerpt, carets = _excerpt(self.place)
            lines += [f"{self.place.line:>{len(gutter)}} | {excerpt}", f"{gutter} | {carets}"]
        else:
            gutter = "  "
        if self.help:
            # A line of the help must not look like the first line of another problem.
            help = printable(cut(self.help, MAX_HELP_LENGTH)).replace("\n", "\n   ")
            lines.append(f"{gutter} = help: {help}")
        return "\n".join(lines)


class _ProblemsError(Exception):
    """All problems of an input."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(problems)
        self.problems = tuple(problems)

    def __str__(self) -> str:
        return "\n\n".join(map(str, first_problems(self.problems)))

    def __repr__(self) -> str:
        more = f" and {len(self.problems) - 1} more" if len(self.problems) > 1 else ""
        return f"<{type(self).__name__}: {''.join(map(_headline, self.problems[:1]))}{more}>"

    def _render_traceback_(self) -> list[str]:
        """The lines that a notebook shows in place of a traceback, by the protocol of IPython."""
        return [f"{type(self).__name__}:", *str(self).splitlines()]


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
        quotes: name of a file whose text the message or the help quotes.
        others: further errors of the same entry.
    """

    others: tuple[OptionError, ...] = ()

    def __init__(
        self,
        message: str,
        path: tuple[str | int, ...] = (),
        *,
        key: bool = False,
        span: tuple[int, int] | None = None,
        help: str = "",
        quotes: str = "",
    ) -> None:
        super().__init__(message)
        self.path, self.key, self.span, self.help = path, key, span, help
        self.quotes = quotes

    def inside(self, *path: str | int) -> OptionError:
        """The same error, with a path before its own."""
        error = OptionError(
            str(self), (*path, *self.path), key=self.key, span=self.span, help=self.help,
            quotes=self.quotes,
        )  # fmt: skip
        error.others = tuple(other.inside(*path) for other in self.others)
        return error


def first_problems(problems: Sequence[Problem]) -> Sequence[Problem]:
    """At most `MAX_PROBLEMS` problems, then one with the number of the others."""
    if len(problems) <= MAX_PROBLEMS:
        return problems
    message = f"{len(problems) - MAX_PROBLEMS} more problems are not shown"
    rest = Problem(message, problems[0].source)
    return (*problems[:MAX_PROBLEMS], rest)


def _headline(problem: Problem) -> str:
    place = f"{one_line(str(problem.place))}: " if problem.place else ""
    return f"{place}error: {one_line(cut(problem.message))}"


def _github_line(problem: Problem) -> str:
    """A command of GitHub's workflows; its own coding keeps a text from beginning another one."""
    place, position = problem.place, f"file={_github_property(problem.source)}"
    if isinstance(place, Place):
        position += f",line={place.line},col={place.column}"
    text = cut(problem.message)
    text += f" ({cut(problem.help, MAX_HELP_LENGTH)})" if problem.help else ""
    return f"::error {position}::{printable(_github_data(text))}"


def _github_data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _github_property(text: str) -> str:
    return printable(_github_data(text).replace(":", "%3A").replace(",", "%2C"))


def _json(problems: Sequence[Problem]) -> str:
    rows = []
    for problem in problems:
        place = problem.place
        position: dict[str, object] = {"file": problem.source, "line": None, "column": None}
        if isinstance(place, Place):
            position |= {"line": place.line, "column": place.column}
        message, help = cut(problem.message), cut(problem.help, MAX_HELP_LENGTH)
        rows.append({**position, "message": message, "help": help})
    return as_json(rows)


PROBLEM_FORMATS: dict[str, Callable[[Sequence[Problem]], str]] = {
    "human": lambda problems: "\n\n".join(map(str, first_problems(problems))),
    "short": lambda problems: "\n".join(map(_headline, first_problems(problems))),
    "json": lambda problems: _json(first_problems(problems)),
    "github": lambda problems: "\n".join(map(_github_line, first_problems(problems))),
}
"""The formats of `optanim check --format`: a function from problems to one text."""


def did_you_mean(word: str, known: Iterable[str], what: str) -> str:
    """A help line: the known word that `word` is near to, if there is one, then all known words.

    Args:
        word: the unknown word.
        known: the words that are allowed; without any, the line is empty.
        what: the title of the list, e.g. "options".
    """
    words = list(known)
    if not words:
        return ""
    near = nearest(word, words)
    question = f"did you mean '{near}'? " if near else ""
    return f"{question}{what}: {', '.join(words)}"


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word that an author who typed `word` most likely meant; "" if none is near.

    A known word is near if it is the same but for case, width, quotes and hyphens; if one of the
    two begins with the other; or if a few typos lie between them: one letter that is added, left
    out, replaced or exchanged with its neighbour, and one for each four letters of a longer word.
    """
    typed, words = _plain_letters(word), list(known)
    plain = {known_word: _plain_letters(known_word) for known_word in words}
    if same := [known_word for known_word in words if plain[known_word] == typed]:
        return same[0]
    near = [
        (typos, _typos(word[:MAX_WORD_LENGTH], known_word), index, known_word)
        for index, known_word in enumerate(words)
        if (typos := _near(typed, plain[known_word])) is not None
    ]
    return min(near)[-1] if near else ""


def same_letters(word: str, other: str) -> bool:
    """Whether two words are equal but for case, width, quotes, blanks and hyphens."""
    return _plain_letters(word) == _plain_letters(other)


def _plain_letters(word: str) -> str:
    """A word without what is easily mistaken: case, full-width forms, quotes, blanks, hyphens."""
    text = unicodedata.normalize("NFKC", word[:MAX_WORD_LENGTH]).casefold()
    return "".join(char for char in text if char not in " _-'\"`‘’“”,;\u200b\ufeff")


def _near(typed: str, word: str) -> int | None:
    """Number of typos between two words; None if they are not near to each other."""
    short, long = sorted((len(typed), len(word)))
    if short < 2:
        return None
    if short == 2 and typed[0] != word[0]:
        return None
    # `mom` for momentum, and `surface_1` for surface; but `start` is not what `start_time` means.
    begins = word.startswith(typed) or (typed.startswith(word) and long - short <= 2)
    if begins and short >= 3:
        return _typos(typed, word)
    few = max(1, int(0.25 * long))
    if long - short > few:  # so many letters are missing at least
        return None
    typos = _typos(typed, word)
    return typos if typos <= few else None


def _typos(a: str, b: str) -> int:
    """The distance of Damerau and Levenshtein, where no letter is moved twice.

    Reference: Boytsov 2011, "Indexing methods for approximate dictionary searching", Journal of
    Experimental Algorithmics 16, equation 3: optimal string alignment.
    """
    before, row = list[int](), list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        before, last, row = row, before, [i]
        for j, y in enumerate(b, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and y == a[i - 2]:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
    return row[-1]


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
    return cut(one_line(text), limit)


def _excerpt(place: Place) -> tuple[str, str]:
    """The line of a place, and carets under the place.

    A line of more than `MAX_EXCERPT_COLUMNS` is cut to a window around the beginning of the place;
    `…` marks where it is cut.
    """
    text, start = same_width(place.text), min(place.column - 1, len(place.text))
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
