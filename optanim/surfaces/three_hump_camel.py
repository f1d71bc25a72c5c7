import numpy as np

from optanim.surfaces._surface import Array, Surface


def three_hump_camel() -> Surface:
    """Three-hump camel: a minimum between two shallower ones.

        f(x, y) = 2x² − 1.05x⁴ + x⁶/6 + xy + y²

    Names: ko 세 혹 낙타 함수.

    Reference: Jamil & Yang 2013, arXiv:1308.4008; the literature names Branin 1972 or Dixon &
    Szegő 1975 as its origin; we could not check this.
    """

    def value(w: Array) -> Array:
        x, y = w
        p = x * x
        return p * (2 + p * (p / 6 - 1.05)) + x * y + y * y

    def gradient(w: Array) -> Array:
        x, y = w
        p = x * x
        return np.array([x * (4 + p * (p - 4.2)) + y, x + 2 * y])

    def hessian(w: Array) -> Array:
        p = w[0] * w[0]
        return np.array([[4 + p * (5 * p - 12.6), 1.0], [1.0, 2.0]])

    # With y = −x/2 the gradient is zero where x⁴ − 4.2x² + 3.5 = 0; the larger root is a minimum.
    x = ((4.2 + (4.2**2 - 14) ** 0.5) / 2) ** 0.5
    formula = r"2x^2 - 1.05x^4 + x^6/6 + xy + y^2"
    domain, shallower = ((-2.5, 2.5), (-2.0, 2.0)), ((-x, x / 2), (x, -x / 2))
    return Surface(
        value, gradient, domain, ((0.0, 0.0),), formula, landmarks=shallower, hessian=hessian
    )
