"""A trajectory laid on the surface, with points as dense as the picture needs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from optanim.drawing.landscape.height_scale import HeightScale
from optanim.drawing.landscape.projection import DataBox
from optanim.surfaces import Array

MAX_POINTS = 200
"""Largest number of points between two updates."""


@dataclass(frozen=True)
class SurfaceEmbedding:
    """The map from parameters to points of the box, on its surface.

    Attributes:
        box: over the window.
        scale: the heights of losses.
        value: parameters (2, N) -> losses (N,).
    """

    box: DataBox
    scale: HeightScale
    value: Callable[[Array], Array]

    def place(self, points: Array) -> Array:
        """Parameters (2, N) as points of the box, (3, N)."""
        with np.errstate(all="ignore"):
            losses = np.broadcast_to(self.value(points), points.shape[1:])
        return self.box.place(points, np.nan_to_num(self.scale.heights(losses)))

    def contains(self, points: Array) -> npt.NDArray[np.bool_]:
        """Whether the window contains each of the parameters (2, N)."""
        low, high = np.array(self.box.sides).T[:, :, None]
        return np.asarray(((points >= low) & (points <= high)).all(axis=0))


@dataclass(frozen=True)
class SurfacePath:
    """Points of a trajectory on the surface, in the order of its steps.

    Attributes:
        points: (3, N) in the box.
        steps: (N,), rising: the step of each point, fractional between two updates.
        starts: (N,), whether no line leads to the point: it is the first one, or the trajectory
            enters the window there.
    """

    points: Array
    steps: Array
    starts: npt.NDArray[np.bool_]


def surface_path(embedding: SurfaceEmbedding, trajectory: Array, spacing: float) -> SurfacePath:
    """The part of a trajectory that lies in the window.

    Args:
        embedding: the surface.
        trajectory: parameters after each update, (2, T + 1); a straight line joins two of them.
        spacing: the largest distance of two points along the floor, in units of the box.
    """
    low, high = np.array(embedding.box.sides).T[:, :, None]
    with np.errstate(all="ignore"):
        begin, move = trajectory[:, :-1], np.diff(trajectory)
        # The shares of each line at which it enters and leaves the window (Liang and Barsky 1984).
        cuts = np.sort(np.stack([(low - begin) / move, (high - begin) / move]), axis=0)
        still = move == 0
        within = (begin >= low) & (begin <= high)
        enter = np.where(still, np.where(within, 0.0, np.inf), cuts[0]).max(axis=0, initial=0.0)
        leave = np.where(still, 1.0, cuts[1]).min(axis=0, initial=1.0)
        size = embedding.box.size[:2, None] / (high - low)
        length = np.hypot(*(move * size)) * (leave - enter)
    in_window = np.flatnonzero((leave > enter) & np.isfinite(length))
    enter, leave, length = enter[in_window], leave[in_window], length[in_window]
    count = np.clip(np.ceil(length / spacing), 1, MAX_POINTS).astype(int)
    line = np.repeat(np.arange(len(in_window)), count + 1)
    first = np.r_[0, np.cumsum(count + 1)[:-1]] if len(in_window) else np.zeros(0, int)
    share = (np.arange(len(line)) - first[line]) / count[line]
    share = enter[line] + share * (leave - enter)[line]
    starts = np.zeros(len(line), np.bool_)
    joined = (enter == 0) & np.r_[False, (np.diff(in_window) == 1) & (leave[:-1] == 1)][
        : len(in_window)
    ]
    starts[first] = ~joined
    # Where two lines meet in the window, one point is enough.
    kept = np.ones(len(line), np.bool_)
    kept[first[joined]] = False
    update, share = in_window[line[kept]], share[kept]
    points = begin[:, update] + share * move[:, update]
    np.clip(points, low, high, out=points)
    if not len(update) and embedding.contains(trajectory[:, :1])[0]:
        return SurfacePath(embedding.place(trajectory[:, :1]), np.zeros(1), np.ones(1, np.bool_))
    # On a very long line `update + share` rounds to `update`: its later points still come later.
    steps = np.maximum(update + share, np.nextafter(update, update + (share > 0)))
    return SurfacePath(embedding.place(points), steps, starts[kept])
