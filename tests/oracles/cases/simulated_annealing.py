from math import erfc, exp, sqrt

import numpy as np

from tests.oracles.case import Property
from tests.oracles.walks import PLANE, surface, walk


def _accepted() -> float:
    """On a slope the share is ½ + exp(a²/2)Φ(−a) with a = σ/T, by an integral over the normal."""
    apart = []
    for temperature in (0.5, 2.0):
        options = {"temperature": temperature, "cooling": 1.0}
        path = walk("simulated_annealing", PLANE, (0, 0), 1000, **options)
        share = float(np.diff(path.points).any(axis=0).mean())
        a = 0.5 / temperature
        apart.append(abs(share - 0.5 - exp(a * a / 2) * erfc(a / sqrt(2)) / 2))
    return max(apart)


def _density() -> float:
    """In a bowl of curvature 2 the variance is T/2 at a constant temperature."""
    options = {"temperature": 1.0, "cooling": 1.0, "sigma": 1.5}
    path = walk("simulated_annealing", surface("parabola"), (0,), 2000, **options)
    return float(abs(path.points.var() / 0.5 - 1))


def _cold() -> float:
    path = walk("simulated_annealing", surface("rosenbrock"), (-1.2, 1), 300, temperature=1e-300)
    return float(np.maximum(np.diff(path.values), 0).max())


def _refused() -> float:
    path = walk("simulated_annealing", surface("himmelblau"), (0, 0), 100)
    assert path.crowd is not None and path.crowd_kind == "proposals"
    moved, shown = np.diff(path.points).any(axis=0), np.isfinite(path.crowd[0, 0, 1:])
    return float((moved == shown).mean())


PROPERTIES = [
    Property("on a slope the share of steps taken is the one of Metropolis", _accepted, 0.05),
    Property("at a constant temperature the density is exp(−f/T)", _density, 0.2),
    Property("in the cold no step goes up", _cold, 0.0),
    Property("a proposal is shown where it was refused", _refused, 0.0),
]
