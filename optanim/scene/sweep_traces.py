"""The traces of a sweep: the color and the dashes of each show its values."""

from __future__ import annotations

from collections.abc import Sequence

from optanim.config.run import Trial
from optanim.config.sweep import DASHES, Sweep
from optanim.experiment.simulate import Trajectory
from optanim.scene.color_scale import value_colors
from optanim.scene.line_style import line_style
from optanim.scene.scene import MARKERS, Trace
from optanim.schema.figure import Theme


def sweep_traces(
    sweep: Sweep, trials: Sequence[Trial], trajectories: Sequence[Trajectory], theme: Theme
) -> tuple[Trace, ...]:
    """The traces of a sweep, in the order of its combinations.

    In an overlay, the color shows the value of the first key, and the dashes that of the second. In
    a grid, headers show the values, and all traces look alike.
    """
    overlay, dashed = sweep.layout == "overlay", sweep.dashed is not None
    color_table = value_colors(sweep.keys[0], theme.ramp, theme.paths)
    traces = []
    for i, (trial, trajectory) in enumerate(zip(trials, trajectories, strict=True)):
        look, places = trial.look, sweep.places[i]
        color, style = look.color or theme.paths[0], line_style(1)
        if overlay:
            color = color_table[places[0]]
            style = line_style(len(sweep), DASHES[places[1]] if dashed else None, dashed=dashed)
        label = ", ".join(sweep.equations(i))
        marker = look.marker or MARKERS[0]
        traces.append(Trace(trajectory, trial.surface, label, color, marker, style))
    return tuple(traces)


def diverged_count(traces: Sequence[Trace], step: float) -> int:
    """The number of traces that have diverged by a step."""
    return sum(
        trace.trajectory.status == "diverged" and trace.trajectory.steps <= step for trace in traces
    )
