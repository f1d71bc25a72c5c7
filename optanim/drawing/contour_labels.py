"""The values written on some lines of a contour panel, which stand still."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.contour import ContourSet
from matplotlib.path import Path
from matplotlib.text import Text

from optanim.drawing.axes import to_pixels
from optanim.drawing.gradient_field import field_spans
from optanim.formulas.numbers import number_label
from optanim.scene.scene import Scene, Trace
from optanim.surfaces import Array, Surface

FONT_SIZE = 12
"""In pixels of the default figure; that of ticks."""

AREA = 26_000.0
"""Square pixels of the default figure for each label; a panel has 2 to 7."""

GAP = 3.0
"""Pixels of the default figure between a text and its line."""

MARK_SIZE = 14.0
"""Pixels of the default figure around a start or a minimum that no label enters."""

NEAREST = 45.0
"""Pixels of the default figure between the middles of two labels, at least."""


def label_lines(
    axes: Axes, scene: Scene, lines: ContourSet, surface: Surface, traces: Sequence[Trace],
    minima: Array,
) -> list[Text]:  # fmt: skip
    """Write the values of some lines on them, upright, each in a gap of the lines.

    A label keeps away from starts, minima and the frame, and where it can from traces, from the
    arrows of a field, and from other lines. A value of more than six digits is not written.

    Args:
        axes: of the panel, with its limits set, both linear.
        scene: for its colors and its unit.
        lines: that are drawn; gaps are cut into them.
        surface: that is shown.
        traces: that are shown.
        minima: that are marked, (2, n).

    Returns:
        The labels.
    """
    unit = scene.unit
    starts = [trace.trajectory.points[:, :1] for trace in traces]
    marks = to_pixels(axes, np.concatenate([minima, *starts], axis=1))
    soft = [_walked(to_pixels(axes, trace.trajectory.points), unit) for trace in traces]
    if scene.view.field:
        spans = field_spans(axes, surface, unit)
        soft += [spans[:, 0], spans.mean(axis=1), spans[:, 1]]
    levels = np.asarray(lines.levels, float).tolist()
    texts = [_text(axes, scene, level) for level in levels]
    sizes = [_half_size(axes, text) + GAP * unit for text in texts]
    vertices = [_inside(axes, to_pixels(axes, np.asarray(p.vertices).T)) for p in lines.get_paths()]
    written = [i for i, level in enumerate(levels) if float(f"{level:.6g}") == level]
    free = {i: _free(axes, vertices[i][::4], sizes[i], marks, MARK_SIZE * unit) for i in written}
    alone = {
        i: _free(axes, at, sizes[i], np.concatenate([*soft, *_others(vertices, i)]), 2 * unit)
        for i, at in free.items()
    }
    count = int(np.clip(np.prod(axes.bbox.size) / (AREA * unit**2), 2, 7))
    chosen = list(_spread(axes, alone if any(map(len, alone.values())) else free, marks,
                          count, NEAREST * unit))  # fmt: skip
    for i, at in chosen:
        texts[i].set_position((float(at[0]), float(at[1])))
        axes.add_artist(texts[i])
    boxes = [(at, sizes[i]) for i, at in chosen]
    lines.set_paths([_cut(axes, path, boxes) for path in lines.get_paths()])
    return [texts[i] for i, _ in chosen]


def _text(axes: Axes, scene: Scene, level: float) -> Text:
    return Text(text=number_label(level), size=FONT_SIZE, color=scene.theme.ink, ha="center",
                va="center_baseline", transform=None, zorder=2.6,
                figure=axes.get_figure(root=True))  # fmt: skip


def _half_size(axes: Axes, text: Text) -> Array:
    """Half of the width and of the height of a text in pixels, (2,)."""
    canvas: Any = axes.get_figure(root=True).canvas  # type: ignore[union-attr]
    return np.array(text.get_window_extent(canvas.get_renderer()).size) / 2


def _walked(pixels: Array, unit: float) -> Array:
    """Points on a trail, at most 4 pixels of the default figure apart, (n, 2)."""
    parts = [pixels[:1]]
    for start, end in pairwise(pixels):
        count = min(1 + int(np.abs(end - start).max() / (4 * unit)), 1000)
        parts.append(start + (end - start) * np.linspace(0, 1, count + 1)[1:, None])
    return np.concatenate(parts)


def _inside(axes: Axes, pixels: Array) -> Array:
    low, high = axes.bbox.min, axes.bbox.max
    return pixels[((pixels >= low) & (pixels <= high)).all(axis=1)]


def _others(vertices: Sequence[Array], own: int) -> Iterable[Array]:
    return (points for i, points in enumerate(vertices) if i != own)


def _free(axes: Axes, places: Array, half: Array, obstacles: Array, distance: float) -> Array:
    """The places whose box is in the axes and keeps a distance from obstacles, (m, 2)."""
    low, high = axes.bbox.min + half + distance / 2, axes.bbox.max - half - distance / 2
    places = places[((places >= low) & (places <= high)).all(axis=1)]
    reach = half + distance
    # Only those in the columns of the box are compared, which is ten times as fast.
    obstacles = obstacles[np.argsort(obstacles[:, 0])]
    first = np.searchsorted(obstacles[:, 0], places[:, 0] - reach[0], "right")
    last = np.searchsorted(obstacles[:, 0], places[:, 0] + reach[0])
    kept = [
        not (np.abs(obstacles[i:j, 1] - y) < reach[1]).any()
        for i, j, y in zip(first, last, places[:, 1], strict=True)
    ]
    return places[np.array(kept, bool)]


def _spread(
    axes: Axes, free: dict[int, Array], marks: Array, count: int, nearest: float
) -> Iterator[tuple[int, Array]]:
    """Lines and the places of their labels: each as far as can be from the others.

    The frame and the marks keep labels away, too. A line has one label.
    """
    numbers = np.concatenate([np.full(len(at), i) for i, at in free.items()] or [np.zeros(0)])
    places = np.concatenate([*free.values(), np.zeros((0, 2))])
    frame = np.minimum(places - axes.bbox.min, axes.bbox.max - places).min(axis=1)
    room = 1.5 * frame
    for mark in marks:
        room = np.minimum(room, 1.5 * np.hypot(*(places - mark).T))
    for _ in range(count):
        if not len(places):
            return
        best = int(np.argmax(room))
        line, at = int(numbers[best]), places[best]
        yield line, at
        away = np.hypot(*(places - at).T)
        kept = (numbers != line) & (away >= nearest)
        room = np.minimum(room, away)[kept]
        numbers, places = numbers[kept], places[kept]


def _cut(axes: Axes, path: Path, boxes: Sequence[tuple[Array, Array]]) -> Path:
    """A line without its parts in boxes, which are a middle and a half size in pixels each."""
    vertices, codes = np.asarray(path.vertices), np.asarray(path.codes)
    if not len(vertices):
        return path
    pixels = to_pixels(axes, vertices.T)
    hidden = np.zeros(len(pixels), bool)
    for middle, half in boxes:
        hidden |= (np.abs(pixels - middle) < half).all(axis=1)
    if not hidden.any():
        return path
    codes = np.where(codes == Path.CLOSEPOLY, Path.LINETO, codes)
    codes[1:][hidden[:-1]] = Path.MOVETO
    return Path(vertices[~hidden], codes[~hidden])
