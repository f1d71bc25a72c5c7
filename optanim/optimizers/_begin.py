"""The beginning of an optimizer: it is called, and has not asked for anything."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from optanim.optimizers._schedule import takes_chance
from optanim.optimizers._state import State
from optanim.surfaces import CHANCE_STREAM, Array, Surface, random_stream


def begin(optimizer: Any, surface: Surface, start: Array, seed: int) -> Iterator[Array | State]:
    """What an optimizer will yield; one that draws is handed its random stream.

    Args:
        optimizer: a function of the surface and the start.
        surface: what it asks.
        start: (d,), which it may change.
        seed: of its random stream.

    Raises:
        OptionError: it cannot run on this surface with its options; it is no generator itself, as a
            generator would begin with its first step.
    """
    chance = (random_stream(seed, CHANCE_STREAM),) if takes_chance(optimizer) else ()
    return iter(optimizer(surface, start, *chance))
