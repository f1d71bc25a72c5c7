"""Stochastic gradients: noise and minibatches; the value of the surface stays exact.

Each new surface restarts its random streams: the same seed gives the same draws, bit for bit.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from optanim.surfaces._surface import Array, Surface

BATCH_STREAM, NOISE_STREAM, CHANCE_STREAM = 0, 1, 2
"""Batches, noise and the chance of an optimizer have separate random streams: none changes another.
"""


def noisy(surface: Surface, deviation: float, seed: int = 0) -> Surface:
    """The surface with noise N(0, deviation²) added to each coordinate of each gradient."""
    if deviation == 0:
        return surface
    draw = random_stream(seed, NOISE_STREAM).standard_normal

    def gradient(p: Array) -> Array:
        return surface.gradient(p) + deviation * draw(p.shape)

    return replace(surface, gradient=gradient)


def minibatch(surface: Surface, size: int, seed: int = 0) -> Surface:
    """The surface whose gradient is over the next `size` points of its data.

    Each epoch shuffles all points and takes them in turn. The last batch of an epoch may be
    smaller, as with PyTorch's DataLoader. A batch of all points gives the exact gradient.

    Raises:
        ValueError: the surface has no data, or fewer than `size` points.
    """
    data = surface.data
    if data is None:
        raise ValueError("the surface has no data to draw a batch from")
    n = len(data.x)
    if not 1 <= size <= n:
        raise ValueError(f"a batch has 1 to {n} points, got {size}")
    if size == n:
        return replace(surface, batch_size=None)
    batches = _batches(n, size, random_stream(seed, BATCH_STREAM))

    def gradient(p: Array) -> Array:
        return data.gradient(p, next(batches))

    return replace(surface, gradient=gradient, batch_size=None)


def stochastic(surface: Surface, noise: float, seed: int) -> Surface:
    """The surface with its own minibatches and with noise; its random streams start anew."""
    if surface.batch_size is not None:
        surface = minibatch(surface, surface.batch_size, seed)
    return noisy(surface, noise, seed)


def _batches(
    n: int, size: int, random: np.random.RandomState
) -> Iterator[npt.NDArray[np.int64]]:  # fmt: skip
    """Yield the indices of the points of each batch, epoch after epoch."""
    while True:
        order = random.permutation(n)
        for first in range(0, n, size):
            yield order[first : first + size]


def random_stream(seed: int, kind: int) -> np.random.RandomState:
    """A random stream of a seed, from its beginning; `kind` is one of those above."""
    # Not default_rng: only for RandomState does NumPy promise the same numbers in every version.
    return np.random.RandomState([seed, kind])
