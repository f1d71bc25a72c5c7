import numpy as np

from optanim.formulas.numbers import factor
from optanim.schema.types import Positive
from optanim.surfaces._surface import Array, Surface


def saddle(*, a: Positive = 1.0, b: Positive = 1.0) -> Surface:
    """Saddle: down along y, up along x, and flat where they meet.

        f(x, y) = ax² − by²

    Names: ko 안장 함수.

    Reference: the hyperbolic paraboloid; as a trap for optimizers in Dauphin et al. 2014,
    arXiv:1406.2572. It has no minimum.
    """

    def value(w: Array) -> Array:
        x, y = w
        return a * x * x - b * y * y

    def gradient(w: Array) -> Array:
        x, y = w
        return np.array([2 * a * x, -2 * b * y])

    def hessian(w: Array) -> Array:
        return np.diag([2 * a, -2 * b])

    formula = f"{factor(a)}x^2 - {factor(b)}y^2"
    domain = (-2.0, 2.0), (-2.0, 2.0)
    return Surface(value, gradient, domain, (), formula, landmarks=((0.0, 0.0),), hessian=hessian)
