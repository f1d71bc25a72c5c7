import numpy as np

from tests.oracles.case import Property
from tests.oracles.walks import CENTER, TURNED, surface, walk


def _one_step() -> float:
    ends = [walk("newton", TURNED, start, 1, damped=damped).points[:, -1]
            for start in ((-4, 3), (50, -80)) for damped in (False, True)]  # fmt: skip
    return float(max(np.abs(end - CENTER).max() for end in ends))


def _climbs() -> float:
    saddle = walk("newton", surface("saddle"), (1, 2), 1)
    hill = walk("newton", surface("double_well"), (0.1,), 20)
    return float(max(np.abs(end.points[:, -1]).max() for end in (saddle, hill)))


def _quadratic() -> float:
    end = walk("newton", surface("rosenbrock"), (1.1, 1.3), 6).points[:, -1]
    return float(np.abs(end - 1.0).max())


def _goes_down() -> float:
    starts = [(-0.2, -0.9), (0.1, -2), (-3, 0.1), (0, 0)]
    paths = [walk("newton", surface("himmelblau"), start, 30, damped=True) for start in starts]
    rises = [np.maximum(np.diff(path.values), 0).max() for path in paths]
    return float(max(*rises, *(path.values[-1] for path in paths)))


PROPERTIES = [
    Property("one step leads to the middle of a turned bowl", _one_step),
    Property("undamped it climbs to a saddle and to a hill between two wells", _climbs, 1e-8),
    Property("near the minimum of Rosenbrock six steps are enough", _quadratic),
    Property("damped it goes down at every step, to a minimum of Himmelblau", _goes_down, 1e-20),
]
