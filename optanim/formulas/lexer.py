"""The words and signs of a formula, and what people write in their place."""

from __future__ import annotations

import keyword
import re
import unicodedata
from dataclasses import dataclass, field
from typing import NoReturn

from optanim.errors import OptionError

LETTERS, DIGITS, NAME = 2000, 30, 40
"""The longest formula, number and name."""

ALLOWED = "a formula has numbers, names, + - * / **, ( ) and functions"


@dataclass(frozen=True)
class Token:
    """A number, name or sign, or the end, and where it stands in the spelled text."""

    kind: str
    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Slip:
    """What is understood but not accepted: where, and what to write there instead.

    `edit` is a stretch of the spelled text and what should stand there; None where the spelling has
    mended it already.
    """

    start: int
    end: int
    message: str
    edit: tuple[int, int, str] | None = None


@dataclass
class Spelling:
    """A formula in ASCII, its tokens, and the slips on the way.

    Attributes:
        typed: the text as the author has it.
        text: the same in ASCII; `origin` says for each of its characters where it came from.
        slips: positions in `typed`.
    """

    typed: str
    text: str = ""
    origin: list[int] = field(default_factory=list)
    tokens: list[Token] = field(default_factory=list)
    slips: list[Slip] = field(default_factory=list)

    def slip(self, start: int, end: int, message: str, edit: tuple[int, int, str]) -> None:
        """Note a slip at a stretch of `text`."""
        self.slips.append(Slip(self.origin[start], self.origin[end - 1] + 1, message, edit))

    def fail(self, message: str, start: int, end: int, help: str = "") -> NoReturn:
        """Refuse the formula for a stretch of `text`."""
        first = self.origin[start]
        last = self.origin[max(start, end - 1)]
        raise OptionError(message, span=(first, last - first + 1), help=help)

    def settle(self) -> None:
        """Refuse the formula for its first slip, if it has any, and say how to write all of it.

        Raises:
            OptionError: there is a slip.
        """
        if not self.slips:
            return
        text = self.text
        # From the end, so that what is still to be edited stays in its place.
        for start, end, instead in sorted((s.edit for s in self.slips if s.edit), reverse=True):
            text = text[:start] + instead + text[end:]
        text = " ".join(text.split())
        first = min(self.slips, key=lambda slip: slip.start)
        help = f"write {text}" if len(text) <= 120 else ""
        raise OptionError(first.message, span=(first.start, first.end - first.start), help=help)


def spell(typed: str) -> Spelling:
    """A formula as tokens, the last of which is the end.

    Raises:
        OptionError: it is too long, or has what no formula has.
    """
    whole = (0, max(1, len(typed)))
    if len(typed) > LETTERS:
        message = f"a formula of {len(typed)} characters, the most are {LETTERS}"
        raise OptionError(message, span=whole)
    if not typed.strip():
        raise OptionError("the formula is empty", span=whole, help="for example x**2 + 2*y**2")
    spelling = Spelling(typed)
    _to_ascii(spelling)
    _tokens(spelling)
    return spelling


SIGNS = (
    dict.fromkeys("−–—﹣－", "-") | dict.fromkeys("×·⋅∙•∗✕＊", "*") | dict.fromkeys("÷∕⁄／", "/")
)
RAISED = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", "0123456789+-", strict=True))
LOOKALIKES = dict(zip("асеорхуѕіјԁАВЕКМНОРСТХ", "aceopxysijdABEKMHOPCTX", strict=True))


def _to_ascii(spelling: Spelling) -> None:
    typed, out = spelling.typed, list[str]()
    at = 0
    while at < len(typed):
        char, end = typed[at], at + 1
        if char.isspace():
            new = " "
        elif char.isascii():
            new = char
        elif char in RAISED:
            while end < len(typed) and typed[end] in RAISED:
                end += 1
            new = "**" + "".join(RAISED[c] for c in typed[at:end])
            spelling.slips.append(Slip(at, end, f"'{typed[at:end]}' is written {new}"))
        else:
            new = _plain(char)
            if not new or not char.isprintable():
                shown = f"'{char}' " if char.isprintable() else ""
                name = unicodedata.name(char, "no letter")
                message = f"{shown}U+{ord(char):04X} ({name.lower()}) has no place in a formula"
                help = "square roots are written sqrt(x)" if char == "√" else ALLOWED
                raise OptionError(message, span=(at, 1), help=help)
            name = unicodedata.name(char).lower()
            spelling.slips.append(Slip(at, end, f"'{char}' ({name}) is written {new}"))
            if len(new) > 1:
                # A spelled-out letter must not run into its neighbors.
                before = " " if out and out[-1][-1:].isalpha() else ""
                after = " " if end < len(typed) and typed[end].isalpha() else ""
                new = before + new + after
        out.append(new)
        spelling.origin += [at] * len(new)
        at = end
    spelling.text = "".join(out)
    spelling.origin.append(len(typed) - 1)


def _plain(char: str) -> str:
    """What an ASCII keyboard has for a character, "" if nothing."""
    if char in SIGNS or char in LOOKALIKES:
        return SIGNS.get(char) or LOOKALIKES[char]
    name = unicodedata.name(char, "").split()
    if name[:2] == ["GREEK", "SMALL"] and len(name) == 4:
        return name[-1].lower()
    same = unicodedata.normalize("NFKC", char)
    return same if re.fullmatch(r"[A-Za-z0-9]|[-+*/()=^|.,]", same) else ""


TOKEN = re.compile(
    r"(?P<space>\s+)"
    r"|(?P<underscores>[0-9]+(?:_[0-9]+)+)"
    r"|(?P<coded>0[xXbBoO][0-9a-fA-F]+\b)"
    r"|(?P<imaginary>(?:[0-9]+\.?[0-9]*|\.[0-9]+)[jJ]\b)"
    r"|(?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)"
    r"|(?P<module>(?:np|numpy|jnp|math|torch|tf|sympy|sp)\s*\.\s*(?=[A-Za-z]))"
    r"|(?P<name>[A-Za-z_][A-Za-z0-9_]*)"
    r"|(?P<sign>\*\*|[-+*/^(),|\[\]{}]|=(?!=))"
)

STRANGE = {
    "<": "a comparison is not a loss",
    ">": "a comparison is not a loss",
    "!": "'!' has no place in a formula",
    ".": "a point stands only in numbers: there are no attributes",
    ":": "a colon has no place in a formula",
    ";": "a semicolon has no place in a formula",
    "'": "quoted text has no place in a formula",
    '"': "quoted text has no place in a formula",
    "#": "a comment has no place in a formula",
    "\\": "a backslash has no place in a formula",
}


def _tokens(spelling: Spelling) -> None:
    text, at = spelling.text, 0
    while at < len(text):
        match = TOKEN.match(text, at)
        if match is None:
            _strange(spelling, at)
        kind, word, end = str(match.lastgroup), match[0], match.end()
        if kind == "module":
            message = f"functions stand without '{word}'"
            spelling.slip(at, end, message, (at, end, ""))
        elif kind == "underscores":
            help = f"write {word.replace('_', '')}"
            spelling.fail("digits stand without '_' between them", at, end, help)
        elif kind == "coded":
            spelling.fail(f"{word[:20]} is not a decimal number", at, end, _decimal(word))
        elif kind == "imaginary":
            spelling.fail(f"{word[:20]} is a complex number, and a loss is real", at, end)
        elif kind != "space":
            if kind == "number":
                _number(spelling, word, at, end)
            elif kind == "name":
                _name(spelling, word, at, end)
            spelling.tokens.append(Token(kind, word, at, end))
        at = end
    spelling.tokens.append(Token("end", "", at, at))


def _decimal(word: str) -> str:
    try:
        return f"write {int(word, 0)}" if len(word) <= DIGITS else ""
    except ValueError:
        return ""


def _number(spelling: Spelling, word: str, at: int, end: int) -> None:
    digits = sum(char.isdigit() for char in word)
    if digits > DIGITS:
        spelling.fail(f"a number of {digits} digits, the most are {DIGITS}", at, end)
    if float(word) == float("inf"):
        spelling.fail(f"{word} is too large, the most is 1.8e308", at, end)


def _name(spelling: Spelling, word: str, at: int, end: int) -> None:
    if word in ("True", "False", "None"):
        spelling.fail(f"'{word}' is not a number", at, end)
    if keyword.iskeyword(word):
        spelling.fail(f"'{word}' is a word of Python, not of a formula", at, end, ALLOWED)
    if word.startswith("_"):
        spelling.fail("a name begins with a letter", at, end)
    if len(word) > NAME:
        spelling.fail(f"a name of {len(word)} letters, the most are {NAME}", at, end)


def _strange(spelling: Spelling, at: int) -> NoReturn:
    text, char = spelling.text, spelling.text[at]
    after = text[at + 1 : at + 2]
    if char == "=" or (char == "!" and after == "="):
        spelling.fail(STRANGE["<"], at, at + 2, ALLOWED)
    known = STRANGE.get(char)
    shown = f"'{char}'" if char.isprintable() else f"the control character U+{ord(char):04X}"
    spelling.fail(known or f"{shown} has no place in a formula", at, at + 1, ALLOWED)
