import numpy as np

from tests.oracles.case import Case, Property
from tests.oracles.walks import CENTER, TURNED, surface, walk

SGD = "optax.polyak_sgd"


def _options(**more: float) -> dict[str, float]:
    return {"max_learning_rate": 1e300, "f_min": 0.0, **more}


CASES = {
    "defaults": Case(
        SGD, theirs=_options(), on=("turned", "himmelblau"), lr=None, steps=30,
        special="the rate is that of the known minimum",
    ),
    "valley": Case(SGD, theirs=_options(), on=("rosenbrock",), lr=None, steps=20),
    # The scaling of optax is that of the gradient, before its square is taken.
    "target": Case(SGD, {"target": -1.0, "scale": 0.7}, _options(f_min=-1.0, scaling=1 / 0.7),
                   on=("turned",), lr=None, steps=15),
}  # fmt: skip


def _halves() -> float:
    points = walk("polyak", surface("parabola"), (3,), 40).points[0]
    return float(np.abs(points[1:] / points[:-1] - 0.5).max())


def _nearer() -> float:
    distances = np.hypot(*(walk("polyak", TURNED, steps=60).points - CENTER[:, None]))
    return float(np.maximum(np.diff(distances), 0).max())


PROPERTIES = [
    Property("on x² each step halves the distance", _halves),
    Property("in a bowl every step leads nearer to the minimum", _nearer),
]
