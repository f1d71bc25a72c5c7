"""TeX read as arithmetic: what a formula's picture says, as numbers.

It reads the TeX that formulas of surfaces are written in; anything else is an error, so that no
formula passes unread. Definitions may follow, as in `s^2 + t,\\ s = x + y,\\ t = xy`.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np

from optanim.surfaces import Array

Value = Array | float

FUNCTIONS: dict[str, Callable[[Value], Value]] = {
    "\\sin": np.sin, "\\cos": np.cos, "\\tanh": np.tanh, "\\exp": np.exp, "\\ln": np.log,
}  # fmt: skip
BRACKETS = {"(": ")", "[": "]", "{": "}", "⟨": "⟩"}
TOKEN = re.compile(r"\\[A-Za-z]+|\\[ ,;]|[0-9]+(?:\.[0-9]+)?(?:e-?[0-9]+)?|\S")
SPACE = {"\\ ", "\\,", "\\;", "\\cdot", "\\times"}


def evaluate(formula: str, **names: Value) -> Value:
    """The value of a formula where its letters have these values."""
    body, *definitions = formula.split(",\\ ")
    for definition in definitions:
        name, meaning = definition.split("=")
        names[name.strip()] = evaluate(meaning, **names)
    reader = _Reader(body, names)
    value = reader.sum()
    if reader.tokens:
        raise ValueError(f"{reader.tokens[0]!r} cannot be read in {formula}")
    return value


class _Reader:
    """Recursive descent: a sum of products of powers of atoms."""

    def __init__(self, text: str, names: dict[str, Value]) -> None:
        text = text.replace("\\left|", "⟨").replace("\\right|", "⟩")
        text = re.sub(r"\\(?:left|right)(?![A-Za-z])", "", text)
        self.tokens = [token for token in TOKEN.findall(text) if token not in SPACE]
        self.names = {"\\pi": np.pi, "e": np.e, **names}

    def sum(self) -> Value:
        total: Value = 0.0
        while True:
            sign = self.take() if self.at("+", "-") else "+"
            total = total + (-1 if sign == "-" else 1) * self.product()
            if not self.at("+", "-"):
                return total

    def product(self) -> Value:
        value = self.power()
        while self.tokens and not self.at("+", "-", *BRACKETS.values()):
            value = value / self.divisor() if self.at("/") else value * self.power()
        return value

    def divisor(self) -> Value:
        self.take("/")
        return self.power()

    def power(self) -> Value:
        base = self.atom()
        return base ** self.exponent() if self.at("^") else base

    def exponent(self) -> Value:
        self.take("^")
        if not self.at("{") and len(self.tokens[0]) > 1:
            raise ValueError(f"only the first sign of {self.tokens[0]} would be raised")
        return self.atom()

    def atom(self) -> Value:
        token = self.take()
        if token in BRACKETS:
            value = self.sum()
            self.take(BRACKETS[token])
            return np.abs(value) if token == "⟨" else value
        if token in FUNCTIONS:
            exponent = self.exponent() if self.at("^") else 1
            return FUNCTIONS[token](self.argument()) ** exponent
        if token == "\\sqrt":
            return np.sqrt(self.atom())
        if token == "\\frac":
            return self.atom() / self.atom()
        return self.names[token] if token in self.names else float(token)

    def argument(self) -> Value:
        """A bracket, or as in print: `\\sin 2\\pi x (1 + y)` is the sine of 2πx alone."""
        if self.at("("):
            value = self.atom()
            if self.at("^"):
                raise ValueError("the square of the bracket, or of its function?")
            return value
        value = self.power()
        while self.tokens and (self.tokens[0][0].isdigit() or self.at("\\pi", *"bstwxy")):
            value = value * self.power()
        return value

    def at(self, *wanted: str) -> bool:
        return bool(self.tokens) and self.tokens[0] in wanted

    def take(self, wanted: str | None = None) -> str:
        token = self.tokens.pop(0) if self.tokens else "the end"
        if wanted not in (None, token):
            raise ValueError(f"{token!r} where {wanted!r} was due")
        return token
