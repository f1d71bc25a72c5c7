from collections.abc import Iterator

import numpy as np

from optanim.optimizers._schedule import schedule
from optanim.schema.types import Beta, Epsilon, Rate, WeightDecay
from optanim.surfaces import Array, Surface


def adamw(
    f: Surface,
    w: Array,
    *,
    lr: Rate = 0.1,
    beta1: Beta = 0.9,
    beta2: Beta = 0.999,
    eps: Epsilon = 1e-8,
    weight_decay: WeightDecay = 0.01,
    amsgrad: bool = False,
) -> Iterator[Array]:
    """AdamW: Adam whose weights decay beside the step and not through the gradient.

        m ← β₁m + (1 − β₁)g
        s ← β₂s + (1 − β₂)g²
        m̂ = m/(1 − β₁ᵗ), ŝ = s/(1 − β₂ᵗ)
        w ← w − ηλw − ηm̂/(√ŝ + ε)
        amsgrad: ŝ = max s/(1 − β₂ᵗ), the largest s so far

    Names: ko AdamW.

    Family: adaptive.

    Many at once: yes.

    Reference: Loshchilov & Hutter 2019, "Decoupled weight decay regularization",
    arXiv:1711.05101, Algorithm 2, with the decay scaled by η as in PyTorch's AdamW.
    AMSGrad: Reddi, Kale & Kumar 2018, arXiv:1904.09237, with both biases corrected.
    """
    m, s, largest = np.zeros_like(w), np.zeros_like(w), np.zeros_like(w)
    for t, eta, b1, b2 in schedule(lr, beta1, beta2):
        g = f.gradient(w)
        m = b1 * m + (1 - b1) * g
        s = b2 * s + (1 - b2) * g * g
        largest = np.maximum(largest, s) if amsgrad else s
        m_hat, s_hat = m / (1 - b1**t), largest / (1 - b2**t)
        w = w - eta * weight_decay * w - eta * m_hat / (np.sqrt(s_hat) + eps)
        yield w
