"""TeX as plain text, for who hears a formula or reads it where no picture is."""

from __future__ import annotations

import re
import unicodedata

from optanim.formulas.tex import GREEK

SUPERSCRIPTS = dict(zip("0123456789+−ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿⁱ", strict=True))
SUBSCRIPTS = dict(zip("0123456789ijkmnpt", "₀₁₂₃₄₅₆₇₈₉ᵢⱼₖₘₙₚₜ", strict=True))
"""What screen readers and fonts know; anything else is written `^(…)` and `_…`."""

SIGNS = {
    r"\cdot": " · ", r"\times": " × ", r"\degree": "°", r"\infty": "∞", r"\ell": "ℓ",
    r"\ ": " ", r"\,": " ", r"\;": " ", r"\left": "", r"\right": "", r"\{": "{", r"\}": "}",
    r"\varepsilon": "ε", r"\pi": "π", r"\hat": "\u0302", r"\bar": "\u0304", r"\_": "_",
    "+": " + ", "-": " − ", "=": " = ", "<": " < ", ">": " > ", ",": ", ", " ": "",
}  # fmt: skip
BIG = {r"\sum": "Σ", r"\prod": "Π", r"\int": "∫"}
WORDS = {"mathrm", "text", "operatorname"}
PIECE = re.compile(r"\\[A-Za-z]+\s*|\\.|[0-9]+(?:\.[0-9]+)?|.", re.DOTALL)

# Between these marks stands a function's name: it keeps away from letters on both sides.
OPEN, SHUT = "\x01", "\x02"


def plain(text: str) -> str:
    """A text with formulas between dollar signs, as plain text: `η = 0.1` of `$\\eta = 0.1$`."""
    parts = re.split(r"(?<!\\)\$", text)
    if len(parts) % 2 == 0:  # a dollar without its partner is a dollar
        return text.replace(r"\$", "$")
    parts[1::2] = map(formula, parts[1::2])
    return "".join(parts).replace(r"\$", "$")


def unlisted(label: str) -> str:
    """`Adam (λ = 0.1)` of `Adam, λ = 0.1`: a comma would divide a list of names."""
    first, comma, rest = label.partition(", ")
    return f"{first} ({rest})" if comma else label


def formula(tex: str) -> str:
    """A formula in TeX as plain text: `x² + 2y²`, `exp(−x/2)`, `√(x² + 1)`, `sin² 3πx`."""
    said = _Reader(tex).all()
    # A sign in front of everything, or behind another sign or a bracket, belongs to its number.
    said = re.sub(r"(^|[(\[|{=,/·×+−<>^]) *([−+]) ", r"\1 \2", said)
    said = re.sub(rf"(?<=[\w)|²-¹⁰-₉°]){OPEN}", " ", said).replace(OPEN, "")
    said = re.sub(rf"{SHUT}([⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿⁱ₀-₉]*)(?=[^\s(⁰¹²³⁴-₉])", r"\1 ", said).replace(SHUT, "")
    said = re.sub(r"([(\[]) +", r"\1", re.sub(r" +([)\],])", r"\1", said))
    return unicodedata.normalize("NFC", " ".join(said.split()))


def number(value: float) -> str:
    """A number to six digits: `−0.5`, `10⁻⁵`, `2 × 10³⁰`."""
    mantissa, _, exponent = f"{value:.6g}".replace("-", "−").partition("e")
    if not exponent:
        return mantissa
    power = f"10{_raised(str(int(exponent.replace('−', '-'))).replace('-', '−'))}"
    return {"1": power, "−1": f"−{power}"}.get(mantissa, f"{mantissa} × {power}")


def rounded(value: float, side: float) -> str:
    """A coordinate, to a thousandth of the side of the window that it is seen in."""
    digits = 0
    while side / 1000 < 10**-digits and digits < 300:
        digits += 1
    said = f"{value:.{digits}f}"
    said = said.rstrip("0").rstrip(".") if "." in said else said
    return "0" if said in ("-0", "") else said.replace("-", "−")


def point(axes: tuple[str, ...], coordinates: list[str]) -> str:
    """A point: `(−4, 3)`, or with one parameter its name, `x = −4`."""
    if len(axes) == 1:
        return f"{axes[0]} = {coordinates[0]}"
    return f"({', '.join(coordinates)})"


def _raised(text: str) -> str:
    if text and all(char in SUPERSCRIPTS for char in text):
        return "".join(SUPERSCRIPTS[char] for char in text)
    return f"^({text})"


def _lowered(text: str) -> str:
    if text and all(char in SUBSCRIPTS for char in text):
        return "".join(SUBSCRIPTS[char] for char in text)
    return f"_{text}"


def _bracketed(text: str) -> str:
    """A part of a fraction or below a root, in brackets unless it is one number or name."""
    whole = re.fullmatch(r"[\w.²³]*|\([^()]*\)", text)
    return text if whole else f"({text})"


class _Reader:
    """Reads TeX from left to right; what it does not know, it leaves as it is."""

    def __init__(self, tex: str) -> None:
        self.pieces = [piece.strip() or " " for piece in PIECE.findall(tex)]

    def all(self) -> str:
        return self._until("")

    def _until(self, end: str) -> str:
        said = ""
        while self.pieces and self.pieces[0] != end:
            said = self._add(said, self.pieces.pop(0))
        if self.pieces:
            self.pieces.pop(0)
        return said

    def _add(self, said: str, piece: str) -> str:
        if piece == "^":
            raised = self._argument()
            if re.search(r"(?<![A-Za-z])e$", said) and not _raised(raised).isalnum():
                return f"{said[:-1]}{OPEN}exp{SHUT}({raised})"
            return said + _raised(raised)
        if piece == "_":
            return said + _lowered(self._argument())
        return said + self._atom(piece)

    def _argument(self) -> str:
        """What a command or a power takes: a group in braces, or one piece of it."""
        while self.pieces and self.pieces[0] == " ":
            self.pieces.pop(0)
        if not self.pieces:
            return ""
        piece = self.pieces.pop(0)
        if len(piece) > 1 and piece[0].isdigit():
            # Of bare digits TeX takes the first alone.
            self.pieces.insert(0, piece[1:])
            piece = piece[0]
        return _closed(self._atom(piece))

    def _atom(self, piece: str) -> str:
        if piece == "{":
            return self._until("}")
        if piece in BIG:
            return f"{OPEN}{BIG[piece]}"
        if piece in (r"\hat", r"\bar"):
            return self._argument() + SIGNS[piece]
        if piece in SIGNS:
            return SIGNS[piece]
        if not piece.startswith("\\"):
            return "" if piece == "}" else piece
        name = piece[1:]
        if name == "frac":
            over, under = self._argument(), self._argument()
            fraction = f"{_bracketed(over)}/{_bracketed(under)}"
            behind = next((piece for piece in self.pieces if piece != " "), "+")
            factor = behind[0].isalnum() or behind[0] in "({" or behind in (r"\left", r"\frac")
            return f"({fraction})" if factor else fraction
        if name == "sqrt":
            return f"√{_bracketed(self._argument())}"
        if name in WORDS:
            return self._argument()
        if name in GREEK:
            return unicodedata.lookup(f"GREEK SMALL LETTER {name.replace('lambda', 'lamda')}")
        return f"{OPEN}{name}{SHUT}"


def _closed(said: str) -> str:
    """A group that stands by itself: no room around it, and its first sign close to it."""
    return re.sub(r"(^|[(=,/]) *([−+]) ", r"\1\2", said).strip()
