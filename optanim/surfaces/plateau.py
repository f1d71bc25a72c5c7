import numpy as np

from optanim.formulas.numbers import divisor
from optanim.schema.types import Positive
from optanim.surfaces._surface import Array, Surface


def plateau(*, width: Positive = 1.0) -> Surface:
    """Plateau: a dip in a plain where the gradient vanishes with the distance.

        f(x, y) = 1 − exp(−(x² + y²)/(2·width²))

    Names: ko 고원 함수.

    Reference: the loss of Dennis & Welsch 1978, "Techniques for nonlinear least squares and robust
    regression", Communications in Statistics 7(4), rotated about its axis; the case α = −∞ of
    Barron 2019, arXiv:1701.03077.
    """
    square = width * width

    def value(w: Array) -> Array:
        x, y = w
        return 1 - np.exp(-(x * x + y * y) / (2 * square))

    def gradient(w: Array) -> Array:
        x, y = w
        return np.asarray(w * np.exp(-(x * x + y * y) / (2 * square)) / square)

    def hessian(w: Array) -> Array:
        dip = np.exp(-(w @ w) / (2 * square)) / square
        return np.asarray(dip * (np.eye(2) - np.outer(w, w) / square))

    reach = 2.5 * width
    formula = rf"1 - e^{{-(x^2 + y^2)/{divisor(2 * square)}}}"
    return Surface(
        value, gradient, ((-reach, reach), (-reach, reach)), ((0.0, 0.0),), formula, hessian=hessian
    )
