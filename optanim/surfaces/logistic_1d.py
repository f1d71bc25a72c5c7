import numpy as np

from optanim.surfaces._surface import Array, Surface
from optanim.surfaces.logistic import HOURS, PASSED

EVEN_CHANCES = 2.71
"""Hours of study for which the fit of `logistic` gives even chances."""


def logistic_1d() -> Surface:
    """Logistic regression, one weight: steep on the wrong side, gentle beyond the minimum.

        f(w) = 1/20 Σ ln(1 + exp(−s·w·(h − 2.71)))
        h: hours of study; s: 1 for a pass, −1 for a failure

    Names: ko 로지스틱 회귀 손실.

    Reference: as `logistic`, with a fixed bias: 2.71 hours give even chances.
    """
    data = PASSED * (HOURS - EVEN_CHANCES)

    def value(p: Array) -> Array:
        return np.logaddexp(0, -np.multiply.outer(data, p[0])).mean(axis=0)

    def gradient(p: Array) -> Array:
        # The derivative of the loss, −1/(1 + exp(margin)), without overflow.
        slope = (np.tanh(np.multiply.outer(data, p) / 2) - 1) / 2
        return np.tensordot(data, slope, 1) / len(data)

    def hessian(p: Array) -> Array:
        # The second derivative of the loss, σ(1 − σ), is (1 − tanh²)/4.
        curvature = (1 - np.tanh(data * p / 2) ** 2) / 4
        return np.array([[(data * data * curvature).mean()]])

    formula = rf"\mathrm{{mean}}\ \ln(1 + e^{{-sw(h - {EVEN_CHANCES})}})"
    domain, minima = ((-3.0, 6.0),), ((1.5046569311579967,),)
    return Surface(value, gradient, domain, minima, formula, axes=("w",), hessian=hessian)
