"""The operations of formulas: each is calculated once, after those that it is calculated from.

A syntax tree has a node for each part of the text. Here equal parts are one operation, so that a
derivative, which repeats most of its formula, is about as long as the formula.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

import numpy as np

from optanim.formulas.syntax_tree import Call, Name, Negative, Node, Number, Power, Product, Sum

ARITHMETIC: dict[str, Callable[..., Any]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv,
    "negative": operator.neg,
}  # fmt: skip
FUNCTIONS: dict[str, Callable[..., Any]] = {
    "sin": np.sin, "cos": np.cos, "tan": np.tan, "asin": np.arcsin, "acos": np.arccos,
    "atan": np.arctan, "sinh": np.sinh, "cosh": np.cosh, "tanh": np.tanh, "exp": np.exp,
    "log": np.log, "log10": np.log10, "sqrt": np.sqrt, "abs": np.abs, "sign": np.sign,
    "min": np.minimum, "max": np.maximum, "softplus": lambda a: np.logaddexp(0.0, a),
    "power": np.power, "side": lambda a: np.where(a == 0, np.nan, np.sign(a)),
}  # fmt: skip
"""The functions of arrays. All but `power` and `side` are functions of formulas.

`side` is the sign in slopes that are limits at kinks, and in those of nested kinks: NaN at 0."""


class Operation(NamedTuple):
    """A number, a name, or an operator or function of other operations.

    Attributes:
        operator: "number", "name", a key of `ARITHMETIC`, or one of `FUNCTIONS`.
        operands: the indices of other operations.
        number: the value of a number; otherwise 0.
        name: the name of a name; otherwise "".
    """

    operator: str
    operands: tuple[int, ...] = ()
    number: float = 0.0
    name: str = ""


class Operations:
    """A list of operations that grows; each has the index of its place.

    The methods that are named after operators return the index of a result. They leave out what
    changes no value of a derivative: `0*a` is 0, and `1*a` is a.
    """

    def __init__(self) -> None:
        self._all: list[Operation] = []
        self._indices: dict[tuple[Operation, str], int] = {}

    def __getitem__(self, index: int) -> Operation:
        return self._all[index]

    def number(self, value: float) -> int:
        """The index of a number."""
        return self._index(Operation("number", number=float(value)))

    def name(self, name: str) -> int:
        """The index of a name."""
        return self._index(Operation("name", name=name))

    def apply(self, operator: str, *operands: int) -> int:
        """The index of an operation that is left as it is, unless all its operands are numbers."""
        parts = [self[operand] for operand in operands]
        if not all(part.operator == "number" for part in parts):
            return self._index(Operation(operator, operands))
        function = ARITHMETIC.get(operator) or FUNCTIONS[operator]
        with np.errstate(all="ignore"):
            return self.number(float(function(*(np.float64(part.number) for part in parts))))

    def of_tree(self, node: Node) -> int:
        """The index of a tree with folded constants, calculated in the order of its text."""
        match node:
            case Number(value):
                return self.number(value)
            case Name(name):
                return self.name(name)
            case Negative(operand):
                return self.apply("negative", self.of_tree(operand))
            case Sum(pairs) | Product(pairs):
                result = self.of_tree(pairs[0][1])
                for sign, part in pairs[1:]:
                    result = self.apply(sign, result, self.of_tree(part))
                return result
            case Power(base, exponent):
                return self.power(self.of_tree(base), self.of_tree(exponent))
            case Call("sigmoid", (argument,)):
                return self.sigmoid(self.of_tree(argument))
            case Call(function, arguments):
                return self.apply(function, *map(self.of_tree, arguments))

    def add(self, a: int, b: int) -> int:
        if self._is(b, 0.0):
            return a
        return b if self._is(a, 0.0) else self.apply("+", a, b)

    def subtract(self, a: int, b: int) -> int:
        if self._is(b, 0.0):
            return a
        return self.negative(b) if self._is(a, 0.0) else self.apply("-", a, b)

    def negative(self, a: int) -> int:
        inner = self[a]
        return inner.operands[0] if inner.operator == "negative" else self.apply("negative", a)

    def multiply(self, a: int, b: int) -> int:
        """The product; a number comes first, and two numbers become one."""
        if self[b].operator == "number":
            a, b = b, a
        if self[a].operator == "number":
            return self._scaled(self[a].number, b)
        for one, other in ((a, b), (b, a)):
            inner = self[one]
            if inner.operator == "negative":
                return self.negative(self.multiply(inner.operands[0], other))
            if inner.operator == "*" and self[inner.operands[0]].operator == "number":
                return self.multiply(inner.operands[0], self.multiply(inner.operands[1], other))
            if inner.operator == "/" and self[inner.operands[0]].operator == "number":
                return self.divide(self.multiply(inner.operands[0], other), inner.operands[1])
        return self.apply("*", a, b)

    def _scaled(self, factor: float, a: int) -> int:
        inner = self[a]
        if factor == 0:
            return self.number(0.0)
        if factor == 1:
            return a
        if factor == -1:
            return self.negative(a)
        if inner.operator == "negative":
            return self._scaled(-factor, inner.operands[0])
        if inner.operator == "*" and self[inner.operands[0]].operator == "number":
            return self._scaled(factor * self[inner.operands[0]].number, inner.operands[1])
        return self.apply("*", self.number(factor), a)

    def divide(self, a: int, b: int) -> int:
        if self._is(a, 0.0) and not self._is(b, 0.0):
            return a
        return a if self._is(b, 1.0) else self.apply("/", a, b)

    def power(self, base: int, exponent: int) -> int:
        if self._is(exponent, 0.0) or self._is(base, 1.0):
            return self.number(1.0)
        return base if self._is(exponent, 1.0) else self.apply("power", base, exponent)

    def sigmoid(self, a: int) -> int:
        # Unlike 1 / (1 + exp(−a)), neither this nor its derivative overflows.
        one, two = self.number(1.0), self.number(2.0)
        return self.apply("/", self.apply("+", one, self.apply("tanh", self.divide(a, two))), two)

    def needed(self, results: Iterable[int]) -> list[int]:
        """The operations from which some are calculated, and these, in the order of calculation."""
        found, waiting = set[int](), list(results)
        while waiting:
            if (index := waiting.pop()) not in found:
                found.add(index)
                waiting += self[index].operands
        return sorted(found)

    def replaced(self, index: int, names: Mapping[str, str]) -> int:
        """The index of an operation with other functions in place of some."""
        new = dict[int, int]()
        for old in self.needed([index]):
            part = self[old]
            if not part.operands:
                new[old] = old
                continue
            operands = [new[operand] for operand in part.operands]
            new[old] = self.apply(names.get(part.operator, part.operator), *operands)
        return new[index]

    def _index(self, operation: Operation) -> int:
        # 0 and −0 are equal.
        key = operation, str(operation.number)
        if key not in self._indices:
            self._indices[key] = len(self._all)
            self._all.append(operation)
        return self._indices[key]

    def _is(self, index: int, number: float) -> bool:
        part = self[index]
        return part.operator == "number" and part.number == number
