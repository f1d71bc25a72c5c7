"""The levels of the contours of a window, and the losses in it."""

from __future__ import annotations

from math import ceil, floor, log10

import numpy as np

from optanim.scene.poles import bounded_range
from optanim.surfaces import Array, Surface, Window

LEVEL_COUNTS = (25, 18, 12, 8)
"""Numbers of contour levels, tried in turn until the lines are far enough apart."""

MAX_CROWDING = 0.2
"""The largest part of neighboring samples that a contour line may separate."""

NARROW_SHARE = 0.0015
"""The share of samples between which a band is skipped: with more, samples are closer."""


def loss_grid(
    surface: Surface, bounds: Window, shape: tuple[int, int]
) -> tuple[Array, Array, Array]:
    """Samples of the loss in a window: x (W,), y (H,), z (H, W); NaN where it is not finite.

    Args:
        surface: the surface, of two parameters.
        bounds: a (low, high) for each parameter.
        shape: (H, W).
    """
    height, width = shape
    x, y = np.linspace(*bounds[0], width), np.linspace(*bounds[1], height)
    with np.errstate(all="ignore"):
        z = np.broadcast_to(surface.value(np.stack(np.meshgrid(x, y))), (height, width))
    return x, y, np.where(np.isfinite(z), z, np.nan)


def finer_grid(
    surface: Surface, bounds: Window, shape: tuple[int, int], grid: tuple[Array, Array, Array],
    edges: Array,
) -> tuple[Array, Array, Array]:  # fmt: skip
    """Closer samples, if bands are narrower than the distance of samples, as in a ravine.

    Their contours would be strings of beads.

    Args:
        surface: the surface, of two parameters.
        bounds: a (low, high) for each parameter.
        shape: (H, W) of the closer samples.
        grid: the samples that there are, as of `loss_grid`.
        edges: of the bands, rising, (n,).
    """
    z = grid[2]
    bands, finite, skipped = np.searchsorted(edges, z), np.isfinite(z), 0
    for axis in (0, 1):
        both = np.minimum(*(np.delete(finite, end, axis) for end in (0, -1)))
        skipped += int(((np.abs(np.diff(bands, axis=axis)) > 1) & both).sum())
    return loss_grid(surface, bounds, shape) if skipped > NARROW_SHARE * z.size else grid


def contour_levels(
    z: Array, count: int | None, scale: str | None, *, ascends: bool = False,
    shown: Array | None = None,
) -> Array:  # fmt: skip
    """The levels of contours, rising from the lowest value of z to the highest, poles aside.

    Args:
        z: (H, W), losses; NaN is left out.
        count: the number of levels; None for 25, or fewer if the lines would be too close.
        scale: the spacing of the levels. "linear": equal differences. "sqrt": equal differences of
            the square root, which are even steps on a quadratic bowl. "log": equal ratios of the
            height above the lowest value. None: the spacing whose bands have the most even areas,
            in all of z and in its lower half, where descents end.
        ascends: whether the levels are those of −z with their signs changed: dense at the top.
        shown: losses that the levels must reach, (n,), such as those of trajectories.
    """
    shown = np.zeros(0) if shown is None else shown
    if ascends:
        return -contour_levels(-z, count, scale, shown=-shown)[::-1]
    low, high = bounded_range(z, shown)
    finite = z[(z >= low) & (z <= high)]
    if not high - low > 1e-12 * max(abs(low), abs(high), 1e-300):
        return np.array([low - 0.5, low + 0.5])
    for number in (count,) if count else LEVEL_COUNTS:
        edges = _spaced(finite, low, high, number, scale)
        if count or _crowding(z, edges) < MAX_CROWDING:
            break
    return edges


def rounded_levels(edges: Array) -> Array:
    """Levels with few digits: each moves by at most 15 % of the way to the nearest other.

    The first and the last move outwards only, so that the levels reach as far as before.
    """
    gaps = 0.15 * np.diff(edges)
    most = np.minimum(np.append(gaps[0], gaps), np.append(gaps, gaps[-1]))
    down, up = most.copy(), most.copy()
    down[-1] = up[0] = 0
    limits = zip(edges.tolist(), down.tolist(), up.tolist(), strict=True)
    return np.array([_rounded(*limit) for limit in limits])


def _rounded(level: float, down: float, up: float) -> float:
    """The number of fewest digits that is at most so far below or above a level."""
    if level == 0:
        return level
    first = floor(log10(abs(level))) + 1
    for exponent in range(first, first - 16, -1):
        for step in (10, 5, 2):
            parts = level / (step * 10.0 ** (exponent - 1))
            for whole in sorted((floor(parts), ceil(parts)), key=lambda n: abs(n - parts)):
                number = float(f"{whole * step}e{exponent - 1}")
                if -down <= number - level <= up:
                    return number
    return level


def _spaced(values: Array, low: float, high: float, count: int, scale: str | None) -> Array:
    """Levels from low to high with a spacing, or with the one of the most even bands if None."""
    spread = np.linspace(0, 1, count)
    # The lowest band gets a hundredth of the area; a smaller one would hardly be visible.
    floor = max(float(np.quantile(values, 0.01)) - low, 1e-6 * (high - low))
    candidates = {
        "linear": low + (high - low) * spread,
        "sqrt": low + (high - low) * spread**2,
        "log": low + np.r_[0, np.geomspace(floor, high - low, count - 1)],
    }
    if scale:
        return candidates[scale]
    lower = values[values <= np.median(values)]
    # Readers know logarithmic steps least: these are used only if they are clearly better.
    weights = {"linear": 1.0, "sqrt": 1.0, "log": 0.95}
    scores = {
        name: weights[name] * (_evenness(values, edges) + _evenness(lower, edges))
        for name, edges in candidates.items()
    }
    return candidates[max(scores, key=lambda name: scores[name])]


def _evenness(values: Array, edges: Array) -> float:
    """The entropy of the areas of the bands between levels, in nats."""
    areas = np.histogram(values, edges)[0] / values.size
    areas = areas[areas > 0]
    return float(-(areas * np.log(areas)).sum())


def _crowding(z: Array, edges: Array) -> float:
    """The part of neighboring samples with a contour line between them."""
    bands = np.digitize(z, edges)
    return float((bands[1:] != bands[:-1]).mean() + (bands[:, 1:] != bands[:, :-1]).mean()) / 2
