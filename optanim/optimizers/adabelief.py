from collections.abc import Iterator

import numpy as np

from optanim.optimizers._schedule import schedule
from optanim.schema.types import Beta, Epsilon, Rate, WeightDecay
from optanim.surfaces import Array, Surface


def adabelief(
    f: Surface,
    w: Array,
    *,
    lr: Rate = 0.1,
    beta1: Beta = 0.9,
    beta2: Beta = 0.999,
    eps: Epsilon = 1e-16,
    weight_decay: WeightDecay = 0.0,
) -> Iterator[Array]:
    """AdaBelief: Adam whose steps are large where gradients come as foreseen, small where not.

        m ← β₁m + (1 − β₁)g
        s ← β₂s + (1 − β₂)(g − m)² + ε
        m̂ = m/(1 − β₁ᵗ), ŝ = s/(1 − β₂ᵗ)
        w ← w − ηλw − ηm̂/(√ŝ + ε)

    Names: ko AdaBelief.

    Family: adaptive.

    Many at once: yes.

    Reference: Zhuang et al. 2020, "AdaBelief optimizer", arXiv:2010.07468, Algorithm 2; ε is in s,
    too, the weight decay λ is decoupled. The authors' package adabelief-pytorch with rectify=False;
    its default mixes in RAdam.
    """
    m, s = np.zeros_like(w), np.zeros_like(w)
    for t, eta, b1, b2 in schedule(lr, beta1, beta2):
        g = f.gradient(w)
        m = b1 * m + (1 - b1) * g
        s = b2 * s + (1 - b2) * (g - m) ** 2 + eps
        m_hat, s_hat = m / (1 - b1**t), s / (1 - b2**t)
        w = w - eta * weight_decay * w - eta * m_hat / (np.sqrt(s_hat) + eps)
        yield w
