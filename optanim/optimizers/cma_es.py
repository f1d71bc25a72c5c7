from collections.abc import Iterator
from typing import Annotated

import numpy as np
from annotated_types import Ge, Le

from optanim.optimizers._population import losses
from optanim.optimizers._state import State
from optanim.schema.option import Symbol
from optanim.schema.types import Positive
from optanim.surfaces import Array, Surface

TINY = float(np.finfo(float).tiny)

Samples = Annotated[int, Ge(4), Le(200), Symbol("n")]


def cma_es(
    f: Surface,
    w: Array,
    chance: np.random.RandomState,
    *,
    sigma: Positive = 0.5,
    samples: Samples = 6,
) -> Iterator[State]:
    """CMA-ES: samples of a normal distribution, which moves to the better half and takes its shape.

        xᵢ = w + σ√C zᵢ, zᵢ ~ N(0, I), for i = 1, …, n, in the order of f
        w₊ = Σvᵢxᵢ over the better half, y = (w₊ − w)/σ
        p_σ ← (1 − c_σ)p_σ + √(c_σ(2 − c_σ)m) C^(−1/2)y
        p ← (1 − c)p + √(c(2 − c)m) y, without y while ‖p_σ‖ is large
        C ← (1 − c₁ − c_m)C + c₁ppᵀ + c_m Σvᵢ(xᵢ − w)(xᵢ − w)ᵀ/σ²
        σ ← σ exp((c_σ/d_σ)(‖p_σ‖²/d − 1)/2)

    The weights vᵢ fall as ln(n/2 + 1/2) − ln i, m = 1/Σvᵢ². The ellipse is that of σ²C, the
    point is the mean w, and the crowd has the samples that it came from.

    Names: ko CMA-ES.

    Family: without gradients.

    Reference: Hansen 2016, "The CMA evolution strategy: a tutorial", arXiv:1604.00772, without
    negative weights, with ‖p_σ‖² in place of the norm, as in the package cma: purecma.
    """
    d = len(w)
    weights = np.log(samples / 2 + 0.5) - np.log(np.arange(1, samples // 2 + 1))
    weights /= weights.sum()
    m = 1 / float(weights @ weights)
    c, c_sigma = (4 + m / d) / (d + 4 + 2 * m / d), (m + 2) / (d + m + 5)
    c_one = 2 / ((d + 1.3) ** 2 + m)
    c_m = min(1 - c_one, 2 * (m - 2 + 1 / m) / ((d + 2) ** 2 + m))
    damping = 2 * m / samples + 0.3 + c_sigma
    covariance, path, path_sigma = np.eye(d), np.zeros(d), np.zeros(d)
    yield State(w, shape=sigma**2 * covariance, initial=True)
    t = 0
    while np.isfinite(covariance).all() and np.isfinite(sigma):
        t += 1
        variances, axes = np.linalg.eigh(covariance)
        lengths = np.sqrt(np.maximum(variances, TINY))
        root, inverse_root = (axes * lengths) @ axes.T, (axes / lengths) @ axes.T
        points = w[:, None] + sigma * (root @ chance.standard_normal((d, samples)))
        better = points[:, losses(f, points).argsort(kind="stable")[: samples // 2]]
        steps = (better - w[:, None]) / sigma
        w, y = better @ weights, steps @ weights
        path_sigma = (1 - c_sigma) * path_sigma + np.sqrt(c_sigma * (2 - c_sigma) * m) * (
            inverse_root @ y
        )
        size = float(path_sigma @ path_sigma) / d
        steady = size / (1 - (1 - c_sigma) ** (2 * t)) < 2 + 4 / (d + 1)
        path = (1 - c) * path + steady * np.sqrt(c * (2 - c) * m) * y
        lost = 0.0 if steady else c_one * c * (2 - c)
        covariance = (1 - c_one + lost - c_m) * covariance + c_one * np.outer(path, path)
        covariance = covariance + c_m * (steps * weights) @ steps.T
        sigma = sigma * np.exp(min(1.0, c_sigma / damping * (size - 1) / 2))
        yield State(w.copy(), crowd=points, shape=sigma**2 * covariance)
    yield State(np.full(d, np.nan))
