from collections.abc import Iterator

import numpy as np

from optanim.optimizers._schedule import schedule
from optanim.schema.types import Epsilon, Fraction, Momentum, Rate, WeightDecay
from optanim.surfaces import Array, Surface


def rmsprop(
    f: Surface,
    w: Array,
    *,
    lr: Rate = 0.1,
    rho: Fraction = 0.9,
    eps: Epsilon = 1e-8,
    momentum: Momentum = 0.0,
    centered: bool = False,
    weight_decay: WeightDecay = 0.0,
) -> Iterator[Array]:
    """RMSProp: AdaGrad that forgets, so that its rates do not die.

        g = ∇f(w) + λw
        s ← ρs + (1 − ρ)g²
        v ← μv + g/(√s + ε)
        w ← w − ηv
        centered: m ← ρm + (1 − ρ)g, and √(s − m²) in place of √s

    Names: ko RMSProp.

    Family: adaptive.

    Many at once: yes, with one momentum.

    Reference: Tieleman & Hinton 2012, "Neural Networks for Machine Learning", lecture 6.5; ε
    outside the root, the weight decay λ is L2. Centered: Graves 2013, arXiv:1308.0850, equations 38
    to 41. PyTorch: RMSprop, whose alpha is ρ.
    """
    m, s, v = np.zeros_like(w), np.zeros_like(w), np.zeros_like(w)
    for _, eta, mu in schedule(lr, momentum):
        g = f.gradient(w) + weight_decay * w
        s = rho * s + (1 - rho) * g * g
        variance = s
        if centered:
            m = rho * m + (1 - rho) * g
            variance = np.maximum(s - m * m, 0)  # Rounding may take it below 0.
        root = np.sqrt(variance) + eps
        if mu:
            v = mu * v + g / root
            w = w - eta * v
        else:
            w = w - eta * g / root
        yield w
