from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np

from optanim.scene.caption import axis_names
from optanim.scene.framing import contour_window
from optanim.scene.poles import losses_in, without_poles
from optanim.scene.scene import Scene, Trace
from optanim.scene.viewport import contour_levels, finer_grid, loss_grid, rounded_levels
from optanim.schema.view import TrialNumber
from optanim.surfaces import Array, Needs, Window

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from optanim.drawing.marks import Mark
    from optanim.experiment.simulate import Trajectory


def contour(
    axes: Axes, scene: Annotated[Scene, Needs(dimensions=2)], *, of: TrialNumber = None
) -> list[Mark]:
    """Contour: the surface seen from above, and the trajectories on it.

    Reference: bands of equal loss. Their levels are spaced so that the areas of bands are as even
    as possible, unless `view.levels` and `view.scale` are set.
    """
    # Not at the top: a config is checked without matplotlib.
    from matplotlib.colors import LinearSegmentedColormap

    from optanim.drawing.axes import dress, shape, star
    from optanim.drawing.contour_labels import label_lines
    from optanim.drawing.gradient_field import draw_field
    from optanim.drawing.level_bar import draw_level_bar
    from optanim.drawing.notes import note_marks
    from optanim.drawing.state_marks import on_map
    from optanim.drawing.swarm_dots import draw_starts, swarm_marks
    from optanim.drawing.vectors import Seams

    theme, view, surface, traces = scene.theme, scene.view, *scene.shown(of)
    points = [path for trace in scene.framed(of) for path in trace.paths]
    sides, aspect = contour_window(view, surface, points, round(np.divide(*axes.bbox.size), 6))
    shape(axes, aspect)
    axes.set(xlim=sides[0], ylim=sides[1])
    x, y, z, edges = _samples(scene, of, sides, axes.bbox.size)
    within = without_poles(z, edges[0], edges[-1])
    if view.contours != "lines":
        ramp = LinearSegmentedColormap.from_list("bands", theme.bands, N=len(edges) - 1)
        colors = ramp(np.linspace(0, 1, len(edges) - 1))
        bands = axes.contourf(x, y, within, edges, colors=colors, zorder=1)
        if view.contours == "bands":  # otherwise lines are there
            axes.add_artist(Seams(bands))
        if view.colorbar:
            draw_level_bar(axes, scene, edges, colors, z)
    if view.contours != "bands":
        style: dict[str, Any] = {"colors": theme.contour, "linewidths": 0.7, "zorder": 2}
        lines = axes.contour(x, y, within, edges[1:-1], **style)
    dress(axes, scene, *axis_names(view, surface))
    if view.field:
        draw_field(axes, scene, surface)
    minima = np.array(surface.minima if view.minimum else ()).reshape(-1, 2).T
    if view.contours == "labels":
        label_lines(axes, scene, lines, surface, traces, minima)
    star(axes, theme, minima, [scene.goal_color(minimum) for minimum in minima.T.tolist()])
    if scene.dots_by:
        draw_starts(axes, scene, traces)
        dots = swarm_marks(traces, on_map(axes), scene, axes.bbox.frozen())
        return [*note_marks(axes, scene, of, [], minima), *dots]
    return _trail_marks(axes, scene, of, traces, minima)


def _trail_marks(
    axes: Axes, scene: Scene, of: int | None, traces: tuple[Trace, ...], minima: Array
) -> list[Mark]:
    """The trails of traces with what is beside them, over the notes of the panel.

    Args:
        axes: with all else that stands still in the panel.
        scene: that has the traces.
        of: the trial of the panel.
        traces: that are drawn.
        minima: that are marked, (2, n).
    """
    from optanim.drawing.arrows import arrow_marks
    from optanim.drawing.axes import rings, to_pixels
    from optanim.drawing.notes import note_marks
    from optanim.drawing.state_marks import on_map, state_marks
    from optanim.drawing.trail import Trail

    theme, view = scene.theme, scene.view
    rings(axes, scene, traces, [trace.trajectory.points[:, 0] for trace in traces])

    def pixels(trajectory: Trajectory) -> Array:
        return to_pixels(axes, trajectory.points)

    trails = [
        partial(Trail, pixels(trace.trajectory), trace.color, theme.halo, trace.marker,
                clip=axes.bbox.frozen(), unit=scene.unit, pen=trace.pen, trace=trace,
                strong_from=scene.steps, follow=pixels)
        for trace in traces
    ]  # fmt: skip
    drawn = [trail(last=scene.trail) for trail in trails]
    beside = state_marks(traces, on_map(axes), halo=theme.halo, clip=axes.bbox.frozen(),
                         unit=scene.unit)  # fmt: skip
    marks: list[Mark] = [*note_marks(axes, scene, of, drawn, minima), *beside, *drawn]
    if view.arrows and (arrows := arrow_marks(axes, scene, traces)):
        # Arrows are over the trails: the heads are drawn again over the arrows.
        marks += [*arrows, *(trail(last=0, dots=False) for trail in trails)]
    return marks


def _samples(
    scene: Scene, of: int | None, sides: Window, size: tuple[float, float]
) -> tuple[Array, Array, Array, Array]:
    """Samples of the loss, x (W,), y (H,) and z (H, W), and the edges of the bands, (n,).

    Args:
        scene: that has the surface.
        of: the trial of the panel.
        sides: of the window.
        size: of the axes, in pixels.
    """
    view, surface = scene.view, scene.shown(of)[0]
    width, height = size
    x, y, z = loss_grid(surface, sides, (round(height / 2), round(width / 2)))
    paths = [path for trace in scene.framed(of) for path in trace.trajectories]
    reached = losses_in(sides, [path.points for path in paths], [path.values for path in paths])
    edges = contour_levels(z, view.levels, view.scale, ascends=surface.ascends, shown=reached)
    if view.contours == "labels" or view.colorbar:
        edges = rounded_levels(edges)
    return *finer_grid(surface, sides, (round(height), round(width)), (x, y, z), edges), edges
