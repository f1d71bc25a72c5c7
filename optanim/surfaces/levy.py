import numpy as np

from optanim.surfaces._surface import Array, Surface


def levy() -> Surface:
    """Levy N. 13: a bowl with ripples in rows.

        f(x, y) = sin² 3πx + (x − 1)²(1 + sin² 3πy) + (y − 1)²(1 + sin² 2πy)

    Names: ko 레비 함수 N. 13.

    Reference: from the family of Levy & Montalvo 1985, "The tunneling algorithm for the global
    minimization of functions", SIAM Journal on Scientific and Statistical Computing 6(1), 15–29;
    form and number as in Surjanovic & Bingham 2013, Virtual Library of Simulation
    Experiments.
    """

    def value(w: Array) -> Array:
        x, y = w
        return (
            np.sin(3 * np.pi * x) ** 2
            + (x - 1) ** 2 * (1 + np.sin(3 * np.pi * y) ** 2)
            + (y - 1) ** 2 * (1 + np.sin(2 * np.pi * y) ** 2)
        )

    def gradient(w: Array) -> Array:
        x, y = w
        u, v, pi = x - 1, y - 1, np.pi
        dx = 3 * pi * np.sin(6 * pi * x) + 2 * u * (1 + np.sin(3 * pi * y) ** 2)
        dy = 3 * pi * u * u * np.sin(6 * pi * y) + 2 * v * (1 + np.sin(2 * pi * y) ** 2)
        return np.array([dx, dy + 2 * pi * v * v * np.sin(4 * pi * y)])

    def hessian(w: Array) -> Array:
        x, y = w
        u, v, pi = x - 1, y - 1, np.pi
        xx = 18 * pi * pi * np.cos(6 * pi * x) + 2 * (1 + np.sin(3 * pi * y) ** 2)
        xy = 6 * pi * u * np.sin(6 * pi * y)
        yy = 18 * pi * pi * u * u * np.cos(6 * pi * y) + 2 * (1 + np.sin(2 * pi * y) ** 2)
        yy += 8 * pi * v * np.sin(4 * pi * y) + 8 * pi * pi * v * v * np.cos(4 * pi * y)
        return np.array([[xx, xy], [xy, yy]])

    formula = (
        r"\sin^2 3\pi x + (x - 1)^2(1 + \sin^2 3\pi y) + (y - 1)^2(1 + \sin^2 2\pi y)"
    )  # fmt: skip
    return Surface(
        value, gradient, ((-1.0, 3.0), (-1.0, 3.0)), ((1.0, 1.0),), formula, hessian=hessian
    )
