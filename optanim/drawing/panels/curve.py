from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Annotated

import numpy as np
import numpy.typing as npt

from optanim.scene.caption import axis_names
from optanim.scene.framing import fit_window
from optanim.scene.poles import gaps_between, losses_in
from optanim.scene.scene import Scene, Trace
from optanim.schema.view import TrialNumber
from optanim.surfaces import Needs

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from optanim.drawing.marks import Mark
    from optanim.drawing.trail import Trail
    from optanim.experiment.simulate import Trajectory
    from optanim.surfaces import Array, Surface

    Ball = Callable[[float], Array]

TANGENT_LENGTH, SHORT_TANGENT = 140, 80
"""Pixels of the default figure: the length of a tangent, and of each where there are several."""


def curve(
    axes: Axes, scene: Annotated[Scene, Needs(dimensions=1)], *, of: TrialNumber = None
) -> list[Mark]:
    """Curve: the loss over its one parameter, with a ball, its tangent and its steps.

    Reference: the chord between two points is a step; the tangent's slope is the gradient.
    """
    # Not at the top: a config is checked without matplotlib.
    from optanim.drawing.axes import dress, star, to_pixels
    from optanim.drawing.notes import note_marks
    from optanim.drawing.swarm_dots import swarm_marks

    theme, view, surface, traces = scene.theme, scene.view, *scene.shown(of)
    framed = [path for trace in scene.framed(of) for path in trace.trajectories]
    shown = [points for trace in scene.framed(of) for points in trace.points]
    ((low, high),) = fit_window(surface, shown, 1.0)
    low, high = view.x or (low, high)
    x = np.linspace(low, high, max(2, round(axes.bbox.width)))
    y = _losses(surface.value, x)
    x, y, limits = _with_gaps(surface, x, y, framed)
    axes.set(xlim=(low, high), ylim=view.y or limits)
    axes.plot(x, y, color=theme.faint, linewidth=1.6, zorder=1)
    dress(axes, scene, *axis_names(view, surface))
    goals = np.array([m for (m,) in surface.minima if view.minimum])
    colors = [scene.goal_color([goal]) for goal in goals]
    goals = np.stack([goals, _losses(surface.value, goals)])
    star(axes, theme, goals, colors)
    lines = [to_pixels(axes, np.stack([x, y]))]
    if scene.dots_by:

        def on_curve(points: Array, step: float) -> tuple[Array, npt.NDArray[np.bool_]]:
            places = np.stack([points[0], _losses(surface.value, points[0])])
            return to_pixels(axes, places), np.ones(points.shape[1], dtype=bool)

        marks: list[Mark] = [*swarm_marks(traces, on_curve, scene, axes.bbox.frozen())]
        trails: list[Trail] = []
    else:
        tangents, trails = _tangents_and_trails(axes, scene, surface, traces, lines)
        marks = [*tangents, *trails]
    notes = note_marks(axes, scene, of, trails, goals, lines=lines,
                       place=lambda at: np.append(at, _losses(surface.value, at)))  # fmt: skip
    return [*notes, *marks]


def _tangents_and_trails(
    axes: Axes, scene: Scene, surface: Surface, traces: Sequence[Trace], lines: list[Array]
) -> tuple[list[Mark], list[Trail]]:
    """The tangents and the balls of traces.

    Args:
        axes: of the panel.
        scene: that has the traces.
        surface: whose curve is drawn.
        traces: that are drawn.
        lines: the pixels of the curve; those of the last tangents are added.
    """
    from optanim.drawing.axes import pixels_per_unit, rings, to_pixels
    from optanim.drawing.marks import Stroke
    from optanim.drawing.trail import Trail

    def polyline(trajectory: Trajectory) -> Array:
        return np.stack([trajectory.points[0], _losses(surface.value, trajectory.points[0])])

    polylines = [polyline(trace.trajectory) for trace in traces]
    rings(axes, scene, traces, [points[:, 0] for points in polylines])
    tangents: list[Mark] = []
    trails: list[Trail] = []
    for trace, points in zip(traces, polylines, strict=True):

        def ball(step: float, trace: Trace = trace) -> Array:
            at = trace.at(step)
            return to_pixels(axes, np.stack([at, _losses(surface.value, at)]))[0]

        def tangent(step: float, trace: Trace = trace, ball: Ball = ball) -> Array:
            with np.errstate(all="ignore"):
                slope = np.nan_to_num(surface.gradient(trace.at(step)))[0]
            along = np.array([1.0, slope]) * pixels_per_unit(axes)
            half = (TANGENT_LENGTH if len(traces) == 1 else SHORT_TANGENT) / 2 * scene.unit
            return ball(step) + np.array([[-1.0], [1.0]]) * half * along / np.hypot(*along)

        clip = axes.bbox.frozen()
        if trace.pen.dots:
            lines.append(tangent(scene.steps))
            tangents.append(Stroke(tangent, trace.color, clip=clip, width=1.3, alpha=0.6,
                                   owner=trace))  # fmt: skip
        trails.append(
            Trail(to_pixels(axes, points), trace.color, scene.theme.halo, trace.marker, clip=clip,
                  unit=scene.unit, last=scene.trail, between=ball, pen=trace.pen, trace=trace,
                  strong_from=scene.steps, rail=lines[0],
                  follow=lambda trajectory: to_pixels(axes, polyline(trajectory)))
        )  # fmt: skip
    return tangents, trails


def _with_gaps(
    surface: Surface, x: Array, y: Array, trajectories: Sequence[Trajectory]
) -> tuple[Array, Array, tuple[float, float]]:
    """The samples of a curve, x (m,) and y (m,), with a NaN at each pole; and the limits of y."""
    sign = -1.0 if surface.ascends else 1.0
    losses = [sign * trajectory.values for trajectory in trajectories]
    gaps = gaps_between(lambda at: float(_losses(surface.value, np.array([at]))[0]), x, y)
    if gaps or np.isinf(y).any():
        window = ((float(x[0]), float(x[-1])),)
        inside = losses_in(window, [trajectory.points for trajectory in trajectories], losses)
        limits = _limits_beside_poles(sign * y, inside)
    else:
        limits = _loss_limits(sign * y, losses)
    limits = limits if sign > 0 else (-limits[1], -limits[0])
    y = np.insert(np.where(np.isinf(y), np.nan, y), gaps, np.nan)
    return np.insert(x, gaps, x[gaps]), y, limits


def _loss_limits(y: Array, trajectories: Sequence[Array]) -> tuple[float, float]:
    """The limits of the vertical axis.

    High walls far above the trajectories are cut off, so that these are not flattened; most of the
    curve remains.

    Args:
        y: losses of the curve, (m,).
        trajectories: losses of each trajectory, (T + 1,).
    """
    finite = y[np.isfinite(y)]
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0)
    most = float(np.quantile(finite, 0.75)) if finite.size else high
    highest = max(float(np.clip(losses, low, high).max()) for losses in trajectories)
    height = highest - low
    high = min(high, max(low + 1.5 * height, min(low + 4 * height, most)) or high)
    margin = 0.06 * (high - low) or 1.0
    return low - margin, high + margin


def _limits_beside_poles(y: Array, shown: Array) -> tuple[float, float]:
    """The limits of the vertical axis of a curve with poles: no extreme value sets them.

    They show the trajectories, and most of the curve up to six times their height.

    Args:
        y: losses of the curve, (m,).
        shown: losses of the trajectories, (n,).
    """
    finite = y[np.isfinite(y)]
    shown = shown if shown.size else np.quantile(finite, [0.25, 0.75])
    least, most = float(shown.min()), float(shown.max())
    height = most - least or float(np.ptp(np.quantile(finite, [0.25, 0.75]))) or 1.0
    bottom, top = (float(quantile) for quantile in np.quantile(finite, [0.1, 0.9]))
    low = min(least - height / 2, max(bottom, least - 6 * height))
    high = max(most + height / 2, min(top, most + 6 * height))
    margin = 0.06 * (high - low)
    return low - margin, high + margin


def _losses(value: Callable[[Array], Array], x: Array) -> Array:
    """The losses, (m,), at parameters (m,)."""
    with np.errstate(all="ignore"):
        return np.broadcast_to(value(x[None]), x.shape)
