from collections.abc import Iterator

import numpy as np

from optanim.optimizers._schedule import schedule
from optanim.schema.types import Momentum, Rate, WeightDecay
from optanim.surfaces import Array, Surface


def nesterov(
    f: Surface,
    w: Array,
    *,
    lr: Rate = 0.1,
    momentum: Momentum = 0.9,
    weight_decay: WeightDecay = 0.0,
) -> Iterator[Array]:
    """Nesterov: momentum that asks for the gradient where it is about to be.

        p = w − ημv
        g = ∇f(p) + λp
        v ← μv + g
        w ← w − ηv

    Names: ko 네스테로프 모멘텀.

    Family: first order.

    Many at once: yes.

    Reference: Nesterov 1983, "A method of solving a convex programming problem with convergence
    rate O(1/k²)", with constant μ as in Sutskever et al. 2013; the weight decay λ is L2. With a
    constant rate, PyTorch's SGD(nesterov=True) reports the look-ahead points w − ημv of the same
    trajectory. With a schedule its points differ: its look-ahead is made with the rate before.
    """
    v = np.zeros_like(w)
    for _, eta, mu in schedule(lr, momentum):
        ahead = w - eta * mu * v
        v = mu * v + (f.gradient(ahead) + weight_decay * ahead)
        w = w - eta * v
        yield w
