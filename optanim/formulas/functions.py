"""The functions and constants that a formula may name."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Function:
    """A function.

    Attributes:
        value: its value at floats.
        tex: a template of its TeX; `{0}` is the first argument.
        arity: number of arguments.
    """

    value: Callable[..., float]
    tex: str
    arity: int = 1


def sign(a: float) -> float:
    """−1, 0 or 1, and NaN for NaN, as in NumPy."""
    return a if a != a else float((a > 0) - (a < 0))


def larger(a: float, b: float) -> float:
    """The larger number; NaN if either is NaN, as in NumPy."""
    return a if a >= b or a != a else b


def smaller(a: float, b: float) -> float:
    """The smaller number; NaN if either is NaN, as in NumPy."""
    return a if a <= b or a != a else b


def softplus(a: float) -> float:
    """log(1 + exp a), without overflow."""
    return larger(a, 0.0) + math.log1p(math.exp(-abs(a)))


def sigmoid(a: float) -> float:
    """1 / (1 + exp(−a)), without overflow."""
    return (1 + math.tanh(a / 2)) / 2


FUNCTIONS: dict[str, Function] = {
    "sin": Function(math.sin, r"\sin({0})"),
    "cos": Function(math.cos, r"\cos({0})"),
    "tan": Function(math.tan, r"\tan({0})"),
    "asin": Function(math.asin, r"\arcsin({0})"),
    "acos": Function(math.acos, r"\arccos({0})"),
    "atan": Function(math.atan, r"\arctan({0})"),
    "sinh": Function(math.sinh, r"\sinh({0})"),
    "cosh": Function(math.cosh, r"\cosh({0})"),
    "tanh": Function(math.tanh, r"\tanh({0})"),
    "exp": Function(math.exp, r"\exp({0})"),
    "log": Function(math.log, r"\ln({0})"),
    "log10": Function(math.log10, r"\log_{{10}}({0})"),
    "sqrt": Function(math.sqrt, r"\sqrt{{{0}}}"),
    "abs": Function(abs, r"\left|{0}\right|"),
    "sign": Function(sign, r"\mathrm{{sgn}}({0})"),
    "min": Function(smaller, r"\min({0}, {1})", 2),
    "max": Function(larger, r"\max({0}, {1})", 2),
    "sigmoid": Function(sigmoid, r"\sigma({0})"),
    "softplus": Function(softplus, r"\mathrm{{softplus}}({0})"),
}

SYNONYMS = {"ln": "log", "arcsin": "asin", "arccos": "acos", "arctan": "atan"}

CONSTANTS = {"pi": (math.pi, r"\pi"), "e": (math.e, "e")}
"""The value and the TeX of each constant."""

RESERVED = FUNCTIONS.keys() | SYNONYMS.keys() | CONSTANTS.keys()
"""Names that no axis or parameter can have."""
