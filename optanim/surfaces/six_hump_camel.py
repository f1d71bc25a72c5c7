import numpy as np

from optanim.surfaces._surface import Array, Surface


def six_hump_camel() -> Surface:
    """Six-hump camel: six minima in three pairs, the deepest near the middle.

        f(x, y) = (4 − 2.1x² + x⁴/3)x² + xy + (4y² − 4)y²

    Names: ko 여섯 혹 낙타 함수.

    Reference: Dixon & Szegő 1978, "The global optimization problem: an introduction", in "Towards
    Global Optimisation 2", North-Holland, 1–15. The minima are roots of its gradient, to double
    precision.
    """

    def value(w: Array) -> Array:
        x, y = w
        p, q = x * x, y * y
        return (4 - 2.1 * p + p * p / 3) * p + x * y + (4 * q - 4) * q

    def gradient(w: Array) -> Array:
        x, y = w
        p, q = x * x, y * y
        return np.array([x * (8 - 8.4 * p + 2 * p * p) + y, x + y * (16 * q - 8)])

    def hessian(w: Array) -> Array:
        p, q = w * w
        return np.array([[8 - 25.2 * p + 10 * p * p, 1.0], [1.0, 48 * q - 8]])

    x, y = 0.08984201310031806, -0.7126564030207396
    formula = r"(4 - 2.1x^2 + x^4/3)x^2 + xy + (4y^2 - 4)y^2"
    domain, minima = ((-2.0, 2.0), (-1.2, 1.2)), ((x, y), (-x, -y))
    return Surface(
        value, gradient, domain, minima, formula, landmarks=((0.0, 0.0),), hessian=hessian
    )
