import numpy as np

from optanim.formulas.numbers import factor, number_in_tex
from optanim.schema.types import NonNegative
from optanim.surfaces._surface import Array, Surface


def rastrigin(*, a: NonNegative = 10.0) -> Surface:
    """Rastrigin: a bowl full of regular dents, each a local minimum.

        f(x, y) = 2a + x² + y² − a(cos 2πx + cos 2πy)

    Names: ko 라스트리긴 함수.

    Reference: Rastrigin 1974, "Systems of extremal control", Nauka (two variables, a = 10).
    """
    turn = 2 * np.pi

    def value(w: Array) -> Array:
        x, y = w
        return 2 * a + x * x + y * y - a * (np.cos(turn * x) + np.cos(turn * y))

    def gradient(w: Array) -> Array:
        return np.asarray(2 * w + a * turn * np.sin(turn * w))

    def hessian(w: Array) -> Array:
        return np.diag(2 + a * turn * turn * np.cos(turn * w))

    offset = number_in_tex(2 * a)
    formula = rf"{offset} + x^2 + y^2 - {factor(a)}(\cos 2\pi x + \cos 2\pi y)"
    return Surface(
        value, gradient, ((-5.12, 5.12), (-5.12, 5.12)), ((0.0, 0.0),), formula, hessian=hessian
    )
