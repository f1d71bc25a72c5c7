from collections.abc import Iterator

import numpy as np

from optanim.optimizers._schedule import schedule
from optanim.schema.types import Beta, Epsilon, Rate, WeightDecay
from optanim.surfaces import Array, Surface


def adan(
    f: Surface,
    w: Array,
    *,
    lr: Rate = 0.1,
    beta1: Beta = 0.98,
    beta2: Beta = 0.92,
    beta3: Beta = 0.99,
    eps: Epsilon = 1e-8,
    weight_decay: WeightDecay = 0.0,
) -> Iterator[Array]:
    """Adan: Adam with Nesterov's look-ahead, made of the difference of two gradients.

        d = g − g₋, the difference from the gradient before
        m ← β₁m + (1 − β₁)g
        v ← β₂v + (1 − β₂)d
        s ← β₃s + (1 − β₃)(g + β₂d)²
        m̂ = m/(1 − β₁ᵗ), v̂ = v/(1 − β₂ᵗ), ŝ = s/(1 − β₃ᵗ)
        w ← (w − η(m̂ + β₂v̂)/(√ŝ + ε))/(1 + ηλ)

    Names: ko Adan.

    Family: adaptive.

    Many at once: yes.

    Reference: Xie et al. 2022, "Adan: adaptive Nesterov momentum algorithm", arXiv:2208.06677,
    Algorithm 1 with the corrections of the authors' code; their β there are 1 − β here, d = 0 at
    first. pytorch_optimizer: Adan. optax multiplies d by 1 − β₂, which is another path.
    """
    m, v, s, before = np.zeros_like(w), np.zeros_like(w), np.zeros_like(w), None
    for t, eta, b1, b2, b3 in schedule(lr, beta1, beta2, beta3):
        g = f.gradient(w)
        d = np.zeros_like(g) if before is None else g - before
        m = b1 * m + (1 - b1) * g
        v = b2 * v + (1 - b2) * d
        s = b3 * s + (1 - b3) * (g + b2 * d) ** 2
        m_hat, v_hat, s_hat = m / (1 - b1**t), v / (1 - b2**t), s / (1 - b3**t)
        w = w - eta * (m_hat + b2 * v_hat) / (np.sqrt(s_hat) + eps)
        w, before = w / (1 + eta * weight_decay), g
        yield w
