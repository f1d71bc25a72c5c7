from collections.abc import Iterator

import numpy as np

from optanim.optimizers._schedule import schedule
from optanim.schema.types import Betas, Rate
from optanim.surfaces import Array, Surface


def aggmo(
    f: Surface, w: Array, *, lr: Rate = 0.1, betas: Betas = (0.0, 0.9, 0.99)
) -> Iterator[Array]:
    """AggMo: several heavy balls in one, whose velocities damp each other's swings.

        vᵢ ← βᵢvᵢ + g, for each of the K numbers β
        w ← w − η(v₁ + … + v_K)/K

    Names: ko AggMo.

    Family: first order.

    Many at once: yes.

    Reference: Lucas et al. 2019, "Aggregated momentum: stability through passive damping",
    arXiv:1804.00325, equation 2: the mean of the velocities, not their sum. pytorch_optimizer and
    torch-optimizer: AggMo.
    """
    beta = np.array(betas).reshape(-1, *(1 for _ in w.shape))
    v = np.zeros((len(betas), *w.shape))
    for _, eta in schedule(lr):
        v = beta * v + f.gradient(w)
        w = w - eta * v.mean(axis=0)
        yield w
