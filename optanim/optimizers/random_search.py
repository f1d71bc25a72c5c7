from collections.abc import Iterator
from typing import Annotated

import numpy as np
from annotated_types import Le

from optanim.optimizers._population import loss_at, losses
from optanim.optimizers._state import State
from optanim.schema.option import Symbol
from optanim.schema.types import Count, Positive
from optanim.surfaces import Array, Surface

Samples = Annotated[Count, Le(1000), Symbol("n")]


def random_search(
    f: Surface,
    w: Array,
    chance: np.random.RandomState,
    *,
    sigma: Positive = 0.5,
    samples: Samples = 10,
) -> Iterator[State]:
    """Random search: look at some points around, go to the best of them if it is lower.

        xᵢ = w + σzᵢ, zᵢ ~ N(0, I), for i = 1, …, n
        w ← the lowest of w, x₁, …, xₙ

    Names: ko 무작위 탐색.

    Family: without gradients.

    Reference: Rastrigin 1963, "The convergence of the random search method in the extremal control
    of a many parameter system"; normal samples of a constant deviation σ, n = `samples`.
    """
    best = loss_at(f, w)
    while True:
        points = w[:, None] + sigma * chance.standard_normal((len(w), samples))
        values = losses(f, points)
        lowest = int(values.argmin())
        if values[lowest] < best:
            w, best = points[:, lowest].copy(), float(values[lowest])
        yield State(w.copy(), crowd=points)
