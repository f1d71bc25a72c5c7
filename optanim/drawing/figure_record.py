"""A figure as data: what stands still, the trails, and all other marks at many steps."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes

from optanim.drawing.cell_map import Cells
from optanim.drawing.display_list import DisplayList, Op, Pen
from optanim.drawing.landscape.surface_trace import SurfaceTrace
from optanim.drawing.live_numbers import LiveNumber
from optanim.drawing.marks import Mark, Stroke, draw_vectors, marker_path
from optanim.drawing.painter import Painter
from optanim.drawing.swarm_dots import SwarmDots
from optanim.drawing.trail import Trail
from optanim.drawing.trail_bundle import TrailBundle
from optanim.drawing.trail_data import (
    TrailPlace,
    marker_text,
    stroke_data,
    surface_trace_data,
    trail_data,
)
from optanim.drawing.vectors import owner_group
from optanim.experiment.simulate import Trajectory
from optanim.scene.scene import Scene

LARGE_MARKS = (SwarmDots, Cells)
"""Marks that are recorded at the steps of the frames alone."""

MAX_SAMPLES = 600
"""Number of steps at which marks are recorded; with more, those of the frames alone are."""


@dataclass(frozen=True)
class FigureRecord:
    """A figure as data, as docs/player.md has it.

    Attributes:
        paths, pens: that `still` and `marks` refer to.
        images: (height, width, 4) RGBA each, from the top.
        still: what stands still.
        marks: what moves.
        samples: the steps at which marks other than trails are known.
        panels: the name, the box and the axes of each panel.
        markers: the outline of the head of each trace.
    """

    paths: list[str]
    pens: list[Pen]
    images: list[npt.NDArray[np.uint8]]
    still: list[Op]
    marks: list[dict[str, Any]]
    samples: list[float]
    panels: list[dict[str, Any]]
    markers: list[str]


def record_figure(painter: Painter) -> FigureRecord:
    """A figure as data."""
    scene = painter.scene
    record = DisplayList(scene.pixels, scene.unit)
    painter.draw_still(record)
    still = record.take()
    samples = sampled_steps(scene)
    marks = [_mark_data(painter, mark, record, samples) for mark in flat(painter.marks)]
    panels = [
        {"name": panel.entry.name, **panel_data(axes, record, panel.entry.name)}
        for panel, axes in zip(scene.panels, painter.axes, strict=True)
    ]
    return FigureRecord(
        record.paths,
        record.pens,
        record.images,
        still,
        marks,
        samples,
        panels,
        [marker_text(marker_path(trace.marker)) for trace in scene.traces],
    )


def flat(marks: Sequence[Mark]) -> list[Mark]:
    """Marks with the trails of bundles in place of these."""
    return [
        each for mark in marks
        for each in (mark.trails if isinstance(mark, TrailBundle) else [mark])
    ]  # fmt: skip


def sampled_steps(scene: Scene) -> list[float]:
    """The steps of the frames, and all whole ones unless these are too many."""
    steps = {round(moment.step, 4) for moment in scene.moments}
    whole = {float(step) for step in range(scene.steps + 1)}
    return sorted(steps | whole if len(steps | whole) <= MAX_SAMPLES else steps)


def _mark_data(
    painter: Painter, mark: Mark, record: DisplayList, samples: Sequence[float]
) -> dict[str, Any]:
    if isinstance(mark, Trail):
        return trail_data(mark, place_of(painter, mark), record)
    if isinstance(mark, Stroke) and isinstance(mark.along, Trail):
        return stroke_data(mark, mark.along, place_of(painter, mark.along), record)
    if isinstance(mark, SurfaceTrace) and not mark.backdrop.turn:
        return surface_trace_data(mark, place_of(painter, mark), record)
    if isinstance(mark, LiveNumber):
        return _live_number_data(painter, mark, record)
    ops: dict[str, int] = {}
    listed = list[Op]()
    states: dict[tuple[int, ...], int] = {}
    at = list[int]()
    frames = {round(moment.step, 4) for moment in painter.scene.moments}
    with painter.settings():
        for step in samples:
            if at and isinstance(mark, LARGE_MARKS) and step not in frames:
                at.append(at[-1])
                continue
            with owner_group(record, painter.scene, mark):
                draw_vectors(mark, record, step)
            state = list[int]()
            for op in record.take():
                number = ops.setdefault(json.dumps(op), len(ops))
                if number == len(listed):
                    listed.append(op)
                state.append(number)
            at.append(states.setdefault(tuple(state), len(states)))
    return {"kind": "ops", "ops": listed, "states": [list(state) for state in states], "at": at}


def _live_number_data(
    painter: Painter, mark: LiveNumber, record: DisplayList
) -> dict[str, Any]:  # fmt: skip
    """A number at all whole steps, however many these are: each character is drawn once."""
    ops = list[Op]()
    numbers: dict[tuple[str, int], list[int]] = {}
    states: dict[tuple[int, ...], int] = {}
    at = list[int]()
    bottom = record.height - mark.baseline
    with painter.settings():
        for step in range(painter.scene.steps + 1):
            state = list[int]()
            for char, left in mark.characters(step):
                if (char, left) not in numbers:
                    with owner_group(record, painter.scene, mark):
                        mark.cells.draw_vector(record, char, np.array([left, bottom]))
                    drawn = record.take()
                    numbers[char, left] = list(range(len(ops), len(ops) + len(drawn)))
                    ops += drawn
                state += numbers[char, left]
            at.append(states.setdefault(tuple(state), len(states)))
    states_listed = [list(state) for state in states]
    return {"kind": "ops", "ops": ops, "states": states_listed, "at": at, "whole": True}


def place_of(painter: Painter, trail: Trail | SurfaceTrace) -> TrailPlace:
    """The numbers of the trace and of the panel of a trail."""
    owners = [trace is trail.owner for trace in painter.scene.traces]
    boxes = [np.array_equal(axes.bbox.extents, trail.clip.extents) for axes in painter.axes]
    return TrailPlace(
        owners.index(True) if any(owners) else -1, boxes.index(True) if any(boxes) else 0
    )


def panel_data(axes: Axes, record: DisplayList, name: str) -> dict[str, Any]:
    """The box of a panel, and what its axes show."""
    sides = {}
    for side, limits, scale in (
        ("x", axes.get_xlim(), axes.get_xscale()), ("y", axes.get_ylim(), axes.get_yscale())
    ):  # fmt: skip
        low, high = map(float, limits)
        sides[side] = {"low": low, "high": high, "log": scale == "log"}
    return {"box": record.box(axes.bbox.extents), "map": name == "contour", **sides}


def follow(painter: Painter, trajectories: Sequence[Trajectory]) -> list[dict[str, Any]]:
    """The trails of other trajectories in the same axes; those for which that is known.

    Args:
        painter: of the figure.
        trajectories: one for each trace of the figure, in their order.
    """
    scene = painter.scene
    record = DisplayList(scene.pixels, scene.unit)
    marks = list[dict[str, Any]]()
    for mark in flat(painter.marks):
        stroke = mark if isinstance(mark, Stroke) else None
        trail = stroke.along if stroke else mark
        if isinstance(trail, SurfaceTrace) and not trail.backdrop.turn:
            place = place_of(painter, trail)
            other = trail.of(trajectories[place.trace])
            marks.append(surface_trace_data(other, place, record))
        if not isinstance(trail, Trail):
            continue
        place = place_of(painter, trail)
        moved = trail.of(trajectories[place.trace]) if place.trace >= 0 else None
        if moved and stroke:
            marks.append(stroke_data(stroke, moved, place, record))
        elif moved:
            marks.append(trail_data(moved, place, record))
    return marks
