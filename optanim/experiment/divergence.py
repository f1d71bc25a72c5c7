"""How a trial fails: it diverges, or it comes to a point where its formula has no value.

The numbers are those of docs/words.md; a test compares both.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from optanim.surfaces import Array, Surface

GROWTH = 1.4
"""The factor by which steps and losses must grow from one quarter of a run to the next."""

HUGE_GROWTH = 1e6
"""A loss of this many times the start's is divergence if it still grows in the last quarter."""

RECOVERED = 0.1
"""A trial whose loss has fallen below this part of its highest loss has recovered."""

NOISE_RATIO = 30.0
"""With noise, the gradient must be this many times larger than the noise of the first half."""

MIN_NOISY_STEPS = 8
"""With noise, nothing is said of the growth in fewer steps."""


@np.errstate(all="ignore")
def growth_start(
    points: Array, losses: Array, noise: tuple[Array, Array] | None = None
) -> int | None:
    """The step from which a trial grows without end, as far as it shows; None if it does not.

    Its longest steps and its highest losses, above the lowest of all, must be `GROWTH` times those
    of the quarter before, in both of the last two quarters. Or the loss is `HUGE_GROWTH` times the
    start's, the steps are longer by the root of that, and both grow in the last quarter. The
    highest loss must be among the last, and above the start's.

    Args:
        points: (d, T + 1), finite.
        losses: (T + 1,), finite.
        noise: of a trial with noise: the gradients (d, n) without it, and the noise (d, n). Then
            growth counts if the gradient is larger than the noise can explain, and all quarters
            must grow.

    Returns:
        The first step with a loss above the start's, from where on no eighth of the run is below
        it.
    """
    steps = len(losses) - 1
    # At least two: a trial that swings has a high side and a low one.
    last = max(2, steps // 8)
    peak = int(losses.argmax())
    above = losses > losses[0]
    excess = losses - losses.min()
    if steps < 2 or peak <= steps - last or not above[-2:].any():
        return None
    if excess[-2:].max() < RECOVERED * excess[peak]:
        return None
    parts = min(4, steps)
    lengths, heights = _maxima(step_lengths(points), parts), _maxima(excess[1:], parts)
    grows = [
        bool(lengths[i + 1] >= GROWTH * lengths[i] and heights[i + 1] >= GROWTH * heights[i])
        for i in range(parts - 1)
    ]
    huge = heights[-1] >= HUGE_GROWTH * excess[0] and lengths[-1] >= HUGE_GROWTH**0.5 * lengths[0]
    if noise is not None and not (
        steps >= MIN_NOISY_STEPS and _above_noise(*noise) and (all(grows) or huge)
    ):
        return None
    if not (grows[-1] and (huge or (parts == 4 and grows[-2]))):
        return None
    # The windows of `last` losses in which none is above the start's.
    below = np.flatnonzero(~np.lib.stride_tricks.sliding_window_view(above, last).any(axis=1))
    first = int(below[-1]) + last if len(below) else 0
    return first + int(np.argmax(above[first:]))


def _maxima(values: Array, parts: int) -> list[float]:
    """The largest value in each part, of equal lengths."""
    bounds = [i * len(values) // parts for i in range(parts + 1)]
    return [float(values[a:b].max()) for a, b in pairwise(bounds)]


def _above_noise(gradients: Array, noise: Array) -> bool:
    """Whether the gradients of the last quarter are large, measured by the noise of the first half.

    The noise of batches grows with the gradient: later noise would hide any growth.
    """
    count = gradients.shape[1]
    size = np.sqrt(np.mean(norm(noise[:, : max(1, count // 2)]) ** 2))
    return bool(norm(gradients[:, -max(1, count // 4) :]).max() > NOISE_RATIO * size)


def norm(vectors: Array) -> Array:
    """Euclidean lengths of vectors (d, …), also where their squares would over- or underflow."""
    size = np.abs(vectors).max(axis=0)
    return np.asarray(size * np.linalg.norm(vectors / np.where(size > 0, size, 1), axis=0))


def step_lengths(points: Array) -> Array:
    """The lengths (T,) of the steps between points (d, T + 1)."""
    return norm(np.diff(points, axis=1))


def has_no_value(surface: Surface, point: Array) -> bool:
    """Whether the loss or the gradient has no value at a finite point (d,), as √−1, ln 0 or 1/0.

    It is false where both are finite, and where a number became too large on the way.
    """
    raised = list[str]()
    # A column: formulas of single numbers are computed without NumPy, which reports the errors.
    column = point[:, None]
    with np.errstate(all="call", under="ignore", call=lambda kind, flag: raised.append(kind)):
        value = np.asarray(surface.value(column))
        if np.isfinite(value).all():
            value = np.asarray(surface.gradient(column))
    return bool(not np.isfinite(value).all() and "overflow" not in raised)
