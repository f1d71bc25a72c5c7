import numpy as np

from optanim.surfaces._surface import Array, Surface

HOURS = np.array([0.5, 0.75, 1, 1.25, 1.5, 1.75, 1.75, 2, 2.25, 2.5,
                  2.75, 3, 3.25, 3.5, 4, 4.25, 4.5, 4.75, 5, 5.5])  # fmt: skip
"""Hours of study of each of 20 students."""
PASSED = np.array([-1, -1, -1, -1, -1, -1, 1, -1, 1, -1, 1, -1, 1, -1, 1, 1, 1, 1, 1, 1])
"""1 for a student who passed the exam, −1 for one who failed."""


def logistic() -> Surface:
    """Logistic regression: the mean log-loss of a weight and a bias, a crease between two slopes.

        f(w, b) = 1/20 Σ ln(1 + exp(−s(wh + b)))
        h: hours of study; s: 1 for a pass, −1 for a failure

    Names: ko 로지스틱 회귀 손실.

    Reference: Cox 1958, "The regression analysis of binary sequences", Journal of the Royal
    Statistical Society B 20(2); the 20 students are those of Wikipedia's "Logistic regression".
    """
    data = PASSED * np.array([HOURS, np.ones_like(HOURS)])

    def value(p: Array) -> Array:
        return np.logaddexp(0, -np.tensordot(data, p, (0, 0))).mean(axis=0)

    def gradient(p: Array) -> Array:
        # The derivative of the loss, −1/(1 + exp(margin)), without overflow.
        slope = (np.tanh(np.tensordot(data, p, (0, 0)) / 2) - 1) / 2
        return np.tensordot(data, slope, 1) / data.shape[1]

    def hessian(p: Array) -> Array:
        # The second derivative of the loss, σ(1 − σ), is (1 − tanh²)/4.
        curvature = (1 - np.tanh(np.tensordot(data, p, (0, 0)) / 2) ** 2) / 4
        return np.asarray((data * curvature) @ data.T / data.shape[1])

    formula = r"\mathrm{mean}\ \ln(1 + e^{-s(wh + b)})"
    minima = ((1.5046454283733335, -4.0777134310876301),)
    return Surface(
        value,
        gradient,
        ((-2.0, 5.0), (-10.0, 2.0)),
        minima,
        formula,
        axes=("w", "b"),
        hessian=hessian,
    )
