from collections.abc import Iterator
from typing import Annotated

import numpy as np

from optanim.optimizers._ratio import ratio
from optanim.optimizers._schedule import schedule
from optanim.schema.option import Symbol
from optanim.schema.types import Beta, Epsilon, Positive, Rate, WeightDecay
from optanim.surfaces import Array, Surface


def adabound(
    f: Surface,
    w: Array,
    *,
    lr: Rate = 0.1,
    final_lr: Annotated[Positive, Symbol(r"\eta_\ast")] = 0.02,
    gamma: Positive = 0.01,
    beta1: Beta = 0.9,
    beta2: Beta = 0.999,
    eps: Epsilon = 1e-8,
    weight_decay: WeightDecay = 0.0,
) -> Iterator[Array]:
    """AdaBound: Adam that becomes gradient descent, since two bounds close on its rates.

        g = ∇f(w) + λw
        m ← β₁m + (1 − β₁)g
        s ← β₂s + (1 − β₂)g²
        r = η√(1 − β₂ᵗ)/(1 − β₁ᵗ)/(√s + ε)
        r is clipped to η∗(1 − 1/(γt + 1)) … η∗(1 + 1/(γt)), η∗ the final rate
        w ← w − rm

    Names: ko AdaBound.

    Family: adaptive.

    Many at once: yes.

    Reference: Luo et al. 2019, "Adaptive gradient methods with dynamic bound of learning rate",
    arXiv:1902.09843, Algorithm 2, with Adam's corrections and without 1/√t, as in the authors'
    code, whose γ = 0.001 is for longer runs. A schedule scales the bounds, too, by η over its
    largest value so far. pytorch_optimizer and torch-optimizer: AdaBound.
    """
    m, s, largest = np.zeros_like(w), np.zeros_like(w), 0.0
    for t, eta, b1, b2 in schedule(lr, beta1, beta2):
        g = f.gradient(w) + weight_decay * w
        m = b1 * m + (1 - b1) * g
        s = b2 * s + (1 - b2) * g * g
        largest = np.maximum(largest, eta)
        final = final_lr * ratio(eta, largest)
        rate = eta * (1 - b2**t) ** 0.5 / (1 - b1**t) / (np.sqrt(s) + eps)
        rate = rate.clip(final * (1 - 1 / (gamma * t + 1)), final * (1 + 1 / (gamma * t)))
        w = w - rate * m
        yield w
