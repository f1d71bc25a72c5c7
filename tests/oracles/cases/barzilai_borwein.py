import numpy as np

from tests.oracles.case import Property
from tests.oracles.walks import HESSIAN, TURNED, surface, walk


def _rates() -> float:
    """The rate is the exact one of the step before: gᵀg/gᵀHg (1), or gᵀHg/gᵀH²g (2)."""
    apart = []
    for variant in (1, 2):
        path = walk("barzilai_borwein", TURNED, (0, 3), 3, variant=variant, memory=0)
        g, rates = path.gradients, np.hypot(*np.diff(path.points)) / np.hypot(*path.gradients)
        once, twice = HESSIAN @ g, HESSIAN @ HESSIAN @ g
        exact = ((g * g).sum(0) / (g * once).sum(0), (g * once).sum(0) / (g * twice).sum(0))
        apart.append(np.abs(rates[1:] / exact[variant - 1][:-1] - 1).max())
    return float(max(apart))


def _few_steps() -> float:
    ends = [walk("barzilai_borwein", TURNED, steps=20, variant=v).values[-1] for v in (1, 2)]
    return float(max(ends))


def _memory() -> float:
    path = walk("barzilai_borwein", surface("rosenbrock"), (-1.2, 1), 100, memory=5)
    highest = [path.values[max(0, t - 4) : t + 1].max() for t in range(path.steps)]
    return float(max(np.maximum(path.values[1:] - highest, 0).max(), path.values[-1]))


PROPERTIES = [
    Property("its rate is the exact one of the step before, by both formulas", _rates, 1e-7),
    Property("it is at the minimum of a turned bowl in 20 steps", _few_steps),
    Property("no loss is above those in memory, and it arrives on Rosenbrock", _memory),
]
