"""The grammar: tokens become a tree, with Python's precedence.

    sum      = term (("+" | "-") term)*
    term     = factor (("*" | "/") factor)*
    factor   = ("+" | "-") factor | power
    power    = operand ("**" factor)?
    operand  = NUMBER | NAME | FUNCTION "(" sum ("," sum)* ")" | "(" sum ")"

Nothing is evaluated, and no parser of Python sees the text. What authors write by habit (`2x`,
`x^2`, `|x|`, `sin x`) is understood, so that the refusal can say how to write the whole of it.
"""

from __future__ import annotations

from typing import NoReturn

from optanim.errors import OptionError, did_you_mean
from optanim.formulas.functions import CONSTANTS, FUNCTIONS, SYNONYMS
from optanim.formulas.lexer import Spelling, Token, spell
from optanim.formulas.numbers import number_in_tex
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

DEPTH, PARTS = 24, 200
"""How deep brackets, signs and powers may nest, and how many numbers and names there may be.

SymPy's work grows with the square of both; at these it stays about a second.
"""

CLOSING = {"(": ")", "[": "]", "{": "}"}


class Cursor:
    """Goes from token to token."""

    def __init__(self, spelling: Spelling) -> None:
        self.spelling, self.tokens = spelling, spelling.tokens
        self.at = self.depth = self.count = self.bars = 0

    @property
    def token(self) -> Token:
        """The one that comes next."""
        return self.tokens[self.at]

    def sees(self, *signs: str) -> bool:
        """Whether one of the signs comes next."""
        return self.token.kind == "sign" and self.token.text in signs

    def take(self) -> Token:
        """The next one, and go past it."""
        token = self.token
        self.at += 1
        return token

    def fail(self, message: str, token: Token, help: str = "") -> NoReturn:
        """Refuse the formula for a token."""
        self.spelling.fail(message, token.start, max(token.end, token.start + 1), help)

    def span(self, first: Token) -> Span:
        """From a token to the last one that was taken."""
        origin, end = self.spelling.origin, self.tokens[self.at - 1].end
        return origin[first.start], origin[end - 1] + 1 - origin[first.start]

    def deeper(self, token: Token) -> None:
        """One level more.

        Raises:
            OptionError: that is too deep.
        """
        self.depth += 1
        if self.depth > DEPTH:
            self.fail(f"nested deeper than {DEPTH} levels", token)


def read(text: str) -> Node:
    """The tree of a formula.

    Raises:
        OptionError: it is not one, or is beyond the limits; its span is in the text.
    """
    spelling = spell(text)
    _refuse_equations(spelling)
    tree = _Reader(spelling).formula()
    spelling.settle()
    return tree


def _refuse_equations(spelling: Spelling) -> None:
    depth = 0
    for token in spelling.tokens:
        depth += (token.text in CLOSING) - (token.text in CLOSING.values())
        if token.text == "=" and depth > 0:
            spelling.fail("a function takes no named arguments", token.start, token.end)
        if token.text == "=":
            help = _how_to_write(spelling.text[token.end :].strip())
            message = "only what stands right of the '=' is written"
            spelling.fail(message, token.start, token.end, help)


def _how_to_write(text: str) -> str:
    try:
        if "=" not in text:
            read(text)
    except OptionError as error:
        return error.help if error.help.startswith("write ") else ""
    return f"write {text}" if "=" not in text and len(text) <= 120 else ""


class _Reader(Cursor):
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
        while True:
            if self.sees("*", "/"):
                factors.append((self.take().text, self.factor()))
            elif self.begins_operand():
                self.times_is_missing()
                factors.append(("*", self.factor()))
            else:
                break
        return Product(tuple(factors), self.span(first)) if len(factors) > 1 else factors[0][1]

    def factor(self) -> Node:
        first = self.token
        if not self.sees("+", "-"):
            return self.power()
        self.deeper(self.take())
        of = self.factor()
        self.depth -= 1
        return Negative(of, self.span(first)) if first.text == "-" else of

    def power(self) -> Node:
        first = self.token
        base = self.operand()
        if not self.sees("**", "^"):
            return base
        sign = self.take()
        if sign.text == "^":
            message = "'^' does not raise to a power, '**' does"
            self.spelling.slip(sign.start, sign.end, message, (sign.start, sign.end, "**"))
        self.deeper(sign)
        exponent = self.factor()
        self.depth -= 1
        return Power(base, exponent, self.span(first))

    def operand(self) -> Node:
        token = self.token
        self.count += token.kind in ("number", "name")
        if self.count > PARTS:
            self.fail(f"more than {PARTS} numbers and names", token)
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
            help = f"{name}(…) is not known; " if len(name) == 1 else ""
            help += "write x**y" if name == "pow" else did_you_mean(name, FUNCTIONS, "functions")
            self.fail(f"no function is called '{name}'", token, help)
        return Name(name, self.span(token))

    def means_times(self, name: str) -> bool:
        """Whether `k(x + 1)` means a product: a letter that is no usual function, no comma."""
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
        # In YAML's {…} a comma ends a value: what follows it has not come here.
        help = "in YAML's {…}, quote a formula that has a comma" if arity > 1 else ""
        self.close(opening, help)
        if len(arguments) != arity:
            wants = f"{arity} argument{'s' * (arity > 1)}"
            self.fail(f"{token.text} takes {wants}, got {len(arguments)}", token)
        return Call(name, tuple(arguments), self.span(token))

    def bare(self, name: str, token: Token) -> Node:
        """A function without brackets: `sin x` is understood, `sin` and `sin^2 x` are not."""
        message = f"'{token.text}' is a function: its argument stands in brackets"
        inside = ", ".join("xy"[: FUNCTIONS[name].arity])
        if FUNCTIONS[name].arity > 1 or not (self.begins_operand() and self.token.kind != "sign"):
            raised = "**2" * self.sees("**", "^")
            self.fail(message, token, f"write {token.text}({inside}){raised}")
        self.deeper(token)
        first = self.token
        factors = [("*", self.power())]
        while self.begins_operand() and self.token.start == self.tokens[self.at - 1].end:
            self.times_is_missing()
            factors.append(("*", self.power()))
        self.depth -= 1
        end = self.tokens[self.at - 1].end
        self.spelling.slip(token.start, token.end, message, (token.end, first.start, "("))
        self.spelling.slip(token.start, token.end, message, (end, end, ")"))
        argument = Product(tuple(factors), self.span(first)) if len(factors) > 1 else factors[0][1]
        return Call(name, (argument,), self.span(token))

    def bracket(self) -> Node:
        opening = self.take()
        inner = self.sum()
        if opening.text != "(":
            message = "only round brackets group"
            self.spelling.slip(
                opening.start, opening.end, message, (opening.start, opening.end, "(")
            )
            if self.sees(CLOSING[opening.text]):
                end = self.token
                self.spelling.slip(end.start, end.end, message, (end.start, end.end, ")"))
        self.close(opening)
        return inner

    def close(self, opening: Token, help: str = "") -> None:
        if self.token.kind == "end":
            self.fail("this bracket is never closed", opening, help)
        if not self.sees(CLOSING[opening.text]):
            self.misplaced()
        self.take()

    def absolute(self) -> Node:
        opening = self.take()
        self.bars += 1
        inner = self.sum()
        self.bars -= 1
        if not self.sees("|"):
            self.fail("this bar is never closed", opening, "absolute values are written abs(x)")
        closing = self.take()
        message = "bars do not make an absolute value, abs(…) does"
        self.spelling.slip(
            opening.start, opening.end, message, (opening.start, opening.end, "abs(")
        )
        self.spelling.slip(closing.start, closing.end, message, (closing.start, closing.end, ")"))
        return Call("abs", (inner,), self.span(opening))

    def begins_operand(self) -> bool:
        bar = self.sees("|") and not self.bars
        return self.token.kind in ("number", "name") or self.sees("(") or bar

    def times_is_missing(self) -> None:
        before, token = self.tokens[self.at - 1], self.token
        if before.kind == token.kind == "number":
            self.fail("two numbers stand side by side", token)
        message = f"a '*' is missing between {before.text} and {token.text}"
        edit = (before.end, token.start, "*")
        self.spelling.slip(before.start, token.end, message, edit)

    def misplaced(self) -> NoReturn:
        token = self.token
        if token.kind == "end":
            last = self.tokens[self.at - 1] if self.at else token
            self.fail(f"something is missing after '{last.text}'", last)
        if self.sees(")", "]", "}"):
            open_before = self.at and self.tokens[self.at - 1].text in ("(", "[", "{")
            self.fail("empty brackets" if open_before else "this bracket was never opened", token)
        if self.sees("[", "{"):
            self.fail(f"'{token.text}' after a value: there are no subscripts", token)
        if self.sees(","):
            message = "a comma stands only between the arguments of a function"
            self.fail(message, token, "decimals are written with a point: 0.5")
        self.fail(f"'{token.text}' where a number, a name or a bracket should stand", token)
