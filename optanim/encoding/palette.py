"""The palette: the colors of an animation, chosen once, and the index of every pixel's color."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from heapq import heappop, heappush
from itertools import count, pairwise

import numpy as np
import numpy.typing as npt

from optanim.drawing.pixels import RGB, Packed, Points, packed, points, sparse
from optanim.encoding.film import Frame

Reals = npt.NDArray[np.float64]
Indices = npt.NDArray[np.uint8]

SIZE = 255  # a color table has 256 places, and index 0 is "as before"
KEPT = 128
SAMPLES = 24
MANY = 8192
ROUNDS = 5
PRICE = 5.0
NEAR = 10.0  # squared, as the errors of k-means are: two steps in red, green and blue


@dataclass
class Palette:
    """Colors, (n, 3) uint8, with the indices 1 to n; index 0 is none of them: "as before".

    Every one of 2²⁴ colors has a place in the table. 0 there says that it was not met yet.
    """

    colors: npt.NDArray[np.uint8]
    table: Indices = field(default_factory=lambda: sparse(np.uint8), repr=False)

    def index(self, pixels: Packed) -> Indices:
        """For each pixel the index of its color; of the nearest one, for a color first met here."""
        keys = (pixels & RGB).astype(np.intp)
        indices = self.table[keys]
        if not indices.all():
            new = np.unique(keys[indices == 0])
            self.table[new] = nearest(points(new), self.colors.astype(np.float32)) + 1
            indices = self.table[keys]
        return indices

    def shorter(self, indices: Indices) -> Indices:
        """The same colors by smaller indices, where every one has such a color at most NEAR away.

        LZW's codes begin as long as the largest index of a box: one rare shade makes all longer.
        """
        top = indices.max()
        for most, instead, away in self._instead:
            if top <= most:
                break
            if away[indices].max() <= NEAR:
                return instead[indices]
        return indices

    @cached_property
    def _instead(self) -> list[tuple[int, Indices, Points]]:
        """For 4 to 7 bits: the largest index, the one to take for each, and how far it is."""
        x, found = self.colors.astype(np.float32), []
        for most in (15, 31, 63, 127):
            owner = nearest(x, x[:most])
            away = ((x - x[owner]) ** 2).sum(axis=1)
            found.append((most, np.r_[0, owner + 1].astype(np.uint8), np.r_[0, away]))
        return found


def choose(frames: Sequence[Frame], colors: Sequence[str] = ()) -> Palette:
    """At most 255 colors for all frames, from a sample of them.

    All that are there, if they are no more. Else those of least squared error over the pixels of
    all frames: split by variance (Wu 1991), refined by k-means (Lloyd 1982). The first indices go
    to the colors that change most often, because a frame of small indices has shorter codes.

    Args:
        frames: painted when asked for.
        colors: as `#RRGGBB`; the first 128 of them belong to the palette exactly.
    """
    keys, weights, changes = _census(frames)
    asked = dict.fromkeys(int(color[5:7] + color[3:5] + color[1:3], 16) for color in colors)
    kept = np.array(list(asked)[:KEPT], np.uint32)
    every = np.union1d(keys, kept)
    costs = np.zeros(SIZE, np.float32)
    if len(every) <= SIZE:
        chosen = points(every)
    else:
        chosen, costs = _clustered(*_coarser(keys, weights), points(kept))
    owner = nearest(points(keys), chosen, costs[: len(chosen)])
    order = np.argsort(-_tally(owner, changes, len(chosen)), kind="stable")
    palette = Palette(chosen[order].astype(np.uint8))
    palette.table[keys] = np.argsort(order)[owner] + 1
    return palette


def nearest(x: Points, colors: Points, costs: Points | None = None) -> npt.NDArray[np.intp]:
    """For each point the color of least squared distance and cost, the first among equals.

    Whole numbers and their sixteenths stay exact in these sums, so that no BLAS changes a byte.
    """
    level = (colors * colors).sum(axis=1) + (0 if costs is None else costs)
    # So many at a time that their distances stay in the cache.
    parts = [x[i : i + 1024] for i in range(0, len(x), 1024)]
    return np.concatenate([(level - (2 * part) @ colors.T).argmin(axis=1) for part in parts])


def _census(frames: Sequence[Frame]) -> tuple[Packed, Reals, Reals]:
    """The colors of a sample, how many pixels of all frames show each, and how often each came."""
    whole = len(frames)
    sampled = {round(i * (whole - 1) / (SAMPLES - 1)) for i in range(SAMPLES)}
    # The second, too: else what only the first one shows would count for several.
    sampled |= {min(1, whole - 1)}
    found: list[Packed] = []
    weights: list[Reals] = []
    changes: list[Reals] = []

    def see(pixels: Packed, frames: int, change: float) -> None:
        colors, times = np.unique(pixels & RGB, return_counts=True)
        found.append(colors)
        weights.append(times * float(frames))
        changes.append(np.full(len(colors), change))

    shown = packed(frames[0].pixels).copy()
    see(shown, whole, 0.0)
    for before, sample in pairwise(sorted(sampled)):
        now = packed(frames[sample].pixels)
        changed = now != shown
        # The new color counts until the end and the old one no more; later changes correct it.
        left = whole - (before + sample + 1) // 2
        see(now[changed], left, 1.0)
        see(shown[changed], -left, 0.0)
        np.copyto(shown, now)
    keys, place = np.unique(np.concatenate(found), return_inverse=True)
    # At least 1: a color that came and went between two samples.
    weight = np.maximum(_tally(place, np.concatenate(weights)), 1)
    return keys, weight, _tally(place, np.concatenate(changes))


def _tally(place: npt.NDArray[np.intp], weights: Reals, count: int = 0) -> Reals:
    """The sum of the weights at each of `count` places, or up to the last one."""
    return np.bincount(place, weights, count).astype(np.float64)


def _coarser(keys: Packed, weights: Reals) -> tuple[Points, Reals]:
    """The colors as points, neighbours put together while they are too many to cluster soon."""
    place = np.arange(len(keys))
    for bits in range(1, 8):
        if place.max() < MANY:
            break
        shades = keys & np.uint32((0xFF >> bits << bits) * 0x010101)
        place = np.unique(shades, return_inverse=True)[1]
    mass = _tally(place, weights)
    sums = np.stack([_tally(place, weights * part) for part in points(keys).T], axis=1)
    return np.rint(sums / mass[:, None]).astype(np.float32), mass


def _clustered(x: Points, weights: Reals, kept: Points) -> tuple[Points, Points]:
    """255 colors, the kept ones first, and the cost of each.

    First for the least error alone. Then bits count too (entropy-constrained quantization, Chou
    1989): what is shown more often has shorter codes, and so draws its neighbours to it. The price
    of a bit is tuned: a hundredth of a file, for no more decibels than ffmpeg's palettes leave.
    """
    colors = np.concatenate([kept, _split(x, weights, SIZE - len(kept))])
    costs = np.zeros(len(colors), np.float32)
    colors, owner = _refined(x, weights, colors, costs, len(kept))
    mass = _tally(owner, weights, len(colors))
    error = weights @ ((x - colors[owner]) ** 2).sum(axis=1) / weights.sum()
    bits = np.log2(weights.sum() / np.maximum(mass, 1))
    costs = (np.rint(16 * PRICE * error**0.5 * bits) / 16).astype(np.float32)
    return _refined(x, weights, colors, costs, len(kept))[0], costs


def _refined(
    x: Points, weights: Reals, colors: Points, costs: Points, kept: int
) -> tuple[Points, npt.NDArray[np.intp]]:
    """A few rounds of k-means: each color moves to the mean of its points, except the kept ones."""
    for _ in range(ROUNDS):
        owner = nearest(x, colors, costs)
        mass = _tally(owner, weights, len(colors))[:, None]
        sums = [_tally(owner, weights * part, len(colors)) for part in x.T]
        mean = np.rint(np.stack(sums, axis=1) / np.maximum(mass, 1))
        moved = np.where(mass > 0, mean, colors).astype(np.float32)
        moved[:kept] = colors[:kept]
        if (moved == colors).all():
            break
        colors = moved
    return colors, nearest(x, colors, costs)


def _split(x: Points, weights: Reals, most: int) -> Points:
    """The means of at most so many clusters: that of largest variance is cut in two, and again."""
    # Sums of whole numbers are exact, in whatever order: w, wx and wx² of each point.
    points = x.astype(np.float64)
    first, second = weights[:, None] * points, weights[:, None] * points**2
    clusters: list[tuple[float, int, int, npt.NDArray[np.intp]]] = []
    numbers = count()

    def add(members: npt.NDArray[np.intp]) -> None:
        mass, moment = weights[members].sum(), first[members].sum(axis=0)
        variance = second[members].sum(axis=0) - moment**2 / mass
        axis = int(variance.argmax())
        total = float(variance.sum()) if len(members) > 1 else 0.0
        heappush(clusters, (-total, next(numbers), axis, members))

    add(np.arange(len(x)))
    while len(clusters) < most and clusters[0][0] < 0:
        _, _, axis, members = heappop(clusters)
        members = members[np.argsort(points[members, axis], kind="stable")]
        mass, moment = np.cumsum(weights[members]), np.cumsum(first[members, axis])
        low = moment[:-1] ** 2 / mass[:-1]
        high = (moment[-1] - moment[:-1]) ** 2 / (mass[-1] - mass[:-1])
        cut = int((low + high).argmax()) + 1
        add(members[:cut])
        add(members[cut:])
    means = [first[c].sum(axis=0) / weights[c].sum() for *_, c in clusters]
    return np.rint(means).astype(np.float32)
