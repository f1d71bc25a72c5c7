"""The exact minimum of the mean loss of a linear model.

The residuals at p are t − Jp. J is (n, d), of full rank, with a row for each data point; d is 1 or
2. The functions return None if the minimum is not unique or was not found.
"""

from __future__ import annotations

import numpy as np

from optanim.surfaces._surface import Array
from optanim.surfaces._window import Window

ROUNDING = 1e-11
"""A sum is taken as zero if it is smaller than this factor times its terms."""


def full_rank(J: Array) -> bool:
    """Whether the data determine all parameters."""
    if len(J) < J.shape[1] or not np.square(J).sum(axis=0).all():
        return False
    return bool(np.linalg.matrix_rank(_scaled(J)[0]) == J.shape[1])


def least_squares(J: Array, t: Array) -> Array:
    """The minimum of the sum of squares; one of its minima if J does not have full rank."""
    scaled, lengths = _scaled(J)
    return np.linalg.lstsq(scaled, t, rcond=None)[0] / lengths


def _scaled(J: Array) -> tuple[Array, Array]:
    """J with columns of length 1, and their former lengths (d,).

    Without scaling, a column of years next to a column of ones would lose precision.
    """
    lengths = np.linalg.norm(J, axis=0)
    lengths = np.where(lengths > 0, lengths, 1.0)
    return J / lengths, lengths


def least_absolute(J: Array, t: Array) -> Array | None:
    """The minimum of the sum of absolute values: a weighted median, or for d = 2 a search."""
    if J.shape[1] == 1:
        step, unique = _weighted_median(t, J[:, 0])
        return np.array([step]) if unique else None
    scaled, lengths = _scaled(J)
    minimum = _line_search(scaled, t)
    return None if minimum is None else minimum / lengths


def _weighted_median(r: Array, a: Array) -> tuple[float, bool]:
    """The s with the lowest Σ|r − s·a|, and whether it is unique."""
    used = a != 0
    kinks, weights = r[used] / a[used], np.abs(a[used])
    order = np.argsort(kinks, kind="stable")
    sums = np.cumsum(weights[order])
    half = sums[-1] / 2
    k = int(np.searchsorted(sums, half * (1 - ROUNDING)))
    tied = abs(sums[k] - half) <= ROUNDING * half
    last = k + 1 == len(kinks)
    return float(kinks[order[k]]), not tied or last or kinks[order[k + 1]] == kinks[order[k]]


def _line_search(J: Array, t: Array) -> Array | None:
    """The minimum of the sum of absolute values for d = 2 (Bloomfield & Steiger 1983).

    Each step follows the line where one residual is 0 to the lowest point of that line, where a
    second residual is 0. Between such lines the sum is a plane. So a corner is the minimum if the
    sum falls along none of the lines through it.
    """
    used = J.any(axis=1)
    J, t = J[used], t[used]
    p = least_squares(J, t)
    nearest = int(np.argmin(np.abs(t - J @ p) / np.linalg.norm(J, axis=1)))
    p = p + J[nearest] * (t[nearest] - J[nearest] @ p) / (J[nearest] @ J[nearest])
    for _ in range(1000):
        r = t - J @ p
        zero = np.abs(r) <= ROUNDING * (np.abs(t) + np.abs(J) @ np.abs(p)).max()
        r[zero] = 0.0
        corner, unique = full_rank(J[zero]), True
        for row in J[zero]:
            direction = np.array([-row[1], row[0]]) / np.hypot(*row)
            a = J @ direction
            a[np.abs(a) <= ROUNDING * np.abs(J).max()] = 0.0
            drift, kink = float(np.sign(r) @ a), float(np.abs(a[zero]).sum())
            if not corner or abs(drift) > kink + ROUNDING * np.abs(a).sum():
                p = p + _weighted_median(r, a)[0] * direction
                break
            unique &= abs(drift) < kink - ROUNDING * np.abs(a).sum()
        else:
            return p if unique else None
    return None


def least_huber(J: Array, t: Array, delta: float) -> Array | None:
    """The minimum of Huber's loss by Newton steps.

    A Newton step is exact if no residual passes ±δ. If it does not lower the loss, a step of
    reweighted least squares is made instead, which always does.
    """
    scaled, lengths = _scaled(J)
    p = least_squares(scaled, t)
    for _ in range(500):
        r = t - scaled @ p
        inside = scaled[np.abs(r) <= delta]
        if full_rank(inside):
            new = p + np.linalg.solve(inside.T @ inside, scaled.T @ np.clip(r, -delta, delta))
            after = t - scaled @ new
            if np.array_equal(_sides(after, delta), _sides(r, delta)):
                # With a residual exactly at ±δ the loss may be flat on one side of the minimum.
                within = np.abs(after) < delta - ROUNDING * (delta + np.abs(t).max())
                return new / lengths if full_rank(scaled[within]) else None
            if _huber(after, delta) < _huber(r, delta):
                p = new
                continue
        weight = delta / np.maximum(np.abs(r), delta)
        p = np.linalg.solve((scaled.T * weight) @ scaled, scaled.T @ (weight * t)).astype(float)
    return None


def least_logistic(J: Array, t: Array) -> Array | None:
    """The minimum of the sum of ln(1 + exp(r)) for r = t − Jp, by Newton steps.

    Each step is halved until the sum falls. If a line separates the classes, the sum has no
    minimum: the steps do not get smaller, and None is returned.
    """
    scaled, lengths = _scaled(J)
    p = np.zeros(J.shape[1])
    r = t.copy()
    for _ in range(100):
        share = (1 + np.tanh(r / 2)) / 2
        H = (scaled.T * (share * (1 - share))) @ scaled
        if not np.linalg.cond(H) < 1 / ROUNDING:
            return None
        step = np.linalg.solve(H, scaled.T @ share)
        loss = np.logaddexp(0, r).sum()
        while np.logaddexp(0, t - scaled @ (p + step)).sum() > loss * (1 + ROUNDING):
            step = step / 2
        p = p + step
        r = t - scaled @ p
        if np.abs(step).max() <= ROUNDING * (1 + np.abs(p).max()):
            return p / lengths
    return None


def _sides(r: Array, delta: float) -> Array:
    """−1, 0 or 1 for a residual below −δ, between, or above δ."""
    return np.sign(r) * (np.abs(r) > delta)


def _huber(r: Array, delta: float) -> float:
    """The sum of Huber's loss."""
    clipped = np.clip(r, -delta, delta)
    return float((clipped * (r - clipped / 2)).sum())


def window_for_fit(J: Array, t: Array, center: Array) -> Window:
    """A window around the minimum that includes the origin, the usual start.

    From the center to a side, the mean of squares rises by at least 1.25² times its value
    at the origin.
    """
    curvature = np.square(J).mean(axis=0)
    spread = np.sqrt(np.square(t).mean()) or 1.0
    half_sides = np.maximum(1.25 * spread / np.sqrt(curvature), 1.25 * np.abs(center))
    return tuple((float(c - h), float(c + h)) for c, h in zip(center, half_sides, strict=True))
