from collections.abc import Iterator

import numpy as np

from optanim.optimizers._schedule import schedule
from optanim.schema.types import Epsilon, Fraction, Rate, WeightDecay
from optanim.surfaces import Array, Surface


def adamax(
    f: Surface,
    w: Array,
    *,
    lr: Rate = 0.1,
    beta1: Fraction = 0.9,
    beta2: Fraction = 0.999,
    eps: Epsilon = 1e-8,
    weight_decay: WeightDecay = 0.0,
) -> Iterator[Array]:
    """Adamax: Adam whose rates follow the largest gradient, which fades, in place of a mean.

        g = ∇f(w) + λw
        m ← β₁m + (1 − β₁)g
        u ← max(β₂u, |g| + ε)
        w ← w − ηm/((1 − β₁ᵗ)u)

    Names: ko Adamax.

    Family: adaptive.

    Reference: Kingma & Ba 2015, "Adam", arXiv:1412.6980, Algorithm 2; ε inside the maximum and the
    weight decay λ, L2, as in PyTorch's Adamax.
    """
    m, u = np.zeros_like(w), np.zeros_like(w)
    for t, eta in schedule(lr):
        g = f.gradient(w) + weight_decay * w
        m = beta1 * m + (1 - beta1) * g
        u = np.maximum(beta2 * u, np.abs(g) + eps)
        w = w - eta / (1 - beta1**t) * m / u
        yield w
