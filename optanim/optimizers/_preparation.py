"""What is done with the options of an optimizer when its config is read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from optanim.optimizers._schedule import Optimizer

_Function = TypeVar("_Function", bound=Callable[..., Any])


@dataclass(frozen=True)
class Preparation:
    """How an optimizer reads its files, or checks its options, before anything is simulated.

    Attributes:
        optimizer: called with the names of the axes and the options. It returns the optimizer with
            its options, or None for the function of the entry. An attribute `start` of the
            optimizer, a tuple of d numbers, is its start. An `OptionError` or a `ConfigError`
            that it raises is a problem of the config.
        label: from the options to the label of a trial that has none; None for the title.
        starts: whether the optimizer has its own start, so that no start of the config is used.
    """

    optimizer: Callable[[Sequence[str], Mapping[str, Any]], Optimizer | None]
    label: Callable[[Mapping[str, Any]], str] | None = None
    starts: bool = False


def prepared_by(preparation: Preparation) -> Callable[[_Function], _Function]:
    """A decorator that gives the function of an optimizer its preparation."""

    def decorate(function: _Function) -> _Function:
        function.preparation = preparation  # type: ignore[attr-defined]
        return function

    return decorate


def preparation_of(function: Callable[..., Any]) -> Preparation | None:
    """The preparation of the function of an optimizer; None for most."""
    found: Preparation | None = getattr(function, "preparation", None)
    return found
