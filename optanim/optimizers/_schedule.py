"""The type of an optimizer, and its learning rate at each step."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from functools import cache, partial
from itertools import count
from typing import Any, overload

import numpy as np

from optanim.optimizers._state import State
from optanim.surfaces import Array, Surface

Optimizer = (
    Callable[[Surface, Array], Iterator[Array | State]]
    | Callable[[Surface, Array, np.random.RandomState], Iterator[Array | State]]
)
"""Surface and start (d,) -> the points after steps 1, 2, …, each (d,), or a state with the point.

An optimizer that draws has a third parameter: a random stream of the seed of the run."""

Schedule = Callable[[int], float]
"""Step t = 1, 2, … -> its learning rate, or its value of another option."""

Value = float | Schedule
"""A number for all steps, or a value for each."""


def takes_chance(optimizer: Any) -> bool:
    """Whether an optimizer draws: its third positional parameter has no default."""
    set_options = set[str]()
    while isinstance(optimizer, partial) and not optimizer.args:
        set_options |= {*optimizer.keywords}
        optimizer = optimizer.func
    try:
        name = _third_parameter(optimizer)
    except TypeError:  # it cannot be a key of the cache
        name = _third_parameter.__wrapped__(optimizer)
    return bool(name) and name not in set_options


@cache
def _third_parameter(function: Any) -> str:
    """The third positional parameter of a function, if it has no default; otherwise ""."""
    try:
        parameters = list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):
        return ""
    third = parameters[2:3]
    positional = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    names = (p.name for p in third if p.kind in positional and p.default is p.empty)
    return next(names, "")


@overload
def schedule(lr: Value, /) -> Iterator[tuple[int, float]]: ...
@overload
def schedule(lr: Value, one: Value, /) -> Iterator[tuple[int, float, float]]: ...
@overload
def schedule(lr: Value, one: Value, two: Value, /) -> Iterator[tuple[int, float, float, float]]: ...
@overload
def schedule(
    lr: Value, one: Value, two: Value, three: Value, /
) -> Iterator[tuple[int, float, float, float, float]]: ...
def schedule(*values: Value) -> Iterator[Any]:
    """Yield each step t = 1, 2, … with its learning rate η, and with the values of other options.

    Args:
        values: the rate, then options such as a momentum; each is a number, or a function of t.
    """
    if any(map(callable, values)):
        return ((t, *(v(t) if callable(v) else v for v in values)) for t in count(1))
    return ((t, *values) for t in count(1))
