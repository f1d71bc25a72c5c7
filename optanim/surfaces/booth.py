import numpy as np

from optanim.surfaces._surface import Array, Surface


def booth() -> Surface:
    """Booth: a long bowl that stands across both axes.

        f(x, y) = (x + 2y − 7)² + (2x + y − 5)²

    Names: ko 부스 함수.

    Reference: Jamil & Yang 2013, "A literature survey of benchmark functions for global
    optimization problems", arXiv:1308.4008; we could not find Booth's own publication.
    """

    def value(w: Array) -> Array:
        x, y = w
        return (x + 2 * y - 7) ** 2 + (2 * x + y - 5) ** 2

    def gradient(w: Array) -> Array:
        x, y = w
        return np.array([10 * x + 8 * y - 34, 8 * x + 10 * y - 38])

    def hessian(w: Array) -> Array:
        return np.array([[10.0, 8.0], [8.0, 10.0]])

    formula = r"(x + 2y - 7)^2 + (2x + y - 5)^2"
    return Surface(
        value, gradient, ((-10.0, 10.0), (-10.0, 10.0)), ((1.0, 3.0),), formula, hessian=hessian
    )
