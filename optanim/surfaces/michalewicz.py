import numpy as np

from optanim.schema.types import Count
from optanim.surfaces._surface import Array, Surface


def michalewicz(*, m: Count = 10) -> Surface:
    """Michalewicz: two crossing gorges in a plain; the larger m, the narrower.

        f(x, y) = −sin x · sin²ᵐ(x²/π) − sin y · sin²ᵐ(2y²/π)

    Names: ko 미할레비치 함수.

    Reference: Michalewicz 1992, "Genetic Algorithms + Data Structures = Evolution Programs",
    Springer; in two variables, m = 10, on the square of 0 to π.
    """

    def value(w: Array) -> Array:
        x, y = w
        return -np.sin(x) * np.sin(x * x / np.pi) ** (2 * m) - np.sin(y) * np.sin(
            2 * y * y / np.pi
        ) ** (2 * m)

    def gradient(w: Array) -> Array:
        i = np.array([1.0, 2.0]).reshape(-1, *(1,) * (w.ndim - 1))
        s, c = np.sin(i * w * w / np.pi), np.cos(i * w * w / np.pi)
        power = s ** (2 * m - 1)
        return -power * (np.cos(w) * s + np.sin(w) * c * (4 * m * i * w / np.pi))

    def hessian(w: Array) -> Array:
        i = np.array([1.0, 2.0])
        s, c = np.sin(i * w * w / np.pi), np.cos(i * w * w / np.pi)
        n, turn, bend = 2 * m, 2 * i * w / np.pi, 2 * i / np.pi
        # sin w times sⁿ: the curvature of the product.
        slope = n * c * turn
        curvature = n * (n - 1) * (c * turn) ** 2 + n * s * (c * bend - s * turn * turn)
        inner = (curvature - s * s) * np.sin(w) + 2 * s * slope * np.cos(w)
        return np.diag(-(s ** (n - 2)) * inner)

    # In x the two factors have different peaks. Between them the derivative of the product falls
    # through zero once; bisection finds where.
    low, high = np.pi / 2, np.pi / np.sqrt(2)
    for _ in range(60):
        x = (low + high) / 2
        rises = 1 / np.tan(x) + 4 * m * x / np.pi / np.tan(x * x / np.pi) > 0
        low, high = (x, high) if rises else (low, x)
    formula = rf"-\sin x\,\sin^{{{2 * m}}}(x^2/\pi) - \sin y\,\sin^{{{2 * m}}}(2y^2/\pi)"
    domain = ((0.0, float(np.pi)), (0.0, float(np.pi)))
    return Surface(
        value, gradient, domain, ((float(low), float(np.pi / 2)),), formula, hessian=hessian
    )
