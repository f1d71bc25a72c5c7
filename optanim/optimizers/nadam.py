from collections.abc import Iterator
from typing import Annotated

import numpy as np

from optanim.optimizers._schedule import schedule
from optanim.schema.option import Minor
from optanim.schema.types import Beta, Epsilon, NonNegative, Rate, WeightDecay
from optanim.surfaces import Array, Surface


def nadam(
    f: Surface,
    w: Array,
    *,
    lr: Rate = 0.1,
    beta1: Beta = 0.9,
    beta2: Beta = 0.999,
    eps: Epsilon = 1e-8,
    psi: Annotated[NonNegative, Minor()] = 0.004,
    weight_decay: WeightDecay = 0.0,
) -> Iterator[Array]:
    """NAdam: Adam that steps with the momentum of the next step, as Nesterov's does.

        g = ∇f(w) + λw
        m ← β₁m + (1 − β₁)g
        s ← β₂s + (1 − β₂)g²
        μ(t) = β₁(1 − 0.96^(tψ)/2), M(t) = μ(1)·…·μ(t)
        m̂ = μ(t + 1)m/(1 − M(t + 1)) + (1 − μ(t))g/(1 − M(t))
        w ← w − ηm̂/(√ŝ + ε), ŝ = s/(1 − β₂ᵗ)

    Names: ko NAdam.

    Family: adaptive.

    Many at once: yes.

    Reference: Dozat 2016, "Incorporating Nesterov momentum into Adam", with its warm-up of μ; optax
    has none. The weight decay λ is L2. PyTorch: NAdam, whose momentum_decay is ψ.
    """
    m, s, product = np.zeros_like(w), np.zeros_like(w), 1.0
    for t, eta, b1, b2 in schedule(lr, beta1, beta2):
        g = f.gradient(w) + weight_decay * w
        m = b1 * m + (1 - b1) * g
        s = b2 * s + (1 - b2) * g * g
        mu, mu_next = (b1 * (1 - 0.5 * 0.96 ** (k * psi)) for k in (t, t + 1))
        product *= mu
        m_hat = mu_next * m / (1 - product * mu_next) + (1 - mu) * g / (1 - product)
        w = w - eta * m_hat / (np.sqrt(s / (1 - b2**t)) + eps)
        yield w
