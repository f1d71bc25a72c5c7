from collections.abc import Iterator
from typing import Annotated

import numpy as np

from optanim.optimizers._schedule import schedule
from optanim.schema.option import Symbol
from optanim.schema.types import NonNegative, Rate
from optanim.surfaces import Array, Surface

Temperature = Annotated[NonNegative, Symbol("T")]


def sgld(
    f: Surface,
    w: Array,
    chance: np.random.RandomState,
    *,
    lr: Rate = 0.01,
    temperature: Temperature = 1.0,
) -> Iterator[Array]:
    """Langevin dynamics: gradient descent that is shaken, and never rests.

        w ← w − ηg + √(2ηT)z, z ~ N(0, I)

    For small η the points have the density exp(−f/T) at last: they live where the loss is not much
    above the lowest, by about T/2 for each coordinate.

    Names: ko 랑주뱅 동역학.

    Family: by chance.

    Reference: Welling & Teh 2011, "Bayesian learning via stochastic gradient Langevin dynamics",
    ICML; their ε is 2η, and T = 1. Their minibatches are the `batch_size` of a surface with data.
    """
    for _, eta in schedule(lr):
        shake = np.sqrt(2 * eta * temperature) * chance.standard_normal(len(w))
        w = w - eta * f.gradient(w) + shake
        yield w
