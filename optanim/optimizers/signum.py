from collections.abc import Iterator

import numpy as np

from optanim.optimizers._schedule import schedule
from optanim.schema.types import Beta, Rate, WeightDecay
from optanim.surfaces import Array, Surface


def signum(
    f: Surface,
    w: Array,
    *,
    lr: Rate = 0.1,
    beta: Beta = 0.9,
    weight_decay: WeightDecay = 0.0,
) -> Iterator[Array]:
    """Signum: the sign of an average of gradients, so that every step goes along a diagonal.

        m ← βm + (1 − β)g
        w ← w − η(sign(m) + λw)

    Names: ko Signum.

    Family: sign.

    Many at once: yes.

    Reference: Bernstein et al. 2018, "signSGD: compressed optimisation for non-convex problems",
    arXiv:1802.04434, Algorithm 2; the weight decay λ is decoupled and scaled by η. With β = 0, it
    is signSGD. pytorch_optimizer: SignSGD.
    """
    m = np.zeros_like(w)
    for _, eta, b in schedule(lr, beta):
        m = b * m + (1 - b) * f.gradient(w)
        w = w - eta * (np.sign(m) + weight_decay * w)
        yield w
