from collections.abc import Iterator
from math import exp
from typing import Annotated

import numpy as np
from annotated_types import Gt, Le

from optanim.optimizers._population import loss_at
from optanim.optimizers._state import State
from optanim.schema.option import Symbol
from optanim.schema.types import Positive, Real
from optanim.surfaces import Array, Surface

TINY = float(np.finfo(float).tiny)
"""The lowest temperature: at 0 the probability would be 0/0."""

Temperature = Annotated[Positive, Symbol("T")]
Cooling = Annotated[Real, Gt(0), Le(1), Symbol(r"\alpha")]


def simulated_annealing(
    f: Surface,
    w: Array,
    chance: np.random.RandomState,
    *,
    temperature: Temperature = 10.0,
    cooling: Cooling = 0.95,
    sigma: Positive = 0.5,
) -> Iterator[Array | State]:
    """Simulated annealing: steps down are taken, steps up sometimes, and less and less often.

        x = w + σz, z ~ N(0, I)
        w ← x with the probability min(1, exp(−(f(x) − f(w))/T))
        T ← αT

    With α = 1 it is the method of Metropolis: then the points have the density exp(−f/T) at last. A
    proposal that was refused is a hollow mark.

    Names: ko 담금질 기법.

    Family: by chance.

    Reference: Kirkpatrick, Gelatt & Vecchi 1983, "Optimization by simulated annealing", Science
    220; Metropolis et al. 1953.
    """
    loss = loss_at(f, w)
    while True:
        point = w + sigma * chance.standard_normal(len(w))
        there, luck = loss_at(f, point), chance.uniform()
        if there <= loss or luck < exp((loss - there) / temperature):
            w, loss = point, there
            yield w.copy()
        else:
            yield State(w.copy(), crowd=point[:, None], kind="proposals")
        temperature = max(temperature * cooling, TINY)
