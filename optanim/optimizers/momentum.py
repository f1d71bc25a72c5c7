from collections.abc import Iterator

import numpy as np

from optanim.optimizers._schedule import schedule
from optanim.schema.types import Dampening, Momentum, Rate, WeightDecay
from optanim.surfaces import Array, Surface


def momentum(
    f: Surface,
    w: Array,
    *,
    lr: Rate = 0.1,
    momentum: Momentum = 0.9,
    dampening: Dampening = 0.0,
    weight_decay: WeightDecay = 0.0,
) -> Iterator[Array]:
    """Momentum: a heavy ball that remembers its velocity.

        g = ∇f(w) + λw
        v ← μv + (1 − τ)g, at first v ← g
        w ← w − ηv

    Names: ko 모멘텀.

    Family: first order.

    Many at once: yes.

    Reference: Polyak 1964, "Some methods of speeding up the convergence of iteration methods",
    equation 9; η outside the velocity, the weight decay λ is L2, and the dampening τ spares the
    first step, as in PyTorch's SGD.
    """
    v = np.zeros_like(w)
    for t, eta, mu in schedule(lr, momentum):
        g = f.gradient(w) + weight_decay * w
        v = mu * v + (g if t == 1 else (1 - dampening) * g)
        w = w - eta * v
        yield w
