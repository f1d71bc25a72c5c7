"""Names that are probably products: `xy` for x*y, `sinx` for sin(x), `x2` for x**2.

Such a name is a name: a formula may call an axis `xy`. But whoever types `3xy` means a product, and
the picture of the name is another one. So the author is asked, and never told to write the name.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from optanim.formulas.functions import CONSTANTS, FUNCTIONS, RESERVED, SYNONYMS
from optanim.formulas.tex import GREEK

LETTERS = frozenset("abcekmnpqrstuvwxyz")
"""Usual names of an axis, a parameter or a constant: a name of two of them is a product."""

AXIS_LETTERS = frozenset("abeuvwxyz")
"""Of three or four of these, a name is a product."""

MAX_PARTS = 4
"""A name of more parts is a word."""

_FUNCTIONS = sorted(
    [name for name, function in FUNCTIONS.items() if function.arity == 1] + [*SYNONYMS],
    key=len, reverse=True,
)  # fmt: skip


def separated(name: str, others: Collection[str] = ()) -> str:
    """The product or power that a name probably is; "" if it is more likely one name.

    Args:
        name: a name in a formula.
        others: all names of the formula. Beside `x1`, the name `x2` is a name.
    """
    if name in RESERVED or name in GREEK or "_" in name or name.isupper():
        return ""
    numbered = any(re.search(r"[A-Za-z]1(?!\d)", other) for other in (*others, name))
    parts = _parts(name, numbered)
    if not parts or parts[-1] in _FUNCTIONS:
        return ""
    if name.isalpha() and all(part.isalpha() and len(part) == 1 for part in parts):
        allowed = LETTERS if len(name) == 2 else AXIS_LETTERS
        if not set(name.lower()) <= allowed:
            return ""
    text = "*".join(parts)
    return "" if text == name or len(parts) > MAX_PARTS else text


def product_with_function(name: str) -> tuple[str, str]:
    """The product in front of a bracket, and its function: `x*cos` and `cos` for `xcos(y)`.

    Both are empty if the name does not end with the name of a function.
    """
    parts = _parts(name, False)
    if parts is None or len(parts) < 2 or parts[-1] not in _FUNCTIONS:
        return "", ""
    return "*".join(parts), parts[-1]


def _parts(text: str, numbered: bool) -> list[str] | None:
    """The factors that a text consists of; None if it has others.

    Args:
        text: letters and digits; the last factor may be the name of a function alone.
        numbered: whether a digit behind a letter numbers it; otherwise, 2 and 3 are powers.
    """
    if not text:
        return []
    for function in _FUNCTIONS:
        if text.startswith(function):
            rest = text[len(function) :]
            digits = re.match(r"\d*", rest)[0]  # type: ignore[index]
            inner = _parts(rest[len(digits) :], numbered)
            if not rest:
                return [function]
            if inner is not None and (not inner or inner[-1] not in _FUNCTIONS):
                return [f"{function}({'*'.join([digits] * bool(digits) + inner)})"]
    for constant in CONSTANTS:
        if len(constant) > 1 and text.startswith(constant):
            rest_parts = _parts(text[len(constant) :], numbered)
            return None if rest_parts is None else [constant, *rest_parts]
    match = re.match(r"([A-Za-z])(\d*)", text)
    if match is None or match[1].lower() not in LETTERS:
        return None
    letter, digits = match.groups()
    rest_parts = _parts(text[match.end() :], numbered)
    is_power = digits in ("2", "3") and not numbered
    part = f"{letter}**{digits}" if is_power else letter + digits
    return None if rest_parts is None else [part, *rest_parts]
