"""Constant parts of a tree are checked, and become one number each, in the arithmetic of floats."""

from __future__ import annotations

from math import isfinite

from optanim.errors import OptionError
from optanim.formulas.functions import FUNCTIONS
from optanim.formulas.syntax_tree import (
    Call,
    Negative,
    Node,
    Number,
    Power,
    Product,
    Sum,
    parts,
    with_parts,
)

MAX_EXPONENT = 100
"""The largest constant exponent. It limits the product of powers that are raised to powers, also
where a product, a quotient or a sum lies between them. Beyond it, nearly every number has a power
that is infinite or 0."""


def folded(node: Node) -> Node:
    """The tree, with one number for each constant part.

    Raises:
        OptionError: a constant part has no finite value, or an exponent is too large; the span of
            the error is in the formula.
    """
    children = parts(node)
    if not children:
        return node
    new = tuple(map(folded, children))
    node = with_parts(node, new)
    if isinstance(node, Power):
        _check_exponent(node)
    if isinstance(node, Product) and any(_is_zero(*pair) for pair in node.factors):
        raise OptionError("a division by zero", span=node.span)
    if not all(isinstance(part, Number) for part in new):
        return node
    values = [part.value for part in new if isinstance(part, Number)]
    try:
        value = _value(node, values)
    except (ArithmeticError, ValueError):
        value = float("nan")
    # A fractional power of a number below zero is complex in Python.
    if isinstance(value, complex) or not isfinite(value):
        raise OptionError("this part has no finite real value", span=node.span)
    return Number(value, "", node.span)


def _is_zero(sign: str, node: Node) -> bool:
    return sign == "/" and isinstance(node, Number) and node.value == 0


def _value(node: Node, values: list[float]) -> float:
    match node:
        case Negative():
            return -values[0]
        case Sum(terms):
            total = values[0]
            for (sign, _), value in zip(terms[1:], values[1:], strict=True):
                total = total - value if sign == "-" else total + value
            return total
        case Product(factors):
            total = values[0]
            for (sign, _), value in zip(factors[1:], values[1:], strict=True):
                total = total / value if sign == "/" else total * value
            return total
        case Power():
            return values[0] ** values[1]
        case Call(function):
            return FUNCTIONS[function].value(*values)
    raise TypeError(node)


def _check_exponent(node: Power) -> None:
    if not isinstance(node.exponent, Number):
        return
    total = node.exponent.value * _degree(node.base)
    if abs(total) > MAX_EXPONENT:
        message = f"an exponent of {total:g}, the limit is {MAX_EXPONENT}"
        nested = _degree(node.base) > 1
        raise OptionError(message, span=node.span if nested else node.exponent.span)


def _degree(node: Node) -> float:
    """The exponent to which numbers in a node are raised, when powers are multiplied out.

    They are, through products, quotients and sums of equal terms: `(3*(3*x)**9)**9` is
    `3**90*x**81`. A function other than a root is a unit for it.
    """
    match node:
        case Power(base, Number(exponent)):
            return abs(exponent) * _degree(base)
        case Call("sqrt", (argument,)):
            return 0.5 * _degree(argument)
        case Negative() | Sum() | Product() | Power():
            return max(map(_degree, parts(node)))
    return 1.0
