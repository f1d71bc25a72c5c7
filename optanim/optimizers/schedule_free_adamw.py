from collections.abc import Iterator

import numpy as np

from optanim.optimizers._ratio import ratio
from optanim.optimizers._schedule import schedule
from optanim.schema.types import Beta, Epsilon, Rate, WeightDecay
from optanim.surfaces import Array, Surface


def schedule_free_adamw(
    f: Surface,
    w: Array,
    *,
    lr: Rate = 0.5,
    beta1: Beta = 0.9,
    beta2: Beta = 0.999,
    eps: Epsilon = 1e-8,
    weight_decay: WeightDecay = 0.0,
) -> Iterator[Array]:
    """Schedule-free AdamW: AdamW without momentum walks z, and the mean x of its path is the point.

        y = (1 − β₁)z + β₁x, g = ∇f(y)
        s ← β₂s + (1 − β₂)g²
        ŝ = s/(1 − β₂ᵗ)
        z ← z − ηλy − ηg/(√ŝ + ε)
        c = η²/Σηᵢ²
        x ← (1 − c)x + cz

    Names: ko Schedule-free AdamW.

    Family: without a rate.

    Many at once: yes.

    Reference: Defazio et al. 2024, "The road less scheduled", arXiv:2405.15682, Algorithm 1; the
    correction is of s and not of the rate, and in c, η is the largest rate so far, as in the
    authors' package schedulefree: AdamWScheduleFree.
    """
    x, z, s, largest, total = w, w, np.zeros_like(w), 0.0, 0.0
    for t, eta, b1, b2 in schedule(lr, beta1, beta2):
        y = (1 - b1) * z + b1 * x
        g = f.gradient(y)
        s = b2 * s + (1 - b2) * g * g
        z = z - eta * weight_decay * y - eta * g / (np.sqrt(s / (1 - b2**t)) + eps)
        largest = np.maximum(largest, eta)
        total = total + largest * largest
        c = ratio(largest * largest, total)
        x = (1 - c) * x + c * z
        yield x
