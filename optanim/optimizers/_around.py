"""What an optimizer around another does: it runs the inner one on a surface of its own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from optanim.optimizers._schedule import Optimizer, takes_chance
from optanim.optimizers._state import State
from optanim.schema.catalogue import catalogue
from optanim.surfaces import Array, Surface


def run_inner(
    inner: Optimizer | str, f: Surface, w: Array, chance: np.random.RandomState
) -> Iterator[Array | State]:
    """What the inner optimizer yields; one that draws has the stream of the outer one.

    Args:
        inner: the optimizer with its options, or the name of one.
        f: the surface that it sees.
        w: (d,), the start.
        chance: the random stream of the outer optimizer.
    """
    optimizer: Any = catalogue("optimizers")[inner].function if isinstance(inner, str) else inner
    random = (chance,) if takes_chance(optimizer) else ()
    return iter(optimizer(f, w, *random))


def as_state(yielded: Array | State) -> State:
    """A state, also of an optimizer that yields bare points."""
    return yielded if isinstance(yielded, State) else State(yielded)
