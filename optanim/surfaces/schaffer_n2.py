import numpy as np

from optanim.surfaces._surface import Array, Surface


def schaffer_n2() -> Surface:
    """Schaffer N. 2: hyperbolic ripples around a cross of nearly equal valleys.

        f(x, y) = ½ + (sin²(x² − y²) − ½) / (1 + (x² + y²)/1000)²

    Names: ko 샤퍼 함수 N. 2.

    Reference: as in Surjanovic & Bingham 2013, Virtual Library of Simulation Experiments; a variant
    of F6 in Schaffer, Caruana, Eshelman & Das 1989, "A study of control parameters affecting
    online performance of genetic algorithms for function optimization", ICGA, 51–60.
    """

    def value(w: Array) -> Array:
        p, q = w * w
        return 0.5 + (np.sin(p - q) ** 2 - 0.5) / (1 + (p + q) / 1000) ** 2

    def gradient(w: Array) -> Array:
        p, q = w * w
        d = 1 + (p + q) / 1000
        ripple = np.sin(2 * (p - q)) / d**2
        fade = (np.sin(p - q) ** 2 - 0.5) / (500 * d**3)
        return np.array([2 * w[0] * (ripple - fade), -2 * w[1] * (ripple + fade)])

    def hessian(w: Array) -> Array:
        p, q = w * w
        d = 1 + (p + q) / 1000
        s, ripple, sharp = np.sin(p - q) ** 2 - 0.5, np.sin(2 * (p - q)), np.cos(2 * (p - q))
        # The derivatives by p and q of the gradient by p and q.
        fp, fq = ripple / d**2 - s / (500 * d**3), -ripple / d**2 - s / (500 * d**3)
        common = 2 * sharp / d**2 + 3 * s / (500_000 * d**4)
        mixed = -2 * sharp / d**2 + 3 * s / (500_000 * d**4)
        cross = ripple / (250 * d**3)
        x, y = w
        xy = 4 * x * y * mixed
        xx, yy = 2 * fp + 4 * p * (common - cross), 2 * fq + 4 * q * (common + cross)
        return np.array([[xx, xy], [xy, yy]])

    formula = r"0.5 + (\sin^2(x^2 - y^2) - 0.5)/(1 + (x^2 + y^2)/1000)^2"
    return Surface(
        value, gradient, ((-2.4, 2.4), (-2.4, 2.4)), ((0.0, 0.0),), formula, hessian=hessian
    )
