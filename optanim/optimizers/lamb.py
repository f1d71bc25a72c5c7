from collections.abc import Iterator

import numpy as np

from optanim.optimizers._schedule import schedule
from optanim.schema.types import Beta, Epsilon, Rate, WeightDecay
from optanim.surfaces import Array, Surface


def lamb(
    f: Surface,
    w: Array,
    *,
    lr: Rate = 0.05,
    beta1: Beta = 0.9,
    beta2: Beta = 0.999,
    eps: Epsilon = 1e-6,
    weight_decay: WeightDecay = 0.0,
) -> Iterator[Array]:
    """LAMB: Adam's direction, with a step as long as η times the distance from the origin.

        m ← β₁m + (1 − β₁)g
        s ← β₂s + (1 − β₂)g²
        m̂ = m/(1 − β₁ᵗ), ŝ = s/(1 − β₂ᵗ)
        u = m̂/(√ŝ + ε) + λw
        w ← w − η(‖w‖/‖u‖)u

    Names: ko LAMB.

    Family: adaptive.

    Reference: You et al. 2020, "Large batch optimization for deep learning", arXiv:1904.00962,
    Algorithm 2 with φ(‖w‖) = ‖w‖; the factor is 1 if ‖w‖ or ‖u‖ is 0. The origin counts and not the
    minimum: it settles at (0, 0) alone. optax: lamb; torch-optimizer's Lamb lacks the corrections.
    """
    m, s = np.zeros_like(w), np.zeros_like(w)
    for t, eta, b1, b2 in schedule(lr, beta1, beta2):
        g = f.gradient(w)
        m = b1 * m + (1 - b1) * g
        s = b2 * s + (1 - b2) * g * g
        m_hat, s_hat = m / (1 - b1**t), s / (1 - b2**t)
        u = m_hat / (np.sqrt(s_hat) + eps) + weight_decay * w
        far, long = (w @ w) ** 0.5, (u @ u) ** 0.5
        w = w - eta * (far / long if far and long else 1.0) * u
        yield w
