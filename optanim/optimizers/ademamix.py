from collections.abc import Iterator

import numpy as np

from optanim.optimizers._schedule import schedule
from optanim.schema.types import Beta, Epsilon, NonNegative, Rate, WeightDecay
from optanim.surfaces import Array, Surface


def ademamix(
    f: Surface,
    w: Array,
    *,
    lr: Rate = 0.1,
    beta1: Beta = 0.9,
    beta2: Beta = 0.999,
    beta3: Beta = 0.99,
    alpha: NonNegative = 5.0,
    eps: Epsilon = 1e-8,
    weight_decay: WeightDecay = 0.0,
) -> Iterator[Array]:
    """AdEMAMix: Adam with a second, long momentum, which overshoots late.

        m ← β₁m + (1 − β₁)g
        l ← β₃l + (1 − β₃)g
        s ← β₂s + (1 − β₂)g²
        m̂ = m/(1 − β₁ᵗ), ŝ = s/(1 − β₂ᵗ)
        w ← w − ηλw − η(m̂ + αl)/(√ŝ + ε)

    Names: ko AdEMAMix.

    Family: adaptive.

    Many at once: yes.

    Reference: Pagliardini, Ablin & Grangier 2024, "The AdEMAMix optimizer", arXiv:2409.03137,
    Algorithm 1, without schedules of α and β₃. The paper has β₃ = 0.9999 for its 10⁵ updates and
    more; 0.99 is for a few hundred. pytorch_optimizer: AdEMAMix with weight_decouple=True.
    """
    m, long, s = np.zeros_like(w), np.zeros_like(w), np.zeros_like(w)
    for t, eta, b1, b2, b3 in schedule(lr, beta1, beta2, beta3):
        g = f.gradient(w)
        m = b1 * m + (1 - b1) * g
        long = b3 * long + (1 - b3) * g
        s = b2 * s + (1 - b2) * g * g
        m_hat, s_hat = m / (1 - b1**t), s / (1 - b2**t)
        w = w - eta * weight_decay * w - eta * (m_hat + alpha * long) / (np.sqrt(s_hat) + eps)
        yield w
