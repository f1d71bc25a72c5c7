import numpy as np

from optanim.surfaces._surface import Array, Surface


def monkey_saddle() -> Surface:
    """Monkey saddle: three ways up, three ways down, and a middle flatter than any saddle's.

        f(x, y) = x³ − 3xy²

    Names: ko 원숭이 안장 함수.

    Reference: Hilbert & Cohn-Vossen 1932, "Anschauliche Geometrie", Springer: the third way
    down is for the monkey's tail. It has no minimum.
    """

    def value(w: Array) -> Array:
        x, y = w
        return x * (x * x - 3 * y * y)

    def gradient(w: Array) -> Array:
        x, y = w
        return np.array([3 * (x * x - y * y), -6 * x * y])

    def hessian(w: Array) -> Array:
        x, y = 6 * w
        return np.array([[x, -y], [-y, -x]])

    domain = (-2.0, 2.0), (-2.0, 2.0)
    return Surface(
        value, gradient, domain, (), "x^3 - 3xy^2", landmarks=((0.0, 0.0),), hessian=hessian
    )
