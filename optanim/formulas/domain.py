"""Where a formula as it is typed has a value: the conditions of its parts.

The derivative of `log(x)` is `1/x`, which has values where the formula has none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import product
from typing import Any, Literal, TypeAlias

import numpy as np

from optanim.formulas.operations import Operation, Operations
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

ANY_SIGN = {-1, 0, 1}
SIGNS: dict[str, Callable[..., set[int]]] = {
    "+": lambda a, b: ANY_SIGN if a * b < 0 else {a or b},
    "-": lambda a, b: ANY_SIGN if a * b > 0 else {a or -b},
    "*": lambda a, b: {a * b},
    "/": lambda a, b: {a * b} if b else set(),
    "negative": lambda a: {-a},
    "sqrt": lambda a: {a} if a >= 0 else set(),
    "abs": lambda a: {abs(a)}, "max": lambda a, b: {max(a, b)}, "min": lambda a, b: {min(a, b)},
    **dict.fromkeys(("exp", "cosh", "softplus"), lambda a: {1}),
    **dict.fromkeys(("sinh", "tanh", "asin", "atan", "sign"), lambda a: {a}),
}  # fmt: skip
"""The possible signs of an operation, from the signs of its operands: −1, 0 or 1."""

FULFILLING_SIGNS: dict[Kind, set[int]] = {"not 0": {-1, 1}, "at least 0": {0, 1}, "above 0": {1}}
"""The signs for which a condition holds."""


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


def lost_conditions(
    operations: Operations, needed: Iterable[tuple[Kind, int]], result: int
) -> list[tuple[Kind, int]]:
    """The conditions of a formula that are not seen in the value of one of its quantities.

    They need no check where that is NaN or infinite anyway, as log(x) is, or where they always
    hold, as 1 + x**2 > 0 does.

    Args:
        operations: of the formula.
        needed: a kind, and the index of an operation.
        result: the index of the value of the formula, or of a derivative.
    """
    lost = set(needed)
    if lost:
        lost -= _seen_conditions(operations, result)
    signs = _possible_signs(operations, {argument for _, argument in lost})
    return sorted(
        (kind, argument)
        for kind, argument in lost
        if not (kind in FULFILLING_SIGNS and signs[argument] <= FULFILLING_SIGNS[kind])
        and (kind != "real" or operations[argument].operator == "power")
    )


def _seen_conditions(operations: Operations, result: int) -> set[tuple[Kind, int]]:
    """The conditions whose failure makes the value of an operation infinite or NaN."""
    seen, visited = set[tuple[Kind, int]](), set[tuple[int, bool]]()
    # In 1/(1/x) the infinite 1/x is divided by, and is seen no more.
    waiting = [(result, False)]
    while waiting:
        if (place := waiting.pop()) in visited:
            continue
        visited.add(place)
        index, inverted = place
        match operations[index]:
            case Operation("/", (a, b)):
                seen |= set() if inverted else {("not 0", b)}
                waiting += (a, inverted), (b, not inverted)
            case Operation("power", (base, exponent)):
                seen.add(("real", index))
                kinds, is_inverse = _seen_in_power(operations[exponent])
                seen |= {(kind, base) for kind in kinds if kind == "at least 0" or not inverted}
                waiting += (base, inverted != is_inverse), (exponent, False)
            case Operation("*" | "negative" | "abs", operands):
                waiting += ((operand, inverted) for operand in operands)
            case Operation(function, operands):
                if function in OF_FUNCTIONS:
                    seen.add((OF_FUNCTIONS[function], operands[0]))
                if function in ("log", "log10"):
                    seen.add(("not 0", operands[0]))
                waiting += ((operand, inverted and function == "sqrt") for operand in operands)
    return seen


def _seen_in_power(exponent: Operation) -> tuple[set[Kind], bool]:
    """The conditions of a base that are seen in its power, and whether that is an inverse."""
    n = exponent.number if exponent.operator == "number" else 1.0
    kinds = set[Kind]()
    if not n.is_integer():
        kinds.add("at least 0")
    if n < 0:
        kinds |= {"not 0"} if n.is_integer() else {"not 0", "above 0"}
    return kinds, n < 0


def _possible_signs(operations: Operations, indices: Iterable[int]) -> dict[int, set[int]]:
    """The signs −1, 0 and 1 that operations may have at any real numbers, as far as is known."""
    signs = dict[int, set[int]]()
    for index in operations.needed(indices):
        operation = operations[index]
        of_operands = [signs[operand] for operand in operation.operands]
        match operation:
            case Operation("number", (), number):
                signs[index] = {(number > 0) - (number < 0)} if number == number else ANY_SIGN
            case Operation("power", (_, exponent)):
                signs[index] = _signs_of_power(of_operands[0], operations[exponent])
            case Operation(operator) if operator in SIGNS:
                signs[index] = set().union(*(SIGNS[operator](*a) for a in product(*of_operands)))
            case _:
                signs[index] = ANY_SIGN
    return signs


def _signs_of_power(of_base: set[int], exponent: Operation) -> set[int]:
    n = exponent.number if exponent.operator == "number" else 0.5
    signs = of_base if n.is_integer() else of_base - {-1}
    if exponent.operator != "number" and 0 in signs:
        return ANY_SIGN
    return {sign * sign if n % 2 == 0 else sign for sign in signs if sign or n > 0}
