import numpy as np

from optanim.surfaces._surface import Array, Surface


def bukin() -> Surface:
    """Bukin N. 6: a ravine as sharp as a knife along a parabola.

        f(x, y) = 100√|y − x²/100| + |x + 10|/100

    The walls are vertical at the bottom of the ravine. There, and where x = −10, the derivative
    of the absolute value is taken as zero.

    Names: ko 부킨 함수 N. 6.

    Reference: A. D. Bukin's function in Silagadze 2007, "Finding two-dimensional peaks", Physics
    of Particles and Nuclei Letters 4(1), 73–80, arXiv:physics/0402085.
    """

    def value(w: Array) -> Array:
        x, y = w
        return 100 * np.sqrt(np.abs(y - x * x / 100)) + np.abs(x + 10) / 100

    def gradient(w: Array) -> Array:
        x, y = w
        u = y - x * x / 100
        wall = 50 * np.sign(u) / np.sqrt(np.where(u == 0, 1.0, np.abs(u)))
        return np.array([np.sign(x + 10) / 100 - wall * x / 50, wall])

    formula = r"100\sqrt{\left|y - x^2/100\right|} + \left|x + 10\right|/100"
    return Surface(value, gradient, ((-15.0, -5.0), (-3.0, 3.0)), ((-10.0, 1.0),), formula)
