import numpy as np

from optanim.surfaces._surface import Array, Surface


def griewank() -> Surface:
    """Griewank: an egg box on a bowl that is almost flat.

        f(x, y) = 1 + (x² + y²)/4000 − cos x · cos(y/√2)

    Names: ko 그리왕크 함수.

    Reference: Griewank 1981, "Generalized descent for global optimization", Journal of Optimization
    Theory and Applications 34(1), 11–39; in two variables, with the 4000 that is usual today.
    """
    root = 2**0.5

    def value(w: Array) -> Array:
        x, y = w
        return 1 + (x * x + y * y) / 4000 - np.cos(x) * np.cos(y / root)

    def gradient(w: Array) -> Array:
        x, y = w
        dx = np.sin(x) * np.cos(y / root)
        dy = np.cos(x) * np.sin(y / root) / root
        return np.asarray(w / 2000 + np.array([dx, dy]))

    def hessian(w: Array) -> Array:
        x, y = w
        cc, ss = np.cos(x) * np.cos(y / root), np.sin(x) * np.sin(y / root)
        return np.array([[1 / 2000 + cc, -ss / root], [-ss / root, 1 / 2000 + cc / 2]])

    # The usual ±600 shows the bowl only: the dents are √2·π apart along y.
    domain = ((-10.0, 10.0), (-10.0, 10.0))
    formula = r"1 + (x^2 + y^2)/4000 - \cos x\,\cos(y/\sqrt{2})"
    return Surface(value, gradient, domain, ((0.0, 0.0),), formula, hessian=hessian)
