"""The type of an optimizer, and its learning rate at each step."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count

from optanim.surfaces import Array, Surface

Optimizer = Callable[[Surface, Array], Iterator[Array]]
"""Surface and start (d,) -> the points after steps 1, 2, …, each (d,)."""

Schedule = Callable[[int], float]
"""Step t = 1, 2, … -> its learning rate."""


def schedule(lr: float | Schedule) -> Iterator[tuple[int, float]]:
    """Yield each step t = 1, 2, … with its learning rate η; `lr` is a number or a function of t."""
    if callable(lr):
        return ((t, lr(t)) for t in count(1))
    return ((t, lr) for t in count(1))
