"""The mean loss of a model over data, its gradient, and the gradient over a batch."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from optanim.formulas.expression import Expression, compiled
from optanim.surfaces._hessian import symmetric
from optanim.surfaces._regression import optimum
from optanim.surfaces._regression.losses import ABSOLUTE, SQUARED, Loss
from optanim.surfaces._surface import Array

if TYPE_CHECKING:
    from optanim.formulas.evaluation import Compiled

MAX_RESIDUALS = 30_000
"""Maximum number of residuals in memory: an array of 240 kB fits into the cache of a processor."""

MIN_POINTS_FOR_BOWL = 500
"""Number of data points from which a quadratic form is faster than the residuals."""

FunctionOfPoints = Callable[[Array], Array]


@dataclass(frozen=True)
class MeanLoss:
    """The mean loss over n data points, as functions of p: (d,), (d, T) or (d, H, W).

    Attributes:
        value: p -> the loss.
        gradient: p -> the gradient, exact by the chain rule.
        hessian: p (d,) -> the Hessian (d, d), exact by the chain rule.
        batch_gradient: p (d,), indices (m,) -> the gradient (d,) of the mean over those points.
    """

    value: FunctionOfPoints
    gradient: FunctionOfPoints
    hessian: FunctionOfPoints
    batch_gradient: Callable[[Array, npt.NDArray[np.int64]], Array]


def linear(J: Array, t: Array, loss: Loss, *, one_sided: bool = False) -> MeanLoss:
    """The mean loss of a model that is linear in its parameters: the residuals are t − Jp.

    Args:
        J: (n, d).
        t: (n,).
        loss: the loss of a residual.
        one_sided: whether its slope at a kink is that with larger parameters.
    """
    n, slopes = len(t), _slopes(loss, one_sided=one_sided)

    def value(p: Array) -> Array:
        if p.ndim == 1:
            return loss.value(t - J @ p).sum() / n
        return _in_blocks(lambda w: loss.value(t - w @ J.T).sum(1) / n, p, n)

    def gradient(p: Array) -> Array:
        if p.ndim == 1:
            return slopes(t - J @ p, J.T) @ J / -n
        return _in_blocks(lambda w: slopes(t - w @ J.T, J.T) @ J / -n, p, n)

    def batch_gradient(p: Array, index: npt.NDArray[np.int64]) -> Array:
        rows = J[index]
        return slopes(t[index] - rows @ p, rows.T) @ rows / -len(index)

    def hessian(p: Array) -> Array:
        return np.asarray((J.T * loss.curvature(t - J @ p)) @ J / n)

    bowl = _bowl(J, t) if loss is SQUARED and n > MIN_POINTS_FOR_BOWL else None
    return MeanLoss(*(bowl or (value, gradient)), hessian, batch_gradient)


def _slopes(loss: Loss, *, one_sided: bool) -> Callable[[Array, Array], Array]:
    """Residuals r (…, n) and the partial derivatives of the model (d, …, n) -> the slopes of ρ(r).

    The slope of |r| at r = 0 is 0; if `one_sided`, that where the first parameter is larger, or the
    second if r does not depend on the first.
    """
    if loss is not ABSOLUTE or not one_sided:
        return lambda r, partials: loss.slope(r)

    def beside(r: Array, partials: Array) -> Array:
        side = np.sign(partials[0])
        for partial in partials[1:]:
            side = np.where(side == 0, np.sign(partial), side)
        return np.where(r == 0, -side, loss.slope(r))

    return beside


def _bowl(J: Array, t: Array) -> tuple[FunctionOfPoints, FunctionOfPoints] | None:
    """The mean of squares as least + |R(p − center)|², and its gradient.

    It is exact, and its time does not depend on the number of data points. None if the numbers are
    too large for it.
    """
    center = optimum.least_squares(J, t)
    with np.errstate(all="ignore"):
        R = np.linalg.qr(J, mode="r") / np.sqrt(len(t))
        H, least = 2 * R.T @ R, np.square(t - J @ center).mean()
    if not (np.isfinite(H).all() and np.isfinite(least)):
        return None

    def value(p: Array) -> Array:
        offsets = R @ (p.reshape(len(p), -1) - center[:, None])
        return (offsets * offsets).sum(0).reshape(p.shape[1:])[()] + least

    def gradient(p: Array) -> Array:
        if p.ndim == 1:
            return H @ (p - center)
        return (H @ (p.reshape(len(p), -1) - center[:, None])).reshape(p.shape)

    return value, gradient


def nonlinear(
    model: Expression,
    axes: Sequence[str],
    names: Sequence[str],
    inputs: Array,
    y: Array,
    loss: Loss,
    *,
    one_sided: bool = False,
) -> MeanLoss:
    """The mean loss of any model, compiled together with its partial derivatives.

    Args:
        model: of the axes and the inputs.
        axes: names of the parameters.
        names: those of the inputs in the model.
        inputs: (k, n).
        y: (n,).
        loss: the loss of a residual.
        one_sided: whether slopes at a kink are those with larger parameters.
    """
    slopes = _slopes(loss, one_sided=one_sided)
    predict = compiled([model.value], (*axes, *names))
    model_and_partials = compiled(
        [model.value, *model.partials(axes, one_sided=one_sided)], (*axes, *names)
    )
    n = len(y)

    def value(p: Array) -> Array:
        if p.ndim == 1:
            return loss.value(y - predict(*p, *inputs)[0]).sum() / n
        return _in_blocks(
            lambda w: loss.value(y - predict(*w.T[:, :, None], *inputs)[0]).sum(1) / n, p, n
        )

    def gradients(w: Array) -> Array:
        values = model_and_partials(*w.T[:, :, None], *inputs)
        return (slopes(y - values[0], values[1:]) * values[1:]).sum(2).T / -n

    def gradient_over(p: Array, inputs: Array, y: Array) -> Array:
        values = model_and_partials(*p, *inputs)
        return values[1:] @ slopes(y - values[0], values[1:]) / -len(y)

    def gradient(p: Array) -> Array:
        return gradient_over(p, inputs, y) if p.ndim == 1 else _in_blocks(gradients, p, n)

    second = SecondPartials(model, axes, names, one_sided=one_sided)

    def hessian(p: Array) -> Array:
        values = model_and_partials(*p, *inputs)
        r, partials = y - values[0], values[1:]
        bends = (second.at(p, inputs) * slopes(r, partials)).sum(-1)
        return np.asarray(((partials * loss.curvature(r)) @ partials.T - bends) / n)

    def batch_gradient(p: Array, index: npt.NDArray[np.int64]) -> Array:
        return gradient_over(p, inputs[:, index], y[index])

    return MeanLoss(value, gradient, hessian, batch_gradient)


class SecondPartials:
    """The second partial derivatives of a model, compiled on first use.

    Args:
        model: of the axes and the inputs.
        axes: d names of the parameters.
        names: those of the inputs in the model.
        one_sided: whether slopes at a kink are those with larger parameters.
    """

    def __init__(
        self, model: Expression, axes: Sequence[str], names: Sequence[str], *, one_sided: bool
    ) -> None:
        self._model, self._axes, self._names = model, tuple(axes), tuple(names)
        self._one_sided = one_sided

    @cached_property
    def _entries(self) -> Compiled:
        seconds = self._model.second_partials(self._axes, one_sided=self._one_sided)
        return compiled(seconds, (*self._axes, *self._names))

    def at(self, p: Array, inputs: Array) -> Array:
        """The matrices (d, d, n) at parameters p (d,) for inputs (k, n)."""
        return symmetric(self._entries(*p, *inputs))


def _in_blocks(function: FunctionOfPoints, p: Array, n: int) -> Array:
    """The values of a function at all of p, computed for a block of points at a time.

    The function takes points (k, d), computes k·n residuals and returns (k,) or (k, d).
    """
    points = p.reshape(len(p), -1).T
    step = max(1, MAX_RESIDUALS // n)
    blocks = [function(points[i : i + step]) for i in range(0, max(1, len(points)), step)]
    return np.concatenate(blocks).T.reshape(*blocks[0].shape[1:], *p.shape[1:])
