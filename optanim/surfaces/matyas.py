import numpy as np

from optanim.surfaces._surface import Array, Surface


def matyas() -> Surface:
    """Matyas: a bowl of condition number 25, its valley along the diagonal.

        f(x, y) = 0.26(x² + y²) − 0.48xy

    Names: ko 마티아스 함수.

    Reference: Jamil & Yang 2013, arXiv:1308.4008; named after Matyas 1965, "Random
    optimization", Automation and Remote Control 26(2), 246–253, which we have not read.
    """

    def value(w: Array) -> Array:
        x, y = w
        return 0.26 * (x * x + y * y) - 0.48 * x * y

    def gradient(w: Array) -> Array:
        x, y = w
        return np.array([0.52 * x - 0.48 * y, 0.52 * y - 0.48 * x])

    def hessian(w: Array) -> Array:
        return np.array([[0.52, -0.48], [-0.48, 0.52]])

    formula = r"0.26(x^2 + y^2) - 0.48xy"
    return Surface(
        value, gradient, ((-10.0, 10.0), (-10.0, 10.0)), ((0.0, 0.0),), formula, hessian=hessian
    )
