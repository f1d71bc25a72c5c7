from functools import partial

import numpy as np

from optanim.experiment.simulate import simulate
from optanim.optimizers.article_nesterov import article_nesterov
from optanim.optimizers.momentum import momentum
from optanim.surfaces import Array
from tests.oracles.case import Property, difference
from tests.oracles.surfaces import SURFACES

RATE = 0.1


def _path(steps: int) -> Array:
    bed = SURFACES["turned"]
    walk = partial(article_nesterov, lr=RATE)
    return simulate(bed.surface(), walk, list(bed.start), steps=steps).points


def _from_rest() -> float:
    rest = np.array([3.0, 2.0]) / (1 - RATE)
    return difference(_path(1000)[:, -1:], rest[:, None])


def _from_momentum() -> float:
    # (1 − η)w walks as momentum does with the rate η(1 − η).
    bed = SURFACES["turned"]
    start = [(1 - RATE) * x for x in bed.start]
    walk = partial(momentum, lr=RATE * (1 - RATE))
    other = simulate(bed.surface(), walk, start, steps=200)
    return difference((1 - RATE) * _path(200), other.points)


PROPERTIES = [
    Property("rests at the minimum divided by 1 − η", _from_rest),
    Property("(1 − η)w walks as momentum with the rate η(1 − η)", _from_momentum),
]
