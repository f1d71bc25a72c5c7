"""The parser: tokens become a syntax tree, with the precedence of Python.

    sum      = term (("+" | "-") term)*
    term     = factor (("*" | "/") factor)*
    factor   = ("+" | "-") factor | power
    power    = operand ("**" factor)?
    operand  = NUMBER | NAME | FUNCTION "(" sum ("," sum)* ")" | "(" sum ")"

Nothing is evaluated, and the text is never parsed as Python. Common notations that are not allowed
(`2x`, `x^2`, `|x|`, `sin x`) are understood, so that the error can say how to write the formula.
"""

from __future__ import annotations

from typing import NoReturn

from optanim.errors import OptionError, did_you_mean
from optanim.formulas.functions import CONSTANTS, FUNCTIONS, SYNONYMS
from optanim.formulas.lexer import Token, TokenizedFormula, tokenize
from optanim.formulas.numbers import number_in_tex
from optanim.formulas.other_functions import (
    OTHER_FUNCTIONS,
    with_decimal_points,
    with_our_function,
)
from optanim.formulas.run_together import product_with_function
from optanim.formulas.syntax_tree import (
    Call,
    Name,
    Negative,
    Node,
    Number,
    Power,
    Product,
    Span,
    Sum,
)

MAX_DEPTH, MAX_OPERANDS = 24, 200
"""The limits of a formula: levels of brackets, signs and powers, and numbers and names."""

CLOSING = {"(": ")", "[": "]", "{": "}"}
"""The closing bracket of each opening bracket."""


class Cursor:
    """A position in the tokens of a formula.

    Attributes:
        at: index of the next token.
        depth: levels of nesting around it.
        operands: number of operands so far.
        bars: number of open bars `|`.
        exponent: where the last exponent begins.
    """

    def __init__(self, formula: TokenizedFormula) -> None:
        self.source, self.tokens = formula, formula.tokens
        self.at = self.depth = self.operands = self.bars = self.exponent = 0

    @property
    def token(self) -> Token:
        """The next token."""
        return self.tokens[self.at]

    def sees(self, *signs: str) -> bool:
        """Whether the next token is one of the signs."""
        return self.token.kind == "sign" and self.token.text in signs

    def take(self) -> Token:
        """Return the next token and go past it."""
        token = self.token
        self.at += 1
        return token

    def fail(self, message: str, token: Token, help: str = "") -> NoReturn:
        """Raise an OptionError at a token."""
        self.source.fail(message, token.start, max(token.end, token.start + 1), help)

    def span(self, first: Token) -> Span:
        """The span from a token to the last one that was taken."""
        origin, end = self.source.origin, self.tokens[self.at - 1].end
        return origin[first.start], origin[end - 1] + 1 - origin[first.start]

    def deeper(self, token: Token) -> None:
        """Enter a level of nesting.

        Raises:
            OptionError: the formula is nested too deep.
        """
        self.depth += 1
        if self.depth > MAX_DEPTH:
            self.fail(f"nested deeper than {MAX_DEPTH} levels", token)


def syntax_tree(text: str) -> Node:
    """The syntax tree of a formula.

    Raises:
        OptionError: the text is no formula, or exceeds a limit; the span of the error is in the
            text.
    """
    formula = tokenize(text)
    _refuse_equations(formula)
    tree = _Parser(formula).formula()
    formula.check_corrections()
    return tree


def _refuse_equations(formula: TokenizedFormula) -> None:
    depth = 0
    for token in formula.tokens:
        depth += (token.text in CLOSING) - (token.text in CLOSING.values())
        if token.text == "=" and depth > 0:
            formula.fail("a function takes no named arguments", token.start, token.end)
        if token.text == "=":
            help = _how_to_write(formula.text[token.end :].strip())
            message = "write only the part to the right of the '='"
            formula.fail(message, token.start, token.end, help)


def _how_to_write(text: str) -> str:
    try:
        if "=" not in text:
            syntax_tree(text)
    except OptionError as error:
        return error.help if error.help.startswith("write ") else ""
    return f"write {text}" if "=" not in text and len(text) <= 120 else ""


class _Parser(Cursor):
    """One method for each rule of the grammar; it takes its tokens and returns their node."""

    def formula(self) -> Node:
        tree = self.sum()
        if self.token.kind != "end":
            self.misplaced()
        return tree

    def sum(self) -> Node:
        first = self.token
        self.deeper(first)
        terms = [("+", self.term())]
        while self.sees("+", "-"):
            terms.append((self.take().text, self.term()))
        self.depth -= 1
        return Sum(tuple(terms), self.span(first)) if len(terms) > 1 else terms[0][1]

    def term(self) -> Node:
        first = self.token
        factors = [("*", self.factor())]
        start = -1  # of the last denominator
        while True:
            if self.sees("*", "/"):
                sign, start = self.take().text, self.token.start
                factors.append((sign, self.factor()))
            elif self.begins_operand():
                part = self.may_be_a_group(*factors[-1], start)
                self.times_is_missing()
                factors.append(("*", self.factor()))
                if part is not None:
                    self.source.fractions.append((part, self.tokens[self.at - 1].end))
            else:
                break
        return Product(tuple(factors), self.span(first)) if len(factors) > 1 else factors[0][1]

    def may_be_a_group(self, sign: str, before: Node, denominator: int) -> int | None:
        """Where a group begins that ends with the factor whose `*` is missing; None if none does.

        `1/2x` may be 1/(2*x), and `e^2x` may be e**(2*x). `x^2y` and `1/2 x` are clear.

        Args:
            sign: the sign before the last factor.
            before: the last factor.
            denominator: where the last factor begins.
        """
        if self.tokens[self.at - 1].end != self.token.start:
            return None
        if sign == "/":
            return denominator
        is_number = isinstance(before, Power) and isinstance(before.base, Number)
        return self.exponent if is_number else None

    def factor(self) -> Node:
        first = self.token
        if not self.sees("+", "-"):
            return self.power()
        self.deeper(self.take())
        operand = self.factor()
        self.depth -= 1
        return Negative(operand, self.span(first)) if first.text == "-" else operand

    def power(self) -> Node:
        first = self.token
        base = self.operand()
        if not self.sees("**", "^"):
            return base
        sign = self.take()
        if sign.text == "^":
            message = "'^' does not raise to a power, '**' does"
            self.source.correct(sign.start, sign.end, message, (sign.start, sign.end, "**"))
        self.deeper(sign)
        start = self.token.start
        exponent = self.factor()
        self.exponent = start
        self.depth -= 1
        return Power(base, exponent, self.span(first))

    def operand(self) -> Node:
        token = self.token
        self.operands += token.kind in ("number", "name")
        if self.operands > MAX_OPERANDS:
            self.fail(f"more than {MAX_OPERANDS} numbers and names", token)
        if token.kind == "number":
            self.take()
            return Number(float(token.text), number_in_tex(float(token.text)), self.span(token))
        if token.kind == "name":
            return self.named()
        if self.sees("(", "[", "{"):
            return self.bracket()
        if self.sees("|"):
            return self.absolute()
        self.misplaced()

    def named(self) -> Node:
        token = self.take()
        name = SYNONYMS.get(token.text, token.text)
        if name in FUNCTIONS:
            return self.call(name, token) if self.sees("(") else self.bare(name, token)
        if name in CONSTANTS:
            return Number(*CONSTANTS[name], self.span(token))
        if self.sees("(") and not self.means_times(name):
            product, function = product_with_function(name)
            if function:
                message = f"a '*' is missing in {name}, before {function}"
                self.source.correct(token.start, token.end, message,
                                    (token.start, token.end, product))  # fmt: skip
                return self.call(SYNONYMS.get(function, function), token)
            help = f"there is no function {name}; " if len(name) == 1 else ""
            help += self.other_function(name) or did_you_mean(name, FUNCTIONS, "functions")
            self.fail(f"no function is called '{name}'", token, help)
        return Name(name, self.span(token))

    def other_function(self, name: str) -> str:
        """The help for a function of other programs; "" if it is none of them."""
        if name not in OTHER_FUNCTIONS:
            return ""
        whole = with_our_function(self.source, self.at - 1)
        help = _how_to_write(whole) if whole else ""
        return help or f"{name} is written {OTHER_FUNCTIONS[name]}"

    def means_times(self, name: str) -> bool:
        """Whether `k(x + 1)` is a product: one letter but f, g, h, and no comma in the brackets."""
        if len(name.rstrip("0123456789")) > 1 or name in "fghFGHL":
            return False
        depth = 0
        for token in self.tokens[self.at :]:
            depth += (token.text == "(") - (token.text == ")")
            if depth == 1 and token.text == ",":
                return False
            if depth == 0:
                break
        return True

    def call(self, name: str, token: Token) -> Node:
        opening = self.take()
        arity, arguments = FUNCTIONS[name].arity, list[Node]()
        while not self.sees(")"):
            arguments.append(self.sum())
            if not self.sees(","):
                break
            self.take()
        # In YAML's {…} a comma ends a value: the rest of the formula is not in this text.
        help = "in YAML's {…}, quote a formula that has a comma" if arity > 1 else ""
        self.close(opening, help)
        if len(arguments) != arity:
            expected = f"{arity} argument{'s' * (arity > 1)}"
            self.fail(f"{token.text} takes {expected}, got {len(arguments)}", token)
        return Call(name, tuple(arguments), self.span(token))

    def bare(self, name: str, token: Token) -> Node:
        """A function without brackets: `sin x` and `sin^2 x` are corrected, `sin` is refused."""
        message = f"'{token.text}' is a function: its argument is written in brackets"
        power, signed = self.power_of_function(), self.sees("-") and self.is_sign_of_name()
        has_argument = self.begins_operand() and (self.token.kind != "sign" or power)
        if FUNCTIONS[name].arity > 1 or not (has_argument or signed):
            inside = ", ".join("xy"[: FUNCTIONS[name].arity])
            self.fail(message, token, f"write {token.text}({inside}){power}")
        self.deeper(token)
        first = self.token
        factors = [("*", self.factor() if signed else self.power())]
        while self.begins_operand() and self.token.start == self.tokens[self.at - 1].end:
            self.times_is_missing()
            factors.append(("*", self.power()))
        self.depth -= 1
        end = self.tokens[self.at - 1].end
        in_brackets = first.text == "(" and len(factors) == 1
        opening, closing = ("", "") if in_brackets else ("(", ")")
        self.source.correct(token.start, token.end, message, (token.end, first.start, opening))
        self.source.correct(token.start, token.end, message, (end, end, closing + power))
        argument = Product(tuple(factors), self.span(first)) if len(factors) > 1 else factors[0][1]
        return Call(name, (argument,), self.span(token))

    def power_of_function(self) -> str:
        """The power of `sin^2 x` as it is written behind the argument, "" if there is none."""
        if not self.sees("**", "^") or self.tokens[self.at + 1].kind != "number":
            return ""
        self.take()
        return f"**{self.take().text}"

    def is_sign_of_name(self) -> bool:
        """Whether the next sign belongs to the name behind it, as in `exp -x`."""
        sign, operand = self.token, self.tokens[self.at + 1]
        return operand.kind == "name" and sign.end == operand.start

    def bracket(self) -> Node:
        opening = self.take()
        inner = self.sum()
        if opening.text != "(":
            message = "brackets are written as ( )"
            self.source.correct(
                opening.start, opening.end, message, (opening.start, opening.end, "(")
            )
            if self.sees(CLOSING[opening.text]):
                end = self.token
                self.source.correct(end.start, end.end, message, (end.start, end.end, ")"))
        self.close(opening)
        return inner

    def close(self, opening: Token, help: str = "") -> None:
        if self.token.kind == "end":
            self.fail("this bracket is not closed", opening, help)
        if not self.sees(CLOSING[opening.text]):
            self.misplaced()
        self.take()

    def absolute(self) -> Node:
        opening = self.take()
        self.bars += 1
        inner = self.sum()
        self.bars -= 1
        if not self.sees("|"):
            self.fail("this bar is not closed", opening, "an absolute value is written abs(x)")
        closing = self.take()
        message = "an absolute value is written abs(…), not with bars"
        self.source.correct(
            opening.start, opening.end, message, (opening.start, opening.end, "abs(")
        )
        self.source.correct(closing.start, closing.end, message, (closing.start, closing.end, ")"))
        return Call("abs", (inner,), self.span(opening))

    def begins_operand(self) -> bool:
        bar = self.sees("|") and not self.bars
        return self.token.kind in ("number", "name") or self.sees("(") or bar

    def times_is_missing(self) -> None:
        before, token = self.tokens[self.at - 1], self.token
        if before.kind == token.kind == "number":
            self.fail("an operator is missing between two numbers", token)
        message = f"a '*' is missing between {before.text} and {token.text}"
        edit = (before.end, token.start, "*")
        self.source.correct(before.start, token.end, message, edit)

    def misplaced(self) -> NoReturn:
        token = self.token
        if token.kind == "end":
            last = self.tokens[self.at - 1] if self.at else token
            self.fail(f"something is missing after '{last.text}'", last)
        if self.sees(")", "]", "}"):
            open_before = self.at and self.tokens[self.at - 1].text in ("(", "[", "{")
            self.fail("empty brackets" if open_before else "this bracket was not opened", token)
        if self.sees("[", "{"):
            self.fail(f"'{token.text}' after a value: there are no subscripts", token)
        if self.sees(","):
            message = "a comma is allowed only between the arguments of a function"
            whole = with_decimal_points(self.source)
            help = _how_to_write(whole) if whole else ""
            self.fail(message, token, help or "decimals are written with a point: 0.5")
        self.fail(f"'{token.text}' in place of a number, a name or a bracket", token)
