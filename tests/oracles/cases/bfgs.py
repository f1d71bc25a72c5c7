import numpy as np

from tests.oracles.case import Property
from tests.oracles.walks import CENTER, HESSIAN, TURNED, surface, walk


def _inverse() -> float:
    path = walk("bfgs", TURNED, steps=2, search="exact")
    assert path.shapes is not None
    return float(np.abs(path.shapes[..., 2] @ HESSIAN - np.eye(2)).max())


def _two_steps() -> float:
    return float(np.abs(walk("bfgs", TURNED, steps=2, search="exact").points[:, 2] - CENTER).max())


def _secant() -> float:
    f = surface("rosenbrock")
    path = walk("bfgs", f, (-1.2, 1), 20)
    assert path.shapes is not None
    s, y = np.diff(path.points), np.diff(f.gradient(path.points))
    by = np.einsum("ijt,jt->it", path.shapes[..., 1:], y)
    return float((np.hypot(*(by - s)) / np.hypot(*s)).max())


def _wolfe() -> float:
    f = surface("rosenbrock")
    path = walk("bfgs", f, (-1.2, 1), 25)
    s, g = np.diff(path.points), f.gradient(path.points)
    before, after = (g[:, :-1] * s).sum(0), (g[:, 1:] * s).sum(0)
    rises = path.values[1:] - path.values[:-1] - 1e-4 * before
    return float(np.maximum(np.maximum(rises, np.abs(after) + 0.9 * before), 0).max())


def _rosenbrock() -> float:
    return float(walk("bfgs", surface("rosenbrock"), (-1.2, 1), 50).values[-1])


PROPERTIES = [
    Property("B = H⁻¹ after two exact steps in a turned bowl", _inverse),
    Property("these two steps lead to its minimum", _two_steps),
    Property("By = s after each step on Rosenbrock", _secant),
    Property("each step keeps the strong Wolfe conditions", _wolfe),
    Property("it is at the minimum of Rosenbrock in 50 steps", _rosenbrock),
]
