import numpy as np

from optanim.formulas.numbers import divisor, factor
from optanim.schema.types import Positive
from optanim.surfaces._surface import Array, Surface


def two_wells(
    *, a: Positive = 2.0, b: Positive = 3.0, c: Positive = 0.2, d: Positive = 0.2
) -> Surface:
    """Two wells: a bowl with a trap on the right and the deeper well on the left.

        f(x, y) = x² + y² − a·exp(−((x − 1)² + y²)/c) − b·exp(−((x + 1)² + y²)/d)

    Names: ko 두 우물 함수.

    Reference: Dupont 2018, "Interactive Visualization of Optimization Algorithms in Deep
    Learning", emiliendupont.github.io; a = 2, b = 3, c = d = 0.2.
    """

    def wells(x: Array, y: Array) -> tuple[Array, Array]:
        return a * np.exp(-((x - 1) ** 2 + y * y) / c), b * np.exp(-((x + 1) ** 2 + y * y) / d)

    def value(w: Array) -> Array:
        x, y = w
        right, left = wells(x, y)
        return x * x + y * y - right - left

    def gradient(w: Array) -> Array:
        x, y = w
        right, left = wells(x, y)
        p, q = 2 / c * right, 2 / d * left
        return np.array([2 * x + p * (x - 1) + q * (x + 1), y * (2 + p + q)])

    def hessian(w: Array) -> Array:
        x, y = w
        matrix = 2 * np.eye(2)
        for well, center, width in zip(wells(x, y), (1.0, -1.0), (c, d), strict=True):
            u = np.array([x - center, y])
            matrix += 2 * well / width * (np.eye(2) - 2 * np.outer(u, u) / width)
        return matrix

    # On the line through both wells the gradients of bowl and wells cancel at the minima: a
    # fixed-point iteration from the center of each well.
    x = np.array([-1.0, 1.0])
    for _ in range(100):
        right, left = wells(x, 0 * x)
        x = (2 / c * right - 2 / d * left) / (2 + 2 / c * right + 2 / d * left)
    depth = value(np.array([x, 0 * x]))
    lowest = np.unique(x[depth <= depth.min() + 1e-12].round(14))
    formula = (
        rf"x^2 + y^2 - {factor(a)}e^{{-((x - 1)^2 + y^2)/{divisor(c)}}}"
        rf" - {factor(b)}e^{{-((x + 1)^2 + y^2)/{divisor(d)}}}"
    )
    minima = tuple((float(x), 0.0) for x in lowest)
    traps = tuple((float(at), 0.0) for at in x if at.round(14) not in lowest)
    domain = (-2.0, 2.0), (-2.0, 2.0)
    return Surface(value, gradient, domain, minima, formula, landmarks=traps, hessian=hessian)
