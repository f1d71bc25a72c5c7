from collections.abc import Iterator

import numpy as np

from optanim.optimizers._schedule import schedule
from optanim.schema.types import Epsilon, Rate
from optanim.surfaces import Array, Surface


def shampoo(f: Surface, w: Array, *, lr: Rate = 1.0, eps: Epsilon = 1e-6) -> Iterator[Array]:
    """Shampoo: AdaGrad with a whole matrix, which turns a ravine upright before it scales it.

        H ← H + ggᵀ, from H = εI
        w ← w − ηH^(−1/2)g

    Names: ko Shampoo.

    Family: full matrix.

    Reference: Gupta, Koren & Singer 2018, "Shampoo: preconditioned stochastic tensor optimization",
    arXiv:1802.09568, Algorithm 2; a point is a tensor of order 1, for which it is AdaGrad with the
    full matrix of Duchi et al. 2011. pytorch_optimizer: Shampoo. torch-optimizer's has the power
    −1 for a vector, a slip.
    """
    h = eps * np.eye(len(w))
    for _, eta in schedule(lr):
        g = f.gradient(w)
        h = h + np.outer(g, g)
        sizes, q = np.linalg.eigh(h)
        w = w - eta * q @ ((q.T @ g) / np.sqrt(sizes))
        yield w
