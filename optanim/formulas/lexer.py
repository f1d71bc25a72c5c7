"""A formula becomes tokens; habits such as `²`, `×` and `np.` become corrections."""

from __future__ import annotations

import keyword
import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import NoReturn

from optanim.errors import OptionError
from optanim.formulas.run_together import separated

MAX_CHARACTERS, MAX_DIGITS, MAX_NAME_LETTERS = 2000, 30, 40
"""The limits of a formula, a number and a name."""

ALLOWED = "a formula has numbers, names, + - * / **, ( ) and functions"
"""Help for what a formula cannot contain."""


@dataclass(frozen=True)
class Token:
    """A part of a formula.

    Attributes:
        kind: `number`, `name`, `sign` or `end`.
        text: in ASCII.
        start: index of its first character in `TokenizedFormula.text`.
        end: index after its last character.
    """

    kind: str
    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Correction:
    """Something that is understood but not accepted, and the correct text.

    Attributes:
        start: index of its first character in the typed text.
        end: index after its last character.
        message: for the author.
        edit: start and end in the ASCII text, and the text that replaces this part; None if the
            ASCII text is already correct.
    """

    start: int
    end: int
    message: str
    edit: tuple[int, int, str] | None = None


@dataclass
class TokenizedFormula:
    """A formula as tokens.

    Attributes:
        typed: the text of the author.
        text: the formula in ASCII.
        origin: for each character of `text`, and its end, the index in `typed`.
        tokens: the last one is the end.
        corrections: in the order in which they were noticed.
        fractions: start and end in `text` of parts such as `2x` of `1/2x`, which may be meant as
            a whole.
    """

    typed: str
    text: str = ""
    origin: list[int] = field(default_factory=list)
    tokens: list[Token] = field(default_factory=list)
    corrections: list[Correction] = field(default_factory=list)
    fractions: list[tuple[int, int]] = field(default_factory=list)

    def correct(self, start: int, end: int, message: str, edit: tuple[int, int, str]) -> None:
        """Add a correction of `text[start:end]`."""
        first, last = self.origin[start], self.origin[end - 1]
        self.corrections.append(Correction(first, last + 1, message, edit))

    def fail(self, message: str, start: int, end: int, help: str = "") -> NoReturn:
        """Raise an OptionError at `text[start:end]`."""
        first = self.origin[start]
        last = self.origin[max(start, end - 1)]
        raise OptionError(message, span=(first, last - first + 1), help=help)

    def check_corrections(self) -> None:
        """Raise an error at the first correction, if there is one.

        Raises:
            OptionError: there are corrections; its help is the formula with all of them. If that
                may mean something else, the help is a question.
        """
        if not self.corrections:
            return
        first = min(self.corrections, key=lambda correction: correction.start)
        names = [token.text for token in self.tokens if token.kind == "name"]
        products = [token.text for token in self.tokens
                    if token.kind == "name" and separated(token.text, names)]  # fmt: skip
        edits = [correction.edit for correction in self.corrections if correction.edit]
        text = self.edited([*edits, *self.products(names)])
        help = f"write {text}"
        if self.fractions:
            brackets = [((s, s, "("), (e, e, ")")) for s, e in self.fractions]
            other = self.edited(
                [*edits, *self.products(names), *(edit for pair in brackets for edit in pair)]
            )
            help = f"did you mean {text}, or {other}?"
        elif products:
            help = f"did you mean {text}? '{products[0]}' would be one name"
        help = help if len(text) <= 120 else ""
        raise OptionError(first.message, span=(first.start, first.end - first.start), help=help)

    def products(self, names: Collection[str]) -> list[tuple[int, int, str]]:
        """The edits that separate the factors of names which are probably products.

        Args:
            names: the names that are looked at, if they are in the formula.
        """
        edits = []
        for before, token in zip([None, *self.tokens], self.tokens, strict=False):
            text = separated(token.text, names) if token.kind == "name" else ""
            if text and token.text in names:
                is_group = before and before.text in ("**", "^", "/")
                edits.append((token.start, token.end, f"({text})" if is_group else text))
        return edits

    def edited(self, edits: Iterable[tuple[int, int, str]]) -> str:
        """The ASCII text after some edits."""
        text = self.text
        # From the end to the beginning, so that the other indices stay valid.
        for start, end, replacement in sorted(edits, reverse=True):
            text = text[:start] + replacement + text[end:]
        return " ".join(text.split())


def tokenize(typed: str) -> TokenizedFormula:
    """The tokens of a formula.

    Raises:
        OptionError: it is empty or too long, or has a character or number that no formula has.
    """
    whole = (0, max(1, len(typed)))
    if len(typed) > MAX_CHARACTERS:
        message = f"a formula of {len(typed)} characters, the limit is {MAX_CHARACTERS}"
        raise OptionError(message, span=whole)
    if not typed.strip():
        raise OptionError("the formula is empty", span=whole, help="for example x**2 + 2*y**2")
    formula = TokenizedFormula(typed)
    _to_ascii(formula)
    _add_tokens(formula)
    return formula


SIGNS = (
    dict.fromkeys("−–—﹣－", "-") | dict.fromkeys("×·⋅∙•∗✕＊", "*") | dict.fromkeys("÷∕⁄／", "/")
)
RAISED = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", "0123456789+-", strict=True))
LOOKALIKES = dict(zip("асеорхуѕіјԁАВЕКМНОРСТХ", "aceopxysijdABEKMHOPCTX", strict=True))


def _to_ascii(formula: TokenizedFormula) -> None:
    typed, out = formula.typed, list[str]()
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
            message = f"'{typed[at:end]}' is written {new}"
            formula.corrections.append(Correction(at, end, message))
            new += " " * typed[end : end + 1].isdigit()  # x²2 is no power of 22
        else:
            new = _ascii(char)
            if not new or not char.isprintable():
                _fail_at_character(char, at)
            message = f"'{char}' ({unicodedata.name(char).lower()}) is written {new}"
            formula.corrections.append(Correction(at, end, message))
            if len(new) > 1:
                # The name of a Greek letter must not join the letters beside it.
                before = " " if out and out[-1][-1:].isalpha() else ""
                after = " " if end < len(typed) and typed[end].isalpha() else ""
                new = before + new + after
        out.append(new)
        formula.origin += [at] * len(new)
        at = end
    formula.text = "".join(out)
    formula.origin.append(len(typed) - 1)


def _fail_at_character(char: str, at: int) -> NoReturn:
    text = f"'{char}' " if char.isprintable() else ""
    name = unicodedata.name(char, "no letter").lower()
    help = "square roots are written sqrt(x)" if char == "√" else ALLOWED
    message = f"{text}U+{ord(char):04X} ({name}) is not allowed in a formula"
    raise OptionError(message, span=(at, 1), help=help)


def _ascii(char: str) -> str:
    """The ASCII formula of a character; "" if it has none."""
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

FORBIDDEN = {
    "<": "a comparison is not a loss",
    ">": "a comparison is not a loss",
    "!": "'!' is not allowed in a formula",
    ".": "a point is allowed only in numbers: there are no attributes",
    ":": "a colon is not allowed in a formula",
    ";": "a semicolon is not allowed in a formula",
    "'": "quoted text is not allowed in a formula",
    '"': "quoted text is not allowed in a formula",
    "#": "a comment is not allowed in a formula",
    "\\": "a backslash is not allowed in a formula",
}


def _add_tokens(formula: TokenizedFormula) -> None:
    text, at = formula.text, 0
    while at < len(text):
        match = TOKEN.match(text, at)
        if match is None:
            _fail_at_sign(formula, at)
        kind, word, end = str(match.lastgroup), match[0], match.end()
        if kind == "module":
            message = f"functions are written without '{word}'"
            formula.correct(at, end, message, (at, end, ""))
        elif kind == "underscores":
            help = f"write {word.replace('_', '')}"
            formula.fail("numbers are written without '_' between the digits", at, end, help)
        elif kind == "coded":
            formula.fail(f"{word[:20]} is not a decimal number", at, end, _decimal(word))
        elif kind == "imaginary":
            formula.fail(f"{word[:20]} is a complex number, and a loss is real", at, end)
        elif kind != "space":
            if kind == "number":
                _check_number(formula, word, at, end)
            elif kind == "name":
                _check_name(formula, word, at, end)
            formula.tokens.append(Token(kind, word, at, end))
        at = end
    formula.tokens.append(Token("end", "", at, at))


def _decimal(word: str) -> str:
    try:
        return f"write {int(word, 0)}" if len(word) <= MAX_DIGITS else ""
    except ValueError:
        return ""


def _check_number(formula: TokenizedFormula, word: str, at: int, end: int) -> None:
    digits = sum(char.isdigit() for char in word)
    if digits > MAX_DIGITS:
        formula.fail(f"a number of {digits} digits, the limit is {MAX_DIGITS}", at, end)
    if float(word) == float("inf"):
        formula.fail(f"{word} is too large, the limit is 1.8e308", at, end)


def _check_name(formula: TokenizedFormula, word: str, at: int, end: int) -> None:
    if word in ("True", "False", "None"):
        formula.fail(f"'{word}' is not a number", at, end)
    if keyword.iskeyword(word):
        formula.fail(
            f"'{word}' is a keyword of Python, and not allowed in a formula", at, end, ALLOWED
        )
    if word.startswith("_"):
        formula.fail("a name begins with a letter", at, end)
    if len(word) > MAX_NAME_LETTERS:
        formula.fail(f"a name of {len(word)} letters, the limit is {MAX_NAME_LETTERS}", at, end)


def _fail_at_sign(formula: TokenizedFormula, at: int) -> NoReturn:
    text, char = formula.text, formula.text[at]
    after = text[at + 1 : at + 2]
    if char == "=" or (char == "!" and after == "="):
        formula.fail(FORBIDDEN["<"], at, at + 2, ALLOWED)
    name = f"'{char}'" if char.isprintable() else f"the control character U+{ord(char):04X}"
    formula.fail(FORBIDDEN.get(char) or f"{name} is not allowed in a formula", at, at + 1, ALLOWED)
