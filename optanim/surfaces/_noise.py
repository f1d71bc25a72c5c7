"""Gradients with chance in them: a surface whose gradient is drawn, and whose value is not.

A surface that is made anew begins its stream anew: the same seed, the same draws, bit for bit.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from optanim.surfaces._surface import Array, Surface

BATCHES, NOISE = 0, 1
"""Each kind of draw has a stream of its own: more noise leaves the batches as they are."""


def noisy(surface: Surface, deviation: float, seed: int = 0) -> Surface:
    """The surface with N(0, deviation²) added to each coordinate of each gradient."""
    if deviation == 0:
        return surface
    draw = _stream(seed, NOISE).standard_normal

    def gradient(p: Array) -> Array:
        return surface.gradient(p) + deviation * draw(p.shape)

    return replace(surface, gradient=gradient)


def minibatch(surface: Surface, size: int, seed: int = 0) -> Surface:
    """The surface with the gradient over `size` points of its data, other ones each time.

    All points are shuffled, and taken in turn; then they are shuffled again. What is left of an
    epoch is a smaller batch, as with PyTorch's DataLoader. A batch of all is the gradient itself.

    Raises:
        ValueError: the surface has no data, or not so many points.
    """
    data = surface.data
    if data is None:
        raise ValueError("the surface has no data to draw a batch from")
    n = len(data.x)
    if not 1 <= size <= n:
        raise ValueError(f"a batch of {size} points, the data have {n}")
    if size == n:
        return replace(surface, batch_size=None)
    part, batches = data.gradient, _batches(n, size, _stream(seed, BATCHES))

    def gradient(p: Array) -> Array:
        return part(p, next(batches))

    return replace(surface, gradient=gradient, batch_size=None)


def drawn(surface: Surface, noise: float, seed: int) -> Surface:
    """The surface with the batches that it asks for, and noise; its streams at their beginning."""
    if surface.batch_size is not None:
        surface = minibatch(surface, surface.batch_size, seed)
    return noisy(surface, noise, seed)


def _batches(
    n: int, size: int, random: np.random.RandomState
) -> Iterator[npt.NDArray[np.int64]]:  # fmt: skip
    while True:
        order = random.permutation(n)
        for first in range(0, n, size):
            yield order[first : first + size]


def _stream(seed: int, kind: int) -> np.random.RandomState:
    # Not default_rng: NumPy promises for this one alone that a seed gives the same numbers in every
    # version to come.
    return np.random.RandomState([seed, kind])
