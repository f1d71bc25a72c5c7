"""Derivatives by SymPy, compiled to functions. No other module imports SymPy."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import cache
from types import SimpleNamespace
from typing import Any

import numpy as np
import numpy.typing as npt

from optanim.formulas import functions
from optanim.formulas.syntax_tree import Call, Name, Negative, Node, Number, Power, Product, Sum

Reals = npt.NDArray[np.float64]

SCALARS: dict[str, Callable[..., Any]] = {
    **{name: function.value for name, function in functions.FUNCTIONS.items()},
    "power": math.pow,
}
ARRAYS: dict[str, Callable[..., Any]] = {
    "sin": np.sin, "cos": np.cos, "tan": np.tan, "asin": np.arcsin, "acos": np.arccos,
    "atan": np.arctan, "sinh": np.sinh, "cosh": np.cosh, "tanh": np.tanh, "exp": np.exp,
    "log": np.log, "sqrt": np.sqrt, "abs": np.abs, "sign": np.sign, "min": np.minimum,
    "max": np.maximum, "softplus": lambda a: np.logaddexp(0.0, a), "power": np.power,
}  # fmt: skip
"""The functions in the code that SymPy prints, for floats and for arrays."""


NUMBER_CLASSES = (
    "Float", "Integer", "Rational", "NumberSymbol", "Half", "One", "Zero", "NegativeOne", "Exp1",
    "Pi", "Infinity", "NegativeInfinity", "ComplexInfinity", "NaN", "ImaginaryUnit",
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
            return sympy.Add(*(as_sympy(n) if sign == "+" else -as_sympy(n) for sign, n in terms))
        case Product(factors):
            parts = ((sign, as_sympy(part)) for sign, part in factors)
            return sympy.Mul(*(part if sign == "*" else 1 / part for sign, part in parts))
        case Power(base, exponent):
            return as_sympy(base) ** as_sympy(exponent)
        case Call(function, arguments):
            return getattr(_functions(), function)(*map(as_sympy, arguments))


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
        abs=abs, sign=sign, min=min, max=max, sigmoid=sigmoid, softplus=softplus,
    )  # fmt: skip


def partials(expression: Any, names: Sequence[str]) -> tuple[Any, ...]:
    """The exact partial derivative of a SymPy expression with respect to each name."""
    return tuple(expression.diff(symbol(name)) for name in names)


class Compiled:
    """One function that evaluates n SymPy expressions.

    A call takes an array for each name, broadcasts them to a shape S, and returns the values,
    (n, *S). The method `at` takes floats, and is about ten times as fast at one point. Where a
    value is infinite or not defined, both return inf or NaN, as NumPy does.
    """

    def __init__(self, expressions: Sequence[Any], names: Sequence[str]) -> None:
        from sympy import lambdify

        symbols, printer = [symbol(name) for name in names], _printer()
        # `dummify`: names of users are never names in the code. The docstring would print all of
        # the code a second time.
        self._scalar, self._arrays = (
            lambdify(symbols, list(expressions), modules=[namespace], printer=printer, cse=True,
                     dummify=True, docstring_limit=0)
            for namespace in (SCALARS, ARRAYS)
        )  # fmt: skip
        self.count = len(expressions)

    def __call__(self, *columns: Reals | float) -> Reals:
        out = np.empty((self.count, *np.broadcast_shapes(*map(np.shape, columns))))
        with np.errstate(all="ignore"):
            for i, value in enumerate(self._arrays(*columns)):
                out[i] = value
        return out

    def at(self, *numbers: float) -> list[float]:
        """The values at one point: n floats."""
        try:
            return self._scalar(*numbers)
        except (ArithmeticError, ValueError):
            # `math` raises where NumPy returns inf or NaN.
            return self(*map(np.float64, numbers)).tolist()


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
