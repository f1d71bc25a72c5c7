"""An option of an entry: its rule, its default, and how papers write it."""

from __future__ import annotations

import inspect
from dataclasses import dataclass, fields, is_dataclass
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

from optanim.formulas.tex import GREEK


@dataclass(frozen=True)
class Option:
    """A key in YAML: its annotated type, its default, and the sign that papers use for it."""

    name: str
    type: Any
    default: Any

    @property
    def required(self) -> bool:
        """True for an option without a default."""
        return self.default is inspect.Parameter.empty

    @property
    def symbol(self) -> str:
        """TeX: what the type says, else the Greek letter of the name, else the name upright."""
        for mark in getattr(self.type, "__metadata__", ()):
            if isinstance(mark, Symbol):
                return mark.tex
        letter = self.name.rstrip("0123456789")
        index = self.name[len(letter) :]
        tex = rf"\{letter}" if letter in GREEK else rf"\mathrm{{{self.name}}}".replace("_", r"\_")
        return f"{tex}_{{{index}}}" if letter in GREEK and index else tex

    @property
    def minor(self) -> bool:
        """True for an option that a caption leaves out while it has its default."""
        return self.default == 0 or any(
            isinstance(mark, Minor) for mark in getattr(self.type, "__metadata__", ())
        )


@dataclass(frozen=True)
class Symbol:
    """A mark in an annotated type: the TeX sign of every option of that type."""

    tex: str


@dataclass(frozen=True)
class Description:
    """A mark: the rule of a type in words, where they do not follow from it."""

    words: str


@dataclass(frozen=True)
class WrittenAs:
    """A mark: the type of what is written in YAML, where the value is made of something else.

    Bounds that stand beside it hold for what is written, too.
    """

    kind: Any


@dataclass(frozen=True)
class Pattern:
    """A mark: how a text is spelled.

    Attributes:
        regex: of the whole text, in what Python and JavaScript have in common.
        example: a text of this kind.
    """

    regex: str
    example: str


@dataclass(frozen=True)
class Minor:
    """A mark in an annotated type: such an option at its default is no news to a reader."""


def rule(kind: Any) -> str:
    """A type's rule in words: `number > 0`."""
    if get_origin(kind) is Literal:
        return ", ".join(map(str, get_args(kind)))
    if get_origin(kind) in (Union, UnionType):
        return " or ".join(rule(part) for part in get_args(kind) if part is not type(None))
    base, marks = getattr(kind, "__origin__", kind), getattr(kind, "__metadata__", ())
    for mark in marks:
        if isinstance(mark, Description):
            return mark.words
    for mark in marks:
        if isinstance(mark, WrittenAs):
            return rule(mark.kind)
        if isinstance(mark, Pattern):
            return f"text such as {mark.example}"
    if get_origin(base) in (list, tuple):
        return f"list of {rule(get_args(base)[0])}"
    if is_dataclass(base):
        return f"section of {', '.join(field.name for field in fields(base))}"
    words = {float: "number", int: "whole number", bool: "true or false", str: "text"}
    bounds = [
        f"{sign} {bound:g}"
        if isinstance(bound := getattr(mark, name), float)
        else f"{sign} {bound}"
        for mark in marks
        for name, sign in (("gt", ">"), ("ge", ">="), ("lt", "<"), ("le", "<="))
        if type(mark).__name__.lower() == name
    ]
    return " ".join([words.get(base, str(base)), ", ".join(bounds)]).strip()
