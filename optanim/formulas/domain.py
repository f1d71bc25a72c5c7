"""Where a formula as it is typed has a value: the conditions of its parts.

SymPy simplifies `sqrt(x)**2` to `x`, which has values where the formula has none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Literal, TypeAlias

import numpy as np

from optanim.formulas.syntax_tree import Call, Node, Number, Power, Product, parts

Kind: TypeAlias = Literal["not 0", "at least 0", "above 0", "within 1", "real"]

HOLDS: dict[Kind, Callable[[Any], Any]] = {
    "not 0": lambda a: (a < 0) | (a > 0),
    "at least 0": lambda a: a >= 0,
    "above 0": lambda a: a > 0,
    "within 1": lambda a: np.abs(a) <= 1,
    "real": lambda a: a == a,
}
"""Whether a condition holds for numbers; never for NaN."""

OF_FUNCTIONS: dict[str, Kind] = {
    "sqrt": "at least 0", "log": "above 0", "log10": "above 0",
    "asin": "within 1", "acos": "within 1",
}  # fmt: skip

KINKED = {"abs", "min", "max", "sign"}

ROOTED = {"sqrt", "asin", "acos"}

MAX_PROVABLE = 30
"""Number of operations of a condition that SymPy is asked about."""


def conditions(node: Node) -> Iterator[tuple[Kind, Node]]:
    """Yield the conditions of all parts of a tree with folded constants: a kind, and a node."""
    for part in parts(node):
        yield from conditions(part)
    match node:
        case Product(factors):
            for sign, part in factors:
                if sign == "/" and not isinstance(part, Number):
                    yield "not 0", part
        case Power(Number(base), _) if base > 0:
            return
        case Power(base, Number(exponent)):
            if exponent != int(exponent):
                yield ("at least 0" if exponent > 0 else "above 0"), base
            elif exponent < 0:
                yield "not 0", base
        case Power():
            yield "real", node
        case Call(function, (argument,)) if function in OF_FUNCTIONS:
            yield OF_FUNCTIONS[function], argument


def may_kink(node: Node) -> bool:
    """Whether the slope may be 0/0 where there is a value: at a root of 0, or an arc sine of 1."""
    match node:
        case Power(_, Number(exponent)) if exponent == int(exponent):
            rooted = False
        case Power():
            rooted = True
        case Call(function):
            rooted = function in ROOTED
        case _:
            rooted = False
    return rooted or has_nested_kinks(node) or any(map(may_kink, parts(node)))


def has_nested_kinks(node: Node) -> bool:
    """Whether there is a kink in an argument of a function that has one, as in abs(max(x, 0))."""
    if isinstance(node, Call) and node.function in KINKED and any(map(has_kinks, parts(node))):
        return True
    return any(map(has_nested_kinks, parts(node)))


def has_kinks(node: Node) -> bool:
    """Whether a function in the tree has a kink, as abs has."""
    is_kink = isinstance(node, Call) and node.function in KINKED
    return is_kink or any(map(has_kinks, parts(node)))


def lost_conditions(needed: Iterable[tuple[Kind, Any]], expression: Any) -> list[tuple[Kind, Any]]:
    """The conditions of a formula that are not seen in the value of its SymPy expression.

    They need no check where that is NaN or infinite anyway, as log(x) is, or where they always
    hold, as 1 + x**2 > 0 does.

    Args:
        needed: a kind, and the SymPy expression of a node.
        expression: the value of the formula, or a derivative.
    """
    needed = set(needed)
    if not needed:
        return []
    seen = _seen_conditions(expression)
    lost = [(k, a) for k, a in needed if not _is_seen(k, a, seen) and not _always_holds(k, a)]
    return sorted(lost, key=str)


def _seen_conditions(expression: Any) -> set[tuple[Kind, Any]]:
    """The conditions whose failure makes the value of a SymPy expression infinite or NaN."""
    import sympy

    seen = set[tuple[Kind, Any]]()
    for part in sympy.preorder_traversal(expression):
        if part.is_Pow:
            seen.add(("real", part))
            exponent = float(part.exp) if part.exp.is_Number else 0.0
            if exponent != int(exponent):
                seen.add(("at least 0", part.base))
            if exponent < 0:
                seen.add(("not 0", part.base))
            if exponent != int(exponent) and exponent < 0:
                seen.add(("above 0", part.base))
        elif isinstance(part, sympy.log):
            seen |= {("above 0", part.args[0]), ("not 0", part.args[0])}
        elif isinstance(part, (sympy.asin, sympy.acos)):
            seen.add(("within 1", part.args[0]))
    return seen


def _is_seen(kind: Kind, argument: Any, seen: set[tuple[Kind, Any]]) -> bool:
    if (kind, argument) in seen or (kind == "real" and not argument.is_Pow):
        return True
    factor, rest = argument.as_coeff_Mul()
    if kind == "not 0":
        # A product is 0 where one of its factors is, and a power where its base is.
        bases = [part.as_base_exp()[0] for part in rest.as_ordered_factors()]
        return all((kind, base) in seen or base.is_number for base in bases)
    return bool(factor > 0) and (kind, rest) in seen


def _always_holds(kind: Kind, argument: Any) -> bool:
    """Whether a condition holds for all real numbers, as far as SymPy can tell soon."""
    import sympy

    if argument.count_ops() > MAX_PROVABLE:
        return False
    real = argument.xreplace({s: sympy.Dummy(real=True) for s in argument.free_symbols})
    if kind == "at least 0":
        return bool(real.is_nonnegative)
    if kind == "above 0":
        return bool(real.is_positive)
    return kind == "not 0" and bool(real.is_nonzero)
