from collections.abc import Iterator

import numpy as np

from optanim.optimizers._schedule import schedule
from optanim.schema.types import Beta, Epsilon, NonNegative, Rate, WeightDecay
from optanim.surfaces import Array, Surface


def mars(
    f: Surface,
    w: Array,
    *,
    lr: Rate = 0.1,
    beta1: Beta = 0.95,
    beta2: Beta = 0.99,
    gamma: NonNegative = 0.025,
    eps: Epsilon = 1e-8,
    weight_decay: WeightDecay = 0.0,
) -> Iterator[Array]:
    """MARS: AdamW that corrects each gradient by its change since the step before.

        c = g + γβ₁/(1 − β₁)(g − g₋), g₋ the gradient before; c/‖c‖ if ‖c‖ > 1
        m ← β₁m + (1 − β₁)c
        s ← β₂s + (1 − β₂)c²
        m̂ = m/(1 − β₁ᵗ), ŝ = s/(1 − β₂ᵗ)
        w ← w − ηλw − ηm̂/(√ŝ + ε)

    Names: ko MARS.

    Family: adaptive.

    Reference: Yuan et al. 2024, "MARS: unleashing the power of variance reduction",
    arXiv:2411.10438, Algorithm 2, MARS-AdamW in its approximate form, which asks one gradient a
    step; g₋ = 0 at first, as in the authors' code. pytorch_optimizer: MARS with optimize_1d=True,
    where ε is added before the corrections.
    """
    m, s, before = np.zeros_like(w), np.zeros_like(w), np.zeros_like(w)
    for t, eta, b1, b2 in schedule(lr, beta1, beta2):
        g = f.gradient(w)
        c = g + gamma * b1 / (1 - b1) * (g - before)
        c = c / max(1.0, float(c @ c) ** 0.5)
        m = b1 * m + (1 - b1) * c
        s = b2 * s + (1 - b2) * c * c
        m_hat, s_hat = m / (1 - b1**t), s / (1 - b2**t)
        w = w - eta * weight_decay * w - eta * m_hat / (np.sqrt(s_hat) + eps)
        before = g
        yield w
