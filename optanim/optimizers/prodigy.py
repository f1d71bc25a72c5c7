from collections.abc import Iterator
from typing import Annotated

import numpy as np

from optanim.optimizers._schedule import schedule
from optanim.schema.option import Symbol
from optanim.schema.types import Beta, Epsilon, Positive, Rate, WeightDecay
from optanim.surfaces import Array, Surface


def prodigy(
    f: Surface,
    w: Array,
    *,
    lr: Rate = 1.0,
    beta1: Beta = 0.9,
    beta2: Beta = 0.999,
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
    start, d = w, d0
    m, s, moved, total = np.zeros_like(w), np.zeros_like(w), 0.0, np.zeros_like(w)
    for t, eta, b1, b2 in schedule(lr, beta1, beta2):
        g, rate = f.gradient(w), eta * d
        if bias_correction:
            rate *= (1 - b2**t) ** 0.5 / (1 - b1**t)
        moved = b2**0.5 * moved + rate * d * (g @ (start - w))
        total = b2**0.5 * total + rate * d * g
        m = b1 * m + (1 - b1) * d * g
        s = b2 * s + (1 - b2) * d * d * g * g
        size = np.abs(total).sum()
        found = max(d, moved / size) if size else d
        w = w - rate * weight_decay * w - rate * m / (np.sqrt(s) + found * eps)
        d = found
        yield w
