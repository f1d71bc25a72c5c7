"""The texts of a language: each kind of them is given to its entry by a decorator."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from optanim.schema.catalogue import catalogue

Language = TypeVar("Language", bound=Callable[..., Any])
Texts = TypeVar("Texts")


def with_texts(texts: object) -> Callable[[Language], Language]:
    """A decorator that gives texts to an entry of the catalogue `languages`."""

    def decorated(language: Language) -> Language:
        setattr(language, type(texts).__name__, texts)
        return language

    return decorated


def texts_of(kind: type[Texts], language: str) -> Texts:
    """The texts of a kind in a language, by its name in the catalogue; English if it has none."""
    texts: Texts = getattr(catalogue("languages")[language].function, kind.__name__, None) or kind()
    return texts
