from collections.abc import Iterator

import numpy as np

from optanim.optimizers._schedule import schedule
from optanim.schema.types import Momentum, Rate
from optanim.surfaces import Array, Surface


def momentum(f: Surface, w: Array, *, lr: Rate = 0.1, momentum: Momentum = 0.9) -> Iterator[Array]:
    """Momentum: a heavy ball that remembers its velocity.

        v ← μv + g
        w ← w − ηv

    Names: ko 모멘텀.

    Family: first order.

    Reference: Polyak 1964, "Some methods of speeding up the convergence of iteration methods",
    equation 9; η outside the velocity, as in PyTorch's SGD with dampening 0.
    """
    v = np.zeros_like(w)
    for _, eta, mu in schedule(lr, momentum):
        v = mu * v + f.gradient(w)
        w = w - eta * v
        yield w
