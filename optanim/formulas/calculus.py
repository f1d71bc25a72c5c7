"""Derivatives by SymPy, compiled to functions. Beside `domain`, no other module imports SymPy."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from functools import cache, lru_cache
from types import FunctionType, SimpleNamespace
from typing import Any

import numpy as np
import numpy.typing as npt

from optanim.formulas import functions
from optanim.formulas.constant_folding import MAX_EXPONENT
from optanim.formulas.domain import (
    HOLDS,
    conditions,
    has_kinks,
    has_nested_kinks,
    lost_conditions,
    may_kink,
)
from optanim.formulas.one_sided import middle_slope, slope_beside
from optanim.formulas.syntax_tree import Call, Name, Negative, Node, Number, Power, Product, Sum

Reals = npt.NDArray[np.float64]

SCALARS: dict[str, Callable[..., Any]] = {
    **{name: function.value for name, function in functions.FUNCTIONS.items()},
    "power": math.pow, "side": lambda a: functions.sign(a) or math.nan,
}  # fmt: skip
ARRAYS: dict[str, Callable[..., Any]] = {
    "sin": np.sin, "cos": np.cos, "tan": np.tan, "asin": np.arcsin, "acos": np.arccos,
    "atan": np.arctan, "sinh": np.sinh, "cosh": np.cosh, "tanh": np.tanh, "exp": np.exp,
    "log": np.log, "sqrt": np.sqrt, "abs": np.abs, "sign": np.sign, "min": np.minimum,
    "max": np.maximum, "softplus": lambda a: np.logaddexp(0.0, a), "power": np.power,
    "side": lambda a: np.where(a == 0, np.nan, np.sign(a)),
}  # fmt: skip
"""The functions in the code that SymPy prints, for floats and for arrays.

`side` is the sign in slopes that are limits at kinks, and in those of nested kinks: NaN at 0."""


NUMBER_CLASSES = (
    "Float", "Integer", "Rational", "NumberSymbol", "Half", "One", "Zero", "NegativeOne", "Exp1",
    "Pi", "Infinity", "NegativeInfinity", "ComplexInfinity", "NaN", "ImaginaryUnit",
    "AccumulationBounds",
)  # fmt: skip
"""SymPy's classes that are printed as floats."""


def symbol(name: str) -> Any:
    """SymPy's symbol of a name, without assumptions, by which SymPy would simplify."""
    from sympy import Symbol

    return Symbol(name)


def as_sympy(node: Node) -> Any:
    """A tree with folded constants, as a SymPy expression."""
    import sympy

    match node:
        case Number(value):
            small = value == int(value) and abs(value) <= 1e6
            return sympy.Integer(int(value)) if small else sympy.Float(value)
        case Name(name):
            return symbol(name)
        case Negative(operand):
            return -as_sympy(operand)
        case Sum(terms):
            parts = ((sign, as_sympy(part)) for sign, part in terms)
            return _inexact(sympy.Add(*(part if sign == "+" else -part for sign, part in parts)))
        case Product(factors):
            parts = ((sign, as_sympy(part)) for sign, part in factors)
            return _inexact(sympy.Mul(*(part if s == "*" else 1 / part for s, part in parts)))
        case Power(base, exponent):
            return _power(as_sympy(base), as_sympy(exponent), exponent)
        case Call("exp", (argument,)):
            inner = as_sympy(argument)
            # SymPy turns exp(9*log(x)) into x**9.
            return sympy.exp(_floats(inner) if inner.has(sympy.log) else inner)
        case Call(function, arguments):
            return _inexact(getattr(_functions(), function)(*map(as_sympy, arguments)))


# SymPy calculates with whole numbers exactly, however long they get. A name that cancels out, as in
# `10**(10**(8 + x - x))`, leaves numbers that the check of constants has not seen. So whatever
# could become long is a float.


def _power(base: Any, exponent: Any, typed: Node) -> Any:
    import sympy

    if base.is_number and exponent.is_number:
        return _inexact(_floats(base) ** _floats(exponent))
    if exponent.is_number and not isinstance(typed, Number):
        return base ** _floats(exponent)
    if base.is_number and any(abs(n) > MAX_EXPONENT for n in exponent.atoms(sympy.Rational)):
        return _floats(base) ** exponent
    return base**exponent


def _floats(expression: Any) -> Any:
    """An expression with a float in place of each exact number other than 0, 1 and -1."""
    import sympy

    exact = {n for n in expression.atoms(sympy.Rational) if abs(n) != 1 and n != 0}
    return expression.xreplace({n: sympy.Float(n) for n in exact})


def _inexact(expression: Any) -> Any:
    """An expression whose factor is no longer number than a float, infinite if it is too large."""
    import sympy

    factor, rest = expression.as_coeff_Mul()
    if factor.is_Float and abs(factor) > sys.float_info.max:
        factor = sympy.oo * sympy.sign(factor)
    elif rest != 1 or not factor.is_Rational or max(abs(factor.p), factor.q) <= 10**6:
        return expression
    else:
        factor = sympy.Float(factor)
    return factor * rest


@cache
def _functions() -> Any:
    """SymPy's functions; our own where SymPy's derivatives contain Heaviside or Dirac functions."""
    import sympy
    from sympy import Function, Integer

    class Own(Function):
        @classmethod
        def eval(cls, *arguments: Any) -> Any:
            # SymPy requires a number for arguments that are numbers, as in max(2, x - x)**2.
            if not all(argument.is_number for argument in arguments):
                return None
            try:
                return sympy.Float(SCALARS[cls.__name__](*map(float, arguments)))
            except (ArithmeticError, ValueError, TypeError):
                return sympy.nan

    class sign(Own):  # noqa: N801
        def fdiff(self, argindex: int = 1) -> Any:
            return Integer(0)

    class side(Own):  # noqa: N801
        def fdiff(self, argindex: int = 1) -> Any:
            return Integer(0)

    class abs(Own):  # noqa: N801
        def fdiff(self, argindex: int = 1) -> Any:
            return sign(self.args[0])

    class max(Own):  # noqa: N801
        def fdiff(self, argindex: int = 1) -> Any:
            a, b = self.args
            return (1 + (3 - 2 * argindex) * sign(a - b)) / 2

    class min(Own):  # noqa: N801
        def fdiff(self, argindex: int = 1) -> Any:
            a, b = self.args
            return (1 - (3 - 2 * argindex) * sign(a - b)) / 2

    class softplus(Own):  # noqa: N801
        def fdiff(self, argindex: int = 1) -> Any:
            return sigmoid(self.args[0])

    def sigmoid(a: Any) -> Any:
        # Unlike 1 / (1 + exp(−a)), neither this nor its derivative overflows.
        return (1 + sympy.tanh(a / 2)) / 2

    return SimpleNamespace(
        sin=sympy.sin, cos=sympy.cos, tan=sympy.tan, asin=sympy.asin, acos=sympy.acos,
        atan=sympy.atan, sinh=sympy.sinh, cosh=sympy.cosh, tanh=sympy.tanh, exp=sympy.exp,
        log=sympy.log, log10=lambda a: sympy.log(a) / math.log(10), sqrt=sympy.sqrt,
        abs=abs, sign=sign, side=side, min=min, max=max, sigmoid=sigmoid, softplus=softplus,
    )  # fmt: skip


@dataclass(frozen=True)
class Quantity:
    """The value of a formula, or its derivative along one of its names.

    Attributes:
        expression: of SymPy, which may have values where the formula has none.
        tree: the formula, with folded constants.
        name: of the derivative; None for the value.
        toward: the names that grow on the way from a kink to where its slopes are taken; if there
            are none, the slope is the middle of the one-sided ones.
    """

    expression: Any
    tree: Node
    name: str | None = None
    toward: tuple[str, ...] = ()


def value_of(tree: Node) -> Quantity:
    """The value of a tree with folded constants."""
    return Quantity(as_sympy(tree), tree)


def partials_of(
    value: Quantity, names: Sequence[str], *, one_sided: bool = False
) -> tuple[Quantity, ...]:
    """The exact partial derivative of a value with respect to each name.

    Args:
        value: of a formula.
        names: in the order in which a kink is left, if the slopes are `one_sided`.
        one_sided: whether the slopes at a kink are those beside it; otherwise they are the middle.
    """
    tree, slopes = value.tree, [value.expression.diff(symbol(name)) for name in names]
    if one_sided or has_nested_kinks(tree):
        # Where kinks meet, the product of their middle slopes is not that of the formula.
        own = _functions()
        slopes = [slope.replace(own.sign, own.side) for slope in slopes]
    toward = tuple(names) if one_sided else ()
    return tuple(
        Quantity(slope, tree, name, toward) for slope, name in zip(slopes, names, strict=True)
    )


def second_partials_of(
    value: Quantity, names: Sequence[str], *, one_sided: bool = False
) -> tuple[Quantity, ...]:
    """The exact second partial derivatives of a value: of each name with itself and those after it.

    At a kink of the formula they are those beside it, or not defined.
    """
    slopes = partials_of(value, names, one_sided=one_sided)
    return tuple(
        Quantity(slope.expression.diff(symbol(name)), value.tree)
        for i, slope in enumerate(slopes)
        for name in names[i:]
    )


class Compiled:
    """One function that evaluates n quantities.

    A call takes an array for each name, broadcasts them to a shape S, and returns the values,
    (n, *S). The method `at` takes floats, and is about ten times as fast at one point. Where a
    value is infinite or not defined, both return inf or NaN, as NumPy does. At a kink, a derivative
    is the middle of the one-sided slopes, or that beside the kink; NaN if one of them does not
    exist.
    """

    def __init__(self, quantities: Sequence[Quantity], names: Sequence[str]) -> None:
        self._names, self._quantities = names, quantities
        expressions = tuple(quantity.expression for quantity in quantities)
        self._scalar, self._arrays = _lambdified(expressions, tuple(names))
        # The conditions of each quantity that its expression has lost, by their indices in a list.
        lost = [
            lost_conditions(
                ((kind, as_sympy(node)) for kind, node in conditions(q.tree)), q.expression
            )
            for q in quantities
        ]
        every = list(dict.fromkeys(condition for part in lost for condition in part))
        self._kinds = [HOLDS[kind] for kind, _ in every]
        self._guards = [[every.index(condition) for condition in part] for part in lost]
        if every:
            self._bounds = _lambdified(tuple(argument for _, argument in every), tuple(names))
        self._kinked = [
            i for i, q in enumerate(quantities)
            if q.name and (may_kink(q.tree) or (q.toward and has_kinks(q.tree)))
        ]  # fmt: skip

    def __call__(self, *columns: Reals | float) -> Reals:
        shape = np.broadcast_shapes(*map(np.shape, columns))
        out = np.empty((len(self._quantities), *shape))
        # A caller that asks which errors there are gets them.
        asked = "call" in np.geterr().values()
        with nullcontext() if asked else np.errstate(all="ignore"):
            for i, value in enumerate(self._arrays(*columns)):
                out[i] = value
            if self._kinds:
                pairs = zip(self._kinds, self._bounds[1](*columns), strict=True)
                holds = [holds(np.asarray(bound, dtype=float)) for holds, bound in pairs]
                for i, guards in enumerate(self._guards):
                    for guard in guards:
                        out[i, ~np.broadcast_to(holds[guard], shape)] = np.nan
        for i in self._kinked:
            lacking = ~np.isfinite(out[i])
            if lacking.any():
                points = [np.broadcast_to(column, shape)[lacking] for column in columns]
                out[i, lacking] = [self._slope(i, *point) for point in zip(*points, strict=True)]
        return out

    def at(self, *numbers: float) -> list[float]:
        """The values at one point: n floats."""
        try:
            values = self._scalar(*numbers)
            if not self._kinds and not self._kinked:
                return values
            if self._kinds and not self._hold(numbers):
                return self(*map(np.float64, numbers)).tolist()
        except (ArithmeticError, ValueError):
            # `math` raises where NumPy returns inf or NaN.
            return self(*map(np.float64, numbers)).tolist()
        for i in self._kinked:
            if not math.isfinite(values[i]):
                values[i] = self._slope(i, *numbers)
        return values

    def _hold(self, numbers: tuple[float, ...]) -> bool:
        """Whether all conditions hold at a point."""
        pairs = zip(self._kinds, self._bounds[0](*numbers), strict=True)
        return all(holds(bound) for holds, bound in pairs)

    def _slope(self, i: int, *numbers: float) -> float:
        """The slope of a quantity at a kink."""
        quantity = self._quantities[i]
        point = {name: float(number) for name, number in zip(self._names, numbers, strict=True)}
        if quantity.toward:
            return slope_beside(
                quantity.tree, quantity.expression, point, quantity.name or "", quantity.toward
            )
        return middle_slope(quantity.tree, point, quantity.name or "")


@lru_cache(maxsize=64)
def _lambdified(
    expressions: tuple[Any, ...], names: tuple[str, ...]
) -> tuple[Callable[..., list[float]], Callable[..., list[Reals]]]:
    """Two functions that evaluate SymPy expressions: of floats, and of arrays.

    They are kept: the configs of a sweep, and those that are saved one after another, have formulas
    in common.
    """
    from sympy import lambdify

    symbols, printer = [symbol(name) for name in names], _printer()
    # `dummify`: names of users are never names in the code. The docstring would print all of
    # the code a second time.
    scalar = lambdify(symbols, list(expressions), modules=[SCALARS], printer=printer, cse=True,
                      dummify=True, docstring_limit=0)  # fmt: skip
    # The same code with other functions behind its names.
    return scalar, FunctionType(scalar.__code__, {**scalar.__globals__, **ARRAYS})


@cache
def _printer() -> Any:
    """The printer of SymPy expressions as Python code, for floats and for arrays."""
    from sympy.printing.pycode import PythonCodePrinter

    class Printer(PythonCodePrinter):
        def _number(self, value: Any) -> str:
            try:
                number = float(value)
            except OverflowError:
                number = math.inf
            except TypeError:
                # A complex number, or SymPy's infinity without a sign, as in log(x - x).
                number = math.nan
            code = repr(number) if math.isfinite(number) else f"float('{number}')"
            return f"({code})" if code.startswith("-") else code

        def _print_Function(self, expr: Any) -> str:  # noqa: N802
            return f"{type(expr).__name__}({', '.join(map(self._print, expr.args))})"

        def _print_Pow(self, expr: Any, rational: bool = False) -> str:  # noqa: N802
            if expr.is_number:
                return self._number(expr)
            base, exponent = expr.args
            # Printed once: printing it twice would double the work with every level.
            code = self._print(base)
            if not exponent.is_number:
                return f"power({code}, {self._print(exponent)})"
            n = float(exponent)
            if abs(n) == 0.5:
                return f"sqrt({code})" if n > 0 else f"(1/sqrt({code}))"
            if n != int(n):
                return f"power({code}, {n!r})"
            code = code if base.is_Symbol else f"({code})"
            if n == 2 and base.is_Symbol:
                return f"({code}*{code})"
            return f"(1/{code})" if n == -1 else f"({code}**{self._exponent(n)})"

        def _exponent(self, n: float) -> str:
            return str(int(n)) if abs(n) < 2**53 else repr(n)

    # PythonCodePrinter has a method for each function of Python, which would print `math.sin`.
    for name in ARRAYS:
        setattr(Printer, f"_print_{name}", Printer._print_Function)
    for name in NUMBER_CLASSES:
        setattr(Printer, f"_print_{name}", Printer._number)
    return Printer()
