"""A formula in TeX, as its author typed it: same terms, same order."""

from __future__ import annotations

import re

from optanim.formulas.functions import FUNCTIONS
from optanim.formulas.syntax_tree import Call, Name, Negative, Node, Number, Power, Product, Sum

LONGEST, NESTED = 120, 4
"""What a caption has room for: so many characters, and braces nested so deep."""


def name_in_tex(word: str) -> str:
    """A name: `x`, `\\theta`, `w_{1}` of w1 and w_1, `\\mathrm{loss}`."""
    letters = re.sub(r"_?[0-9]+$", "", word) or word
    index = word[len(letters) :].lstrip("_")
    plain = letters.replace("_", r"\_")
    tex = rf"\{letters}" if letters in GREEK else rf"\mathrm{{{plain}}}" if plain[1:] else plain
    return f"{tex}_{{{index}}}" if index else tex


def tex(node: Node) -> str:
    """A tree in TeX, for matplotlib's mathtext, without dollar signs."""
    match node:
        case Number():
            return node.tex
        case Name():
            return name_in_tex(node.name)
        case Negative(of):
            return f"-{_factor(of)}"
        case Sum(terms):
            return _sum(terms)
        case Product(factors):
            return _product(factors)
        case Power(base, exponent):
            return _power(base, exponent)
        case Call(function, arguments):
            return FUNCTIONS[function].tex.format(*map(tex, arguments))


def readable(formula: str) -> bool:
    """Whether TeX fits into a caption: not too long, and not nested so that it cannot be read."""
    letters = re.sub(r"\\[A-Za-z]+|\\.", "x", formula)
    depth = deepest = 0
    for char in letters:
        depth += (char == "{") - (char == "}")
        deepest = max(deepest, depth)
    return len(re.sub(r"[{}^_ ]", "", letters)) <= LONGEST and deepest <= NESTED


def _sum(terms: tuple[tuple[str, Node], ...]) -> str:
    said = ""
    for sign, node in terms:
        term = tex(node)
        if isinstance(node, Sum):
            term = f"({term})" if said else term
        elif term.startswith("-") and said:
            # A parameter below zero: x + k is x - 2, and x - k is x + 2.
            sign, term = "-+"[sign == "-"], term[1:]
        said += f" {sign} {term}" if said else term
    return said


def _factor(node: Node) -> str:
    """A node as a factor: in brackets if it is a sum or a quotient, or has a minus."""
    said = tex(node)
    loose = isinstance(node, Sum) or (isinstance(node, Product) and " / " in said)
    return f"({said})" if loose or said.startswith("-") else said


def _product(factors: tuple[tuple[str, Node], ...]) -> str:
    # A parameter of 1 goes without saying, and one of -1 is a minus.
    ones = [pair for pair in factors if _is_one(*pair)]
    shown = [pair for pair in factors if not _is_one(*pair)]
    if not shown or shown[0][0] == "/":
        ones, shown = [], list(factors)
    minus = "-" if sum(tex(one).startswith("-") for _, one in ones) % 2 else ""
    first = tex(shown[0][1])
    said = first if first.startswith("-") and not minus else _factor(shown[0][1])
    for i, (sign, node) in enumerate(shown[1:], 2):
        if sign == "*":
            said = _times(said, _factor(node))
        elif i == len(shown):
            said = f"{said} / {_divisor(node)}"
        else:
            said = rf"\frac{{{said}}}{{{tex(node)}}}"
    return minus + said


def _is_one(sign: str, node: Node) -> bool:
    return sign == "*" and isinstance(node, Number) and node.given and abs(node.value) == 1


def _divisor(node: Node) -> str:
    return f"({tex(node)})" if isinstance(node, Product) else _factor(node)


def _times(left: str, right: str) -> str:
    if right[0].isdigit() or (left[-1].isdigit() and right.startswith("10^")):
        return rf"{left} \cdot {right}"
    # Words need room between them, letters do not.
    gap = r"\," if r"\mathrm" in (left[-40:] + right[:8]) else ""
    return f"{left} {gap}{right}"


def _power(base: Node, exponent: Node) -> str:
    raised = tex(exponent)
    raised = raised if len(raised) == 1 else f"{{{raised}}}"
    said = tex(base)
    squared = isinstance(exponent, Number) and exponent.value in (2, 3, 4)
    if isinstance(base, Call) and squared and re.match(r"\\[a-z]+\(", said):
        return said.replace("(", f"^{raised}(", 1)
    bare = isinstance(base, Name) or (isinstance(base, Call) and base.function == "abs")
    if bare or (isinstance(base, Number) and re.fullmatch(r"[0-9.]+|e|\\pi", said)):
        return f"{said}^{raised}"
    return f"({said})^{raised}"


GREEK = frozenset(
    "alpha beta gamma delta epsilon zeta eta theta kappa lambda mu nu xi rho sigma tau phi chi psi "
    "omega".split()
)
