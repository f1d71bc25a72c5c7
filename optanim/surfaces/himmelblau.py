import numpy as np

from optanim.surfaces._surface import Array, Surface


def himmelblau() -> Surface:
    """Himmelblau: four equal minima around a hill.

        f(x, y) = (x² + y − 11)² + (x + y² − 7)²

    Names: ko 힘멜블라우 함수.

    Reference: Himmelblau 1972, "Applied Nonlinear Programming", McGraw-Hill. The minima
    other than (3, 2) are the other real roots of x² + y = 11, x + y² = 7, to double precision.
    """

    def value(w: Array) -> Array:
        x, y = w
        return (x * x + y - 11) ** 2 + (x + y * y - 7) ** 2

    def gradient(w: Array) -> Array:
        x, y = w
        r1, r2 = x * x + y - 11, x + y * y - 7
        return np.array([4 * x * r1 + 2 * r2, 2 * r1 + 4 * y * r2])

    def hessian(w: Array) -> Array:
        x, y = w
        xx, xy = 12 * x * x + 4 * y - 42, 4 * (x + y)
        return np.array([[xx, xy], [xy, 12 * y * y + 4 * x - 26]])

    minima = (
        (3.0, 2.0),
        (-2.805118086952745, 3.131312518250573),
        (-3.779310253377747, -3.283185991286170),
        (3.584428340330492, -1.848126526964404),
    )
    formula = r"(x^2 + y - 11)^2 + (x + y^2 - 7)^2"
    return Surface(value, gradient, ((-5.0, 5.0), (-5.0, 5.0)), minima, formula, hessian=hessian)
