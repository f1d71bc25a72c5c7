from collections.abc import Iterator
from typing import Annotated

import numpy as np

from optanim.optimizers._schedule import schedule
from optanim.schema.option import Minor
from optanim.schema.types import Beta, Epsilon, NonNegative, Rate
from optanim.surfaces import Array, Surface


def yogi(
    f: Surface,
    w: Array,
    *,
    lr: Rate = 0.1,
    beta1: Beta = 0.9,
    beta2: Beta = 0.999,
    initial: Annotated[NonNegative, Minor()] = 1e-6,
    eps: Epsilon = 1e-3,
) -> Iterator[Array]:
    """Yogi: Adam whose rates rise slowly after large gradients, since s falls by no factor.

        m ← β₁m + (1 − β₁)g
        s ← s − (1 − β₂) sign(s − g²)g²
        m̂ = m/(1 − β₁ᵗ), ŝ = s/(1 − β₂ᵗ)
        w ← w − ηm̂/(√ŝ + ε)

    Names: ko Yogi.

    Family: adaptive.

    Many at once: yes.

    Reference: Zaheer et al. 2018, "Adaptive methods for nonconvex optimization", NeurIPS 31,
    Algorithm 2, with Adam's corrections and m = s = 1e-6 at the start, as in TensorFlow Addons.
    pytorch_optimizer and torch-optimizer: Yogi.
    """
    m, s = np.full_like(w, initial), np.full_like(w, initial)
    for t, eta, b1, b2 in schedule(lr, beta1, beta2):
        g = f.gradient(w)
        m = b1 * m + (1 - b1) * g
        s = s - (1 - b2) * np.sign(s - g * g) * g * g
        m_hat, s_hat = m / (1 - b1**t), s / (1 - b2**t)
        w = w - eta * m_hat / (np.sqrt(s_hat) + eps)
        yield w
