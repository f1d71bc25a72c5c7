"""What an optimizer is, and the learning rate of each of its steps t = 1, 2, …"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count

from optanim.surfaces import Array, Surface

Optimizer = Callable[[Surface, Array], Iterator[Array]]

Schedule = Callable[[int], float]


def schedule(lr: float | Schedule) -> Iterator[tuple[int, float]]:
    """Every step t = 1, 2, … with its learning rate η; `lr` is a number or a function of t."""
    if callable(lr):
        return ((t, lr(t)) for t in count(1))
    return ((t, lr) for t in count(1))
