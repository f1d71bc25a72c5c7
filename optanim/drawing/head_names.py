"""Names at the heads in the first and last frame and in a still, and heads that start together.

In the first frame such heads stand on a small ring around their start, or side by side on a curve,
so that each is seen. It is the only frame in which a head is not where its trajectory is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol, runtime_checkable

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.figure import Figure
from matplotlib.transforms import Bbox

from optanim.drawing.appearing import Appearing
from optanim.drawing.free_place import NO_BOXES, point_boxes, polyline_boxes
from optanim.drawing.marks import IDENTITY, Mark
from optanim.drawing.name_marks import HeadNames, Lettering, Stamp
from optanim.drawing.name_places import Box, name_places
from optanim.scene.scene import Scene, Trace
from optanim.surfaces import Array

HEAD_SHARE = 0.62
"""The radius that a marker needs, as a part of its size: a diamond reaches farther than a disk."""

RING_SHARE = 1.05
"""The radius of the ring of heads that start together, at least, as a part of the size of a head:
the ring that marks the start is seen within."""

HEAD_DISTANCE = 1.3
"""The distance of neighbors on that ring, as a part of the size of a head."""

MAX_NAME_WIDTH = 0.7
"""The width of a name, as a part of the panel's, up to which names are at the heads by default."""

LAST_SPIRALS = 40.0
"""Pixels of the default figure around the end of a trail in which no name covers it."""


@runtime_checkable
class HeadOnMap(Protocol):
    """A mark with a head that shows where a trace is, as `Trail` and `SurfaceTrace` are.

    Attributes:
        trace: None in a panel of values.
        aside: how far from its place the head is drawn at step 0, (2,) in pixels.
        rail: the pixels (n, 2) of a line on which the head stays then; None if there is none.
        clip: the pixels of the panel.
        head_size: the size of the head, in pixels.
    """

    trace: Trace | None
    aside: Array
    rail: Array | None

    @property
    def clip(self) -> Bbox: ...

    @property
    def head_size(self) -> float: ...

    def position(self, step: float) -> Array | None:
        """The head's pixel; None if it has none."""
        ...

    def exit(self, step: float) -> tuple[Array, int] | None:
        """The pixel of the panel's edge that stands for a head outside; None for one inside."""
        ...

    def pixels(self, step: float) -> Array:
        """The trail up to a step, (n, 2)."""
        ...


@runtime_checkable
class OnLandscape(Protocol):
    """A head on a landscape, which has its markers and axes in its own picture."""

    def markers(self, step: float) -> list[tuple[Array, float]]:
        """The pixel and the size of each marker on the surface."""
        ...

    def draw_axes(self, renderer: RendererAgg, step: float) -> None:
        """Draw the axes of its box."""
        ...


Heads = dict[int, list[HeadOnMap]]
"""The marks of each trace in a panel, by the identity of the trace."""


def heads_by_panel(marks: Sequence[Mark]) -> list[Heads]:
    """The heads in each panel that is a map, in the order of the marks."""
    panels: dict[tuple[float, ...], Heads] = {}
    for mark in marks:
        if isinstance(mark, HeadOnMap) and mark.trace is not None:
            heads = panels.setdefault(tuple(mark.clip.extents), {})
            heads.setdefault(id(mark.trace), []).append(mark)
    return list(panels.values())


def stand_apart(heads: Heads) -> None:
    """Set heads of one panel aside at step 0 where they start closer than a head is wide."""
    marks = [same[0] for same in heads.values()]
    seen = [mark for mark in marks if mark.position(0) is not None and mark.exit(0) is None]
    places = {id(mark.trace): place for mark in seen if (place := mark.position(0)) is not None}
    groups: list[list[HeadOnMap]] = []
    for mark in seen:
        near = [group for group in groups if any(_touch(mark, other) for other in group)]
        groups = [group for group in groups if group not in near]
        groups.append([*(one for group in near for one in group), mark])
    for group in groups:
        if len(group) == 1:
            continue
        size, count = max(mark.head_size for mark in group), len(group)
        center = np.mean([places[id(mark.trace)] for mark in group], axis=0)
        spots = _along(group[0], center, count, size)
        if spots is None:
            spots = _around(group[0].clip, center, count, size)
        for mark, spot in zip(sorted(group, key=seen.index), spots, strict=True):
            for same in heads[id(mark.trace)]:
                same.aside = spot - places[id(mark.trace)]


def _around(clip: Bbox, center: Array, count: int, size: float) -> Array:
    """Places (count, 2) on a ring, clockwise from the top.

    Args:
        clip: the pixels of the panel.
        center: of the ring, (2,); it is moved so that the ring is in the panel.
        count: the number of heads.
        size: of a head, in pixels.
    """
    radius = max(RING_SHARE, HEAD_DISTANCE / 2 / np.sin(np.pi / count)) * size
    low, high = clip.padded(-radius - size).get_points()
    if (low < high).all():
        center = np.clip(center, low, high)
    angles = np.pi / 2 - 2 * np.pi * np.arange(count) / count
    return np.asarray(center + radius * np.stack([np.cos(angles), np.sin(angles)], axis=1))


def _along(mark: HeadOnMap, center: Array, count: int, size: float) -> Array | None:
    """Places (count, 2) on the `rail` of a mark, from left to right; None if it has no room.

    Args:
        mark: one of the heads.
        center: the pixel of their start, (2,).
        count: the number of heads.
        size: of a head, in pixels.
    """
    if mark.rail is None:
        return None
    low, high = mark.clip.padded(-size / 2).get_points()
    # A comparison with NaN, at a pole, is false.
    off = ~((mark.rail >= low) & (mark.rail <= high)).all(axis=1)
    if off.all():
        return None
    nearest = int(np.where(off, np.inf, np.hypot(*(mark.rail - center).T)).argmin())
    first = int(np.flatnonzero(np.r_[True, off[:nearest]])[-1])
    end = nearest + int(np.flatnonzero(np.r_[off[nearest:], True])[0])
    piece = mark.rail[first:end]
    lengths = np.r_[0.0, np.cumsum(np.hypot(*np.diff(piece, axis=0).T))]
    offsets = HEAD_DISTANCE * size * (np.arange(count) - (count - 1) / 2)
    if lengths[-1] < offsets[-1] - offsets[0]:
        return None
    at = np.clip(lengths[nearest - first], -offsets[0], lengths[-1] - offsets[-1]) + offsets
    return np.stack([np.interp(at, lengths, side) for side in piece.T], axis=1)


def _touch(a: HeadOnMap, b: HeadOnMap) -> bool:
    """Whether two heads are closer than one is wide, at step 0."""
    p, q = a.position(0), b.position(0)
    return p is not None and q is not None and float(np.hypot(*(p - q))) < a.head_size


def head_names(
    figure: Figure, renderer: RendererAgg, scene: Scene, axes: Sequence[Axes],
    marks: Sequence[Mark],
) -> list[HeadNames] | None:  # fmt: skip
    """The names of all traces, each in the first panel that has room; None if one has no room.

    Args:
        figure: that they are drawn on.
        renderer: whose pixels are used to find out what the marks cover.
        scene: with the traces.
        axes: those of the panels.
        marks: of all panels.

    Raises:
        ValueError: the TeX of a label is wrong.
    """
    missing = {id(trace) for trace in scene.traces}
    lettering = Lettering(figure, renderer, scene)
    names: list[HeadNames] = []
    covered: dict[int, Array] = {}
    for heads in heads_by_panel(marks):
        chosen = [heads[key][0] for key in heads if key in missing]
        if not chosen:
            continue
        clip = chosen[0].clip
        panel = next((one for one in axes if clip.contains(*_middle(one))), None)
        placed: dict[float, list[Stamp]] = {}
        for step in dict.fromkeys((0, scene.still or 0, scene.steps)):
            if step not in covered:
                covered[step] = _covered(renderer, marks, step, scene.unit)
            hard, soft = _obstacles(renderer, panel, heads, step, scene.unit)
            notes = [mark.box(renderer, step) for mark in marks if isinstance(mark, Appearing)]
            texts = np.concatenate([_text_boxes(renderer, panel), *notes])
            hard = np.concatenate([hard, texts])
            soft = np.concatenate([soft, covered[step]])
            stamps = _stamps(lettering, chosen, step, hard, soft, texts)
            if stamps is None:
                break
            placed[step] = stamps
        else:
            names.append(HeadNames(placed, scene=scene))
            missing -= {id(head.trace) for head in chosen}
    return names if not missing else None


def _middle(axes: Axes) -> tuple[float, float]:
    box = axes.bbox
    return (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2


def _stamps(
    lettering: Lettering, heads: Sequence[HeadOnMap], step: int, hard: Array, soft: Array,
    texts: Array,
) -> list[Stamp] | None:  # fmt: skip
    """The names of heads at a step, with the endings of their trials in the last frame.

    An ending that has no room becomes its first word. None if a name has no room.
    """
    places = [_place(head, step) for head in heads]
    if any(place is None for place in places):
        return None
    pixels, unit = np.array(places), lettering.scene.unit
    radius = HEAD_SHARE * max(head.head_size for head in heads)
    left, bottom, right, top = heads[0].clip.padded(-1).extents
    frame: Box = (float(left), float(bottom), float(right), float(top))
    width = (right - left) * (1 if lettering.scene.figure.legend else MAX_NAME_WIDTH)
    for short in (False, True):
        sprites = [lettering.sprite(head.trace, step, short=short) for head in heads]
        sizes = [sprite.size for sprite in sprites]
        fits = max(size[0] for size in sizes) <= width
        rooms = pixels, radius, hard, soft, frame, unit, texts
        found = name_places(sizes, *rooms) if fits else None
        if found or not any(sprite.has_ending for sprite in sprites):
            break
    if not found:
        return None
    margin = lettering.margin
    return [
        Stamp(sprite, round(place.left) - margin, round(place.bottom) - margin, place.leader)
        for sprite, place in zip(sprites, found, strict=True)
    ]  # fmt: skip


def _place(head: HeadOnMap, step: int) -> Array | None:
    """The pixel that a name belongs to: that of the head as it is drawn, or of its exit."""
    if exit := head.exit(step):
        return exit[0]
    place = head.position(step)
    return place if place is None or step else place + head.aside


def _obstacles(
    renderer: RendererAgg, axes: Axes | None, heads: Heads, step: int, unit: float
) -> tuple[Array, Array]:
    """Boxes that no name covers at a step, and those that names may cover: (n, 4), (m, 4)."""
    hard, soft = [NO_BOXES], [NO_BOXES]
    landscape = next(iter(heads.values()))[0]
    frame = np.array(landscape.clip.extents)
    for same in heads.values():
        place = _place(same[0], step)
        if place is not None:
            hard.append(point_boxes(place[None], 2 * HEAD_SHARE * same[0].head_size))
        trail = same[0].pixels(step)
        if len(trail):
            away = np.hypot(*(trail - trail[-1]).T) > LAST_SPIRALS * unit
            last = trail[int(np.flatnonzero(away)[-1]) + 1 :] if away.any() else trail
            hard.append(polyline_boxes(last, 3 * unit, frame))
    if isinstance(landscape, OnLandscape):
        hard += [point_boxes(pixel[None], size) for pixel, size in landscape.markers(step)]
        hard.append(_painted(renderer, landscape.draw_axes, step, unit))
    for line in axes.lines if axes else ():
        transform = line.get_transform()
        pixels = transform.transform(np.stack(line.get_data(), axis=1).astype(float))
        if line.get_marker() not in (None, "None", "", " "):
            size = line.get_markersize() + line.get_markeredgewidth() + 2
            hard.append(point_boxes(pixels, size * unit))
        else:  # A curve may be crossed, but not the leader of a note.
            boxes = polyline_boxes(pixels, 3 * unit, frame)
            (hard if transform == IDENTITY else soft).append(boxes)
    patches = axes.patches if axes else []
    extents = [patch.get_window_extent(renderer).extents for patch in patches]
    hard.append(np.array(extents).reshape(-1, 4))
    return np.concatenate(hard), np.concatenate(soft)


def _text_boxes(renderer: RendererAgg, axes: Axes | None) -> Array:
    """Boxes of the texts that stand still in a panel, (n, 4)."""
    texts = axes.texts if axes else []
    extents = [text.get_window_extent(renderer).extents for text in texts]
    return np.array(extents).reshape(-1, 4)


def _covered(renderer: RendererAgg, marks: Sequence[Mark], step: int, unit: float) -> Array:
    """Boxes of all pixels that marks cover at a step, (n, 4)."""

    def draw(renderer: RendererAgg, step: float) -> None:
        for mark in marks:
            if not getattr(mark, "covers_panel", False):
                mark.draw(renderer, step)

    return _painted(renderer, draw, step, unit)


def _painted(
    renderer: RendererAgg, draw: Callable[[RendererAgg, float], None], step: int, unit: float
) -> Array:
    """Boxes of all pixels that are drawn at a step, (n, 4); the renderer is clear after it."""
    renderer.clear()
    draw(renderer, step)
    painted = np.asarray(renderer.buffer_rgba())[::-1, :, 3] > 0
    renderer.clear()
    side = max(1, round(2 * unit))
    rows, columns = np.nonzero(painted)
    cells = np.unique(np.stack([columns // side, rows // side], axis=1), axis=0) * float(side)
    return np.concatenate([cells, cells + side], axis=1)
