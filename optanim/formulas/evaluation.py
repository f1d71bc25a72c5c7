"""Quantities of formulas, compiled to functions of floats and of arrays."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from functools import lru_cache
from types import FunctionType
from typing import Any

import numpy as np
import numpy.typing as npt

from optanim.formulas import functions, operations
from optanim.formulas.calculus import Quantity
from optanim.formulas.domain import HOLDS, conditions, has_kinks, lost_conditions, may_kink
from optanim.formulas.one_sided import middle_slope, slope_beside
from optanim.formulas.operations import ARITHMETIC, Operation, Operations

Reals = npt.NDArray[np.float64]

SCALARS: dict[str, Callable[..., Any]] = {
    **{name: function.value for name, function in functions.FUNCTIONS.items()},
    "power": math.pow, "side": lambda a: functions.sign(a) or math.nan,
}  # fmt: skip
"""The functions of floats, by the names of those of arrays."""

NUMBERS = {"inf": math.inf, "nan": math.nan}

MAX_INTEGER = 2**53
"""The largest exponent that is written as a whole number."""

MAX_NESTING = 20
"""Brackets inside each other in the code; Python allows 200."""


class Compiled:
    """One function that evaluates n quantities.

    A call takes an array for each name, broadcasts them to a shape S, and returns the values,
    (n, *S). The method `at` takes floats, and is about ten times as fast at one point. Where a
    value is infinite or not defined, both return inf or NaN, as NumPy does. At a kink, a derivative
    is the middle of the one-sided slopes, or that beside the kink; NaN if one of them does not
    exist.
    """

    def __init__(self, quantities: Sequence[Quantity], names: Sequence[str]) -> None:
        self._names, self._quantities = tuple(names), tuple(quantities)
        self._operations = Operations()
        self._results = [quantity.result(self._operations) for quantity in quantities]
        self._scalar, self._arrays = self._functions(self._results)
        # The conditions of each quantity that its operations have lost, by their indices in a list.
        lost = [
            lost_conditions(
                self._operations,
                ((kind, self._operations.of_tree(node)) for kind, node in conditions(q.tree)),
                result,
            )
            for q, result in zip(quantities, self._results, strict=True)
        ]
        every = list(dict.fromkeys(condition for part in lost for condition in part))
        self._kinds = [HOLDS[kind] for kind, _ in every]
        self._guards = [[every.index(condition) for condition in part] for part in lost]
        if every:
            self._bounds = self._functions([argument for _, argument in every])
        self._kinked = [
            i for i, q in enumerate(quantities)
            if len(q.along) == 1 and (may_kink(q.tree) or (q.toward and has_kinks(q.tree)))
        ]  # fmt: skip

    def __reduce__(self) -> tuple[Any, ...]:
        # Code is longer than what it is made from, and bound to a version of Python.
        return Compiled, (self._quantities, self._names)

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
        (name,) = quantity.along
        point = {name: float(number) for name, number in zip(self._names, numbers, strict=True)}
        if quantity.toward:
            derivative = self._operations, self._results[i]
            return slope_beside(quantity.tree, derivative, point, name, quantity.toward)
        return middle_slope(quantity.tree, point, name)

    def _functions(
        self, results: Sequence[int]
    ) -> tuple[Callable[..., list[float]], Callable[..., list[Reals]]]:
        """Two functions that evaluate operations: of floats, and of arrays."""
        return _functions_of_code(_code(self._operations, results, self._names))


@lru_cache(maxsize=64)
def _functions_of_code(
    code: str,
) -> tuple[Callable[..., list[float]], Callable[..., list[Reals]]]:
    """The function in a code, with the functions of floats behind its names, and of arrays.

    They are kept: the configs of a sweep, and those that are saved one after another, have formulas
    in common.
    """
    scalar = {**SCALARS, **NUMBERS}
    exec(code, scalar)  # noqa: S102  (written by `_code`, which takes no text of a user into it)
    function: Any = scalar["function"]
    return function, FunctionType(function.__code__, {**operations.FUNCTIONS, **NUMBERS})


def _code(f: Operations, results: Sequence[int], names: Sequence[str]) -> str:
    """Python code of a function that returns a list of results.

    Its arguments are not called as the names, which users choose. What is used twice is a variable.
    """
    arguments = {name: f"x{i}" for i, name in enumerate(names)}
    needed = f.needed(results)
    uses = Counter(operand for index in needed for operand in f[index].operands) + Counter(results)
    lines, texts, nesting = list[str](), dict[int, str](), dict[int, int]()
    for index in needed:
        operation = f[index]
        operands = [texts[operand] for operand in operation.operands]
        nesting[index] = 1 + max((nesting[operand] for operand in operation.operands), default=-1)
        text = arguments.get(operation.name) or _text(f, operation, operands)
        if operation.operands and (uses[index] > 1 or nesting[index] == MAX_NESTING):
            lines.append(f"    v{index} = {text}\n")
            text, nesting[index] = f"v{index}", 0
        texts[index] = text
    lines.append(f"    return [{', '.join(texts[result] for result in results)}]\n")
    return f"def function({', '.join(arguments.values())}):\n{''.join(lines)}"


def _text(f: Operations, operation: Operation, operands: Sequence[str]) -> str:
    """An operation in Python, in brackets if it has an operator."""
    match operation:
        case Operation("number"):
            return f"({operation.number!r})" if operation.number < 0 else repr(operation.number)
        case Operation("negative"):
            return f"(-{operands[0]})"
        case Operation("power", (base, exponent)) if f[exponent].operator == "number":
            short = f[base].operator == "name"
            return _power(operands[0], f[exponent].number, short=short)
        case Operation(operator) if operator in ARITHMETIC:
            return f"({operands[0]} {operator} {operands[1]})"
    return f"{operation.operator}({', '.join(operands)})"


def _power(base: str, n: float, *, short: bool) -> str:
    """A constant power, by what is fast for floats and for arrays."""
    if abs(n) == 0.5:
        return f"sqrt({base})" if n > 0 else f"(1.0/sqrt({base}))"
    if not n.is_integer() or abs(n) > MAX_INTEGER:
        return f"power({base}, {n!r})"
    if n == 2 and short:
        return f"({base}*{base})"
    return f"(1.0/{base})" if n == -1 else f"({base}**{int(n)})"
