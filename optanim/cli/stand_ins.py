"""Letters that people can read in place of those that an encoding lacks."""

from __future__ import annotations

import re
import unicodedata

STAND_INS = {
    "…": "...", "–": "-", "—": "-", "−": "-", "‖": "||", "‘": "'", "’": "'", "“": '"', "”": '"',
    "×": "x", "✕": "x", "✗": "x", "✓": "v", "·": "*", "⋅": "*", "∙": "*", "∗": "*", "•": "*",
    "÷": "/", "∕": "/", "⁄": "/", "±": "+-", "°": " deg", "©": "(c)",
    "←": "<-", "→": "->", "↔": "<->", "⇐": "<=", "⇒": "=>", "↑": "^", "↓": "v",
    "≤": "<=", "≥": ">=", "≠": "!=", "≈": "~", "∼": "~", "∈": " in ", "√": "sqrt", "∞": "inf",
    "∂": "d", "∇": "grad ", "∫": "int ", "∑": "sum ", "∏": "prod ", "⌊": "[", "⌋": "]",
    "′": "'", "\u0304": "_mean", "、": ", ", "。": ". ", "�": "?",
}  # fmt: skip
"""Texts that stand for symbols in all that is printed."""

_SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁱⁿᵐᵗ"
_SUBSCRIPTS = "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ᵢⱼₖₘₙₚₜ"
_RAISED = re.compile(f"[{_SUPERSCRIPTS}]+|[{_SUBSCRIPTS}]+")


def encodable(text: str, encoding: str) -> bool:
    """Whether an encoding has every letter of a text."""
    try:
        text.encode(encoding)
    except UnicodeError:
        return False
    return True


def with_stand_ins(text: str, encoding: str) -> str:
    r"""The text with stand-ins for letters that the encoding lacks: `...` for `…`, `x^2` for `x²`.

    A letter without a stand-in, as one of Hangul, becomes an escape such as `\ud55c`.
    """
    if encodable(text, encoding):
        return text
    text = _RAISED.sub(lambda match: _power_or_index(match[0], encoding), text)
    return "".join(
        char if encodable(char, encoding) else _stand_in(char, encoding) for char in text
    )


def _power_or_index(letters: str, encoding: str) -> str:
    """`^2` for `²` and `^(-2)` for `⁻²`; `_2` for `₂`. All of them if the encoding lacks one."""
    if encodable(letters, encoding):
        return letters
    sign = "^" if letters[0] in _SUPERSCRIPTS else "_"
    plain = unicodedata.normalize("NFKD", letters).replace("−", "-")
    return sign + (plain if len(plain) == 1 else f"({plain})")


def _stand_in(char: str, encoding: str) -> str:
    simpler = STAND_INS.get(char) or _named_letter(char) or _without_accents(char)
    if simpler and encodable(simpler, encoding):
        return simpler
    return char.encode(encoding, "backslashreplace").decode(encoding)


def _named_letter(char: str) -> str:
    """A Greek letter by its name; a line of a box as `-`, `|` or `+`, a block of a bar as `#`."""
    name = unicodedata.name(char, "")
    if match := re.fullmatch(r"GREEK (SMALL|CAPITAL) LETTER (\w+)", name):
        letter = match[2].lower().replace("lamda", "lambda")
        return letter if match[1] == "SMALL" else letter.capitalize()
    if name.startswith("BOX DRAWINGS"):
        kinds = {"HORIZONTAL", "VERTICAL", "LEFT", "RIGHT", "UP", "DOWN"} & {*name.split()}
        if kinds <= {"HORIZONTAL", "LEFT", "RIGHT"}:
            return "-"
        return "|" if kinds <= {"VERTICAL", "UP", "DOWN"} else "+"
    return "#" if "BLOCK" in name or "SHADE" in name.split() else ""


def _without_accents(char: str) -> str:
    """The letters that a letter is made of, `e` for `é`; symbols among them have stand-ins."""
    parts = unicodedata.normalize("NFKD", char)
    letters = (STAND_INS.get(part, part) for part in parts if not unicodedata.combining(part))
    return "".join(letters)
