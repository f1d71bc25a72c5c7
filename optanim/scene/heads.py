"""The heads of a scene in pixels, before it is drawn."""

from __future__ import annotations

from math import ceil

import numpy as np

from optanim.config.panels import needs_of
from optanim.scene.framing import fit_window
from optanim.scene.head_paths import HeadPaths
from optanim.scene.scene import Scene
from optanim.schema.figure import grid_columns
from optanim.surfaces import Surface, Window


def heads_in_panels(scene: Scene) -> HeadPaths | None:
    """The heads in the panels that show where traces are, to about a fifth of their pixels.

    None if something moves with each update: there is no such panel, only curves over the steps;
    or the camera turns.
    """
    needs = [needs_of(panel.entry) for panel in scene.panels]
    maps = [bool(need.dimensions or need.data) for need in needs]
    landscape = any(panel.entry.name == "surface3d" for panel in scene.panels)
    if not any(maps) or (landscape and scene.view.camera.turn):
        return None
    width, height = _axes_size(scene)
    surfaces = {id(trace.surface): trace.surface for trace in scene.traces}
    windows = {key: _window(scene, surface, width / height) for key, surface in surfaces.items()}
    return HeadPaths.in_windows(
        [trace.trajectory.points for trace in scene.traces],
        [windows[id(trace.surface)] for trace in scene.traces],
        np.array([width, height][: scene.surface.dimensions]),
        curves=not all(maps),
    )


def _axes_size(scene: Scene) -> tuple[float, float]:
    """About the width and height of the axes of a panel, in pixels of the unscaled figure."""
    count = len(scene.panels)
    across = (scene.sweep and scene.sweep.across) or grid_columns(count) if scene.grid else count
    if scene.portrait and not scene.grid:
        across = 1
    width, height = scene.size
    # A legend takes a quarter or more; the rest are the header and the numbers at the axes.
    legend = 0.25 if scene.legend and not scene.portrait else 0.0
    rows = ceil(count / across)
    return max(width * (1 - legend) / across - 64, 16.0), max((height - 60) / rows - 44, 16.0)


def _window(scene: Scene, surface: Surface, aspect: float) -> Window:
    """The window of the panels that show a surface."""
    framed = scene.traces if scene.sweep else scene.on(surface)
    x, *y = fit_window(surface, [trace.trajectory.points for trace in framed], aspect)
    return (scene.view.x or x, *((scene.view.y or side) for side in y))
