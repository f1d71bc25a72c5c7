from collections.abc import Iterator

import numpy as np

from optanim.optimizers._schedule import schedule
from optanim.schema.types import Beta, Epsilon, Rate, WeightDecay
from optanim.surfaces import Array, Surface


def adam(
    f: Surface,
    w: Array,
    *,
    lr: Rate = 0.1,
    beta1: Beta = 0.9,
    beta2: Beta = 0.999,
    eps: Epsilon = 1e-8,
    weight_decay: WeightDecay = 0.0,
    amsgrad: bool = False,
) -> Iterator[Array]:
    """Adam: momentum and a rate for each coordinate, both freed of their bias towards zero.

        g = ∇f(w) + λw
        m ← β₁m + (1 − β₁)g
        s ← β₂s + (1 − β₂)g²
        m̂ = m/(1 − β₁ᵗ), ŝ = s/(1 − β₂ᵗ)
        w ← w − ηm̂/(√ŝ + ε)
        amsgrad: ŝ = max s/(1 − β₂ᵗ), the largest s so far

    Names: ko Adam.

    Family: adaptive.

    Many at once: yes.

    Reference: Kingma & Ba 2015, "Adam", arXiv:1412.6980, Algorithm 1 (their v is s here, ε outside
    the corrected root); the weight decay λ is L2, coupled through g. AMSGrad: Reddi,
    Kale & Kumar 2018, arXiv:1904.09237, with both biases corrected. PyTorch: Adam.
    """
    m, s, largest = np.zeros_like(w), np.zeros_like(w), np.zeros_like(w)
    for t, eta, b1, b2 in schedule(lr, beta1, beta2):
        g = f.gradient(w) + weight_decay * w
        m = b1 * m + (1 - b1) * g
        s = b2 * s + (1 - b2) * g * g
        largest = np.maximum(largest, s) if amsgrad else s
        m_hat, s_hat = m / (1 - b1**t), largest / (1 - b2**t)
        w = w - eta * m_hat / (np.sqrt(s_hat) + eps)
        yield w
