"""A place among the tokens of a formula, and how deep in its brackets."""

from __future__ import annotations

from typing import NoReturn

from optanim.expression.spelling import Spelling, Token
from optanim.expression.tree import Span

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
