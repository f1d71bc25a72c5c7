from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from optanim.optimizers._around import as_state, run_inner
from optanim.optimizers._state import State
from optanim.schema.inner_types import MovableInner
from optanim.schema.types import Count, Ratio
from optanim.surfaces import Array, Surface


def lookahead(
    f: Surface,
    w: Array,
    chance: np.random.RandomState,
    *,
    inner: MovableInner = "adam",
    k: Count = 5,
    alpha: Ratio = 0.5,
) -> Iterator[State]:
    """Lookahead: an inner optimizer that every k steps is put back on a part of its way.

        w ← the next point of the inner optimizer
        each k steps: φ ← φ + α(w − φ), w ← φ

    Names: ko Lookahead.

    Family: around another.

    Many at once: yes.

    Reference: Zhang et al. 2019, "Lookahead optimizer: k steps forward, 1 step back",
    arXiv:1907.08610, Algorithm 1, with the inner state maintained.
    """
    slow = w.copy()
    states = map(as_state, run_inner(inner, f, w, chance))
    t = 0
    for state in states:
        t += not state.initial
        if t and t % k == 0:
            slow = slow + alpha * (state.point - slow)
            # In place: the inner optimizer goes on from the point that it yielded.
            state.point[:] = slow
        yield replace(state, mean=slow.copy())
