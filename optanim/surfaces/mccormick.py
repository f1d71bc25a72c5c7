import numpy as np

from optanim.surfaces._surface import Array, Surface


def mccormick() -> Surface:
    """McCormick: a tilted trough with a wave along its floor.

        f(x, y) = sin(x + y) + (x − y)² − 1.5x + 2.5y + 1

    Names: ko 매코믹 함수.

    Reference: Jamil & Yang 2013, arXiv:1308.4008, with their window; named after McCormick
    1976, "Computability of global solutions to factorable nonconvex programs", Mathematical
    Programming 10, 147–175. Outside the window, each period of the wave has a lower minimum.
    """

    def value(w: Array) -> Array:
        x, y = w
        return np.sin(x + y) + (x - y) ** 2 - 1.5 * x + 2.5 * y + 1

    def gradient(w: Array) -> Array:
        x, y = w
        wave, across = np.cos(x + y), 2 * (x - y)
        return np.array([wave + across - 1.5, wave - across + 2.5])

    def hessian(w: Array) -> Array:
        bend = np.sin(w[0] + w[1])
        return np.array([[2 - bend, -2 - bend], [-2 - bend, 2 - bend]])

    # At the minimum cos(x + y) = −1/2 and x − y = 1.
    minima = ((0.5 - np.pi / 3, -0.5 - np.pi / 3),)
    formula = r"\sin(x + y) + (x - y)^2 - 1.5x + 2.5y + 1"
    return Surface(value, gradient, ((-1.5, 4.0), (-3.0, 4.0)), minima, formula, hessian=hessian)
