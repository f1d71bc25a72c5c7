from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Annotated

import numpy as np

from optanim.formulas.expression import name_in_tex
from optanim.scene.scene import Scene
from optanim.scene.viewport import contour_levels, fit_window, loss_grid
from optanim.schema.view import TrialNumber
from optanim.surfaces import Needs

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from optanim.drawing.marks import Mark


def contour(
    axes: Axes, scene: Annotated[Scene, Needs(dimensions=2)], *, of: TrialNumber = None
) -> list[Mark]:
    """Contour: the surface seen from above, and the trajectories on it.

    Reference: bands of equal loss. Their levels are spaced so that the areas of bands are as even
    as possible, unless `view.levels` and `view.scale` are set.
    """
    # Not at the top: a config is checked without matplotlib.
    from matplotlib.colors import LinearSegmentedColormap

    from optanim.drawing.arrows import arrow_marks
    from optanim.drawing.axes import dress, rings, star, to_pixels
    from optanim.drawing.marks import Trail

    theme, view, surface, traces = scene.theme, scene.view, *scene.shown(of)
    width, height = axes.bbox.size
    points = [trace.trajectory.points for trace in scene.framed(of)]
    default = fit_window(surface, points, round(width / height, 6))
    sides = (view.x or default[0], view.y or default[1])
    axes.set(xlim=sides[0], ylim=sides[1])
    x, y, z = loss_grid(surface, sides, (round(height / 2), round(width / 2)))
    edges = contour_levels(z, view.levels, view.scale)
    z = np.clip(z, edges[0], edges[-1])
    if view.contours != "lines":
        ramp = LinearSegmentedColormap.from_list("bands", theme.bands, N=len(edges) - 1)
        colors = ramp(np.linspace(0, 1, len(edges) - 1))
        axes.contourf(x, y, z, edges, colors=colors, zorder=1)
    if view.contours != "bands":
        axes.contour(x, y, z, edges[1:-1], colors=theme.contour, linewidths=0.7, zorder=2)
    dress(axes, scene, *(f"${name_in_tex(name)}$" for name in surface.axes), flat=True)
    minima = [m for m in surface.minima if view.minimum and _contains(sides, m)]
    star(axes, theme, np.array(minima).reshape(-1, 2).T)
    rings(axes, scene, traces, [trace.trajectory.points[:, 0] for trace in traces])
    trails = []
    for trace in traces:
        pixels, clip = to_pixels(axes, trace.trajectory.points), axes.bbox.frozen()
        trails.append(partial(Trail, pixels, trace.color, theme.halo, trace.marker, clip=clip,
                              unit=scene.unit, pen=trace.pen))  # fmt: skip
    marks: list[Mark] = [trail(last=scene.trail) for trail in trails]
    if view.arrows and (arrows := arrow_marks(axes, scene, traces)):
        # Arrows are over the trails: the heads are drawn again over the arrows.
        marks += [*arrows, *(trail(last=0, dots=False) for trail in trails)]
    return marks


def _contains(sides: tuple[tuple[float, float], ...], point: tuple[float, ...]) -> bool:
    return all(low <= part <= high for part, (low, high) in zip(point, sides, strict=True))
