"""The heads of a scene in pixels, before it is drawn."""

from __future__ import annotations

import numpy as np

from optanim.config.panels import needs_of
from optanim.scene.framing import fit_window
from optanim.scene.head_paths import HeadPaths
from optanim.scene.layout import Margins, place_panels
from optanim.scene.scene import Scene
from optanim.surfaces import Surface, Window

HEADER_HEIGHT, MARGINS = 60.0, Margins(left=50.0, below=44.0, right=14.0, above=12.0)
"""Pixels of the default figure: the usual height of the header, and margins of panels."""


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
    width, height = _axes_size(scene, maps.index(True))
    surfaces = {id(trace.surface): trace.surface for trace in scene.traces}
    windows = {key: _window(scene, surface, width / height) for key, surface in surfaces.items()}
    return HeadPaths.in_windows(
        [path.points for trace in scene.traces for path in trace.trajectories],
        [windows[id(trace.surface)] for trace in scene.traces for _ in trace.trajectories],
        np.array([width, height][: scene.surface.dimensions]),
        curves=not all(maps),
    )


def _axes_size(scene: Scene, panel: int) -> tuple[float, float]:
    """About the width and height of the axes of a panel, in pixels of the unscaled figure."""
    width, height = scene.size
    # A legend takes a quarter or more.
    column = scene.legend == "box" and not scene.portrait
    room = width * (0.75 if column else 1.0), height - HEADER_HEIGHT
    places = place_panels(
        len(scene.panels), room, MARGINS, scene.across, alike=scene.grid, filled=not scene.grid
    )
    return max(places[panel].width, 16.0), max(places[panel].height, 16.0)


def _window(scene: Scene, surface: Surface, aspect: float) -> Window:
    """The window of the panels that show a surface."""
    framed = scene.traces if scene.sweep else scene.on(surface)
    x, *y = fit_window(surface, [points for trace in framed for points in trace.points], aspect)
    return (scene.view.x or x, *((scene.view.y or side) for side in y))
