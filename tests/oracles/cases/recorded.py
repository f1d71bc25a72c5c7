import tempfile
from functools import partial
from pathlib import Path

import numpy as np

from optanim.experiment.simulate import simulate
from optanim.optimizers.recorded import recorded
from optanim.surfaces.rosenbrock import rosenbrock
from tests.oracles.case import Property


def _of_numpy() -> float:
    """The distance of the points from those that NumPy wrote with 17 digits."""
    points = np.random.RandomState(3).standard_normal((30, 2))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "points.csv")
        np.savetxt(file, points, fmt="%.17g", delimiter=",", header="x,y", comments="")
        made = simulate(rosenbrock(), partial(recorded, file=file), points[0], steps=29)
    return float(np.abs(made.points - points.T).max())


PROPERTIES = [Property("the points are those of the file, in every digit", _of_numpy)]
