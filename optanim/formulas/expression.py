"""Formulas that people type: text becomes a value, exact derivatives, and TeX.

    bowl = parse("x**2 + k*y**2").given({"k": 2})
    bowl.names                                        # ("x", "y")
    bowl.tex                                          # x^2 + 2 y^2
    f = compiled([bowl.sympy], bowl.names)            # f(x, y) -> (1, *shape), f.at(1.0, 2.0)
    g = compiled(bowl.partials(("x", "y")), bowl.names)

Reading and refusing needs no SymPy; it is imported when `sympy`, `partials` or `compiled` are used.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from optanim.formulas.constant_folding import folded
from optanim.formulas.functions import RESERVED
from optanim.formulas.numbers import number_in_tex
from optanim.formulas.parser import read
from optanim.formulas.syntax_tree import (
    Name,
    Node,
    Number,
    Span,
    Sum,
    degree,
    names,
    parts,
    with_parts,
)
from optanim.formulas.tex import name_in_tex, readable, tex

if TYPE_CHECKING:
    from optanim.formulas.calculus import Compiled

__all__ = ["RESERVED", "Expression", "compiled", "name_in_tex", "parse", "readable"]


@dataclass(frozen=True)
class Expression:
    """A formula that is known to be harmless.

    Attributes:
        text: as it was typed.
        tree: what it says; the spans of its nodes are stretches of the text.
    """

    text: str
    tree: Node

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The free names: neither functions nor constants; in alphabetical order."""
        return tuple(sorted({name.name for name in names(self.tree)}))

    def where(self, word: str) -> Span:
        """Where a free name stands for the first time."""
        return next(name.at for name in names(self.tree) if name.name == word)

    def given(self, values: Mapping[str, float]) -> Expression:
        """The same with numbers in the place of names.

        Raises:
            OptionError: a part then has no finite value, or an exponent is too large; its span is
                in the text.
        """
        tree = _filled(self.tree, values)
        folded(tree)
        return Expression(self.text, tree)

    def linear_in(self, names: Collection[str]) -> bool:
        """Whether it is a sum of such names with factors, as it is written."""
        return degree(self.tree, names) <= 1

    def taken_from(self, name: str) -> Expression:
        """The difference `name - formula`, a sum without brackets around it."""
        terms = self.tree.terms if isinstance(self.tree, Sum) else (("+", self.tree),)
        turned = tuple(("-" if sign == "+" else "+", node) for sign, node in terms)
        at = self.tree.at
        return Expression(f"{name} - ({self.text})", Sum((("+", Name(name, at)), *turned), at))

    @property
    def tex(self) -> str:
        """TeX in the author's own order, without dollar signs."""
        return tex(self.tree)

    @cached_property
    def sympy(self) -> Any:
        """The SymPy expression, over `sympy.Symbol(name)` of each name."""
        from optanim.formulas.calculus import as_sympy

        return as_sympy(folded(self.tree))

    def partials(self, after: Sequence[str]) -> tuple[Any, ...]:
        """The exact derivative after each of the names, as SymPy expressions.

        At a kink (of `abs`, `min`, `max`) it is the middle of the slopes beside it.
        """
        from optanim.formulas.calculus import partials

        return partials(self.sympy, after)


def parse(text: str) -> Expression:
    """The expression that a text says.

    Raises:
        OptionError: it says none, or is beyond the limits: where in the text, and how to write it.
    """
    tree = read(text)
    folded(tree)
    return Expression(text, tree)


def compiled(expressions: Sequence[Any], names: Sequence[str]) -> Compiled:
    """One function of SymPy expressions; its arguments are the names, in this order.

    It takes an array each, which are broadcast to a shape S, and returns (n, *S); its `at` takes
    floats and returns n of them.
    """
    from optanim.formulas.calculus import Compiled

    return Compiled(expressions, names)


def _filled(node: Node, values: Mapping[str, float]) -> Node:
    if isinstance(node, Name) and node.name in values:
        value = float(values[node.name])
        return Number(value, number_in_tex(value), node.at, given=True)
    return with_parts(node, tuple(_filled(part, values) for part in parts(node)))
