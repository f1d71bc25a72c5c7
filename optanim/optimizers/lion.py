from collections.abc import Iterator

import numpy as np

from optanim.optimizers._schedule import schedule
from optanim.schema.types import Beta, Rate, WeightDecay
from optanim.surfaces import Array, Surface


def lion(
    f: Surface,
    w: Array,
    *,
    lr: Rate = 0.1,
    beta1: Beta = 0.9,
    beta2: Beta = 0.99,
    weight_decay: WeightDecay = 0.0,
) -> Iterator[Array]:
    """Lion: the sign of a momentum, so that every coordinate moves by the rate.

        c = β₁m + (1 − β₁)g
        w ← w − η(sign(c) + λw)
        m ← β₂m + (1 − β₂)g

    Names: ko Lion.

    Family: sign.

    Many at once: yes.

    Reference: Chen et al. 2023, "Symbolic discovery of optimization algorithms", arXiv:2302.06675,
    Algorithm 2; the weight decay λ is decoupled and scaled by η, as in the package lion-pytorch.
    """
    m = np.zeros_like(w)
    for _, eta, b1, b2 in schedule(lr, beta1, beta2):
        g = f.gradient(w)
        c = b1 * m + (1 - b1) * g
        w = w - eta * (np.sign(c) + weight_decay * w)
        m = b2 * m + (1 - b2) * g
        yield w
