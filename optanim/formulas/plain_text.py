"""TeX as plain text, for screen readers, terminals and files."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from optanim.formulas import numbers
from optanim.formulas.tex import GREEK

SUPERSCRIPTS = {**numbers.SUPERSCRIPTS, "+": "⁺", "−": "⁻", "n": "ⁿ", "i": "ⁱ"}
SUBSCRIPTS = dict(zip("0123456789ijkmnpt", "₀₁₂₃₄₅₆₇₈₉ᵢⱼₖₘₙₚₜ", strict=True))
"""Characters that screen readers and fonts have; others are written `^(…)` and `_…`."""

SIGNS = {
    r"\cdot": " · ", r"\times": " × ", r"\degree": "°", r"\infty": "∞", r"\ell": "ℓ",
    r"\ ": " ", r"\,": " ", r"\;": " ", r"\left": "", r"\right": "", r"\{": "{", r"\}": "}",
    r"\varepsilon": "ε", r"\pi": "π", r"\hat": "\u0302", r"\bar": "\u0304", r"\_": "_",
    "+": " + ", "-": " − ", "=": " = ", "<": " < ", ">": " > ", ",": ", ", " ": "",
}  # fmt: skip
LARGE_OPERATORS = {r"\sum": "Σ", r"\prod": "Π", r"\int": "∫"}
TEXT_COMMANDS = {"mathrm", "text", "operatorname"}
OPENING_BAR = "\ue002"
"""The bar at the left of an absolute value, until it is written."""

PIECE = re.compile(r"\\[A-Za-z]+\s*|\\.|[0-9]+(?:\.[0-9]+)?|.", re.DOTALL)

# These two enclose the name of a function until the spaces around it are set.
NAME_START, NAME_END = "\x01", "\x02"

number_in_text = numbers.number_in_text


def plain(text: str) -> str:
    """A text with formulas between dollar signs, as plain text: `η = 0.1` for `$\\eta = 0.1$`."""
    parts = re.split(r"(?<!\\)\$", text)
    if len(parts) % 2 == 0:  # a single dollar sign is a dollar
        return text.replace(r"\$", "$")
    parts[1::2] = map(formula, parts[1::2])
    return "".join(parts).replace(r"\$", "$")


def unlisted(label: str) -> str:
    """`Adam (λ = 0.1)` for `Adam, λ = 0.1`: in a list of names, a comma would divide it.

    The comma of a point does not, as in `Adam from (−4, 3)`.
    """
    match = re.fullmatch(r"((?>\([^()]*\)|[^,]|,(?! ))*), (.*)", label, re.DOTALL)
    return f"{match[1]} ({match[2]})" if match else label


@lru_cache(maxsize=1024)
def formula(tex: str) -> str:
    """A formula in TeX as plain text: `x² + 2y²`, `exp(−x/2)`, `√(x² + 1)`, `sin² 3πx`."""
    # After an opening bar a sign belongs to its number; after a closing one it joins two terms.
    text = _TexReader(tex.replace(r"\left|", OPENING_BAR)).formula()
    # A sign at the beginning, or after another sign or a bracket, belongs to its number.
    text = re.sub(rf"(^|[(\[{OPENING_BAR}{{=,/·×+−<>^]) *([−+]) ", r"\1 \2", text)
    text = re.sub(rf"(?<=[\w)|²-¹⁰-₉°]){NAME_START}", " ", text).replace(NAME_START, "")
    text = re.sub(rf"{NAME_END}([⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿⁱ₀-₉]*)(?=[^\s(⁰¹²³⁴-₉])", r"\1 ", text)
    text = text.replace(NAME_END, "")
    text = re.sub(rf"([(\[{OPENING_BAR}]) +", r"\1", re.sub(r" +([)\],])", r"\1", text))
    text = text.replace(OPENING_BAR, "|")
    return unicodedata.normalize("NFC", " ".join(text.split()))


def rounded(value: float, side: float) -> str:
    """A coordinate, rounded to a thousandth of the side of its window."""
    digits = 0
    while side / 1000 < 10**-digits and digits < 300:
        digits += 1
    text = f"{value:.{digits}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text.replace("-", "−")


def point(axes: tuple[str, ...], coordinates: list[str]) -> str:
    """A point: `(−4, 3)`, or `x = −4` with one axis."""
    if len(axes) == 1:
        return f"{axes[0]} = {coordinates[0]}"
    return f"({', '.join(coordinates)})"


def _superscript(text: str) -> str:
    if text and all(char in SUPERSCRIPTS for char in text):
        return "".join(SUPERSCRIPTS[char] for char in text)
    return f"^({text})"


def _subscript(text: str) -> str:
    if text and all(char in SUBSCRIPTS for char in text):
        return "".join(SUBSCRIPTS[char] for char in text)
    return f"_{text}"


def _bracketed(text: str) -> str:
    """A part of a fraction, or of a root: in brackets unless it is one number or name."""
    single = re.fullmatch(r"[\w.²³]*|\([^()]*\)", text)
    return text if single else f"({text})"


MAX_GROUPS = 20
"""Groups and arguments inside each other; what is nested deeper is left out."""


class _TexReader:
    """Reads TeX from left to right. Unknown commands are kept, without their backslash."""

    def __init__(self, tex: str) -> None:
        self.pieces = [piece.strip() or " " for piece in PIECE.findall(tex)]
        self.depth = 0

    def formula(self) -> str:
        return self._until("")

    def _until(self, end: str) -> str:
        text = ""
        while self.pieces and self.pieces[0] != end:
            text = self._append(text, self.pieces.pop(0))
        if self.pieces:
            self.pieces.pop(0)
        return text

    def _append(self, text: str, piece: str) -> str:
        if piece == "^":
            exponent = self._argument()
            if re.search(r"(?<![A-Za-z])e$", text) and not _superscript(exponent).isalnum():
                return f"{text[:-1]}{NAME_START}exp{NAME_END}({exponent})"
            return text + _superscript(exponent)
        if piece == "_":
            return text + _subscript(self._argument())
        return text + self._atom(piece)

    def _argument(self) -> str:
        """The argument of a command or a power: a group in braces, or one character or command."""
        while self.pieces and self.pieces[0] == " ":
            self.pieces.pop(0)
        if not self.pieces:
            return ""
        piece = self.pieces.pop(0)
        if len(piece) > 1 and piece[0].isdigit():
            # Of digits without braces, TeX takes the first alone.
            self.pieces.insert(0, piece[1:])
            piece = piece[0]
        return _without_outer_spaces(self._atom(piece))

    def _atom(self, piece: str) -> str:
        if self.depth == MAX_GROUPS:
            return ""
        self.depth += 1
        text = self._element(piece)
        self.depth -= 1
        return text

    def _element(self, piece: str) -> str:
        if piece == "{":
            return self._until("}")
        if piece in LARGE_OPERATORS:
            return f"{NAME_START}{LARGE_OPERATORS[piece]}"
        if piece in (r"\hat", r"\bar"):
            return self._argument() + SIGNS[piece]
        if piece in SIGNS:
            return SIGNS[piece]
        if not piece.startswith("\\"):
            return "" if piece == "}" else piece
        name = piece[1:]
        if name == "frac":
            return self._fraction()
        if name == "sqrt":
            return f"√{_bracketed(self._argument())}"
        if name in TEXT_COMMANDS:
            return self._argument()
        if name in GREEK:
            return unicodedata.lookup(f"GREEK SMALL LETTER {name.replace('lambda', 'lamda')}")
        return f"{NAME_START}{name}{NAME_END}"

    def _fraction(self) -> str:
        """Numerator and denominator, in brackets if a factor follows."""
        numerator, denominator = self._argument(), self._argument()
        fraction = f"{_bracketed(numerator)}/{_bracketed(denominator)}"
        after = next((piece for piece in self.pieces if piece != " "), "+")
        is_factor = (
            after[0].isalnum() or after[0] in f"({{{OPENING_BAR}" or after in (r"\left", r"\frac")
        )
        return f"({fraction})" if is_factor else fraction


def _without_outer_spaces(text: str) -> str:
    """A group: no spaces around it, and none after its first sign."""
    return re.sub(r"(^|[(=,/]) *([−+]) ", r"\1\2", text).strip()
