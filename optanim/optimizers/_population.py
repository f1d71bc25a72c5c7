"""What methods share that ask for the loss at many points."""

from __future__ import annotations

from math import inf, isfinite

import numpy as np

from optanim.surfaces import Array, Surface


def losses(f: Surface, points: Array) -> Array:
    """The losses (n,) at points (d, n); infinite where there is none."""
    values = np.broadcast_to(f.value(points), points.shape[1:])
    return np.where(np.isfinite(values), values, np.inf)


def loss_at(f: Surface, w: Array) -> float:
    """The loss at a point (d,); infinite if there is none."""
    loss = float(f.value(w))
    return loss if isfinite(loss) else inf


def spread(f: Surface, w: Array, n: int, chance: np.random.RandomState) -> Array:
    """The start and n − 1 points over the domain, (d, n), one in each of n − 1 slices of each axis.

    It is the Latin hypercube of McKay, Beckman & Conover 1979.
    """
    points = np.empty((len(w), n))
    points[:, 0] = w
    for i, (low, high) in enumerate(f.domain):
        slices = chance.permutation(n - 1) + chance.uniform(size=n - 1)
        points[i, 1:] = low + (high - low) * slices / max(n - 1, 1)
    return points
