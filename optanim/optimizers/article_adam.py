from collections.abc import Iterator

import numpy as np

from optanim.optimizers._schedule import schedule
from optanim.schema.types import Beta, Epsilon, Rate
from optanim.surfaces import Array, Surface


def article_adam(
    f: Surface,
    w: Array,
    *,
    lr: Rate = 0.1,
    beta1: Beta = 0.9,
    beta2: Beta = 0.999,
    eps: Epsilon = 1e-8,
) -> Iterator[Array]:
    """Adam as printed: its second moment forgets all but the last gradient.

        m ← β₁m + (1 − β₁)g
        s ← β₂ + (1 − β₂)g²
        m̂ = m/(1 − β₁ᵗ), ŝ = s/(1 − β₂ᵗ)
        w ← w − ηm̂/(√ŝ + ε)

    Names: ko 글에 적힌 Adam.

    Family: as printed.

    Many at once: yes.

    Reference: the formulas of the article, with β₂ in place of β₂s. They give the moments the index
    t + 1 and the biases the exponent t; t is counted from 1 here, since from 0 the first step would
    be a division by 0. `adam` has the standard form.
    """
    m = np.zeros_like(w)
    for t, eta, b1, b2 in schedule(lr, beta1, beta2):
        g = f.gradient(w)
        m = b1 * m + (1 - b1) * g
        s = b2 + (1 - b2) * g * g
        m_hat, s_hat = m / (1 - b1**t), s / (1 - b2**t)
        w = w - eta * m_hat / (np.sqrt(s_hat) + eps)
        yield w
