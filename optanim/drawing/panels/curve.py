from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import numpy as np

from optanim.formulas.expression import name_in_tex
from optanim.scene.scene import Scene, Trace
from optanim.scene.viewport import window
from optanim.schema.view import Of
from optanim.surfaces import Needs

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from optanim.drawing.marks import Mark
    from optanim.surfaces import Array


def curve(axes: Axes, scene: Annotated[Scene, Needs(dimensions=1)], *, of: Of = None) -> list[Mark]:
    """Curve: the loss over its one parameter, with a ball, its tangent and its steps.

    Reference: the chord between two points is a step; the tangent's slope is the gradient.
    """
    # Here and not above: a config is checked without matplotlib.
    from optanim.drawing.axes import dress, pixels_a_unit, rings, star, to_pixels
    from optanim.drawing.marks import Stroke, Trail

    theme, view, surface, traces = scene.theme, scene.view, *scene.shown(of)
    # A curve is easy to read, and there is more to it than where it was walked.
    framed = [trace.trajectory for trace in scene.framed(of)]
    ((low, high),) = window(surface, [trace.points for trace in framed], 1.0, fill=0.1)
    low, high = view.x or (low, high)
    x = np.linspace(low, high, max(2, round(axes.bbox.width)))
    y = _loss(surface.value, x)
    seen = y[np.isfinite(y)]
    bottom, top = (float(seen.min()), float(seen.max())) if seen.size else (0.0, 1.0)
    # Walls that nobody climbs would press the descent flat; most of the curve still has to be seen.
    highest = max(float(np.clip(trace.values, bottom, top).max()) for trace in framed)
    climbed = highest - bottom
    most = float(np.quantile(seen, 0.75)) if seen.size else top
    top = min(top, max(bottom + 1.5 * climbed, min(bottom + 4 * climbed, most)) or top)
    room = 0.06 * (top - bottom) or 1.0
    axes.set(xlim=(low, high), ylim=view.y or (bottom - room, top + room))
    axes.plot(x, y, color=theme.faint, linewidth=1.6, zorder=1)
    name = name_in_tex(surface.axes[0])
    dress(axes, scene, f"${name}$", f"$f({name})$")
    least = np.array([m for (m,) in surface.minima if view.minimum and low <= m <= high])
    star(axes, theme, np.stack([least, _loss(surface.value, least)]))
    marks: list[Mark] = []
    ways = [np.stack([trace.trajectory.points[0], trace.trajectory.values]) for trace in traces]
    rings(axes, scene, traces, [walked[:, 0] for walked in ways])
    for trace, walked in zip(traces, ways, strict=True):

        def ball(step: float, trace: Trace = trace) -> Array:
            at = trace.at(step)
            return to_pixels(axes, np.stack([at, _loss(surface.value, at)]))[0]

        def tangent(step: float, trace: Trace = trace) -> Array:
            at = trace.at(step)
            with np.errstate(all="ignore"):
                slope = np.nan_to_num(surface.gradient(at))[0]
            way = np.array([1.0, slope]) * pixels_a_unit(axes)
            return ball(step) + np.array([[-1.0], [1.0]]) * 70 * scene.unit * way / np.hypot(*way)

        clip = axes.bbox.frozen()
        if trace.pen.dots:
            marks.append(Stroke(tangent, trace.color, clip=clip, width=1.3, alpha=0.6))
        marks.append(
            Trail(to_pixels(axes, walked), trace.color, theme.halo, trace.marker, clip=clip,
                  unit=scene.unit, last=scene.trail, between=ball, pen=trace.pen)
        )  # fmt: skip
    return marks


def _loss(value: Callable[[Array], Array], x: Array) -> Array:
    """The losses, (m,), at numbers (m,)."""
    with np.errstate(all="ignore"):
        return np.broadcast_to(value(x[None]), x.shape)
