import numpy as np

from tests.oracles.case import Property
from tests.oracles.walks import TURNED, cosines, surface, walk


def _contraction() -> float:
    values = walk("steepest_descent", surface("quadratic", b=10.0), (10, 1), 30).values
    return float(np.abs(values[1:] / values[:-1] / (9 / 11) ** 2 - 1).max())


def _right_angles() -> float:
    on_bowl = walk("steepest_descent", TURNED, steps=12).points
    on_valley = walk("steepest_descent", surface("rosenbrock"), (-1.2, 1), 30).points
    return float(max(cosines(np.diff(points)).max() for points in (on_bowl, on_valley)))


def _armijo() -> float:
    f = surface("rosenbrock")
    path = walk("steepest_descent", f, (-1.2, 1), 60, search="armijo", c1=0.1)
    steps, gradients = np.diff(path.points), f.gradient(path.points[:, :-1])
    allowed = path.values[:-1] + 0.1 * (steps * gradients).sum(axis=0)
    return float(np.maximum((path.values[1:] - allowed) / path.values[:-1], 0).max())


def _halves() -> float:
    """The first step of Armijo's search is 1, ½, ¼, … of min(1, 1/‖g‖₁)."""
    f = surface("rosenbrock")
    g = f.gradient(np.array([-1.2, 1.0]))
    path = walk("steepest_descent", f, (-1.2, 1), 1, search="armijo")
    power = np.log2(np.abs(np.diff(path.points)[:, 0]) * np.abs(g).sum() / np.abs(g))
    return float(np.abs(power - np.round(power)).max())


PROPERTIES = [
    Property("the loss falls by ((κ − 1)/(κ + 1))² a step from (κ, 1), κ = 10", _contraction),
    Property("each exact step is at a right angle to the one before", _right_angles, 1e-5),
    Property("every step keeps Armijo's rule, c₁ = 0.1 on Rosenbrock", _armijo),
    Property("Armijo's steps are halved until they keep it", _halves),
]
