"""A formula as a tree. Whatever stands in one is harmless: there is no node for anything else.

Chains are flat: a sum of a hundred terms is one node with a hundred terms, so that the depth of a
tree is that of its brackets.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from math import inf
from typing import TypeAlias

Span: TypeAlias = tuple[int, int]
"""Where something stands in a text: its first character, and how many."""


@dataclass(frozen=True)
class Number:
    """A number, as it is calculated with and as it is set; `given` if it stands for a name."""

    value: float
    tex: str
    at: Span
    given: bool = False


@dataclass(frozen=True)
class Name:
    """A free name."""

    name: str
    at: Span


@dataclass(frozen=True)
class Negative:
    """A minus before what it belongs to."""

    of: Node
    at: Span


@dataclass(frozen=True)
class Sum:
    """Terms, each with its sign; that of the first is a plus."""

    terms: tuple[tuple[str, Node], ...]
    at: Span


@dataclass(frozen=True)
class Product:
    """Factors, each with `*` or `/` before it; that of the first is `*`. From left to right."""

    factors: tuple[tuple[str, Node], ...]
    at: Span


@dataclass(frozen=True)
class Power:
    """A base and its exponent."""

    base: Node
    exponent: Node
    at: Span


@dataclass(frozen=True)
class Call:
    """A function, by its first name in `FUNCTIONS`, and its arguments."""

    function: str
    arguments: tuple[Node, ...]
    at: Span


Node: TypeAlias = Number | Name | Negative | Sum | Product | Power | Call


def parts(node: Node) -> tuple[Node, ...]:
    """The nodes right below a node, in the order of the text."""
    match node:
        case Negative(of):
            return (of,)
        case Sum(pairs) | Product(pairs):
            return tuple(part for _, part in pairs)
        case Power(base, exponent):
            return base, exponent
        case Call(_, arguments):
            return arguments
    return ()


def with_parts(node: Node, new: tuple[Node, ...]) -> Node:
    """A node with other nodes below it, as many as it has."""
    match node:
        case Negative(_, at):
            return Negative(new[0], at)
        case Sum(pairs, at):
            return Sum(tuple((sign, part) for (sign, _), part in zip(pairs, new, strict=True)), at)
        case Product(pairs, at):
            factors = tuple((sign, part) for (sign, _), part in zip(pairs, new, strict=True))
            return Product(factors, at)
        case Power(_, _, at):
            return Power(new[0], new[1], at)
        case Call(function, _, at):
            return Call(function, new, at)
    return node


def names(node: Node) -> Iterator[Name]:
    """Every free name, as often as it stands there, in the order of the text."""
    if isinstance(node, Name):
        yield node
    for part in parts(node):
        yield from names(part)


def degree(node: Node, of: Collection[str]) -> float:
    """The degree of a node as a polynomial in some names; inf where it is none as it is written."""
    below = [degree(part, of) for part in parts(node)]
    match node:
        case Name(name):
            return float(name in of)
        case Sum() | Negative():
            return max(below)
        case Product(factors):
            pairs = zip(factors, below, strict=True)
            return sum(d if sign == "*" or d == 0 else inf for (sign, _), d in pairs)
    return inf if any(below) else 0.0
