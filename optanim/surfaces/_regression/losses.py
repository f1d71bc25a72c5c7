"""The loss of a residual r = y − ŷ: its square, its absolute value, or Huber's loss.

The log-loss −ln q, of the probability q of what was observed, is a loss of a residual, too. With
s = ±1 for y = 1 and y = 0, and q = σ(sz), it is ln(1 + exp(r)) for r = 0 − sz, which cannot
overflow. For any other model of a probability p it is −ln r for r = (1 − y) − (−s)p = q.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from optanim.formulas.numbers import number_in_tex
from optanim.surfaces._regression.optimum import (
    least_absolute,
    least_huber,
    least_logistic,
    least_squares,
)
from optanim.surfaces._surface import Array


@dataclass(frozen=True)
class Loss:
    """The loss of a residual.

    Attributes:
        value: residuals r -> their losses, with the same shape.
        slope: residuals r -> the derivatives of the loss; 0 if there is none.
        curvature: residuals r -> the second derivatives of the loss; 0 if there is none.
        tex: the loss in TeX, with `{0}` for the residual.
        minimum: J (n, d) of full rank, t (n,) -> the p (d,) with the lowest mean loss of t − Jp.
            None if it is not unique or was not found.
    """

    value: Callable[[Array], Array]
    slope: Callable[[Array], Array]
    curvature: Callable[[Array], Array]
    tex: str
    minimum: Callable[[Array, Array], Array | None]


SQUARED = Loss(
    lambda r: r * r, lambda r: 2 * r, lambda r: np.full_like(r, 2.0), "({0})^2", least_squares
)
ABSOLUTE = Loss(np.abs, np.sign, np.zeros_like, r"\left|{0}\right|", least_absolute)


LOGLOSS = r"\mathrm{{logloss}}({0})"
LOGISTIC = Loss(
    lambda r: np.logaddexp(0.0, r),
    lambda r: (1 + np.tanh(r / 2)) / 2,
    lambda r: (1 - np.tanh(r / 2) ** 2) / 4,
    LOGLOSS,
    least_logistic,
)
"""The log-loss of a model σ(z), for r = −sz. Its slope is σ(r)."""


def _minus_log(r: Array) -> Array:
    with np.errstate(all="ignore"):
        return -np.log(r)


def _minus_reciprocal(r: Array) -> Array:
    with np.errstate(all="ignore"):
        return -1 / r


def _square_of_reciprocal(r: Array) -> Array:
    with np.errstate(all="ignore"):
        return 1 / (r * r)


LIKELIHOOD = Loss(_minus_log, _minus_reciprocal, _square_of_reciprocal, LOGLOSS, lambda J, t: None)
"""The log-loss of any other model, for the probability r of what was observed."""


def huber(delta: float) -> Loss:
    """½r² up to |r| = δ, and the tangent δ|r| − ½δ² beyond (Huber 1964)."""

    def clipped(r: Array) -> Array:
        # For a few numbers, np.clip takes three times as long.
        return np.minimum(np.maximum(r, -delta), delta)

    def value(r: Array) -> Array:
        c = clipped(r)
        return c * (r - c / 2)

    def curvature(r: Array) -> Array:
        return np.where(np.abs(r) < delta, 1.0, 0.0)

    # Doubled, as `format` will read it.
    index = f"{{{number_in_tex(delta)}}}".replace("{", "{{").replace("}", "}}")
    tex = f"H_{index}({{0}})"
    return Loss(value, clipped, curvature, tex, lambda J, t: least_huber(J, t, delta))
