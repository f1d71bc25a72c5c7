from collections.abc import Iterator
from math import sqrt
from typing import Annotated

import numpy as np

from optanim.optimizers._schedule import schedule
from optanim.schema.option import Minor
from optanim.schema.types import Epsilon, Positive, Rate, WeightDecay
from optanim.surfaces import Array, Surface


def adafactor(
    f: Surface,
    w: Array,
    *,
    lr: Rate = 0.1,
    tau: Annotated[Positive, Minor()] = 0.8,
    eps1: Epsilon = 1e-15,
    eps2: Epsilon = 1e-3,
    d: Annotated[Positive, Minor()] = 1.0,
    weight_decay: WeightDecay = 0.0,
) -> Iterator[Array]:
    """Adafactor: steps relative to the distance from the origin, clipped, and without momentum.

        α = max(ε₂, rms(w)) · min(η, 1/√t)
        s ← s + (g² − s)/t^τ
        u = g/max(√s, ε₁)
        w ← w − ηλw − αu/max(1, rms(u)/d)

    Names: ko Adafactor.

    Family: adaptive.

    Reference: Shazeer & Stern 2018, "Adafactor", arXiv:1804.04235, Algorithm 4 for a vector: only
    the squares of matrices are factored, and a point is none. ε₁ as a lower bound, and the weight
    decay λ, decoupled, as in PyTorch's Adafactor, whose beta2_decay is −τ.
    """
    s = np.zeros_like(w)
    for t, eta in schedule(lr):
        g = f.gradient(w)
        alpha = max(eps2, _rms(w)) * min(eta, 1 / sqrt(t))
        s = s + (g * g - s) / t**tau
        u = g / np.maximum(np.sqrt(s), eps1)
        w = w - eta * weight_decay * w - alpha / max(1.0, _rms(u) / d) * u
        yield w


def _rms(w: Array) -> float:
    return sqrt(float(w @ w) / w.size)
