import numpy as np

from optanim.surfaces._surface import Array, Surface


def beale() -> Surface:
    """Beale: a flat valley between steep walls at the corners.

        f(x, y) = (1.5 − x + xy)² + (2.25 − x + xy²)² + (2.625 − x + xy³)²

    Names: ko 빌 함수.

    Reference: Beale 1958, "On an iterative method for finding a local minimum of a function of
    more than one variable", Princeton; problem 5 of Moré, Garbow & Hillstrom 1981.
    """

    def value(w: Array) -> Array:
        x, y = w
        return (
            (1.5 - x + x * y) ** 2 + (2.25 - x + x * y * y) ** 2 + (2.625 - x + x * y * y * y) ** 2
        )

    def gradient(w: Array) -> Array:
        x, y = w
        y2 = y * y
        y3 = y2 * y
        r1, r2, r3 = 1.5 - x + x * y, 2.25 - x + x * y2, 2.625 - x + x * y3
        return np.array(
            [
                2 * (r1 * (y - 1) + r2 * (y2 - 1) + r3 * (y3 - 1)),
                2 * x * (r1 + 2 * r2 * y + 3 * r3 * y2),
            ]
        )

    def hessian(w: Array) -> Array:
        x, y = w
        y2 = y * y
        y3 = y2 * y
        r1, r2, r3 = 1.5 - x + x * y, 2.25 - x + x * y2, 2.625 - x + x * y3
        xx = 2 * ((y - 1) ** 2 + (y2 - 1) ** 2 + (y3 - 1) ** 2)
        xy = 2 * (r1 + 2 * r2 * y + 3 * r3 * y2)
        xy += 2 * x * ((y - 1) + 2 * y * (y2 - 1) + 3 * y2 * (y3 - 1))
        yy = 2 * x * (x + 4 * x * y2 + 2 * r2 + 9 * x * y2 * y2 + 6 * r3 * y)
        return np.array([[xx, xy], [xy, yy]])

    formula = r"(1.5 - x + xy)^2 + (2.25 - x + xy^2)^2 + (2.625 - x + xy^3)^2"
    return Surface(
        value, gradient, ((-4.5, 4.5), (-4.5, 4.5)), ((3.0, 0.5),), formula, hessian=hessian
    )
