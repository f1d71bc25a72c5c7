import numpy as np

from optanim.formulas.numbers import factor
from optanim.schema.types import Positive
from optanim.surfaces._surface import Array, Surface


def long_valley(*, walls: Positive = 5.0) -> Surface:
    """Long valley: steep walls, and a floor that falls away slowly to both ends.

        f(x, y) = walls·y² + (x²/16 − 1)²

    Near x = 0 the gradient of the walls is large and that of the floor is almost zero: an optimizer
    must first break the symmetry of the two ends.

    Names: ko 긴 골짜기 함수.

    Reference: after the animation "Long Valley" of Radford 2014, imgur.com/a/Hqolp, which shows
    such a valley but no formula; the formula is ours.
    """

    def value(w: Array) -> Array:
        x, y = w
        return walls * y * y + (x * x / 16 - 1) ** 2

    def gradient(w: Array) -> Array:
        x, y = w
        return np.array([x * (x * x / 16 - 1) / 4, 2 * walls * y])

    def hessian(w: Array) -> Array:
        return np.diag([(3 * w[0] * w[0] / 16 - 1) / 4, 2 * walls])

    formula = rf"{factor(walls)}y^2 + (x^2/16 - 1)^2"
    domain, minima = ((-5.0, 5.0), (-2.0, 2.0)), ((-4.0, 0.0), (4.0, 0.0))
    return Surface(
        value, gradient, domain, minima, formula, landmarks=((0.0, 0.0),), hessian=hessian
    )
