from collections.abc import Iterator
from math import sqrt

import numpy as np

from optanim.optimizers._schedule import schedule
from optanim.schema.types import Beta, Epsilon, Rate, WeightDecay
from optanim.surfaces import Array, Surface


def radam(
    f: Surface,
    w: Array,
    *,
    lr: Rate = 0.1,
    beta1: Beta = 0.9,
    beta2: Beta = 0.999,
    eps: Epsilon = 1e-8,
    weight_decay: WeightDecay = 0.0,
) -> Iterator[Array]:
    """RAdam: Adam that warms up, with plain momentum until it knows how gradients vary.

        g = ∇f(w) + λw
        m ← β₁m + (1 − β₁)g, m̂ = m/(1 − β₁ᵗ)
        s ← β₂s + (1 − β₂)g², q = √(1 − β₂ᵗ)/(√s + ε)
        ρ(t) = ρ∞ − 2tβ₂ᵗ/(1 − β₂ᵗ), ρ∞ = 2/(1 − β₂) − 1
        r = √((ρ(t) − 4)(ρ(t) − 2)ρ∞/((ρ∞ − 4)(ρ∞ − 2)ρ(t)))
        w ← w − ηrqm̂, or w ← w − ηm̂ while ρ(t) ≤ 5

    Names: ko RAdam.

    Family: adaptive.

    Many at once: yes, with one beta2.

    Reference: Liu et al. 2020, "On the variance of the adaptive learning rate and beyond",
    arXiv:1908.03265, Algorithm 2, with the threshold 5 in place of 4, ε on the uncorrected root and
    the weight decay λ, L2, as in PyTorch's RAdam. The first five steps are as long as those of
    gradient descent: on a steep surface they need its small rate.
    """
    m, s = np.zeros_like(w), np.zeros_like(w)
    for t, eta, b1, b2 in schedule(lr, beta1, beta2):
        g = f.gradient(w) + weight_decay * w
        m = b1 * m + (1 - b1) * g
        s = b2 * s + (1 - b2) * g * g
        step = m / (1 - b1**t)
        longest = 2 / (1 - b2) - 1
        rho = longest - 2 * t * b2**t / (1 - b2**t)
        if rho > 5:
            scale = (rho - 4) * (rho - 2) * longest / ((longest - 4) * (longest - 2) * rho)
            step = step * sqrt(scale * (1 - b2**t)) / (np.sqrt(s) + eps)
        w = w - eta * step
        yield w
