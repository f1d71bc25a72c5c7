import numpy as np

from optanim.formulas.numbers import factor, number_in_tex, shifted
from optanim.schema.types import Pair, Positive, Real
from optanim.surfaces._surface import Array, Surface


def quadratic(
    *, a: Positive = 1.0, b: Positive = 2.0, center: Pair = (0.0, 0.0), rotation: Real = 0.0
) -> Surface:
    """Quadratic: a bowl of condition number b/a, moved to its center and turned.

        f(x, y) = a·u² + b·v²
        (u, v) = (x, y) − center, turned back by the rotation in degrees

    Names: ko 이차 함수.

    Reference: the article's own surface, x² + 2y²; the model of a minimum in Polyak 1964.
    """
    c, s = np.cos(np.radians(rotation)), np.sin(np.radians(rotation))
    x0, y0 = center
    # Half the Hessian: [[p, q], [q, r]].
    p, q, r = a * c * c + b * s * s, (a - b) * c * s, a * s * s + b * c * c

    def value(w: Array) -> Array:
        x, y = w[0] - x0, w[1] - y0
        return p * x * x + 2 * q * x * y + r * y * y

    def gradient(w: Array) -> Array:
        x, y = w[0] - x0, w[1] - y0
        return np.array([2 * (p * x + q * y), 2 * (q * x + r * y)])

    def hessian(w: Array) -> Array:
        return np.array([[2 * p, 2 * q], [2 * q, 2 * r]])

    if rotation:
        formula = rf"{factor(a)}u^2 + {factor(b)}v^2,\ {number_in_tex(rotation)}\degree"
    else:
        formula = f"{factor(a)}{shifted('x', x0)}^2 + {factor(b)}{shifted('y', y0)}^2"
    domain = (x0 - 5, x0 + 5), (y0 - 4, y0 + 4)
    return Surface(value, gradient, domain, ((x0, y0),), formula, hessian=hessian)
