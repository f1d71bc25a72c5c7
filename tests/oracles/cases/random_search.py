import numpy as np

from tests.oracles.case import Property
from tests.oracles.walks import PLANE, apart_by_ranks, walk

BEST_OF_TEN = 1.5387527308351729
"""The mean of the highest of ten standard normal numbers."""


def _progress() -> float:
    path = walk("random_search", PLANE, (0, 0), 600, sigma=0.3)
    return float(abs(-path.points[0, -1] / 600 / (0.3 * BEST_OF_TEN) - 1))


def _falls() -> float:
    path = walk("random_search", PLANE, (0, 0), 50, samples=2)
    assert path.crowd is not None
    lowest = np.minimum(path.crowd[0, :, 1:].min(axis=0), path.points[0, :-1])
    return float(np.abs(lowest - path.points[0, 1:]).max())


PROPERTIES = [
    Property("on a slope a step is σ times the mean of the best of ten", _progress, 0.03),
    Property("it goes to the lowest of its samples if that is lower", _falls, 0.0),
    Property("only the order of losses counts", lambda: apart_by_ranks("random_search"), 0.0),
]
