"""Where the mean loss of a linear model is lowest, exactly.

Everywhere J is (n, d), a row for each point of the data, of full rank; d is 1 or 2; and the
residuals at p are t − Jp. None is returned where the lowest point is not unique, or was not found.
"""

from __future__ import annotations

import numpy as np

from optanim.surfaces._surface import Array

ROUNDING = 1e-11
"""What is smaller than so many times its terms is zero."""


def full_rank(J: Array) -> bool:
    """Whether the data tell all parameters apart."""
    if len(J) < J.shape[1] or not np.square(J).sum(axis=0).all():
        return False
    return bool(np.linalg.matrix_rank(_scaled(J)[0]) == J.shape[1])


def least_squares(J: Array, t: Array) -> Array:
    """The lowest point of the squares; one of them where J has not full rank."""
    scaled, by = _scaled(J)
    return np.linalg.lstsq(scaled, t, rcond=None)[0] / by


def _scaled(J: Array) -> tuple[Array, Array]:
    """J with columns of length 1, and their lengths: years beside ones are told apart."""
    by = np.linalg.norm(J, axis=0)
    by = np.where(by > 0, by, 1.0)
    return J / by, by


def least_absolute(J: Array, t: Array) -> Array | None:
    """The lowest point of the absolute values: a weighted median, or a walk from kink to kink."""
    if J.shape[1] == 1:
        step, unique = _median(t, J[:, 0])
        return np.array([step]) if unique else None
    scaled, by = _scaled(J)
    found = _walk(scaled, t)
    return None if found is None else found / by


def _median(r: Array, a: Array) -> tuple[float, bool]:
    """Where Σ|r − s·a| is lowest along s, and whether it is so there alone."""
    used = a != 0
    at, weight = r[used] / a[used], np.abs(a[used])
    order = np.argsort(at, kind="stable")
    below = np.cumsum(weight[order])
    middle = below[-1] / 2
    k = int(np.searchsorted(below, middle * (1 - ROUNDING)))
    tied = abs(below[k] - middle) <= ROUNDING * middle
    return float(at[order[k]]), not tied or k + 1 == len(at) or at[order[k + 1]] == at[order[k]]


def _walk(J: Array, t: Array) -> Array | None:
    """Bloomfield & Steiger 1983: along the line where one residual is 0, to where a second is.

    The sum of absolute values is flat between such lines. So where none of those through a corner
    goes down, nothing does.
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
            along = np.array([-row[1], row[0]]) / np.hypot(*row)
            a = J @ along
            a[np.abs(a) <= ROUNDING * np.abs(J).max()] = 0.0
            drift, kink = float(np.sign(r) @ a), float(np.abs(a[zero]).sum())
            if not corner or abs(drift) > kink + ROUNDING * np.abs(a).sum():
                p = p + _median(r, a)[0] * along
                break
            unique &= abs(drift) < kink - ROUNDING * np.abs(a).sum()
        else:
            return p if unique else None
    return None


def least_huber(J: Array, t: Array, delta: float) -> Array | None:
    """The lowest point of Huber's loss: Newton steps, exact once no residual changes sides.

    A Newton step that does not go down gives way to one of reweighted least squares, which does.
    """
    scaled, by = _scaled(J)
    p = least_squares(scaled, t)
    for _ in range(500):
        r = t - scaled @ p
        inside = scaled[np.abs(r) <= delta]
        if full_rank(inside):
            new = p + np.linalg.solve(inside.T @ inside, scaled.T @ np.clip(r, -delta, delta))
            after = t - scaled @ new
            if np.array_equal(_sides(after, delta), _sides(r, delta)):
                # With residuals on the very border the loss may be flat on the other side.
                within = np.abs(after) < delta - ROUNDING * (delta + np.abs(t).max())
                return new / by if full_rank(scaled[within]) else None
            if _huber(after, delta) < _huber(r, delta):
                p = new
                continue
        weight = delta / np.maximum(np.abs(r), delta)
        p = np.linalg.solve((scaled.T * weight) @ scaled, scaled.T @ (weight * t)).astype(float)
    return None


def _sides(r: Array, delta: float) -> Array:
    return np.sign(r) * (np.abs(r) > delta)


def _huber(r: Array, delta: float) -> float:
    clipped = np.clip(r, -delta, delta)
    return float((clipped * (r - clipped / 2)).sum())


def window(J: Array, t: Array, center: Array) -> tuple[tuple[float, float], ...]:
    """A window around the lowest point in which the origin, the usual start, is well inside.

    Along each axis alone the squares rise by half as much again as they have at the origin.
    """
    curvature = np.square(J).mean(axis=0)
    spread = np.sqrt(np.square(t).mean()) or 1.0
    half = np.maximum(1.25 * spread / np.sqrt(curvature), 1.25 * np.abs(center))
    return tuple((float(c - h), float(c + h)) for c, h in zip(center, half, strict=True))
