from collections.abc import Iterator
from typing import Annotated

import numpy as np

from optanim.optimizers._schedule import schedule
from optanim.schema.option import Symbol
from optanim.schema.types import Epsilon, Fraction, Positive, Rate, WeightDecay
from optanim.surfaces import Array, Surface


def prodigy(
    f: Surface,
    w: Array,
    *,
    lr: Rate = 1.0,
    beta1: Fraction = 0.9,
    beta2: Fraction = 0.999,
    d0: Annotated[Positive, Symbol("d_0")] = 1e-6,
    eps: Epsilon = 1e-8,
    weight_decay: WeightDecay = 0.0,
    bias_correction: bool = False,
) -> Iterator[Array]:
    """Prodigy: Adam that finds its rate d by itself; it starts from almost none, then leaps.

        r ← √β₂ r + hdgᵀ(w₀ − w), where h = ηd
        l ← √β₂ l + hdg
        m ← β₁m + (1 − β₁)dg
        s ← β₂s + (1 − β₂)d²g²
        w ← w − hλw − hm/(√s + d₊ε), where d₊ = max(d, r/‖l‖₁)
        d ← d₊

    Names: ko Prodigy.

    Family: without a rate.

    Reference: Mishchenko & Defazio 2023, "Prodigy: an expeditiously adaptive parameter-free
    learner", arXiv:2306.06101, Algorithm 4; η = 1 is a factor for schedules. With
    bias_correction, h is ηd√(1 − β₂ᵗ)/(1 − β₁ᵗ), and the leap is shorter. The authors' package
    prodigyopt: Prodigy. optax.contrib's takes another path.
    """
    start, d, beta3 = w, d0, beta2**0.5
    m, s, moved, total = np.zeros_like(w), np.zeros_like(w), 0.0, np.zeros_like(w)
    for t, eta in schedule(lr):
        g, rate = f.gradient(w), eta * d
        if bias_correction:
            rate *= (1 - beta2**t) ** 0.5 / (1 - beta1**t)
        moved = beta3 * moved + rate * d * (g @ (start - w))
        total = beta3 * total + rate * d * g
        m = beta1 * m + (1 - beta1) * d * g
        s = beta2 * s + (1 - beta2) * d * d * g * g
        size = np.abs(total).sum()
        found = max(d, moved / size) if size else d
        w = w - rate * weight_decay * w - rate * m / (np.sqrt(s) + found * eps)
        d = found
        yield w
