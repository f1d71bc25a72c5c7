"""The syntax tree of a formula. It has no node for anything that could do harm.

Chains are flat: a sum of a hundred terms is one node with a hundred terms. So the depth of a tree
is that of its brackets.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from math import inf
from typing import TypeAlias

Span: TypeAlias = tuple[int, int]
"""A part of a text: the index of its first character, and the number of characters."""


@dataclass(frozen=True)
class Number:
    """A number.

    Attributes:
        value: for calculations.
        tex: the number in TeX.
        span: its part of the formula.
        given: whether it replaces a name.
    """

    value: float
    tex: str
    span: Span
    given: bool = False


@dataclass(frozen=True)
class Name:
    """A free name."""

    name: str
    span: Span


@dataclass(frozen=True)
class Negative:
    """A minus and its operand."""

    operand: Node
    span: Span


@dataclass(frozen=True)
class Sum:
    """Terms, each with its sign; the first sign is a plus."""

    terms: tuple[tuple[str, Node], ...]
    span: Span


@dataclass(frozen=True)
class Product:
    """Factors, each with the `*` or `/` before it, from left to right; the first sign is `*`."""

    factors: tuple[tuple[str, Node], ...]
    span: Span


@dataclass(frozen=True)
class Power:
    """A base and its exponent."""

    base: Node
    exponent: Node
    span: Span


@dataclass(frozen=True)
class Call:
    """A function, by its name in `FUNCTIONS`, and its arguments."""

    function: str
    arguments: tuple[Node, ...]
    span: Span


Node: TypeAlias = Number | Name | Negative | Sum | Product | Power | Call


def parts(node: Node) -> tuple[Node, ...]:
    """The children of a node, in the order of the text."""
    match node:
        case Negative(operand):
            return (operand,)
        case Sum(pairs) | Product(pairs):
            return tuple(part for _, part in pairs)
        case Power(base, exponent):
            return base, exponent
        case Call(_, arguments):
            return arguments
    return ()


def with_parts(node: Node, new: tuple[Node, ...]) -> Node:
    """A node with other children, of the same number."""
    match node:
        case Negative(_, span):
            return Negative(new[0], span)
        case Sum(pairs, span):
            return Sum(_with_signs(pairs, new), span)
        case Product(pairs, span):
            return Product(_with_signs(pairs, new), span)
        case Power(_, _, span):
            return Power(new[0], new[1], span)
        case Call(function, _, span):
            return Call(function, new, span)
    return node


def _with_signs(
    pairs: tuple[tuple[str, Node], ...], new: tuple[Node, ...]
) -> tuple[tuple[str, Node], ...]:
    return tuple((sign, part) for (sign, _), part in zip(pairs, new, strict=True))


def name_nodes(node: Node) -> Iterator[Name]:
    """Yield every occurrence of a free name, in the order of the text."""
    if isinstance(node, Name):
        yield node
    for part in parts(node):
        yield from name_nodes(part)


def degree(node: Node, variables: Collection[str]) -> float:
    """The degree of a node as a polynomial in some names; inf if it is not written as one."""
    below = [degree(part, variables) for part in parts(node)]
    match node:
        case Name(name):
            return float(name in variables)
        case Sum() | Negative():
            return max(below)
        case Product(factors):
            pairs = zip(factors, below, strict=True)
            return sum(d if sign == "*" or d == 0 else inf for (sign, _), d in pairs)
    return inf if any(below) else 0.0
