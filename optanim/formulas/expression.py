"""Formulas typed by users: from text to values, exact derivatives and TeX.

    bowl = parse("x**2 + k*y**2").given({"k": 2})
    bowl.names                                        # ("x", "y")
    bowl.tex                                          # x^2 + 2 y^2
    f = compiled([bowl.value], bowl.names)            # f(x, y) -> (1, *shape), f.at(1.0, 2.0)
    g = compiled(bowl.partials(("x", "y")), bowl.names)

`parse` needs no NumPy: it is imported when `value`, `partials` or `compiled` is used.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from optanim.formulas.constant_folding import folded
from optanim.formulas.functions import RESERVED
from optanim.formulas.lexer import tokenize
from optanim.formulas.numbers import number_in_tex
from optanim.formulas.parser import syntax_tree
from optanim.formulas.run_together import separated
from optanim.formulas.syntax_tree import (
    Name,
    Node,
    Number,
    Span,
    Sum,
    degree,
    name_nodes,
    parts,
    with_parts,
)
from optanim.formulas.tex import name_in_tex, readable, shortened, tex

if TYPE_CHECKING:
    from optanim.formulas.calculus import Quantity
    from optanim.formulas.evaluation import Compiled

__all__ = ["RESERVED", "Expression", "compiled", "name_in_tex", "parse", "readable", "shortened"]


@dataclass(frozen=True)
class Expression:
    """A formula that was checked.

    Attributes:
        text: the formula as it was typed.
        tree: its syntax tree; the spans of the nodes are parts of the text.
    """

    text: str
    tree: Node

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The free names in alphabetical order: neither functions nor constants."""
        return tuple(sorted({node.name for node in name_nodes(self.tree)}))

    def where(self, name: str) -> Span:
        """The span of the first occurrence of a free name."""
        return next(node.span for node in name_nodes(self.tree) if node.name == name)

    def product_in_name(self, declared: Collection[str]) -> tuple[str, str]:
        """The first name that is probably a product, and the formula with its factors.

        Args:
            declared: names that are known to be names.

        Returns:
            Two empty texts if there is no such name.
        """
        names = [name for name in self.names if name not in declared]
        for name in names:
            if separated(name, self.names):
                formula = tokenize(self.text)
                edits = [edit for edit in formula.products(self.names)
                         if formula.text[edit[0] : edit[1]] in names]  # fmt: skip
                return name, formula.edited(edits)
        return "", ""

    def given(self, values: Mapping[str, float]) -> Expression:
        """The formula with numbers in place of names.

        Raises:
            OptionError: with these numbers, a part has no finite value, or an exponent is too
                large; the span of the error is in the text.
        """
        tree = _substituted(self.tree, values)
        folded(tree)
        return Expression(self.text, tree)

    def linear_in(self, names: Collection[str]) -> bool:
        """Whether the formula is written as a linear function of these names."""
        return degree(self.tree, names) <= 1

    def taken_from(self, name: str) -> Expression:
        """The formula `name - formula`, a sum without brackets."""
        terms = self.tree.terms if isinstance(self.tree, Sum) else (("+", self.tree),)
        negated = tuple(("-" if sign == "+" else "+", node) for sign, node in terms)
        span = self.tree.span
        return Expression(f"{name} - ({self.text})", Sum((("+", Name(name, span)), *negated), span))

    @property
    def tex(self) -> str:
        """The formula in TeX, in the order of its author, without dollar signs."""
        return tex(self.tree)

    @cached_property
    def value(self) -> Quantity:
        """The value, to be compiled; NaN or infinite wherever a part is not defined."""
        from optanim.formulas.calculus import value_of

        return value_of(folded(self.tree))

    def partials(self, names: Sequence[str], *, one_sided: bool = False) -> tuple[Quantity, ...]:
        """The exact partial derivative with respect to each name, to be compiled.

        At a kink, as of `abs`, `max` or `sqrt(x**2)`, it is the middle of the slopes on both sides;
        NaN if one of them is infinite or does not exist. If `one_sided`, it is the limit from where
        the first name is larger, and the second larger by much less.
        """
        from optanim.formulas.calculus import partials_of

        return partials_of(self.value, names, one_sided=one_sided)

    def second_partials(
        self, names: Sequence[str], *, one_sided: bool = False
    ) -> tuple[Quantity, ...]:
        """The exact second partial derivatives, to be compiled: xx of one name; xx, xy, yy of two.

        At a kink they are those beside it, or NaN.
        """
        from optanim.formulas.calculus import second_partials_of

        return second_partials_of(self.value, names, one_sided=one_sided)


def parse(text: str) -> Expression:
    """The formula in a text.

    Raises:
        OptionError: the text is no formula, or exceeds a limit. The span of the error is in the
            text, and its help says how to write the formula.
    """
    tree = syntax_tree(text)
    folded(tree)
    return Expression(text, tree)


def compiled(quantities: Sequence[Quantity], names: Sequence[str]) -> Compiled:
    """One function that evaluates n quantities; its arguments are the names, in this order.

    It takes an array for each name, broadcasts them to a shape S, and returns (n, *S). Its method
    `at` takes a float for each name, and returns n floats.
    """
    from optanim.formulas.evaluation import Compiled

    return Compiled(quantities, names)


def _substituted(node: Node, values: Mapping[str, float]) -> Node:
    if isinstance(node, Name) and node.name in values:
        value = float(values[node.name])
        return Number(value, number_in_tex(value), node.span, given=True)
    return with_parts(node, tuple(_substituted(part, values) for part in parts(node)))
