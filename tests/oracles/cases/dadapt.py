from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np

from optanim.experiment.simulate import Trajectory, simulate
from optanim.schema.catalogue import catalogue
from optanim.surfaces import Array
from tests.oracles.case import Property, difference

BOWLS: dict[str, dict[str, Any]] = {
    "center": {"b": 5.0, "rotation": 30.0, "center": (3.0, 2.0)},
    "ravine": {"b": 50.0},
    "round": {"a": 2.0},
}
START = np.array([-4.0, 3.0])


def _path(options: Mapping[str, Any], steps: int = 1000, d0: float = 0.1) -> Trajectory:
    walk = partial(catalogue("optimizers")["dadapt"].function, d0=d0)
    surface = catalogue("surfaces")["quadratic"].function(**options)
    return simulate(surface, walk, list(START), steps=steps)


def _weights(path: Trajectory) -> Array:
    """The number d of each update, from the points and the gradients: s = (w₀ − w)/γ."""
    gradients = path.gradients
    root = np.sqrt(np.cumsum((gradients**2).sum(0)))
    s = (START[:, None] - path.points[:, 1:]) * root
    moved = np.diff(s, axis=1, prepend=0)
    return (moved * gradients).sum(0) / (gradients**2).sum(0)


def above_the_distance() -> float:
    """How far the largest d is above the distance of the start from the minimum, relative to it."""
    worst = 0.0
    for options in BOWLS.values():
        distance = np.linalg.norm(START - np.array(options.get("center", (0.0, 0.0))))
        worst = max(worst, float(_weights(_path(options, 200)).max() / distance) - 1)
    return worst


def weighted_mean() -> float:
    """How far the second path is from the mean of the points with the weights d."""
    path = _path({}, 100)
    assert path.means is not None
    d = _weights(path)
    mean = np.cumsum(d * path.points[:, :-1], axis=1) / np.cumsum(d)
    return difference(mean, path.means[:, 1:])


def away_in_the_end() -> float:
    """The distance from the minimum after 1,000 steps, relative to the start's."""
    return float(np.linalg.norm(_path({}).points[:, -1]) / 5)


PROPERTIES = [
    Property("d never exceeds the distance of the start from the minimum", above_the_distance),
    Property("the mean has the weights d", weighted_mean, 1e-9),
    Property("without a rate it comes to the minimum of a bowl", away_in_the_end),
]
