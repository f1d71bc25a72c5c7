"""A formula in TeX, with the terms and the order of its author."""

from __future__ import annotations

import re
from collections.abc import Iterator

from optanim.formulas.functions import FUNCTIONS
from optanim.formulas.syntax_tree import Call, Name, Negative, Node, Number, Power, Product, Sum

OPERATOR = re.compile(r"[-+=] ?")

CUT = r"\ldots"
"""The end of a formula that is cut."""

MAX_LETTERS, MAX_DEPTH = 120, 4
"""The limits of a formula in a caption: characters, and levels of braces."""


def name_in_tex(word: str) -> str:
    """A name in TeX: `x`, `\\theta`, `w_{1}` for w1 and w_1, `\\mathrm{loss}`."""
    letters = re.sub(r"_?[0-9]+$", "", word) or word
    index = word[len(letters) :].lstrip("_")
    plain = letters.replace("_", r"\_")
    tex = rf"\{letters}" if letters in GREEK else rf"\mathrm{{{plain}}}" if plain[1:] else plain
    return f"{tex}_{{{index}}}" if index else tex


def tex(node: Node) -> str:
    """A tree in the TeX of matplotlib's mathtext, without dollar signs."""
    match node:
        case Number():
            return node.tex
        case Name():
            return name_in_tex(node.name)
        case Negative(operand):
            return f"-{_factor(operand)}"
        case Sum(terms):
            return _sum(terms)
        case Product(factors):
            return _product(factors)
        case Power(base, exponent):
            return _power(base, exponent)
        case Call(function, arguments):
            return FUNCTIONS[function].tex.format(*map(tex, arguments))


def readable(formula: str) -> bool:
    """Whether a formula in TeX fits into a caption: neither too long nor nested too deep."""
    letters = re.sub(r"\\[A-Za-z]+|\\.", "x", formula)
    depth = deepest = 0
    for char in letters:
        depth += (char == "{") - (char == "}")
        deepest = max(deepest, depth)
    return len(re.sub(r"[{}^_ ]", "", letters)) <= MAX_LETTERS and deepest <= MAX_DEPTH


def shortened(formula: str) -> str:
    """A formula in TeX that fits into a caption: cut after an operator if it is too long."""
    if readable(formula):
        return formula
    cuts = [rf"{formula[:end].rstrip()} {CUT}" for end in operator_ends(formula)]
    # No cut within a sum in brackets.
    whole = [cut for cut in cuts if cut.count("(") == cut.count(")") and readable(cut)]
    return max(whole, key=len, default=CUT)


def operator_ends(formula: str) -> Iterator[int]:
    """Indices where a formula may be cut: after an operator outside of braces and brackets."""
    for match in OPERATOR.finditer(formula):
        left = formula[: match.start()]
        depth = len(re.findall(r"\\left\b", left)) - len(re.findall(r"\\right\b", left))
        outside = left.count("{") == left.count("}") and depth == 0
        if outside and left[-1:] not in ("^", "_", "\\", ""):
            yield match.end()


def _sum(terms: tuple[tuple[str, Node], ...]) -> str:
    text = ""
    for sign, node in terms:
        term = tex(node)
        if isinstance(node, Sum):
            term = f"({term})" if text else term
        elif term.startswith("-") and text:
            # A parameter below zero: with k = -2, x + k is x - 2, and x - k is x + 2.
            sign, term = "-+"[sign == "-"], term[1:]
        text += f" {sign} {term}" if text else term
    return text


def _factor(node: Node) -> str:
    """A node as a factor: in brackets if it is a sum or a quotient, or has a minus."""
    text = tex(node)
    loose = isinstance(node, Sum) or (isinstance(node, Product) and " / " in text)
    return f"({text})" if loose or text.startswith("-") else text


def _product(factors: tuple[tuple[str, Node], ...]) -> str:
    # A parameter of 1 is not written, and one of -1 is a minus.
    ones = [pair for pair in factors if _is_one(*pair)]
    others = [pair for pair in factors if not _is_one(*pair)]
    if not others or others[0][0] == "/":
        ones, others = [], list(factors)
    minus = "-" if sum(tex(one).startswith("-") for _, one in ones) % 2 else ""
    first = tex(others[0][1])
    text = first if first.startswith("-") and not minus else _factor(others[0][1])
    for i, (sign, node) in enumerate(others[1:], 2):
        if sign == "*":
            text = _times(text, _factor(node))
        elif i == len(others):
            text = f"{text} / {_divisor(node)}"
        else:
            text = rf"\frac{{{text}}}{{{tex(node)}}}"
    return minus + text


def _is_one(sign: str, node: Node) -> bool:
    return sign == "*" and isinstance(node, Number) and node.given and abs(node.value) == 1


def _divisor(node: Node) -> str:
    """A node after a slash: in brackets if a part of it would be read as a factor behind."""
    if isinstance(node, Product) or (isinstance(node, Number) and r"\times" in node.tex):
        return f"({tex(node)})"
    return _factor(node)


def _times(left: str, right: str) -> str:
    if right[0].isdigit() or (left[-1].isdigit() and right.startswith("10^")):
        return rf"{left} \cdot {right}"
    # Words need a space between them, letters do not.
    gap = r"\," if r"\mathrm" in (left[-40:] + right[:8]) else ""
    return f"{left} {gap}{right}"


def _power(base: Node, exponent: Node) -> str:
    raised = tex(exponent)
    raised = raised if len(raised) == 1 else f"{{{raised}}}"
    text = tex(base)
    small = isinstance(exponent, Number) and exponent.value in (2, 3, 4)
    if isinstance(base, Call) and small and re.match(r"\\[a-z]+\(", text):
        return text.replace("(", f"^{raised}(", 1)
    bare = isinstance(base, Name) or (isinstance(base, Call) and base.function == "abs")
    if bare or (isinstance(base, Number) and re.fullmatch(r"[0-9.]+|e|\\pi", text)):
        return f"{text}^{raised}"
    return f"({text})^{raised}"


GREEK = frozenset(
    "alpha beta gamma delta epsilon zeta eta theta kappa lambda mu nu xi rho sigma tau phi chi psi "
    "omega".split()
)
"""Names that are set as Greek letters."""
