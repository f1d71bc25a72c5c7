"""Stochastic gradients: noise and minibatches; the value of the surface stays exact.

Each new surface restarts its random streams: the same seed gives the same draws, bit for bit.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from optanim.surfaces._surface import Array, Surface

BATCH_STREAM, NOISE_STREAM, CHANCE_STREAM, START_STREAM = range(4)
"""Batches, noise, the chance of an optimizer and random starts have separate random streams: none
changes another."""

DRAWS = 32
"""Number of gradients for which noise is drawn at a time, of many trajectories."""


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


class ManyGradients:
    """The gradients of R trajectories at once, each with the noise and the batches of its seed.

    They are those of `stochastic` with that seed, however many trajectories there are.

    Args:
        surface: with its own minibatches.
        noise: the standard deviation of the noise in each coordinate.
        seeds: (R,).
    """

    def __init__(self, surface: Surface, noise: float, seeds: npt.NDArray[np.int64]) -> None:
        self._surface, self._noise = surface, noise
        distinct, self._stream_of = np.unique(seeds, return_inverse=True)
        data, size = surface.data, surface.batch_size
        self._batches = None
        if data is not None and size is not None and size < len(data.x):
            self._batches = [
                _batches(len(data.x), size, random_stream(int(seed), BATCH_STREAM))
                for seed in distinct
            ]
        self._noises = [random_stream(int(seed), NOISE_STREAM) for seed in distinct]
        self._drawn: Iterator[Array] = iter(())

    @property
    def exact(self) -> bool:
        """Whether there is neither noise nor a batch."""
        return not self._noise and self._batches is None

    def at(self, p: Array, moving: npt.NDArray[np.bool_]) -> Array:
        """The next gradients (d, R) at points (d, R); NaN for those that do not move any more."""
        if self._batches is None and moving.all():
            g = np.broadcast_to(self._surface.gradient(p), p.shape)
        elif self._batches is None:
            g = np.full(p.shape, np.nan)
            g[:, moving] = self._surface.gradient(p[:, moving])
        else:
            g = self._over_batches(p, moving)
        return g + self._noise * self._draw(len(p))[:, self._stream_of] if self._noise else g

    def _over_batches(self, p: Array, moving: npt.NDArray[np.bool_]) -> Array:
        """The gradients (d, R) over the next batch of each seed."""
        assert self._surface.data is not None and self._batches is not None
        # The stream of each seed goes on, also that of trajectories that have ended.
        batches = [next(stream) for stream in self._batches]
        g = np.full(p.shape, np.nan)
        for r in np.flatnonzero(moving):
            g[:, r] = self._surface.data.gradient(p[:, r], batches[self._stream_of[r]])
        return g

    def _draw(self, d: int) -> Array:
        """The next normal numbers (d, S) of the S distinct seeds."""
        drawn = next(self._drawn, None)
        if drawn is None:
            # Many at a time: the numbers are the same, and a call of a stream is slow.
            many = np.stack([s.standard_normal((DRAWS, d)) for s in self._noises], axis=-1)
            self._drawn = iter(many)
            drawn = next(self._drawn)
        return drawn


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
