"""Functions that formulas do not have, and decimal commas, as formulas have them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from optanim.formulas.lexer import Token, TokenizedFormula

OTHER_FUNCTIONS = {
    "pow": "x**y", "power": "x**y", "square": "x**2", "cbrt": "x**(1/3)",
    "log2": "log(x)/log(2)", "lg": "log10(x)", "log1p": "log(1 + x)", "exp2": "2**x",
    "expm1": "exp(x) - 1", "hypot": "sqrt(x**2 + y**2)", "norm": "sqrt(x**2 + y**2)",
    "relu": "max(x, 0)", "maximum": "max(x, y)", "minimum": "min(x, y)", "fabs": "abs(x)",
    "absolute": "abs(x)", "sgn": "sign(x)", "logistic": "sigmoid(x)", "tg": "tan(x)",
    "cot": "1/tan(x)", "sec": "1/cos(x)", "csc": "1/sin(x)",
}  # fmt: skip
"""How to write functions that formulas do not have, with x and y as their arguments."""

MAX_CALLS = 5
"""Number of such functions in a formula that is rewritten as a whole."""

TIGHT = ("*", "/", "**", "^", "-")
"""Signs beside which an expression needs brackets."""


def with_our_function(formula: TokenizedFormula, at: int) -> str:
    """The formula without a function that we do not have; "" if its call is not as it should be.

    Args:
        formula: the formula.
        at: index of the token that is the name of the function.
    """
    tokens = formula.tokens
    name, calls = tokens[at], [token for token in tokens if token.text in OTHER_FUNCTIONS]
    template = OTHER_FUNCTIONS[name.text]
    close = _closing(tokens, at + 1)
    if close is None or len(calls) > MAX_CALLS:
        return ""
    commas = [i for i in range(at + 2, close) if tokens[i].text == ","
              and _depth(tokens, at + 2, i) == 0]  # fmt: skip
    bounds = [at + 1, *commas, close]
    arguments = [formula.text[tokens[a].end : tokens[b].start].strip()
                 for a, b in pairwise(bounds)]  # fmt: skip
    names = dict(zip("xy", arguments, strict=False))
    if len(arguments) != 1 + ("y" in template) or not all(arguments):
        return ""
    alone = re.sub(r"\b([xy])\b(?!\()", lambda match: _operand(names[match[1]], match), template)
    before = tokens[at - 1].text if at else ""
    is_whole = re.fullmatch(r"[a-z0-9]+\([^()]*\)", template) is not None
    if not is_whole and (before in TIGHT or tokens[close + 1].text in TIGHT[:-1]):
        alone = f"({alone})"
    return formula.edited([(name.start, tokens[close].end, alone)])


def _operand(argument: str, name: re.Match[str]) -> str:
    """An argument in place of a name of a template: in brackets where an operator is beside it."""
    before, after = name.string[: name.start()].rstrip()[-1:], name.string[name.end() :][:1]
    is_alone = before in ("(", ",") and after in (")", ",")
    return argument if is_alone or re.fullmatch(r"\w+", argument) else f"({argument})"


def with_decimal_points(formula: TokenizedFormula) -> str:
    """The formula with points in place of the commas between two numbers, outside of brackets."""
    tokens = formula.tokens
    edits = [
        (comma.start, comma.end, ".")
        for i, (a, comma, b) in enumerate(zip(tokens, tokens[1:], tokens[2:], strict=False))
        if comma.text == "," and a.kind == b.kind == "number" and a.text.isdigit()
        and b.text.isdigit() and a.end == comma.start and comma.end == b.start
        and _depth(tokens, 0, i) == 0
    ]  # fmt: skip
    return formula.edited(edits) if edits else ""


def _depth(tokens: Sequence[Token], start: int, end: int) -> int:
    part = tokens[start:end]
    return sum((token.text in "([{") - (token.text in ")]}") for token in part if token.text)


def _closing(tokens: Sequence[Token], at: int) -> int | None:
    """The index of the bracket that closes the one at an index."""
    for i in range(at, len(tokens)):
        if _depth(tokens, at, i + 1) == 0:
            return i
    return None
