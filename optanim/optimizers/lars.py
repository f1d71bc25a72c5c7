from collections.abc import Iterator
from typing import Annotated

import numpy as np

from optanim.optimizers._schedule import schedule
from optanim.schema.option import Symbol
from optanim.schema.types import Momentum, Positive, Rate, WeightDecay
from optanim.surfaces import Array, Surface


def lars(
    f: Surface,
    w: Array,
    *,
    lr: Rate = 0.1,
    momentum: Momentum = 0.9,
    trust: Annotated[Positive, Symbol(r"\tau")] = 0.05,
    weight_decay: WeightDecay = 0.0,
) -> Iterator[Array]:
    """LARS: momentum whose pushes are as long as ητ times the distance from the origin.

        r = τ‖w‖/(‖g‖ + λ‖w‖)
        v ← μv + ηr(g + λw)
        w ← w − v

    Names: ko LARS.

    Family: first order.

    Reference: You, Gitman & Ginsburg 2017, "Large batch training of convolutional networks",
    arXiv:1708.03888, Algorithm 1; r is 1 if ‖w‖ is 0. Their τ is 0.001, for many layers.
    pytorch_optimizer: LARS on a 1×2 matrix. optax has ‖g + λw‖ in place of ‖g‖ + λ‖w‖.
    """
    v = np.zeros_like(w)
    for _, eta, mu in schedule(lr, momentum):
        g = f.gradient(w)
        far = (w @ w) ** 0.5
        size = (g @ g) ** 0.5 + weight_decay * far
        ratio = trust * far / size if far and size else 1.0
        v = mu * v + eta * ratio * (g + weight_decay * w)
        w = w - v
        yield w
