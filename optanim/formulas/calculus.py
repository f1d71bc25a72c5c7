"""Exact derivatives of formulas, by the rules of calculus."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from optanim.formulas.domain import has_nested_kinks
from optanim.formulas.operations import Operation, Operations
from optanim.formulas.syntax_tree import Node

Rule = Callable[[Operations, int, int], int]


def _one_minus_square(f: Operations, a: int) -> int:
    return f.subtract(f.number(1.0), f.multiply(a, a))


def _one_plus_square(f: Operations, a: int) -> int:
    return f.add(f.number(1.0), f.multiply(a, a))


def _of_asin(f: Operations, a: int) -> int:
    return f.divide(f.number(1.0), f.apply("sqrt", _one_minus_square(f, a)))


RULES: dict[str, Rule] = {
    "sin": lambda f, a, y: f.apply("cos", a),
    "cos": lambda f, a, y: f.negative(f.apply("sin", a)),
    "tan": lambda f, a, y: _one_plus_square(f, y),
    "asin": lambda f, a, y: _of_asin(f, a),
    "acos": lambda f, a, y: f.negative(_of_asin(f, a)),
    "atan": lambda f, a, y: f.divide(f.number(1.0), _one_plus_square(f, a)),
    "sinh": lambda f, a, y: f.apply("cosh", a),
    "cosh": lambda f, a, y: f.apply("sinh", a),
    "tanh": lambda f, a, y: _one_minus_square(f, y),
    "exp": lambda f, a, y: y,
    "log": lambda f, a, y: f.divide(f.number(1.0), a),
    "log10": lambda f, a, y: f.divide(f.number(1 / math.log(10)), a),
    "sqrt": lambda f, a, y: f.divide(f.number(0.5), y),
    "abs": lambda f, a, y: f.apply("sign", a),
    "sign": lambda f, a, y: f.number(0.0),
    "side": lambda f, a, y: f.number(0.0),
    "softplus": lambda f, a, y: f.sigmoid(a),
}
"""The derivative of each function of one argument, from the operation of its argument and its own.

The slope of `abs` at 0 is that of `sign`, the middle of the slopes on both sides."""


@dataclass(frozen=True)
class Quantity:
    """The value of a formula, or one of its derivatives.

    Attributes:
        tree: the formula, with folded constants.
        along: the names along which it is derived, one after the other; none for the value.
        toward: the names that grow on the way from a kink to where its slopes are taken; if there
            are none, the slope is the middle of the one-sided ones.
    """

    tree: Node
    along: tuple[str, ...] = ()
    toward: tuple[str, ...] = ()

    def result(self, operations: Operations) -> int:
        """The index of the operation that calculates it."""
        result = operations.of_tree(self.tree)
        for i, name in enumerate(self.along):
            result = _derivative(operations, result, name)
            if i == 0 and (self.toward or has_nested_kinks(self.tree)):
                # Where kinks meet, the product of their middle slopes is not that of the formula.
                result = operations.replaced(result, {"sign": "side"})
        return result


def value_of(tree: Node) -> Quantity:
    """The value of a tree with folded constants."""
    return Quantity(tree)


def partials_of(
    value: Quantity, names: Sequence[str], *, one_sided: bool = False
) -> tuple[Quantity, ...]:
    """The exact partial derivative of a value with respect to each name.

    Args:
        value: of a formula.
        names: in the order in which a kink is left, if the slopes are `one_sided`.
        one_sided: whether the slopes at a kink are those beside it; otherwise they are the middle.
    """
    toward = tuple(names) if one_sided else ()
    return tuple(replace(value, along=(name,), toward=toward) for name in names)


def second_partials_of(
    value: Quantity, names: Sequence[str], *, one_sided: bool = False
) -> tuple[Quantity, ...]:
    """The exact second partial derivatives of a value: of each name with itself and those after it.

    At a kink of the formula they are those beside it, or not defined.
    """
    toward = tuple(names) if one_sided else ()
    return tuple(
        replace(value, along=(name, other), toward=toward)
        for i, name in enumerate(names)
        for other in names[i:]
    )


def _derivative(f: Operations, result: int, name: str) -> int:
    """The index of the derivative of an operation with respect to a name."""
    slopes = dict[int, int]()
    for index in f.needed([result]):
        slopes[index] = _slope(f, index, slopes, name)
    return slopes[result]


def _slope(f: Operations, y: int, slopes: Mapping[int, int], name: str) -> int:
    """The derivative of an operation y, from those of its operands."""
    match f[y]:
        case Operation("number"):
            return f.number(0.0)
        case Operation("name"):
            return f.number(float(f[y].name == name))
        case Operation("negative", (a,)):
            return f.negative(slopes[a])
        case Operation("+", (a, b)):
            return f.add(slopes[a], slopes[b])
        case Operation("-", (a, b)):
            return f.subtract(slopes[a], slopes[b])
        case Operation("*", (a, b)):
            return f.add(f.multiply(slopes[a], b), f.multiply(a, slopes[b]))
        case Operation("/", (a, b)):
            return f.divide(f.subtract(slopes[a], f.multiply(y, slopes[b])), b)
        case Operation("power", (a, b)):
            return _slope_of_power(f, y, slopes[a], slopes[b])
        case Operation("max", (a, b)):
            return _slope_of_larger(f, f.apply("sign", f.apply("-", a, b)), slopes[a], slopes[b])
        case Operation("min", (a, b)):
            return _slope_of_larger(f, f.apply("sign", f.apply("-", b, a)), slopes[a], slopes[b])
        case Operation(function, (a,)):
            if f[slopes[a]] == Operation("number"):
                return slopes[a]
            return f.multiply(RULES[function](f, a, y), slopes[a])
    raise TypeError(f[y])


def _slope_of_power(f: Operations, y: int, of_base: int, of_exponent: int) -> int:
    base, exponent = f[y].operands
    less = f.power(base, f.subtract(exponent, f.number(1.0)))
    slope = f.multiply(f.multiply(exponent, less), of_base)
    if f[of_exponent] == Operation("number"):
        return slope
    return f.add(slope, f.multiply(f.multiply(y, f.apply("log", base)), of_exponent))


def _slope_of_larger(f: Operations, side: int, of_a: int, of_b: int) -> int:
    """The slope of a where `side` is 1, that of b where it is −1, otherwise their middle."""
    half, one = f.number(0.5), f.number(1.0)
    a = f.multiply(f.multiply(half, f.add(one, side)), of_a)
    return f.add(a, f.multiply(f.multiply(half, f.subtract(one, side)), of_b))
