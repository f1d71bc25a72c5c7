from collections.abc import Iterator
from typing import Annotated

import numpy as np

from optanim.optimizers._schedule import schedule
from optanim.schema.option import Minor, Symbol
from optanim.schema.types import Beta, Count, Epsilon, Positive, Rate, WeightDecay
from optanim.surfaces import Array, Surface


def sophia(
    f: Surface,
    w: Array,
    chance: np.random.RandomState,
    *,
    lr: Rate = 0.1,
    rho: Positive = 1.0,
    beta1: Beta = 0.9,
    beta2: Beta = 0.99,
    every: Annotated[Count, Symbol("k"), Minor()] = 10,
    eps: Epsilon = 1e-12,
    weight_decay: WeightDecay = 0.0,
) -> Iterator[Array]:
    """Sophia: Newton's step along each axis, cut to a box where the curvature is small or negative.

        m ← β₁m + (1 − β₁)g
        at t = 1 and every kth update after it
            h ← β₂h + (1 − β₂)u·(∇²f u), where each coordinate of u is 1 or −1 by chance
        w ← w − ηλw
        w ← w − η(m/max(h, ε), clipped to ±ρ)

    Names: ko Sophia.

    Family: second order.

    Reference: Liu et al. 2023, "Sophia: a scalable stochastic second-order optimizer",
    arXiv:2305.14342, Algorithm 3 with Hutchinson's estimate (Sophia-H), where u·(∇²f u) is the
    diagonal of ∇²f in the mean, and exact if the axes of f are those of the plane; ρ and η are as
    in its first version, ρη being the longest step of a coordinate. pytorch_optimizer: SophiaH
    with signs for u; its ρ is 0.01, for which all steps are cut.
    """
    m, h = np.zeros_like(w), np.zeros_like(w)
    for t, eta, b1, b2 in schedule(lr, beta1, beta2):
        m = b1 * m + (1 - b1) * f.gradient(w)
        if (t - 1) % every == 0:
            u = chance.choice([-1.0, 1.0], len(w))
            h = b2 * h + (1 - b2) * u * (f.hessian(w) @ u)
        w = w - eta * weight_decay * w
        w = w - eta * (m / np.maximum(h, eps)).clip(-rho, rho)
        yield w
