import numpy as np

from tests.oracles.case import Property
from tests.oracles.walks import CENTER, HESSIAN, TURNED, surface, walk


def _gauss_seidel() -> float:
    path = walk("coordinate_descent", TURNED, steps=20)
    w, points = np.array([-4.0, 3.0]), []
    for t in range(path.steps):
        i = t % 2
        rest = HESSIAN[i] @ (w - CENTER)
        w = w.copy()
        w[i] -= rest / HESSIAN[i, i]
        points.append(w)
    return float(np.abs(np.array(points).T - path.points[:, 1:]).max())


def _axes() -> float:
    steps = np.diff(walk("coordinate_descent", surface("rosenbrock"), (-1.2, 1), 40).points)
    return float(np.abs(steps).min(axis=0).max())


def _upright() -> float:
    return float(walk("coordinate_descent", surface("quadratic", b=50.0), steps=2).values[-1])


PROPERTIES = [
    Property("in a turned bowl it is the method of Gauss and Seidel", _gauss_seidel),
    Property("each step is along an axis", _axes),
    Property("two steps are enough where the axes of the bowl are those of the plane", _upright),
]
