"""The notes of a panel: texts beside their points, over nothing that is to be seen.

A note at a point of the surface stands still. One at a step appears with it: its pixels are drawn
once, and blended into each frame.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.lines import Line2D
from matplotlib.patheffects import withStroke
from matplotlib.text import Text

from optanim.drawing.appearing import Appearing
from optanim.drawing.axes import GOAL_SIZE, exit_triangle, to_pixels
from optanim.drawing.frame_exit import outside
from optanim.drawing.free_place import crosses_box, free_place, point_boxes, polyline_boxes
from optanim.drawing.marks import IDENTITY, Mark
from optanim.drawing.text_fit import wrapped
from optanim.drawing.trail import Trail
from optanim.drawing.vectors import HaloText
from optanim.scene.line_style import MARKER_SIZE
from optanim.scene.scene import Scene
from optanim.schema.view import Note
from optanim.surfaces import Array

FONT_SIZE = 13
"""Pixels of the default figure: the letters of a note."""

HALO_WIDTH = 3.0
"""Pixels of the default figure: the width of the lines around letters and leaders."""

MAX_WIDTH = 0.45
"""The part of the width of a panel that a line of a note takes at most."""

PADDING = 3.0
"""Pixels of the default figure: around the text of a note."""

MARGIN = 5.0
"""Pixels of the default figure: between a note and the frame of its panel."""

LEADER = 9.0
"""Pixels of the default figure: the length of the line from a text to its point, if all is free."""

MIN_LEADER = 3.0
"""Pixels of the default figure: a shorter leader is left out."""

DOT_SIZE = 6.0
"""Pixels of the default figure: the diameter of the dot at a point where nothing else is."""

RING_SIZE = 10.0
"""Pixels of the default figure: the diameter of the ring at a point of a trace, under its line."""

MIN_WIDTH = 120.0
"""Pixels of the default figure: a line may be as long in a panel of any width that has the room."""

MAX_TRIES = 8
"""Places that are tried for a text whose leader crosses another one."""

GAP = 8.0
"""Pixels of the default figure: between a point and its leader; at a minimum it is its ring."""


@dataclass(frozen=True)
class PlacedNote:
    """A note of a panel.

    Attributes:
        note: of the config.
        anchor: the pixel of its point, or of where that has left the panel, (2,).
        text: with its place set.
        leader: the ends of the line between them, (2, 2); None if the text is at its point.
        box: of the text: left, bottom, right, top.
    """

    note: Note
    anchor: Array
    text: Text
    leader: Array | None
    box: Array


def note_marks(
    axes: Axes, scene: Scene, of: int | None, trails: Sequence[Trail], minima: Array, *,
    place: Callable[[Array], Array] = np.asarray, lines: Sequence[Array] = (),
) -> list[Mark]:  # fmt: skip
    """Draw the notes of a panel that stand still; those that appear are returned.

    Args:
        axes: of the panel, with all that stands still in it.
        scene: with the notes.
        of: the number of the optimizer that the panel shows; None for all.
        trails: of the traces of the panel, in their order.
        minima: that are marked, as points of the axes, (2, n).
        place: a point of the surface (d,) -> the point of the axes, (2,), if it is another one.
        lines: the pixels of other lines that are not covered, (m, 2) each.
    """
    if not scene.view.notes:
        return []
    goals = to_pixels(axes, minima)
    notes, anchors, exits = list[Note](), list[Array](), list[Array]()
    for note, trail in _shown_notes(scene, of, trails):
        if trail is None:
            anchor = to_pixels(axes, place(np.array(note.at, float))[:, None])[0]
        else:
            assert note.step is not None
            anchor = trail.points[note.step]
            if left := trail.exit(note.step):  # There is a triangle of the trail.
                anchor = left[0]
                exits.append(anchor[None])
        if outside(anchor[None], axes.bbox.frozen().padded(0.5))[0]:
            anchor = exit_triangle(axes, scene.theme, anchor)
            exits.append(anchor[None])
        notes.append(note)
        anchors.append(anchor)
    marks: list[Mark] = []
    marked = np.concatenate([goals, *(trail.points[:1] for trail in trails), *exits])
    for placed in _placed(axes, scene, notes, anchors, trails, goals, lines):
        artists = list(_artists(axes, scene, placed, marked))
        if placed.note.step is None:
            for artist in artists:
                axes.add_artist(artist)
        else:
            marks.append(Appearing(artists, _renderer(axes), placed.note.step))
    return marks


def _shown_notes(
    scene: Scene, of: int | None, trails: Sequence[Trail]
) -> Iterator[tuple[Note, Trail | None]]:
    """Yield the notes of a panel, and the trail of each that is at a step."""
    surface, traces = scene.shown(of)
    numbers = [i for i, trace in enumerate(scene.traces, 1) if any(trace is t for t in traces)]
    for note in scene.view.notes or ():
        if note.of in numbers:
            yield note, None if note.step is None else trails[numbers.index(note.of)]
        elif note.of is None and (scene.sweep or surface is scene.surface):
            yield note, None


def _placed(
    axes: Axes, scene: Scene, notes: Sequence[Note], inside: Sequence[Array],
    trails: Sequence[Trail], goals: Array, lines: Sequence[Array],
) -> Iterator[PlacedNote]:  # fmt: skip
    """Yield the notes with their places, each beside those before it."""
    unit, clip = scene.unit, axes.bbox.frozen()
    frame = np.array(clip.padded(-MARGIN * unit).extents)
    soft = np.concatenate([
        *(polyline_boxes(trail.points, 5 * unit, frame) for trail in trails),
        *(polyline_boxes(line, 4 * unit, frame) for line in lines),
        np.zeros((0, 4)),
    ])  # fmt: skip
    hard = [_heads(trails, notes, unit), point_boxes(goals, (GOAL_SIZE + 6) * unit),
            point_boxes(np.array(inside).reshape(-1, 2), 2 * GAP * unit)]  # fmt: skip
    texts = _texts(axes)
    for note, anchor in zip(notes, inside, strict=True):
        at_goal = len(goals) and np.hypot(*(goals - anchor).T).min() < GOAL_SIZE / 2 * unit
        gap = (GOAL_SIZE / 2 + 3 if at_goal else GAP) * unit
        text = _text(axes, scene, note.text, frame)
        size = np.array(text.get_window_extent(_renderer(axes)).size) + 2 * PADDING * unit
        place = _place(size, anchor, gap, np.concatenate(hard), soft, texts, frame, unit)
        if place is None:  # The panel is smaller than the text.
            continue
        box, leader = place
        text.set_position((float(box[0] + PADDING * unit), float(box[1] + PADDING * unit)))
        texts = np.concatenate([texts, box[None]])
        if leader is not None:
            hard.append(polyline_boxes(leader, 3 * unit))
        yield PlacedNote(note, anchor, text, leader, box)


def _place(
    size: Array, anchor: Array, gap: float, hard: Array, soft: Array, texts: Array,
    frame: Array, unit: float,
) -> tuple[Array, Array | None] | None:  # fmt: skip
    """The box of a text and its leader, which crosses no other text if that can be.

    Args:
        size: of the box, (2,).
        anchor: the pixel of its point, (2,).
        gap: between the point and its leader.
        hard: boxes that are not covered, (n, 4).
        soft: boxes that are covered rather than these, (m, 4).
        texts: boxes of texts, which are neither covered nor crossed, (k, 4).
        frame: that the box is in, (4,).
        unit: pixels per pixel of the default figure.
    """
    first, blocked = None, np.concatenate([hard, texts])
    for _ in range(MAX_TRIES):
        place = free_place(
            tuple(size), tuple(anchor), blocked, tuple(frame), soft=soft,
            distance=gap + LEADER * unit, cell=unit,
        )  # fmt: skip
        if place is None or (first and not place.is_free):
            break
        box = np.array([place.left, place.bottom, *(np.array(place[:2]) + size)])
        leader = _leader(box, anchor, gap, unit)
        if leader is None or not crosses_box(leader, texts):
            return box, leader
        first = first or (box, leader)
        # Neither here nor a little aside of it.
        blocked = np.concatenate([blocked, [box + np.array([1, 0, -1, 0]) * size[0] / 3]])
    return first


def _text(axes: Axes, scene: Scene, words: str, frame: Array) -> Text:
    """The text of a note in one line, or in two if that is too long for the panel."""
    theme, renderer = scene.theme, _renderer(axes)
    text = HaloText(
        words, theme.halo, HALO_WIDTH, size=FONT_SIZE, color=theme.ink, va="bottom",
        linespacing=1.1, transform=None, figure=axes.get_figure(root=True), zorder=3.6,
    )  # fmt: skip
    room = min(max(MAX_WIDTH * axes.bbox.width, MIN_WIDTH * scene.unit), frame[2] - frame[0])
    room -= 2 * PADDING * scene.unit
    lines = wrapped(text, renderer, (room, room), FONT_SIZE)
    text.set_text("\n".join(line.get_text() for line in lines))
    return text


def _heads(trails: Sequence[Trail], notes: Sequence[Note], unit: float) -> Array:
    """Boxes of the heads at their first and last step and at the steps of notes, (n, 4)."""
    boxes = [np.zeros((0, 4))]
    for trail in trails:
        steps = {0, len(trail.points) - 1, *(note.step for note in notes if note.step is not None)}
        places = [trail.position(step) for step in sorted(steps)]
        exits = [exit[0] for step in sorted(steps) if (exit := trail.exit(step))]
        boxes.append(point_boxes(np.array([*places, *exits]), (MARKER_SIZE + 6) * unit))
    return np.concatenate(boxes)


def _texts(axes: Axes) -> Array:
    """Boxes of the texts that are in the panel, such as the values of lines, (n, 4)."""
    renderer = _renderer(axes)
    return np.array([text.get_window_extent(renderer).extents for text in axes.texts]).reshape(
        -1, 4
    )


def _leader(box: Array, anchor: Array, gap: float, unit: float) -> Array | None:
    """The line from the edge of a text to a gap before its point; None if there is no room."""
    nearest = np.clip(anchor, box[:2], box[2:])
    way = anchor - nearest
    length = float(np.hypot(*way))
    if length < gap + MIN_LEADER * unit:
        return None
    return np.array([nearest, anchor - way / length * gap])


def _spot(axes: Axes, scene: Scene, placed: PlacedNote, marked: Array) -> Line2D | None:
    """A dot at the point of a note, or a ring at that of a trace; None where it is marked."""
    theme, is_step = scene.theme, placed.note.step is not None
    if len(marked) and np.hypot(*(marked - placed.anchor).T).min() < 3 * scene.unit:
        return None
    if is_step:
        face, edge, size, width = theme.halo, theme.ink, RING_SIZE, 1.1
    else:
        face, edge, size, width = theme.ink, theme.halo, DOT_SIZE, 1.0
    return Line2D(*placed.anchor[:, None], marker="o", color=face, markersize=size, zorder=3.5,
                  markeredgecolor=edge, markeredgewidth=width)  # fmt: skip


def _artists(
    axes: Axes, scene: Scene, placed: PlacedNote, marked: Array
) -> Iterator[Artist]:  # fmt: skip
    """Yield what a note consists of: its leader, a dot or a ring at its point, and its text."""
    theme, line = scene.theme, None
    if placed.leader is not None:
        halo = [withStroke(linewidth=HALO_WIDTH, foreground=theme.halo)]
        line = Line2D(*placed.leader.T, color=theme.ink, linewidth=0.9, path_effects=halo,
                      solid_capstyle="butt", zorder=3.5)  # fmt: skip
    for part in (line, _spot(axes, scene, placed, marked)):
        if part is not None:
            part.set_transform(IDENTITY)
            part.set_figure(placed.text.get_figure())  # type: ignore[arg-type]
            yield part
    yield placed.text


def _renderer(axes: Axes) -> RendererAgg:
    canvas: Any = axes.get_figure(root=True).canvas  # type: ignore[union-attr]
    renderer: RendererAgg = canvas.get_renderer()
    return renderer
