from collections.abc import Iterator

import numpy as np

from optanim.optimizers._schedule import schedule
from optanim.schema.types import Epsilon, Rate, WeightDecay
from optanim.surfaces import Array, Surface


def adagrad(
    f: Surface,
    w: Array,
    *,
    lr: Rate = 0.1,
    eps: Epsilon = 1e-10,
    weight_decay: WeightDecay = 0.0,
) -> Iterator[Array]:
    """AdaGrad: a rate for each coordinate, smaller where gradients have been large.

        g = ∇f(w) + λw
        s ← s + g²
        w ← w − ηg/(√s + ε)

    Names: ko AdaGrad.

    Family: adaptive.

    Many at once: yes.

    Reference: Duchi, Hazan & Singer 2011, "Adaptive subgradient methods", JMLR 12, diagonal form;
    ε outside the root; the weight decay λ is L2. PyTorch: Adagrad.
    """
    s = np.zeros_like(w)
    for _, eta in schedule(lr):
        g = f.gradient(w) + weight_decay * w
        s = s + g * g
        w = w - eta * g / (np.sqrt(s) + eps)
        yield w
