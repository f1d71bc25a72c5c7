"""How a trial fails: it diverges, or it comes to a point where its formula has no value.

The numbers are those of docs/words.md; a test compares both.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from optanim.surfaces import Array, Surface

NEVER = -1
"""In an array of steps: it never happened."""

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


SAFE_SQUARES = (1e-290, 1e290)
"""Between these, a sum of squares has neither under- nor overflown."""


@np.errstate(all="ignore")
def growth_starts(
    points: Array, losses: Array, noise_of: Callable[[int], tuple[Array, Array]] | None = None
) -> npt.NDArray[np.int64]:
    """The step from which each of R trials grows without end, as far as it shows; or `NEVER`.

    Its longest steps and its highest losses, above the lowest of all, must be `GROWTH` times those
    of the quarter before, in both of the last two quarters. Or the loss is `HUGE_GROWTH` times the
    start's, the steps are longer by the root of that, and both grow in the last quarter. The
    highest loss must be among the last, and above the start's.

    Args:
        points: (d, T + 1, R), finite.
        losses: (T + 1, R), finite.
        noise_of: of trials with noise: from the index of one to its gradients (d, n) without noise,
            and the noise (d, n). Then growth counts if the gradient is larger than the noise can
            explain, and all quarters must grow.

    Returns:
        (R,), the first step with a loss above the start's, from where on no eighth of the run is
        below it.
    """
    starts = np.full(losses.shape[1], NEVER)
    steps = len(losses) - 1
    if steps < 2:
        return starts
    # At least two: a trial that swings has a high side and a low one.
    last = max(2, steps // 8)
    highest, above = losses.max(axis=0), losses > losses[0]
    excess = highest - losses.min(axis=0)
    ends = losses[-2:].max(axis=0) - losses.min(axis=0)
    some = np.flatnonzero(
        (losses.argmax(axis=0) > steps - last) & above[-2:].any(axis=0)
        & ~(ends < RECOVERED * excess)
    )  # fmt: skip
    some = some[_grow(points[..., some], losses[:, some], noisy=noise_of is not None)]
    if noise_of is not None:
        some = np.array([r for r in some.tolist() if _above_noise(*noise_of(r))], dtype=np.int64)
    above = above[:, some]
    # The windows of `last` losses in which none is above the start's.
    counts = np.concatenate([np.zeros((1, len(some)), dtype=int), above.cumsum(axis=0)])
    below = counts[last:] == counts[:-last]
    ends_of_windows = last + np.arange(len(below))[:, None]
    first = np.where(below, ends_of_windows, 0).max(axis=0)
    starts[some] = (above & (np.arange(steps + 1)[:, None] >= first)).argmax(axis=0)
    return starts


def _grow(points: Array, losses: Array, *, noisy: bool) -> npt.NDArray[np.bool_]:
    """Whether the steps and losses of trials grow from quarter to quarter, (R,)."""
    excess = losses - losses.min(axis=0)
    parts = min(4, len(losses) - 1)
    lengths, heights = _maxima(step_lengths(points), parts), _maxima(excess[1:], parts)
    grows = (lengths[1:] >= GROWTH * lengths[:-1]) & (heights[1:] >= GROWTH * heights[:-1])
    huge = heights[-1] >= HUGE_GROWTH * excess[0]
    huge &= lengths[-1] >= HUGE_GROWTH**0.5 * lengths[0]
    before = grows[-2] if parts == 4 else np.zeros_like(huge)
    result = grows[-1] & (huge | before)
    if noisy:
        result &= (grows.all(axis=0) | huge) & (len(losses) > MIN_NOISY_STEPS)
    return np.asarray(result)


def _maxima(values: Array, parts: int) -> Array:
    """The largest of values (T, R) in each part, of equal lengths, (parts, R)."""
    bounds = [i * len(values) // parts for i in range(parts + 1)]
    return np.array([values[a:b].max(axis=0) for a, b in pairwise(bounds)])


def _above_noise(gradients: Array, noise: Array) -> bool:
    """Whether the gradients of the last quarter are large, measured by the noise of the first half.

    The noise of batches grows with the gradient: later noise would hide any growth.
    """
    count = gradients.shape[1]
    size = np.sqrt(np.mean(norm(noise[:, : max(1, count // 2)]) ** 2))
    return bool(norm(gradients[:, -max(1, count // 4) :]).max() > NOISE_RATIO * size)


@np.errstate(over="ignore", under="ignore")
def norm(vectors: Array) -> Array:
    """Euclidean lengths of vectors (d, …), also where their squares would over- or underflow."""
    squares = sum((row * row for row in vectors[1:]), vectors[0] * vectors[0])
    lengths = np.asarray(np.sqrt(squares))
    extreme = ~((squares > SAFE_SQUARES[0]) & (squares < SAFE_SQUARES[1]))
    if extreme.any():
        some = vectors[:, extreme] if lengths.ndim else vectors
        size = np.abs(some).max(axis=0)
        scaled = some / np.where(size > 0, size, 1)
        lengths[extreme] = size * np.linalg.norm(scaled, axis=0)
    return lengths


def step_lengths(points: Array) -> Array:
    """The lengths (T,) of the steps between points (d, T + 1)."""
    return norm(np.diff(points, axis=1))


def has_no_value(surface: Surface, point: Array) -> bool:
    """Whether the loss or the gradient has no value at a finite point (d,), as √−1, ln 0 or 1/0.

    It is false where both are finite, and where a number became too large on the way.
    """
    return bool(lack_values(surface, point[:, None])[0])


def lack_values(surface: Surface, points: Array) -> npt.NDArray[np.bool_]:
    """`has_no_value` of each of the points (d, n), (n,)."""
    if not points.size:
        return np.zeros(0, dtype=bool)
    raised = list[str]()
    # Arrays: formulas of single numbers are computed without NumPy, which reports the errors.
    with np.errstate(all="call", under="ignore", call=lambda kind, flag: raised.append(kind)):
        lacking = ~np.isfinite(np.broadcast_to(surface.value(points), points.shape[1:]))
        if not lacking.all():
            rest = points[:, ~lacking]
            gradients = np.broadcast_to(surface.gradient(rest), rest.shape)
            lacking[~lacking] = ~np.isfinite(gradients).all(axis=0)
    if "overflow" not in raised or not lacking.any():
        return lacking
    if set(raised) == {"overflow"} or points.shape[1] == 1:
        return np.zeros_like(lacking)
    # Both kinds of errors: of which points, their halves tell.
    for half in np.array_split(np.flatnonzero(lacking), 2):
        lacking[half] = lack_values(surface, points[:, half])
    return lacking
