from collections.abc import Iterator

import numpy as np

from optanim.optimizers._schedule import schedule
from optanim.schema.types import Epsilon, Fraction, Rate, WeightDecay
from optanim.surfaces import Array, Surface


def adadelta(
    f: Surface,
    w: Array,
    *,
    lr: Rate = 1.0,
    rho: Fraction = 0.9,
    eps: Epsilon = 1e-6,
    weight_decay: WeightDecay = 0.0,
) -> Iterator[Array]:
    """Adadelta: steps as long as those before, so that it starts slowly and needs no rate.

        g = ∇f(w) + λw
        s ← ρs + (1 − ρ)g²
        d = g√(u + ε)/√(s + ε)
        u ← ρu + (1 − ρ)d²
        w ← w − ηd

    Names: ko Adadelta.

    Family: adaptive.

    Many at once: yes.

    Reference: Zeiler 2012, "ADADELTA", arXiv:1212.5701, Algorithm 1, which has η = 1; ε sets the
    length of the first steps, about √ε. The weight decay λ is L2. PyTorch: Adadelta.
    """
    s, u = np.zeros_like(w), np.zeros_like(w)
    for _, eta in schedule(lr):
        g = f.gradient(w) + weight_decay * w
        s = rho * s + (1 - rho) * g * g
        d = g * np.sqrt(u + eps) / np.sqrt(s + eps)
        u = rho * u + (1 - rho) * d * d
        w = w - eta * d
        yield w
