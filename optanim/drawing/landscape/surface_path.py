"""A track: a path as it lies on the surface, with points as close as the picture needs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from optanim.drawing.landscape.height_scale import Heights
from optanim.drawing.landscape.projection import DataBox
from optanim.surfaces import Array

MOST = 200
"""Points between two updates, at most."""


@dataclass(frozen=True)
class HeightMap:
    """What points of the parameters become points of a box by.

    Attributes:
        box: over the window.
        heights: of its losses.
        value: parameters (2, N) -> losses (N,).
    """

    box: DataBox
    heights: Heights
    value: Callable[[Array], Array]

    def place(self, points: Array) -> Array:
        """Parameters (2, N) as points of the box on its surface, (3, N)."""
        with np.errstate(all="ignore"):
            loss = np.broadcast_to(self.value(points), points.shape[1:])
        return self.box.place(points, np.nan_to_num(self.heights.of(loss)))

    def inside(self, points: Array) -> npt.NDArray[np.bool_]:
        """Which parameters, (2, N), the window shows."""
        low, high = np.array(self.box.sides).T[:, :, None]
        return np.asarray(((points >= low) & (points <= high)).all(axis=0))


@dataclass(frozen=True)
class Track:
    """Points on the surface, in the order in which they are walked.

    Attributes:
        points: (3, N) in the box.
        steps: (N,), rising: the step at which each is walked, fractional between two updates.
        lifted: (N,), where the path comes in from outside the window, or begins.
    """

    points: Array
    steps: Array
    lifted: npt.NDArray[np.bool_]


def track(ground: HeightMap, path: Array, spacing: float) -> Track:
    """The part of a path, (2, T + 1), that the window shows.

    Args:
        ground: what it lies on.
        path: parameters after each update; a straight line joins two of them.
        spacing: how far apart its points may be, in units of the box.
    """
    low, high = np.array(ground.box.sides).T[:, :, None]
    with np.errstate(all="ignore"):
        start, way = path[:, :-1], np.diff(path)
        # Where each line enters and leaves the window, as parts of its way (Liang and Barsky 1984).
        cuts = np.sort(np.stack([(low - start) / way, (high - start) / way]), axis=0)
        still = way == 0
        within = (start >= low) & (start <= high)
        enter = np.where(still, np.where(within, 0.0, np.inf), cuts[0]).max(axis=0, initial=0.0)
        leave = np.where(still, 1.0, cuts[1]).min(axis=0, initial=1.0)
        size = ground.box.size[:2, None] / (high - low)
        length = np.hypot(*(way * size)) * (leave - enter)
    shown = np.flatnonzero((leave > enter) & np.isfinite(length))
    enter, leave, length = enter[shown], leave[shown], length[shown]
    count = np.clip(np.ceil(length / spacing), 1, MOST).astype(int)
    which = np.repeat(np.arange(len(shown)), count + 1)
    first = np.r_[0, np.cumsum(count + 1)[:-1]] if len(shown) else np.zeros(0, int)
    part = (np.arange(len(which)) - first[which]) / count[which]
    part = enter[which] + part * (leave - enter)[which]
    lifted = np.zeros(len(which), np.bool_)
    joined = (enter == 0) & np.r_[False, (np.diff(shown) == 1) & (leave[:-1] == 1)][: len(shown)]
    lifted[first] = ~joined
    # Where two lines meet inside, one point is enough.
    kept = np.ones(len(which), np.bool_)
    kept[first[joined]] = False
    segment, part = shown[which[kept]], part[kept]
    points = start[:, segment] + part * way[:, segment]
    np.clip(points, low, high, out=points)
    if not len(segment) and ground.inside(path[:, :1])[0]:
        return Track(ground.place(path[:, :1]), np.zeros(1), np.ones(1, np.bool_))
    # A line to very far away leaves the window at once, but not before it begins.
    steps = np.maximum(segment + part, np.nextafter(segment, segment + (part > 0)))
    return Track(ground.place(points), steps, lifted[kept])
