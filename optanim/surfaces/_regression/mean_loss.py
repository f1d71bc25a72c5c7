"""The mean loss of a model over data: values, gradients, and gradients over some of the points."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from optanim.formulas.expression import Expression, compiled
from optanim.surfaces._regression import optimum
from optanim.surfaces._regression.losses import SQUARED, Loss
from optanim.surfaces._surface import Array

BLOCK = 30_000
"""So many residuals are held at once: 240 kB an array, which a processor keeps at hand."""

FEW = 500
"""Up to here the residuals themselves are as fast as what could stand for them."""

Field = Callable[[Array], Array]


@dataclass(frozen=True)
class MeanLoss:
    """The mean over n points, as functions of p: (d,), (d, T) or (d, H, W).

    Attributes:
        value: p -> the loss.
        gradient: p -> the gradient, exact by the chain rule.
        part: p (d,), indices (m,) -> the gradient (d,) of the mean over those points.
    """

    value: Field
    gradient: Field
    part: Callable[[Array, npt.NDArray[np.int64]], Array]


def linear(J: Array, t: Array, loss: Loss) -> MeanLoss:
    """Of a model that is linear in its parameters: the residuals are t − Jp; J is (n, d)."""
    n = len(t)

    def value(p: Array) -> Array:
        if p.ndim == 1:
            return loss.cost(t - J @ p).sum() / n
        return _in_blocks(lambda w: loss.cost(t - w @ J.T).sum(1) / n, p, n)

    def gradient(p: Array) -> Array:
        if p.ndim == 1:
            return loss.slope(t - J @ p) @ J / -n
        return _in_blocks(lambda w: loss.slope(t - w @ J.T) @ J / -n, p, n)

    def part(p: Array, index: npt.NDArray[np.int64]) -> Array:
        rows = J[index]
        return loss.slope(t[index] - rows @ p) @ rows / -len(index)

    whole = _bowl(J, t) if loss is SQUARED and n > FEW else None
    return MeanLoss(*(whole or (value, gradient)), part)


def _bowl(J: Array, t: Array) -> tuple[Field, Field] | None:
    """The squares as least + |R(p − center)|²: exact, and as fast for a million points as for two.

    None where the numbers are too large for it.
    """
    center = optimum.least_squares(J, t)
    with np.errstate(all="ignore"):
        R = np.linalg.qr(J, mode="r") / np.sqrt(len(t))
        H, least = 2 * R.T @ R, np.square(t - J @ center).mean()
    if not (np.isfinite(H).all() and np.isfinite(least)):
        return None

    def value(p: Array) -> Array:
        away = R @ (p.reshape(len(p), -1) - center[:, None])
        return (away * away).sum(0).reshape(p.shape[1:])[()] + least

    def gradient(p: Array) -> Array:
        if p.ndim == 1:
            return H @ (p - center)
        return (H @ (p.reshape(len(p), -1) - center[:, None])).reshape(p.shape)

    return value, gradient


def curved(model: Expression, axes: tuple[str, ...], x: Array, y: Array, loss: Loss) -> MeanLoss:
    """Of any other model, compiled with its partials."""
    predict = compiled([model.sympy], (*axes, "x"))
    both = compiled([model.sympy, *model.partials(axes)], (*axes, "x"))
    n = len(x)

    def value(p: Array) -> Array:
        if p.ndim == 1:
            return loss.cost(y - predict(*p, x)[0]).sum() / n
        return _in_blocks(lambda w: loss.cost(y - predict(*w.T[:, :, None], x)[0]).sum(1) / n, p, n)

    def block(w: Array) -> Array:
        said = both(*w.T[:, :, None], x)
        return (loss.slope(y - said[0]) * said[1:]).sum(2).T / -n

    def over(p: Array, x: Array, y: Array) -> Array:
        said = both(*p, x)
        return said[1:] @ loss.slope(y - said[0]) / -len(y)

    def gradient(p: Array) -> Array:
        return over(p, x, y) if p.ndim == 1 else _in_blocks(block, p, n)

    def part(p: Array, index: npt.NDArray[np.int64]) -> Array:
        return over(p, x[index], y[index])

    return MeanLoss(value, gradient, part)


def _in_blocks(of: Field, p: Array, n: int) -> Array:
    """A function of points (k, d) that returns (k,) or (k, d), at all of p, a few at a time."""
    points = p.reshape(len(p), -1).T
    step = max(1, BLOCK // n)
    parts = [of(points[i : i + step]) for i in range(0, len(points), step)]
    return np.concatenate(parts).T.reshape(*parts[0].shape[1:], *p.shape[1:])
