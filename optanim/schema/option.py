"""An option of an entry: its type with its rule, its default, and its symbol."""

from __future__ import annotations

import inspect
from dataclasses import dataclass, fields, is_dataclass
from types import UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin

from optanim.formulas.tex import GREEK

_Mark = TypeVar("_Mark")


@dataclass(frozen=True)
class Option:
    """An option of an entry, or a key of a section.

    Attributes:
        name: its key in YAML.
        type: its annotated type.
        default: its default; `inspect.Parameter.empty` if it has none.
    """

    name: str
    type: Any
    default: Any

    @property
    def required(self) -> bool:
        """Whether the option has no default."""
        return self.default is inspect.Parameter.empty

    @property
    def symbol(self) -> str:
        """The symbol in TeX: that of the type, or the Greek letter of its name, or its name."""
        for mark in getattr(self.type, "__metadata__", ()):
            if isinstance(mark, Symbol):
                return mark.tex
        letter = self.name.rstrip("0123456789")
        index = self.name[len(letter) :]
        tex = rf"\{letter}" if letter in GREEK else rf"\mathrm{{{self.name}}}".replace("_", r"\_")
        return f"{tex}_{{{index}}}" if letter in GREEK and index else tex

    @property
    def captioned(self) -> bool:
        """Whether a caption may have the option: not a file, nor how it is read."""
        return mark_of(self.type, Uncaptioned) is None

    @property
    def minor(self) -> bool:
        """Whether a caption leaves out the option at its default."""
        return self.default == 0 or any(
            isinstance(mark, Minor) for mark in getattr(self.type, "__metadata__", ())
        )


@dataclass(frozen=True)
class Symbol:
    """A mark in an annotated type: the symbol of its options in TeX."""

    tex: str


@dataclass(frozen=True)
class Description:
    """A mark in an annotated type: its rule in words, if `rule_in_words` cannot derive them."""

    words: str


@dataclass(frozen=True)
class WrittenAs:
    """A mark in an annotated type: the type in YAML, if it differs from the type of the value.

    The bounds of the annotated type apply to both.
    """

    kind: Any


@dataclass(frozen=True)
class Pattern:
    """A mark in an annotated type: the pattern of its text in YAML.

    Attributes:
        regex: matches the whole text, in the syntax that Python and JavaScript share.
        example: a text that matches.
    """

    regex: str
    example: str


@dataclass(frozen=True)
class Example:
    """A mark in an annotated type: a value that a message shows, as it is written in YAML."""

    text: str


@dataclass(frozen=True)
class NumberOf:
    """A mark in an annotated type: the value counts things, which have values of their own."""

    things: str


@dataclass(frozen=True)
class Drawn:
    """A mark in an annotated type: the text is drawn in one line."""


@dataclass(frozen=True)
class Minor:
    """A mark in an annotated type: captions leave out its options at their defaults."""


@dataclass(frozen=True)
class Uncaptioned:
    """A mark in an annotated type: captions leave out its options, as the name of a file."""


def mark_of(kind: Any, mark: type[_Mark]) -> _Mark | None:
    """The first mark of a class in an annotated type, or in one that may be None."""
    kinds = get_args(kind) if get_origin(kind) in (Union, UnionType) else (kind,)
    marks = (mark for part in kinds for mark in getattr(part, "__metadata__", ()))
    return next((found for found in marks if isinstance(found, mark)), None)


def rule_in_words(kind: Any) -> str:
    """The rule of a type in words: `number > 0`; a mark that has `words` says it."""
    if get_origin(kind) is Literal:
        return ", ".join(map(str, get_args(kind)))
    if get_origin(kind) in (Union, UnionType):
        return " or ".join(rule_in_words(part) for part in get_args(kind) if part is not type(None))
    if get_origin(kind) in (list, tuple):
        rule = rule_in_words(get_args(kind)[0])
        named = rule.startswith("a name ")
        return f"list of names {rule.removeprefix('a name ')}" if named else f"list of {rule}"
    base, marks = getattr(kind, "__origin__", kind), getattr(kind, "__metadata__", ())
    for mark in marks:
        if words := getattr(mark, "words", ""):
            return str(words)
    for mark in marks:
        if isinstance(mark, WrittenAs):
            return rule_in_words(mark.kind)
        if isinstance(mark, Pattern):
            return f"text such as {mark.example}"
    if get_origin(base) in (list, tuple):
        return rule_in_words(base)
    if is_dataclass(base):
        return f"section of {', '.join(field.name for field in fields(base))}"
    if get_origin(base) is dict:
        return "mapping of " + " to ".join(map(rule_in_words, get_args(base)))
    words = {float: "number", int: "whole number", bool: "true or false", str: "text", Any: "value"}
    bounds = [
        f"{sign} {bound:g}"
        if isinstance(bound := getattr(mark, name), float)
        else f"{sign} {bound}"
        for mark in marks
        for name, sign in (("gt", ">"), ("ge", ">="), ("lt", "<"), ("le", "<="))
        if type(mark).__name__.lower() == name
    ]
    return " ".join([words.get(base, str(base)), ", ".join(bounds)]).strip()
