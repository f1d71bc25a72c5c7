"""Trails as data, from which a page draws them at any step."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from matplotlib.colors import to_hex
from matplotlib.path import Path
from matplotlib.transforms import Affine2D

from optanim.drawing.display_list import DisplayList, rounded
from optanim.drawing.frame_exit import SIDES, outside
from optanim.drawing.landscape.surface_trace import SurfaceLine, SurfaceTrace
from optanim.drawing.marks import Stroke
from optanim.drawing.path_text import path_text
from optanim.drawing.trail import DOT_RADIUS, HEAD_EDGE_WIDTH, RECENT_STEPS, Trail
from optanim.scene.line_style import MARKER_SIZE
from optanim.surfaces import Array

BETWEEN, MAX_BETWEEN = 8, 4000
"""Number of places between two points where a head does not go straight, and of all at most."""


class TrailPlace(NamedTuple):
    """To what a trail belongs.

    Attributes:
        trace: the number of its trace, or -1.
        panel: the number of its panel.
    """

    trace: int
    panel: int


def trail_data(trail: Trail, place: TrailPlace, record: DisplayList) -> dict[str, Any]:
    """A trail as data.

    Args:
        trail: in pixels.
        place: the number of its trace and of its panel.
        record: of the figure, which has its paths.
    """
    pen, unit = trail.pen, trail.unit
    return {
        **_line_data(trail, place, record),
        "dots": trail.dots.tolist(),
        "color": to_hex(trail.color),
        "alpha": round(trail.color[3], 3),
        "halo": to_hex(trail.halo) if pen.halo else None,
        "width": round(pen.width * unit, 3),
        "haloWidth": round(pen.halo * unit, 3),
        "dash": rounded(np.array(pen.dash or ()) * unit, 2),
        "headSize": round(trail.head_size, 3),
        "headEdge": round(HEAD_EDGE_WIDTH * pen.head / MARKER_SIZE * unit, 3) if pen.halo else 0,
        "dotRadius": round(trail.dot_radius, 3),
        "last": trail.last,
        "strong": trail.strong_from if pen.dots else 0,
        "aside": rounded(trail.aside * (1, -1), 2),
        "exits": _exits(trail, record),
    }


def stroke_data(
    stroke: Stroke, trail: Trail, place: TrailPlace, record: DisplayList
) -> dict[str, Any]:
    """The line up to the head of a trail as data: a trail without a head.

    Args:
        stroke: that goes along the trail.
        others: see `trail_data`.
    """
    halo = 2.1 * stroke.width if stroke.halo else 0
    return {
        **_line_data(trail, place, record),
        "dots": [],
        "color": to_hex(stroke.color),
        "alpha": round(stroke.color[3], 3),
        "halo": stroke.halo,
        "width": round(stroke.width * trail.unit, 3),
        "haloWidth": round(halo * trail.unit, 3),
        "dash": rounded(np.array(stroke.dash or ()) * trail.unit, 2),
        "headSize": 0,
        "headEdge": 0,
        "dotRadius": 0,
        "last": -1,
        "strong": 0,
        "aside": [0, 0],
        "exits": [],
    }


def surface_trace_data(
    drawn: SurfaceTrace, place: TrailPlace, record: DisplayList
) -> dict[str, Any]:  # fmt: skip
    """A trace on a surface as data: a trail whose points are as dense as the picture needs.

    Args:
        drawn: whose camera stands still.
        others: see `trail_data`.
    """
    pen, unit, line = drawn.trace.pen, drawn.unit, drawn.line
    steps = drawn.trace.steps
    return {
        "kind": "trail",
        "trace": place.trace,
        "panel": place.panel,
        "points": _flipped(line.pixels, record),
        "at": line.steps,
        "gaps": np.flatnonzero(line.starts).tolist(),
        "faint": [],
        "hidden": np.flatnonzero(~line.visible).tolist(),
        "away": _away(line, steps),
        "head": marker_text(drawn.head),
        "recent": max(RECENT_STEPS, steps // 12),
        "clip": record.box(drawn.clip.extents),
        "route": None,
        "dots": line.dots.tolist(),
        "color": to_hex(drawn.color),
        "alpha": round(drawn.color[3], 3),
        "halo": to_hex(drawn.halo),
        "width": round(pen.width * unit, 3),
        "haloWidth": round(pen.halo * unit, 3),
        "dash": [],  # on a surface, dashes are what it hides
        "headSize": round(drawn.head_size, 3),
        "headEdge": round(HEAD_EDGE_WIDTH * unit, 3),
        "dotRadius": round(DOT_RADIUS * unit, 3),
        "last": drawn.last,
        "strong": drawn.strong_from if pen.dots else 0,
        "aside": rounded(drawn.aside * (1, -1), 2),
        "exits": [],
    }


def _away(line: SurfaceLine, last: int) -> list[list[float]]:
    """The ranges of steps at which a trace is outside of the window, up to its last step."""
    starts = np.flatnonzero(line.starts).tolist()
    if not starts:
        return [[0, last + 1]]
    firsts = [*line.steps[starts].tolist(), last + 1.0]
    ends = [-1.0, *(float(line.steps[i - 1]) for i in [*starts[1:], len(line.steps)])]
    # An end at the last step is no way out.
    return [[max(end, 0.0), first] for end, first in zip(ends, firsts, strict=True)
            if first > max(end, 0.0) and end < last]  # fmt: skip


def _line_data(trail: Trail, place: TrailPlace, record: DisplayList) -> dict[str, Any]:
    """Where a trail goes."""
    last = len(trail.points) - 1
    return {
        "kind": "trail",
        "trace": place.trace,
        "panel": place.panel,
        "points": _flipped(trail.points, record),
        "at": None,
        "gaps": (np.flatnonzero(~trail.drawn) + 1).tolist(),
        "faint": (trail.crossings + 1).tolist(),
        "hidden": [],
        "head": marker_text(trail.head),
        "recent": max(RECENT_STEPS, last // 12),
        "clip": record.box(trail.clip.extents),
        "route": _route(trail, record) if trail.between else None,
    }


@lru_cache(64)
def marker_text(outline: Path) -> str:
    """The outline of a marker, in a square of side 1 around the origin, as SVG writes a path."""
    return path_text(outline, Affine2D().scale(1, -1), 3)


def _flipped(points: Array, record: DisplayList) -> Array:
    """Pixels (n, 2) from the top left as x0, y0, x1, …, (2n,)."""
    return np.stack([points[:, 0], record.height - points[:, 1]], axis=1).ravel()


def _exits(trail: Trail, record: DisplayList) -> list[list[float]]:
    """The step, the pixel and the angle in degrees of the triangle of each step that has one."""
    exits = list[list[float]]()
    for step in np.flatnonzero(outside(trail.points, trail.clip)).tolist():
        if exit := trail.exit(step):
            (x, y), (right, up) = exit[0], SIDES[exit[1]]
            pixel = rounded(np.array([x, record.height - y]), 2)
            exits.append([step, *pixel, 180 * (right < 0) - 90 * up])
    return exits


def _route(trail: Trail, record: DisplayList) -> dict[str, Any]:
    """The steps and pixels along which the head goes."""
    updates = len(trail.points) - 1
    between = min(BETWEEN, max(1, MAX_BETWEEN // max(updates, 1)))
    steps = np.arange(updates * between + 1) / between
    places = np.array([trail.position(step) for step in steps.tolist()])
    return {"at": steps, "points": _flipped(places, record)}
