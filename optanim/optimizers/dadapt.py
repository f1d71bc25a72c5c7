from collections.abc import Iterator
from typing import Annotated

import numpy as np

from optanim.optimizers._state import State
from optanim.schema.option import Symbol
from optanim.schema.types import Positive
from optanim.surfaces import Array, Surface


def dadapt(
    f: Surface, w: Array, *, d0: Annotated[Positive, Symbol("d_0")] = 0.1
) -> Iterator[State]:
    """D-Adaptation: no rate at all; it bounds from below how far the minimum is, and steps by that.

        s ← s + dg
        γ = 1/√(‖g₁‖² + … + ‖g_t‖²), γ₋ the one before, 1/‖g₁‖ at first
        q ← q + γ₋d²‖g‖²
        w ← w₀ − γs
        d ← max(d, (γ‖s‖² − q)/(2‖s‖))

    Names: ko D-Adaptation.

    Family: without a rate.

    Reference: Defazio & Mishchenko 2023, "Learning-rate-free learning by D-Adaptation",
    arXiv:2301.07733, Algorithm 1, dual averaging. Where f is convex, d ≤ ‖w₀ − w∗‖ always. The
    second path is the mean of the points with the weights d, for which the paper has its theorem.
    Its d₀ is 1e-6, which costs some 400 updates more. The authors' package dadaptation has other
    rules: those of Adam, AdaGrad and momentum with such a d.
    """
    start, d, s = w, d0, np.zeros_like(w)
    squares = q = weights = 0.0
    total = np.zeros_like(w)
    while True:
        g = f.gradient(w)
        total, weights = total + d * w, weights + d
        size = float(g @ g)
        if squares + size == 0:
            return
        q += d * d * size / (squares or size) ** 0.5
        s, squares = s + d * g, squares + size
        gamma, length = squares**-0.5, float(s @ s) ** 0.5
        w = start - gamma * s
        if length:
            d = max(d, (gamma * length**2 - q) / (2 * length))
        yield State(w, mean=total / weights)
