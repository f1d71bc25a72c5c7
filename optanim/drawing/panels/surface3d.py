from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Annotated

import numpy as np

from optanim.scene.caption import axis_names
from optanim.scene.framing import fit_window
from optanim.scene.poles import losses_in
from optanim.scene.scene import Scene, Trace
from optanim.scene.timeline import elapsed
from optanim.scene.viewport import contour_levels, loss_grid
from optanim.schema.view import TrialNumber
from optanim.surfaces import Needs, Surface

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.transforms import Bbox

    from optanim.drawing.landscape.backdrop import Backdrop, SurfaceExit
    from optanim.drawing.landscape.height_field import HeightField
    from optanim.drawing.landscape.surface_path import SurfaceEmbedding
    from optanim.drawing.marks import Mark
    from optanim.surfaces import Array

SAMPLES = 400
"""Number of samples of the surface along each side of the window."""

FRAMED_SAMPLES = 25
"""Number of those samples along each side, between which the picture surely has the surface."""

PATH_SPACING = 0.01
"""The largest distance of the points for which the camera is chosen, in units of the box."""


def surface3d(
    axes: Axes, scene: Annotated[Scene, Needs(dimensions=2)], *, of: TrialNumber = None
) -> list[Mark]:
    """Surface 3-D: the surface in three dimensions, its height the loss, and the trajectories.

    Reference: an orthographic camera and a floating horizon (Wright 1973). The scale of heights is
    that of the contour levels. Hidden lines are dashed.
    """
    # Not at the top: a config is checked without matplotlib.
    from optanim.drawing.landscape.backdrop import BackdropArtist
    from optanim.drawing.landscape.surface_trace import SurfaceTrace
    from optanim.drawing.state_marks import state_marks
    from optanim.drawing.swarm_dots import swarm_marks

    surface, traces = scene.shown(of)
    embedding, field = _surface_in_box(scene, surface, scene.framed(of))
    minima = np.array(surface.minima).reshape(-1, 2).T
    outside = minima[:, ~embedding.contains(minima)]
    minima = embedding.place(minima[:, embedding.contains(minima)])
    camera = _camera(scene, embedding, field, minima, scene.framed(of))
    backdrop = _backdrop(axes, scene, embedding, field, camera, surface)
    _add_markers(backdrop, scene, minima, () if scene.dots_by else traces)
    if scene.view.minimum:
        backdrop.markers += _exits(backdrop, scene, outside)
    axes.set_axis_off()
    axes.add_artist(BackdropArtist(backdrop))
    marks: list[Mark] = [backdrop] if scene.view.camera.turn else []
    if scene.dots_by:
        return [*marks, *swarm_marks(traces, backdrop.locate, scene, backdrop.clip)]
    beside = state_marks(
        traces, backdrop.locate, halo=scene.theme.halo, clip=backdrop.clip, unit=backdrop.unit
    )
    alone = len(traces) == 1 and not beside
    trails = [
        SurfaceTrace(backdrop, trace, scene.trail, strong_from=scene.steps, alone=alone)
        for trace in traces
    ]
    return [*marks, *beside, *trails]


def _surface_in_box(
    scene: Scene, surface: Surface, framed: Sequence[Trace]
) -> tuple[SurfaceEmbedding, HeightField]:
    """The map to points of the box, and samples of the surface, for the window of a panel."""
    from optanim.drawing.landscape.height_field import HeightField
    from optanim.drawing.landscape.height_scale import HeightScale
    from optanim.drawing.landscape.projection import DataBox
    from optanim.drawing.landscape.shading import shading_of
    from optanim.drawing.landscape.surface_path import SurfaceEmbedding

    view = scene.view
    default = fit_window(surface, [path for trace in framed for path in trace.paths], 1.0)
    box = DataBox((view.x or default[0], view.y or default[1]))
    *_, z = loss_grid(surface, box.sides, (SAMPLES, SAMPLES))
    paths = [path for trace in framed for path in trace.trajectories]
    reached = losses_in(box.sides, [path.points for path in paths], [path.values for path in paths])
    edges = contour_levels(z, view.levels, view.scale, shown=reached)
    # A pole is cut open: the surface does not end in a plain there.
    slack = 1e-9 * (edges[-1] / 2 - edges[0] / 2)
    z = np.where((z > edges[-1] + slack) | (z < edges[0] - slack), np.nan, z)
    scale = HeightScale.from_levels(edges, view.scale)
    shading = shading_of(scene.theme, len(edges) - 1, view.contours)
    field = HeightField(box, scale.heights(z), scale.heights(edges[:-1]), shading)
    return SurfaceEmbedding(box, scale, surface.value), field


def _camera(
    scene: Scene, embedding: SurfaceEmbedding, field: HeightField, minima: Array,
    framed: Sequence[Trace],
) -> tuple[float, float]:  # fmt: skip
    """Azimuth and elevation at the first step, in degrees."""
    from optanim.drawing.landscape.camera_search import choose_camera
    from optanim.drawing.landscape.surface_path import surface_path

    trajectories = [path.points for trace in framed for path in trace.trajectories]
    paths = [surface_path(embedding, points, PATH_SPACING).points for points in trajectories]
    paths = [points for points in paths if points.shape[1]]
    key_points = [_key_points(points, minima) for points in paths]
    camera = scene.view.camera
    return choose_camera(
        field, paths, key_points,
        azimuth=camera.azimuth, elevation=camera.elevation, turn=camera.turn,
    )  # fmt: skip


def _key_points(path: Array, minima: Array) -> Array:
    """The first and the last of points (3, N), and the minimum nearest to the last, (3, M)."""
    distance = ((minima - path[:, -1:]) ** 2).sum(axis=0)
    nearest = minima[:, distance == distance.min(initial=np.inf)]
    return np.concatenate([path[:, [0, -1]], nearest], axis=1)


def _backdrop(
    axes: Axes, scene: Scene, embedding: SurfaceEmbedding, field: HeightField,
    camera: tuple[float, float], surface: Surface,
) -> Backdrop:  # fmt: skip
    """The surface in its box, with axes that have the names of the parameters."""
    from optanim.drawing.landscape.backdrop import Backdrop
    from optanim.drawing.landscape.box_axes import BoxAxes

    clip, box = _clip(axes, scene), embedding.box
    chosen = np.linspace(0, SAMPLES - 1, FRAMED_SAMPLES).round().astype(int)
    points = np.stack(np.meshgrid(*(np.linspace(*side, SAMPLES)[chosen] for side in box.sides)))
    box_axes = BoxAxes(
        box, embedding.scale, embedding.place(points.reshape(2, -1)),
        axis_names(scene.view, surface), scene, np.array(clip.size),
    )  # fmt: skip
    # The light comes from 60 degrees beside the camera.
    return Backdrop(
        embedding, field.lit_from(camera[0] - 60), box_axes, scene.theme, clip=clip,
        unit=scene.unit, camera=camera, turn=scene.view.camera.turn,
        elapsed=partial(elapsed, moments=scene.moments),
    )  # fmt: skip


def _clip(axes: Axes, scene: Scene) -> Bbox:
    """The pixels of the panel; the margins for labels of axes are part of the picture here."""
    from matplotlib.transforms import Bbox

    unit, bounds = scene.unit, axes.bbox
    # Above a cell of a grid is its header.
    right, above = bounds.x1 + 6 * unit, bounds.y1 + (0 if scene.grid else 10 * unit)
    return Bbox(np.round([[bounds.x0 - 42 * unit, bounds.y0 - 36 * unit], [right, above]]))


def _exits(backdrop: Backdrop, scene: Scene, minima: Array) -> list[SurfaceExit]:
    """Triangles at the edge of the surface, which point at minima outside, (2, M)."""
    from optanim.drawing.landscape.backdrop import SurfaceExit
    from optanim.drawing.trail import EXIT_SIZE
    from optanim.scene.line_style import MARKER_SIZE

    embedding, theme = backdrop.embedding, scene.theme
    low, high = np.array(embedding.box.sides).T
    middle, half = (low + high) / 2, (high - low) / 2
    exits = []
    for minimum in minima.T:
        way = (minimum - middle) / np.abs((minimum - middle) / half).max()
        ends = embedding.place(np.stack([middle + 0.9 * way, middle + way], axis=1))
        # It points to the side, whatever the slope there.
        ends[2, 0] = ends[2, 1]
        size = EXIT_SIZE * MARKER_SIZE
        exits.append(SurfaceExit(ends[:, 1:], ends[:, :1], size, theme.ink, theme.halo, 0.8))
    return exits


def _add_markers(backdrop: Backdrop, scene: Scene, minima: Array, traces: Sequence[Trace]) -> None:
    """Mark the minima, (3, M), and the starts of traces."""
    from optanim.drawing.axes import GOAL_SIZE
    from optanim.drawing.landscape.backdrop import SurfaceMarker
    from optanim.drawing.vectors import trace_id

    theme, embedding = scene.theme, backdrop.embedding
    for point in minima.T if scene.view.minimum else ():
        backdrop.markers += [
            SurfaceMarker(point[:, None], "o", GOAL_SIZE, None, theme.halo, 2.8),
            SurfaceMarker(point[:, None], "o", GOAL_SIZE, None, theme.ink, 1.2),
            SurfaceMarker(point[:, None], "*", 14, theme.ink, theme.halo, 1),
        ]
    for trace in traces:
        start = trace.trajectory.points[:, :1]
        if embedding.contains(start)[0]:
            point = embedding.place(start)
            backdrop.markers.append(
                SurfaceMarker(point, "o", 7, theme.halo, trace.color, 1.6,
                              trace_id(scene, trace))
            )  # fmt: skip
