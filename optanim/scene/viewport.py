"""The viewport: the window of a surface that is shown, and the levels of its contours."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from optanim.surfaces import Array, Surface, Window, points_on_map, similar_sides

MARGIN = 0.12
"""The margin around the points that must be visible, as a part of their extent."""

LEVEL_COUNTS = (25, 18, 12, 8)
"""Numbers of contour levels, tried in turn until the lines are far enough apart."""

MAX_CROWDING = 0.2
"""The largest part of neighboring samples that a contour line may separate."""


def fit_window(
    surface: Surface, trajectories: Sequence[Array], aspect: float, fill: float = 0.3
) -> Window:
    """The window, a (low, high) for each coordinate, that shows the trajectories and a minimum.

    It is the domain of the surface if that contains them and they fill a large enough part of it;
    otherwise it is a box around them. In two dimensions, both axes then get the same scale if the
    sides of the domain are comparable, so that gradients are perpendicular to contours.

    Args:
        surface: the surface that is drawn.
        trajectories: points, (d, T) each; those far outside the domain are left out.
        aspect: the width of the axes divided by their height, in pixels.
        fill: the part of the domain, along at least one axis, that is large enough.
    """
    domain = np.array(surface.domain)
    visible = [points[:, : points_on_map(points, domain)] for points in trajectories]
    points = np.concatenate(visible, axis=1)
    inside = [m for m in surface.minima if _contains(domain, np.array(m)[:, None])]
    if inside:
        ends = np.stack([part[:, -1] for part in visible], axis=1)
        nearest = min(inside, key=lambda m: float(np.linalg.norm(ends.T - m, axis=1).min()))
        points = np.concatenate([points, np.array(nearest)[:, None]], axis=1)
    low, high = points.min(axis=1), points.max(axis=1)
    extent = np.ptp(domain, axis=1)
    # Points along one axis still need a margin along the other.
    margin = np.maximum((high - low) * MARGIN, 0.04 * extent)
    box = np.stack([low - margin, high + margin], axis=1)
    if _contains(domain, box) and (np.ptp(box, axis=1) > fill * extent).any():
        box = domain.copy()
    if len(box) == 2:
        box = _equal_scales(box, extent, aspect)
    return tuple((float(a), float(b)) for a, b in box)


def _contains(box: Array, points: Array) -> bool:
    return bool((points >= box[:, :1]).all() and (points <= box[:, 1:]).all())


def _equal_scales(box: Array, extent: Array, aspect: float) -> Array:
    """The box, widened until both axes have the same scale, if the sides are comparable."""
    if not similar_sides(extent):
        return box
    width, height = np.ptp(box, axis=1)
    sides = np.array([max(width, height * aspect), max(height, width / aspect)])
    middle = box.mean(axis=1)
    return np.stack([middle - sides / 2, middle + sides / 2], axis=1)


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


def contour_levels(z: Array, count: int | None, scale: str | None) -> Array:
    """The levels of contours, rising from the lowest value of z to the highest.

    Args:
        z: (H, W), losses; NaN is left out.
        count: the number of levels; None for 25, or fewer if the lines would be too close.
        scale: the spacing of the levels. "linear": equal differences. "sqrt": equal differences of
            the square root, which are even steps on a quadratic bowl. "log": equal ratios of the
            height above the lowest value. None: the spacing whose bands have the most even areas,
            in all of z and in its lower half, where descents end.
    """
    finite = z[np.isfinite(z)]
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 0.0)
    if not high - low > 1e-12 * max(abs(low), abs(high), 1e-300):
        return np.array([low - 0.5, low + 0.5])
    for number in (count,) if count else LEVEL_COUNTS:
        edges = _spaced(finite, low, high, number, scale)
        if count or _crowding(z, edges) < MAX_CROWDING:
            break
    return edges


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
