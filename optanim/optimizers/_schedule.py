"""The type of an optimizer, and its learning rate at each step."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count

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
"""Step t = 1, 2, … -> its learning rate."""


def schedule(lr: float | Schedule) -> Iterator[tuple[int, float]]:
    """Yield each step t = 1, 2, … with its learning rate η; `lr` is a number or a function of t."""
    if callable(lr):
        return ((t, lr(t)) for t in count(1))
    return ((t, lr) for t in count(1))
