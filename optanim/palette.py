"""The palette: the colors that stand for all that an animation shows."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from optanim.timeline import Frame

Packed = npt.NDArray[np.uint32]
"""Colors as R + 256 G + 65536 B."""

SAMPLES = 24
"""So many frames are looked at before the first is written."""


def packed(pixels: npt.NDArray[np.uint8]) -> Packed:
    """(H, W, 4) pixels as (H, W) colors with the opacity in their highest byte; no copy."""
    return np.ascontiguousarray(pixels).view("<u4")[..., 0]


def bare(colors: Packed) -> Packed:
    """Colors without opacity."""
    return colors & np.uint32(0xFFFFFF)


def rgb(colors: Packed) -> npt.NDArray[np.int64]:
    """(n,) colors as (n, 3) parts of 0 to 255."""
    return np.stack([colors >> shift & 255 for shift in (0, 8, 16)], axis=-1).astype(np.int64)


def choose(frames: Sequence[Frame], keep: Sequence[str] = (), most: int = 255) -> Packed:
    """At most so many colors for an animation, those that move most often first.

    All of them where the sampled frames have no more. Else a split of the colors by variance
    (Wu 1991), weighted by the pixels and frames that show each, refined by k-means (Lloyd 1982).

    Args:
        frames: painted when asked for; some, spread evenly, are.
        keep: colors as `#RRGGBB` that belong to it.
        most: how many.
    """
    colors, weights, moving = _census(frames)
    kept = _hex(keep)
    if len(np.union1d(colors, kept)) <= most:
        chosen = np.union1d(colors, kept)
    else:
        chosen = _clustered(colors, weights, kept, most)
    # Small indices for what changes: a frame of small indices has shorter codes.
    points = rgb(chosen).astype(np.float32)
    hits = np.bincount(nearest(rgb(moving), points), minlength=len(chosen))
    return chosen[np.argsort(-hits, kind="stable")]


def nearest(colors: npt.NDArray[np.int64], points: npt.NDArray[np.float32]) -> npt.NDArray[np.intp]:
    """For each (n, 3) color the index of the nearest of the (k, 3) points, in RGB."""
    x = colors.astype(np.float32)
    return np.concatenate(
        [
            ((points * points).sum(axis=1) - 2 * (part @ points.T)).argmin(axis=1)
            for part in np.array_split(x, max(1, len(x) // 4096))
        ]
    )


def _hex(colors: Sequence[str]) -> Packed:
    parts = [int(color[i : i + 2], 16) << 8 * (i // 2) for color in colors for i in (1, 3, 5)]
    return np.unique(np.array(parts, np.uint32).reshape(-1, 3).sum(axis=1, dtype=np.uint32))


def _census(frames: Sequence[Frame]) -> tuple[Packed, npt.NDArray[np.float64], Packed]:
    """The colors seen, for how many pixels and frames each, and every change of a pixel."""
    last = len(frames) - 1
    sampled = sorted({round(i * last / (SAMPLES - 1)) for i in range(SAMPLES)})
    starts = [(a + b + 1) // 2 for a, b in pairwise(sampled)]
    before = packed(frames[0].pixels)
    # A pixel counts for all frames to come; a change takes back what remains of it.
    seen, count = np.unique(before, return_counts=True)
    colors, weights, moving = [seen], [count * (last + 1.0)], [np.zeros(0, np.uint32)]
    for index, start in zip(sampled[1:], starts, strict=True):
        now = packed(frames[index].pixels)
        changed = now != before
        for part, sign in ((now[changed], 1), (before[changed], -1)):
            seen, count = np.unique(part, return_counts=True)
            colors.append(seen)
            weights.append(sign * count * (last + 1.0 - start))
            moving.append(seen)
        before = now
    every, where = np.unique(bare(np.concatenate(colors)), return_inverse=True)
    weight = np.bincount(where, np.concatenate(weights))
    return every, np.maximum(weight, 1e-3), bare(np.concatenate(moving))


def _clustered(colors: Packed, weights: npt.NDArray[np.float64], kept: Packed, most: int) -> Packed:
    x = rgb(colors).astype(np.float32)
    fixed = rgb(kept).astype(np.float32)
    centers = np.concatenate([fixed, _split(x.astype(np.float64), weights, most - len(fixed))])
    for _ in range(8):
        owner = nearest(x.astype(np.int64), centers)
        mass = np.bincount(owner, weights, len(centers))
        mean = np.stack([np.bincount(owner, weights * x[:, d], len(centers)) for d in range(3)], 1)
        moved = np.where(
            mass[:, None] > 0, np.rint(mean / np.maximum(mass, 1e-9)[:, None]), centers
        )
        moved[: len(fixed)] = fixed
        if (moved == centers).all():
            break
        centers = moved.astype(np.float32)
    parts = centers.astype(np.uint32)
    return np.unique(parts[:, 0] | parts[:, 1] << 8 | parts[:, 2] << 16)


def _split(
    x: npt.NDArray[np.float64], weights: npt.NDArray[np.float64], count: int
) -> npt.NDArray[np.float32]:
    """The means of so many clusters: the one of largest variance is cut in two, again and again."""

    def spread(members: npt.NDArray[np.intp]) -> tuple[float, int]:
        part, weight = x[members], weights[members]
        variance = weight @ (part - weight @ part / weight.sum()) ** 2
        return float(variance.sum()), int(variance.argmax())

    clusters = [np.arange(len(x))]
    spreads = [spread(clusters[0])]
    while len(clusters) < count:
        widest = max(range(len(spreads)), key=lambda j: spreads[j][0])
        if spreads[widest][0] <= 0:
            break
        members, axis = clusters[widest], spreads[widest][1]
        order = members[np.argsort(x[members, axis], kind="stable")]
        mass = np.cumsum(weights[order])
        moment = np.cumsum(weights[order] * x[order, axis])
        rest = np.maximum(mass[-1] - mass[:-1], 1e-12)
        between = moment[:-1] ** 2 / mass[:-1] + (moment[-1] - moment[:-1]) ** 2 / rest
        cut = int(between.argmax()) + 1
        clusters[widest], spreads[widest] = order[:cut], spread(order[:cut])
        clusters.append(order[cut:])
        spreads.append(spread(order[cut:]))
    means = [weights[c] @ x[c] / weights[c].sum() for c in clusters]
    return np.rint(means).astype(np.float32)
