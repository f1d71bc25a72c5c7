"""Places of names at the heads: over nothing that matters, with a leader where they are farther.

Places are in pixels from the bottom left, boxes are rows of left, bottom, right and top, as in
`free_place`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations, product
from typing import NamedTuple

import numpy as np

from optanim.drawing.free_place import (
    NO_BOXES,
    crosses_box,
    free_place,
    point_boxes,
    polyline_boxes,
)
from optanim.surfaces import Array

Box = tuple[float, float, float, float]

GAP = 4.0
"""Pixels of the default figure between a head and its name."""

LEADER_GAP = 10.0
"""A name that is farther from the edge of its head than this has a leader."""

CLEARANCE = 3.0
"""Pixels of the default figure that stay free around a name, in its halo."""

CELL = 3.0
"""Pixels of the default figure: the side of a cell of the search."""

SQUARE, DENSE = 20.0, 0.4
"""Pixels of the default figure: the side of a square; and the part of it that many lines cover."""

MAX_TRIES = 8
"""Places that are tried for a name whose leader hits something."""

MAX_REACH = 130.0
"""Pixels of the default figure: a name farther from its head is no longer read as its name."""


class NamePlace(NamedTuple):
    """The place of a name.

    Attributes:
        left: of its box.
        bottom: of its box.
        leader: the two ends of the line to the head, (2, 2); None if it is beside the head.
    """

    left: float
    bottom: float
    leader: Array | None


def name_places(
    sizes: Sequence[tuple[float, float]], heads: Array, radius: float, obstacles: Array,
    soft: Array, frame: Box, unit: float, texts: Array = NO_BOXES,
) -> list[NamePlace] | None:  # fmt: skip
    """The places of names beside their heads; None if one of them has none.

    The names are placed one after the other, in several orders; the places with the shortest
    leaders, and the fewest that cross, are returned.

    Args:
        sizes: the width and height of each name.
        heads: the pixel of each head, (n, 2).
        radius: of a head.
        obstacles: boxes that no name covers, (m, 4); the heads are added.
        soft: boxes that names cover only where no place is free, such as trails, (k, 4).
        frame: the box that all names are in.
        unit: pixels per pixel of the default figure.
        texts: boxes that no leader crosses, besides those of the names, (l, 4).
    """
    best, least = None, np.inf
    obstacles = np.concatenate([obstacles, point_boxes(heads, 2 * radius)])
    dense = _dense(soft, unit)
    for faint, order in product((soft, dense), _orders(heads)):
        if best and faint is dense:
            break  # Names over a line are the second choice. Over many lines they are not read.
        hard = obstacles if faint is soft else np.concatenate([obstacles, dense])
        places = _in_order(order, sizes, heads, radius, hard, faint, frame, unit, texts)
        cost = _cost(places, unit) if places else np.inf
        if cost < least:
            best, least = places, cost
        if least < len(heads) * LEADER_GAP:
            break
    return best


def _dense(boxes: Array, unit: float) -> Array:
    """Those of the boxes, (n, 4), that are close together, as in a zigzag: a line is not."""
    squares = np.floor(boxes[:, :2] / (SQUARE * unit))
    _, index, count = np.unique(squares, axis=0, return_inverse=True, return_counts=True)
    area = count[index.ravel()] * (boxes[:, 2] - boxes[:, 0]) ** 2
    return boxes[area > DENSE * (SQUARE * unit) ** 2]


def _orders(heads: Array) -> Iterable[tuple[int, ...]]:
    """Orders of the heads, each once: from above, from below, from the left, from the right."""
    x, y = heads.T
    keys = (np.lexsort((x, -y)), np.lexsort((x, y)), np.lexsort((-y, x)), np.lexsort((-y, -x)))
    return dict.fromkeys(tuple(map(int, key)) for key in keys)


def _in_order(
    order: Sequence[int], sizes: Sequence[tuple[float, float]], heads: Array, radius: float,
    obstacles: Array, soft: Array, frame: Box, unit: float, texts: Array,
) -> list[NamePlace] | None:  # fmt: skip
    """The places of names that are placed in this order."""
    places: dict[int, NamePlace] = {}
    names = texts
    for i in order:
        place = None
        blocked = np.concatenate([obstacles, names])
        for _ in range(MAX_TRIES):
            box = _nearest_box(sizes[i], heads[i], radius, blocked, soft, frame, unit)
            if box is None:
                return None
            place = _with_leader(box, heads, i, radius, names, unit)
            if place:
                break
            # Neither here nor a little aside of it.
            third = (box[2] - box[0]) / 3
            blocked = np.concatenate([blocked, [box + np.array([third, 0, -third, 0])]])
        if place is None:
            return None
        places[i], names = place, np.concatenate([names, [box]])
        if place.leader is not None:
            obstacles = np.concatenate([obstacles, polyline_boxes(place.leader, 2 * unit)])
    return [places[i] for i in range(len(sizes))]


def _nearest_box(
    size: tuple[float, float], head: Array, radius: float, obstacles: Array, soft: Array,
    frame: Box, unit: float,
) -> Array | None:  # fmt: skip
    """The box of a name as near to its head as it can be, (4,); None if there is none."""
    clear = CLEARANCE * unit
    width, height = (side + 2 * clear for side in size)
    place = free_place(
        (width, height), (float(head[0]), float(head[1])), obstacles, frame,
        distance=radius + GAP * unit - clear, soft=soft, cell=CELL * unit,
    )  # fmt: skip
    if place is None or not place.is_free:
        return None
    left, bottom = place.left + clear, place.bottom + clear
    return np.array([left, bottom, left + size[0], bottom + size[1]])


def _with_leader(
    box: Array, heads: Array, own: int, radius: float, names: Array, unit: float
) -> NamePlace | None:
    """A name with the leader that it needs; None if it is too far, or its leader hits something."""
    head = heads[own]
    end = np.clip(head, box[:2], box[2:])
    distance = float(np.hypot(*(end - head)))
    if distance > MAX_REACH * unit:
        return None
    if distance <= radius + LEADER_GAP * unit and not _nearer(heads, own, box, distance, radius):
        return NamePlace(float(box[0]), float(box[1]), None)
    begin = head + (end - head) * min(1.0, radius / max(distance, 1e-9))
    leader = np.stack([begin, end])
    others = np.delete(heads, own, axis=0)
    if _crosses_head(leader, others, head, radius) or crosses_box(leader, names):
        return None
    return NamePlace(float(box[0]), float(box[1]), leader)


def _nearer(heads: Array, own: int, box: Array, distance: float, radius: float) -> bool:
    """Whether a name is nearer to another head than to its own, which is at another place."""
    gaps = np.hypot(*(np.clip(heads, box[:2], box[2:]) - heads).T)
    apart = np.hypot(*(heads - heads[own]).T) > radius
    return bool((apart & (gaps < distance)).any())


def _crosses_head(leader: Array, others: Array, own: Array, radius: float) -> bool:
    """Whether a leader passes over another head, (n, 2), that does not lie on its own."""
    apart = others[np.hypot(*(others - own).T) > 2 * radius]
    points = leader[0] + np.linspace(0, 1, 41)[:, None] * (leader[1] - leader[0])
    distance = np.hypot(*(points[:, None] - apart[None]).reshape(-1, 2).T)
    return bool((distance < radius).any())


def _cost(places: Sequence[NamePlace], unit: float) -> float:
    """The length of all leaders in pixels of the default figure; a crossing costs 100."""
    leaders = [place.leader for place in places if place.leader is not None]
    length = sum(float(np.hypot(*(leader[1] - leader[0]))) / unit for leader in leaders)
    return length + 100 * sum(_cross(a, b) for a, b in combinations(leaders, 2))


def _cross(a: Array, b: Array) -> bool:
    """Whether two lines, (2, 2) each, cross."""

    def side(line: Array, point: Array) -> float:
        (ax, ay), (px, py) = line[1] - line[0], point - line[0]
        return float(ax * py - ay * px)

    return (
        side(a, b[0]) * side(a, b[1]) < 0 and side(b, a[0]) * side(b, a[1]) < 0
    )  # fmt: skip
