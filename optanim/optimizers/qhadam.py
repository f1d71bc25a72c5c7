from collections.abc import Iterator

import numpy as np

from optanim.optimizers._schedule import schedule
from optanim.schema.types import Beta, Epsilon, Rate, Share
from optanim.surfaces import Array, Surface


def qhadam(
    f: Surface,
    w: Array,
    *,
    lr: Rate = 0.1,
    beta1: Beta = 0.9,
    beta2: Beta = 0.999,
    nu1: Share = 0.7,
    nu2: Share = 1.0,
    eps: Epsilon = 1e-8,
) -> Iterator[Array]:
    """QHAdam: Adam that mixes the gradient itself into both of its averages.

        m ← β₁m + (1 − β₁)g
        s ← β₂s + (1 − β₂)g²
        m̂ = m/(1 − β₁ᵗ), ŝ = s/(1 − β₂ᵗ)
        w ← w − η((1 − ν₁)g + ν₁m̂)/(√((1 − ν₂)g² + ν₂ŝ) + ε)

    Names: ko QHAdam.

    Family: adaptive.

    Many at once: yes.

    Reference: Ma & Yarats 2019, "Quasi-hyperbolic momentum and Adam for deep learning",
    arXiv:1810.06801, section 4. With ν₁ = ν₂ = 1 it is Adam, with ν₁ = 0 RMSProp with a corrected
    s. torch-optimizer: QHAdam. pytorch_optimizer has its weights in single precision.
    """
    m, s = np.zeros_like(w), np.zeros_like(w)
    for t, eta, b1, b2 in schedule(lr, beta1, beta2):
        g = f.gradient(w)
        m = b1 * m + (1 - b1) * g
        s = b2 * s + (1 - b2) * g * g
        m_hat, s_hat = m / (1 - b1**t), s / (1 - b2**t)
        root = np.sqrt((1 - nu2) * g * g + nu2 * s_hat)
        w = w - eta * ((1 - nu1) * g + nu1 * m_hat) / (root + eps)
        yield w
