from functools import partial

import numpy as np

from optanim.experiment.simulate import simulate
from optanim.schema.catalogue import catalogue
from optanim.surfaces import Array
from tests.oracles.case import Property, difference
from tests.oracles.turned import apart_when_turned


def _points(start: list[float], steps: int, a: float, b: float, **options: float) -> Array:
    walk = partial(catalogue("optimizers")["normalized_momentum"].function, **options)
    surface = catalogue("surfaces")["quadratic"].function(a=a, b=b)
    return simulate(surface, walk, start, steps=steps).points


def lengths() -> float:
    """How far the length of a step is from the rate, relative to the rate."""
    steps = np.diff(_points([-4, 3], 200, 1, 20, lr=0.07))
    return float(np.abs(np.hypot(*steps) / 0.07 - 1).max())


def straight() -> float:
    """In a round bowl, the point after t steps is the start, nearer by tη."""
    points, t = _points([-4, 3], 45, 2, 2, lr=0.1), np.arange(46)
    return difference(points, np.outer([-4, 3], 1 - 0.1 * t / 5))


PROPERTIES = [
    Property("every step has the length η", lengths),
    Property("in a round bowl it goes straight to the minimum, by η a step", straight),
    Property(
        "turning the surface turns the path",
        lambda: apart_when_turned("normalized_momentum", lr=0.1),
    ),
]
