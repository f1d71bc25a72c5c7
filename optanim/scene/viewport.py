"""Framing: which window of a surface shows the paths, and at which levels its contours run."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from optanim.surfaces import Array, Surface, Window, comparable, readable

MARGIN = 0.12
"""Room around what must be seen, as a part of its extent."""


def window(surface: Surface, paths: Sequence[Array], aspect: float, fill: float = 0.3) -> Window:
    """The window, a (low, high) for each coordinate, that shows paths and minimum.

    The surface's own domain where it contains them and they fill a good part of it; else a box
    around them. In two dimensions both axes then get the same scale, if the domain's sides are
    comparable, so that a gradient stands at a right angle on its contour.

    Args:
        surface: what is drawn.
        paths: points, (d, T) each; those far out of the domain are left out.
        aspect: width over height of the axes, in pixels.
        fill: what part of the domain, along one axis at least, is a good part.
    """
    domain = np.array(surface.domain)
    seen = np.concatenate([_readable(path, domain) for path in paths], axis=1)
    inside = [m for m in surface.minima if _contains(domain, np.array(m)[:, None])]
    if inside:
        ends = np.stack([_readable(path, domain)[:, -1] for path in paths], axis=1)
        nearest = min(inside, key=lambda m: float(np.linalg.norm(ends.T - m, axis=1).min()))
        seen = np.concatenate([seen, np.array(nearest)[:, None]], axis=1)
    low, high = seen.min(axis=1), seen.max(axis=1)
    extent = np.ptp(domain, axis=1)
    # A path along one axis still needs some room across.
    room = np.maximum((high - low) * MARGIN, 0.04 * extent)
    box = np.stack([low - room, high + room], axis=1)
    if _contains(domain, box) and (np.ptp(box, axis=1) > fill * extent).any():
        box = domain.copy()
    if len(box) == 2:
        box = _square(box, extent, aspect)
    return tuple((float(a), float(b)) for a, b in box)


def _readable(path: Array, domain: Array) -> Array:
    return path[:, : readable(path, domain)]


def _contains(box: Array, points: Array) -> bool:
    return bool((points >= box[:, :1]).all() and (points <= box[:, 1:]).all())


def _square(box: Array, extent: Array, aspect: float) -> Array:
    """The box widened until a unit is as long on both axes, if both have comparable units."""
    if not comparable(extent):
        return box
    width, height = np.ptp(box, axis=1)
    wanted = np.array([max(width, height * aspect), max(height, width / aspect)])
    middle = box.mean(axis=1)
    return np.stack([middle - wanted / 2, middle + wanted / 2], axis=1)


def grid(surface: Surface, window: Window, shape: tuple[int, int]) -> tuple[Array, Array, Array]:
    """The loss over a window: x (W,), y (H,), z (H, W), finite values only, others as NaN."""
    height, width = shape
    x, y = np.linspace(*window[0], width), np.linspace(*window[1], height)
    with np.errstate(all="ignore"):
        z = np.broadcast_to(surface.value(np.stack(np.meshgrid(x, y))), (height, width))
    return x, y, np.where(np.isfinite(z), z, np.nan)


def levels(z: Array, count: int | None, scale: str | None) -> Array:
    """Rising values to draw contours at, from the lowest of z to the highest.

    Args:
        z: (H, W) losses; NaN is left out.
        count: how many; None is 25, or fewer where lines would crowd.
        scale: "linear", "sqrt" (even steps on a bowl), "log" (each level the same multiple of the
            last, counted from the lowest value), or None for the one whose bands are most even in
            area, in the whole and in its lower half, where descents end: the more even, the more
            of the picture tells where it goes down.
    """
    finite = z[np.isfinite(z)]
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 0.0)
    if not high - low > 1e-12 * max(abs(low), abs(high), 1e-300):
        return np.array([low - 0.5, low + 0.5])
    for number in (count,) if count else (25, 18, 12, 8):
        edges = _spaced(finite, low, high, number, scale)
        if count or _crowding(z, edges) < 0.2:
            break
    return edges


def _spaced(values: Array, low: float, high: float, count: int, scale: str | None) -> Array:
    spread = np.linspace(0, 1, count)
    # The lowest band has a hundredth of the area: below it there is too little to see.
    floor = max(float(np.quantile(values, 0.01)) - low, 1e-6 * (high - low))
    candidates = {
        "linear": low + (high - low) * spread,
        "sqrt": low + (high - low) * spread**2,
        "log": low + np.r_[0, np.geomspace(floor, high - low, count - 1)],
    }
    if scale:
        return candidates[scale]
    lower = values[values <= np.median(values)]
    # Steps that grow by a factor are the least familiar: they must be clearly better.
    trust = {"linear": 1.0, "sqrt": 1.0, "log": 0.95}
    score = {
        name: trust[name] * (_evenness(values, edges) + _evenness(lower, edges))
        for name, edges in candidates.items()
    }
    return candidates[max(score, key=lambda name: score[name])]


def _evenness(values: Array, edges: Array) -> float:
    """The entropy of the areas between levels, in nats."""
    share = np.histogram(values, edges)[0] / values.size
    share = share[share > 0]
    return float(-(share * np.log(share)).sum())


def _crowding(z: Array, edges: Array) -> float:
    """The part of the samples where a contour line passes."""
    band = np.digitize(z, edges)
    return float((band[1:] != band[:-1]).mean() + (band[:, 1:] != band[:, :-1]).mean()) / 2
