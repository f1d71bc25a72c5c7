from collections.abc import Iterator

import numpy as np

from optanim.optimizers._schedule import schedule
from optanim.schema.types import Beta, Epsilon, Rate
from optanim.surfaces import Array, Surface


def adopt(
    f: Surface,
    w: Array,
    *,
    lr: Rate = 0.3,
    beta1: Beta = 0.9,
    beta2: Beta = 0.9999,
    eps: Epsilon = 1e-6,
) -> Iterator[Array]:
    """ADOPT: Adam that divides by what it knew before this gradient; its first step only measures.

        n = g/max(√s, ε), clipped to ±(t − 1)^¼
        m ← β₁m + (1 − β₁)n
        w ← w − ηm
        s ← β₂s + (1 − β₂)g², at t = 1 g²

    Names: ko ADOPT.

    Family: adaptive.

    Many at once: yes.

    Reference: Taniguchi et al. 2024, "ADOPT: modified Adam can converge with any β₂",
    arXiv:2411.02853, Algorithm 2 with the clip of the authors' code; at t = 1 w stays.
    optax.contrib: adopt. pytorch_optimizer has t in place of t − 1 in the clip.
    """
    m, s = np.zeros_like(w), np.zeros_like(w)
    for t, eta, b1, b2 in schedule(lr, beta1, beta2):
        g = f.gradient(w)
        if t == 1:
            s, w = g * g, w.copy()
        else:
            bound = (t - 1) ** 0.25
            m = b1 * m + (1 - b1) * (g / np.maximum(np.sqrt(s), eps)).clip(-bound, bound)
            s = b2 * s + (1 - b2) * g * g
            w = w - eta * m
        yield w
