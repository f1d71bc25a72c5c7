from collections.abc import Iterator

import numpy as np

from optanim.optimizers._schedule import schedule
from optanim.schema.types import Beta, Rate, Share
from optanim.surfaces import Array, Surface


def qhm(
    f: Surface, w: Array, *, lr: Rate = 0.1, beta: Beta = 0.9, nu: Share = 0.7
) -> Iterator[Array]:
    """QHM: a mean of gradient descent and momentum; ν is the share of momentum.

        m ← βm + (1 − β)g
        w ← w − η((1 − ν)g + νm)

    Names: ko QHM.

    Family: first order.

    Many at once: yes.

    Reference: Ma & Yarats 2019, "Quasi-hyperbolic momentum and Adam for deep learning",
    arXiv:1810.06801, equations 3 and 4, whose β is 0.999 for long runs. With ν = 0 it is gradient
    descent, with ν = 1 momentum at the rate (1 − β)η. pytorch_optimizer and torch-optimizer: QHM.
    """
    m = np.zeros_like(w)
    for _, eta, b in schedule(lr, beta):
        g = f.gradient(w)
        m = b * m + (1 - b) * g
        w = w - eta * ((1 - nu) * g + nu * m)
        yield w
