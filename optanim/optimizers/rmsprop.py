from collections.abc import Iterator

import numpy as np

from optanim.optimizers._schedule import schedule
from optanim.schema.types import Epsilon, Fraction, Rate
from optanim.surfaces import Array, Surface


def rmsprop(
    f: Surface, w: Array, *, lr: Rate = 0.1, rho: Fraction = 0.9, eps: Epsilon = 1e-8
) -> Iterator[Array]:
    """RMSProp: AdaGrad that forgets, so that its rates do not die.

        s ← ρs + (1 − ρ)g²
        w ← w − ηg/(√s + ε)

    Names: ko RMSProp.

    Family: adaptive.

    Reference: Tieleman & Hinton 2012, "Neural Networks for Machine Learning", lecture 6.5; not
    centred, ε outside the root. PyTorch: RMSprop, whose alpha is ρ.
    """
    s = np.zeros_like(w)
    for _, eta in schedule(lr):
        g = f.gradient(w)
        s = rho * s + (1 - rho) * g * g
        w = w - eta * g / (np.sqrt(s) + eps)
        yield w
