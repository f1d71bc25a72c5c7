from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import numpy as np

from optanim.formulas.expression import name_in_tex
from optanim.scene.scene import Scene
from optanim.scene.viewport import grid, levels, window
from optanim.schema.view import Of
from optanim.surfaces import Needs

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from optanim.drawing.marks import Mark
    from optanim.surfaces import Array

SAMPLES = 400
"""Of the surface along each side of the window."""


def surface3d(
    axes: Axes, scene: Annotated[Scene, Needs(dimensions=2)], *, of: Of = None
) -> list[Mark]:
    """Surface 3-D: the surface as a landscape, its height the loss, and the trajectories on it.

    Reference: an orthographic camera and a floating horizon (Wright 1973); heights as even as
    contour levels are. What is hidden is dashed.
    """
    # Here and not above: a config is checked without matplotlib.
    from matplotlib.transforms import Bbox

    from optanim.drawing.landscape.backdrop import Pin, Scenery, Still
    from optanim.drawing.landscape.box_axes import BoxAxes
    from optanim.drawing.landscape.camera_search import viewpoint
    from optanim.drawing.landscape.height_field import Terrain
    from optanim.drawing.landscape.height_scale import Heights
    from optanim.drawing.landscape.path_mark import Ribbon
    from optanim.drawing.landscape.projection import DataBox
    from optanim.drawing.landscape.shading import painted
    from optanim.drawing.landscape.surface_path import HeightMap, track

    theme, view, surface, traces = scene.theme, scene.view, *scene.shown(of)
    seen = [trace.trajectory.points for trace in scene.framed(of)]
    framed = window(surface, seen, 1.0)
    box = DataBox((view.x or framed[0], view.y or framed[1]))
    *_, z = grid(surface, box.sides, (SAMPLES, SAMPLES))
    edges = levels(z, view.levels, view.scale)
    heights = Heights.like(edges, view.scale)
    paints = painted(theme, len(edges) - 1, view.contours)
    terrain = Terrain(box, heights.of(z), heights.of(edges[:-1]), paints)
    ground = HeightMap(box, heights, surface.value)
    minima = np.array(surface.minima).reshape(-1, 2).T
    minima = ground.place(minima[:, ground.inside(minima)])
    tracks = [track(ground, points, 0.01).points for points in seen]
    tracks = [points for points in tracks if points.shape[1]]
    ends = [_ends(points, minima) for points in tracks]
    camera = view.camera
    seen_from = viewpoint(
        terrain, tracks, ends,
        azimuth=camera.azimuth, elevation=camera.elevation, turn=camera.turn,
    )  # fmt: skip
    # The margins that the painter leaves for ticks are free here, too.
    unit, bounds = scene.unit, axes.bbox
    clip = Bbox(np.round([[bounds.x0 - 42 * unit, bounds.y0 - 36 * unit], bounds.max]))
    few = np.linspace(0, SAMPLES - 1, 25).round().astype(int)
    shown = np.stack(np.meshgrid(*(np.linspace(*side, SAMPLES)[few] for side in box.sides)))
    names = [f"${name_in_tex(name)}$" for name in surface.axes]
    frame = BoxAxes(
        box, heights, ground.place(shown.reshape(2, -1)), names, scene, np.array(clip.size)
    )
    scenery = Scenery(
        ground, terrain.lit(seen_from[0] - 60), frame, theme,
        clip=clip, unit=unit, view=seen_from, turn=camera.turn, steps=scene.steps,
    )  # fmt: skip
    for place in minima.T if view.minimum else ():
        scenery.pins.append(Pin(place[:, None], "*", 13, theme.ink, theme.halo, 1))
    for trace in traces:
        start = trace.trajectory.points[:, :1]
        if ground.inside(start)[0]:
            scenery.pins.append(Pin(ground.place(start), "o", 7, theme.halo, trace.color, 1.6))
    axes.set_axis_off()
    axes.add_artist(Still(scenery))
    marks: list[Mark] = [scenery] if camera.turn else []
    return [*marks, *(Ribbon(scenery, trace, scene.trail) for trace in traces)]


def _ends(track: Array, minima: Array) -> Array:
    """The first and the last of points, (3, N), and the nearest minimum to that."""
    near = ((minima - track[:, -1:]) ** 2).sum(axis=0)
    return np.concatenate([track[:, [0, -1]], minima[:, near == near.min(initial=np.inf)]], axis=1)
