from collections.abc import Iterator

import numpy as np

from optanim.optimizers._schedule import schedule
from optanim.schema.types import Beta, Epsilon, Rate, WeightDecay
from optanim.surfaces import Array, Surface


def adamax(
    f: Surface,
    w: Array,
    *,
    lr: Rate = 0.1,
    beta1: Beta = 0.9,
    beta2: Beta = 0.999,
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

    Many at once: yes.

    Reference: Kingma & Ba 2015, "Adam", arXiv:1412.6980, Algorithm 2; ε inside the maximum and the
    weight decay λ, L2, as in PyTorch's Adamax.
    """
    m, u = np.zeros_like(w), np.zeros_like(w)
    for t, eta, b1, b2 in schedule(lr, beta1, beta2):
        g = f.gradient(w) + weight_decay * w
        m = b1 * m + (1 - b1) * g
        u = np.maximum(b2 * u, np.abs(g) + eps)
        w = w - eta / (1 - b1**t) * m / u
        yield w
