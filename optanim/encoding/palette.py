"""The palette of an animation, and the palette index of every pixel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from heapq import heappop, heappush
from itertools import count, pairwise

import numpy as np
import numpy.typing as npt

from optanim.drawing.pixels import (
    RGB_MASK,
    PackedColors,
    RgbPoints,
    pack_rgb,
    rgb_points,
    zeros_by_color,
)
from optanim.encoding.film import Frame

Reals = npt.NDArray[np.float64]
Indices = npt.NDArray[np.uint8]

MAX_COLORS = 255
"""A color table has 256 entries, and index 0 means "as before"."""

MAX_EXACT_COLORS = 128
"""Colors that a caller can demand exactly."""

MAX_SAMPLES = 24
"""Frames that are painted to count colors, beside the second frame."""

BUSY_SHARE = 0.03
"""The share of the pixels that a frame changes, at the beginning and in the middle of a film in
which much moves, as where a camera turns. There every frame is large, and a few have all colors."""

BUSY_SAMPLES = 6
"""Frames of such a film that are painted to count colors, beside the second frame."""

BUSY_COLORS = 56
"""Colors of such a film beside those demanded: of fewer colors more pixels are equal."""

MAX_BUSY_ERROR = 8.0
"""With a larger mean of squared errors, such a film has all colors of a palette, too."""

MAX_CLUSTERED_COLORS = 8192
"""More colors than these are merged before they are clustered."""

MAX_ROUNDS = 5
"""Rounds of k-means."""

BIT_COST = 5.0
"""The cost of one bit, relative to the mean error. Tuned: 1 % smaller files at the error of the
palettes that ffmpeg chooses."""

MAX_SQUARED_DISTANCE = 10.0
"""Colors that may replace each other differ by at most this sum of squares of red, green, blue."""


@dataclass
class Palette:
    """Colors with the indices 1 to n. Index 0 is not a color: it means "as before".

    Attributes:
        colors: (n, 3) uint8.
        table: (2²⁴,) the index of every color; 0 if the color has not occurred yet.
    """

    colors: npt.NDArray[np.uint8]
    table: Indices = field(default_factory=lambda: zeros_by_color(np.uint8), repr=False)

    def index(self, pixels: PackedColors) -> Indices:
        """The index of each pixel's color; for a new color, that of the nearest palette color."""
        keys = (pixels & RGB_MASK).astype(np.intp)
        indices = self.table[keys]
        if not indices.all():
            new = np.unique(keys[indices == 0])
            self.table[new] = nearest_colors(rgb_points(new), self.colors.astype(np.float32)) + 1
            indices = self.table[keys]
        return indices

    def with_short_codes(self, indices: Indices) -> Indices:
        """Smaller indices of nearly the same colors, if each index has such a replacement.

        The largest index of a box sets the length of the first LZW codes: one rare shade makes all
        of them longer. A replacement differs by at most MAX_SQUARED_DISTANCE.
        """
        top = indices.max()
        for max_index, replacements, distances in self._replacements:
            if top <= max_index:
                break
            if distances[indices].max() <= MAX_SQUARED_DISTANCE:
                return replacements[indices]
        return indices

    @cached_property
    def _replacements(self) -> list[tuple[int, Indices, RgbPoints]]:
        """For 4 to 7 bits: the largest index, the replacement of each index, its distance."""
        x, levels = self.colors.astype(np.float32), []
        for size in (15, 31, 63, 127):
            owner = nearest_colors(x, x[:size])
            distances = ((x - x[owner]) ** 2).sum(axis=1)
            levels.append((size, np.r_[0, owner + 1].astype(np.uint8), np.r_[0, distances]))
        return levels


def choose_palette(frames: Sequence[Frame], colors: Sequence[str] = ()) -> Palette:
    """A palette of at most 255 colors for all frames, chosen from a sample of the frames.

    If the sample has at most 255 colors, the palette has all of them. Otherwise it has the colors
    of least squared error over the pixels of all frames: split by variance (Wu 1991), refined by
    k-means (Lloyd 1982). The colors that change most often get the first indices, because a box of
    small indices has shorter codes.

    Args:
        frames: painted when they are read.
        colors: `#RRGGBB`; the first 128 of them are in the palette exactly.
    """
    keys, weights, changes, busy = _color_counts(frames)
    demanded = dict.fromkeys(int(color[5:7] + color[3:5] + color[1:3], 16) for color in colors)
    exact = np.array(list(demanded)[:MAX_EXACT_COLORS], np.uint32)
    every = np.union1d(keys, exact)
    costs = np.zeros(MAX_COLORS, np.float32)
    if len(every) <= MAX_COLORS:
        chosen = rgb_points(every)
    else:
        shades = _merge_shades(keys, weights)
        count = min(BUSY_COLORS + len(exact), MAX_COLORS) if busy else MAX_COLORS
        chosen, costs, error = _cluster(*shades, rgb_points(exact), count)
        if count < MAX_COLORS and error > MAX_BUSY_ERROR:
            chosen, costs, _ = _cluster(*shades, rgb_points(exact), MAX_COLORS)
    owner = nearest_colors(rgb_points(keys), chosen, costs[: len(chosen)])
    order = np.argsort(-_bin_sums(owner, changes, len(chosen)), kind="stable")
    palette = Palette(chosen[order].astype(np.uint8))
    palette.table[keys] = np.argsort(order)[owner] + 1
    return palette


def nearest_colors(
    x: RgbPoints, colors: RgbPoints, costs: RgbPoints | None = None
) -> npt.NDArray[np.intp]:
    """For each point the number of the color with the least squared distance plus cost.

    The first one wins a tie. The sums of whole numbers and of their sixteenths are exact, so that
    the result does not depend on the BLAS library.

    Args:
        x: (n, 3) the points.
        colors: (k, 3) the colors.
        costs: (k,) added to the squared distances; by default 0.
    """
    level = (colors * colors).sum(axis=1) + (0 if costs is None else costs)
    # In parts, so that the distances fit into the cache.
    parts = [x[i : i + 1024] for i in range(0, len(x), 1024)]
    return np.concatenate([(level - (2 * part) @ colors.T).argmin(axis=1) for part in parts])


def _color_counts(frames: Sequence[Frame]) -> tuple[PackedColors, Reals, Reals, bool]:
    """The colors of a sample of the frames, the pixels of each, and the changes to each, (n,) each.

    The pixels are estimated over all frames. The last value tells whether much of every frame
    changes.
    """
    total = len(frames)
    keys: list[PackedColors] = []
    weights: list[Reals] = []
    changes: list[Reals] = []

    def add(pixels: PackedColors, frames: int, change: float) -> None:
        colors, times = np.unique(pixels & RGB_MASK, return_counts=True)
        keys.append(colors)
        weights.append(times * float(frames))
        changes.append(np.full(len(colors), change))

    screen = pack_rgb(frames[0].pixels).copy()
    add(screen, total, 0.0)
    # Also the second: otherwise the pixels of the first frame would count for several frames.
    second = pack_rgb(frames[min(1, total - 1)].pixels)
    # Where there are few colors, all of them are to be found.
    busy = len(keys[0]) > MAX_COLORS and bool((second != screen).mean() > BUSY_SHARE)
    if busy:
        # The second frame of any small film changes as much where names leave their heads.
        middle = [pack_rgb(frames[total // 2 - i].pixels) for i in (1, 0)]
        busy = bool((middle[0] != middle[1]).mean() > BUSY_SHARE)
    count = BUSY_SAMPLES if busy else MAX_SAMPLES
    sampled = {round(i * (total - 1) / (count - 1)) for i in range(count)} | {min(1, total - 1)}
    for before, sample in pairwise(sorted(sampled)):
        now = second if sample == 1 else pack_rgb(frames[sample].pixels)
        changed = now != screen
        # The new color counts until the end, and the old color no more. Later changes correct this.
        left = total - (before + sample + 1) // 2
        add(now[changed], left, 1.0)
        add(screen[changed], -left, 0.0)
        np.copyto(screen, now)
    unique, place = np.unique(np.concatenate(keys), return_inverse=True)
    # At least 1: the estimate is 0 for a color that came and went between two samples.
    weight = np.maximum(_bin_sums(place, np.concatenate(weights)), 1)
    return unique, weight, _bin_sums(place, np.concatenate(changes)), busy


def _bin_sums(place: npt.NDArray[np.intp], weights: Reals, size: int = 0) -> Reals:
    """The sum of the weights at each place, (size,) or up to the last place."""
    return np.bincount(place, weights, size).astype(np.float64)


def _merge_shades(keys: PackedColors, weights: Reals) -> tuple[RgbPoints, Reals]:
    """The colors as points with their weights; neighbours are merged if there are too many."""
    place = np.arange(len(keys))
    for bits in range(1, 8):
        if place.max() < MAX_CLUSTERED_COLORS:
            break
        shades = keys & np.uint32((0xFF >> bits << bits) * 0x010101)
        place = np.unique(shades, return_inverse=True)[1]
    mass = _bin_sums(place, weights)
    sums = np.stack([_bin_sums(place, weights * part) for part in rgb_points(keys).T], axis=1)
    return np.rint(sums / mass[:, None]).astype(np.float32), mass


def _cluster(
    x: RgbPoints, weights: Reals, exact: RgbPoints, count: int
) -> tuple[RgbPoints, RgbPoints, float]:
    """Some colors, the exact ones first, the cost of each, and the mean of the squared errors.

    The first clustering minimizes the error alone. The second one also counts bits
    (entropy-constrained quantization, Chou 1989): a more frequent color has a shorter code, and so
    it attracts its neighbours.
    """
    colors = np.concatenate([exact, _split_by_variance(x, weights, count - len(exact))])
    costs = np.zeros(len(colors), np.float32)
    colors, owner = _k_means(x, weights, colors, costs, len(exact))
    mass = _bin_sums(owner, weights, len(colors))
    error = float(weights @ ((x - colors[owner]) ** 2).sum(axis=1) / weights.sum())
    bits = np.log2(weights.sum() / np.maximum(mass, 1))
    costs = (np.rint(16 * BIT_COST * error**0.5 * bits) / 16).astype(np.float32)
    return _k_means(x, weights, colors, costs, len(exact))[0], costs, error


def _k_means(
    x: RgbPoints, weights: Reals, colors: RgbPoints, costs: RgbPoints, fixed: int
) -> tuple[RgbPoints, npt.NDArray[np.intp]]:
    """The colors, moved to the means of their points, and the color of each point.

    The first `fixed` colors do not move.
    """
    for _ in range(MAX_ROUNDS):
        owner = nearest_colors(x, colors, costs)
        mass = _bin_sums(owner, weights, len(colors))[:, None]
        sums = [_bin_sums(owner, weights * part, len(colors)) for part in x.T]
        mean = np.rint(np.stack(sums, axis=1) / np.maximum(mass, 1))
        moved = np.where(mass > 0, mean, colors).astype(np.float32)
        moved[:fixed] = colors[:fixed]
        if (moved == colors).all():
            break
        colors = moved
    return colors, nearest_colors(x, colors, costs)


def _split_by_variance(x: RgbPoints, weights: Reals, max_clusters: int) -> RgbPoints:
    """The means of clusters: the cluster of largest variance is cut in two, again and again."""
    # Sums of whole numbers are exact in any order: w, wx and wx² of each point.
    places = x.astype(np.float64)
    first, second = weights[:, None] * places, weights[:, None] * places**2
    clusters: list[tuple[float, int, int, npt.NDArray[np.intp]]] = []
    numbers = count()

    def add(members: npt.NDArray[np.intp]) -> None:
        mass, moment = weights[members].sum(), first[members].sum(axis=0)
        variance = second[members].sum(axis=0) - moment**2 / mass
        axis = int(variance.argmax())
        total = float(variance.sum()) if len(members) > 1 else 0.0
        heappush(clusters, (-total, next(numbers), axis, members))

    add(np.arange(len(x)))
    while len(clusters) < max_clusters and clusters[0][0] < 0:
        _, _, axis, members = heappop(clusters)
        members = members[np.argsort(places[members, axis], kind="stable")]
        mass, moment = np.cumsum(weights[members]), np.cumsum(first[members, axis])
        low = moment[:-1] ** 2 / mass[:-1]
        high = (moment[-1] - moment[:-1]) ** 2 / (mass[-1] - mass[:-1])
        cut = int((low + high).argmax()) + 1
        add(members[:cut])
        add(members[cut:])
    means = [first[c].sum(axis=0) / weights[c].sum() for *_, c in clusters]
    return np.rint(means).astype(np.float32)
