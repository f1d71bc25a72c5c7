"""The trials of a sweep as they are drawn: in the colors of their values, or one in each cell."""

from __future__ import annotations

from collections.abc import Sequence

from optanim.config.sweep import DASHES, Sweep
from optanim.experiment.simulate import Trajectory
from optanim.scene.color_scale import colors
from optanim.scene.line_style import pen
from optanim.scene.scene import MARKERS, Trace
from optanim.schema.figure import Look, Theme
from optanim.surfaces import Surface


def sweep_traces(
    sweep: Sweep,
    trajectories: Sequence[Trajectory],
    surfaces: Sequence[Surface],
    looks: Sequence[Look],
    theme: Theme,
) -> tuple[Trace, ...]:
    """The traces of a sweep, in the order of its combinations.

    In an overlay color tells the value of the first key, and dashes that of the second; the cells
    of a grid say their values themselves.
    """
    overlay = sweep.layout == "overlay"
    of_values = colors(sweep.keys[0], theme.ramp, theme.paths)
    traces = []
    trials = zip(trajectories, surfaces, looks, strict=True)
    for i, (trajectory, surface, look) in enumerate(trials):
        color, places = look.color or theme.paths[0], sweep.places[i]
        drawn = pen(1)
        if overlay:
            color = of_values[places[0]]
            dashed = sweep.dashed is not None
            drawn = pen(len(sweep), DASHES[places[1]] if dashed else None, dashed=dashed)
        label = ", ".join(sweep.equations(i))
        traces.append(Trace(trajectory, surface, label, color, look.marker or MARKERS[0], drawn))
    return tuple(traces)


def diverged(traces: Sequence[Trace], step: float) -> int:
    """How many traces have come to where they diverge."""
    return sum(
        trace.trajectory.status == "diverged" and trace.trajectory.steps <= step for trace in traces
    )
