import numpy as np

from optanim.surfaces._surface import Array, Surface


def styblinski_tang() -> Surface:
    """Styblinski–Tang: four basins of unequal depth.

        f(x, y) = ½(x⁴ − 16x² + 5x + y⁴ − 16y² + 5y)

    Names: ko 스티블린스키–탕 함수.

    Reference: Styblinski & Tang 1990, "Experiments in nonconvex optimization: stochastic
    approximation with function smoothing and simulated annealing", Neural Networks 3(4), 467–483.
    """

    def value(w: Array) -> Array:
        x, y = w
        p, q = x * x, y * y
        return (p * p - 16 * p + 5 * x + q * q - 16 * q + 5 * y) / 2

    def gradient(w: Array) -> Array:
        return 2 * w * (w * w - 8) + 2.5

    def hessian(w: Array) -> Array:
        return np.diag(6 * w * w - 16)

    # The smallest root of the derivative 2x³ − 16x + 2.5.
    x = -2.903534027771177
    formula = r"(x^4 - 16x^2 + 5x + y^4 - 16y^2 + 5y)/2"
    return Surface(value, gradient, ((-5.0, 5.0), (-5.0, 5.0)), ((x, x),), formula, hessian=hessian)
