"""The traces of a sweep: the color and the dashes of each show its values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from optanim.config.run import Trial
from optanim.config.sweep import DASHES, Sweep
from optanim.experiment.mean import mean_trajectory
from optanim.experiment.simulate import Trajectory
from optanim.scene.color_scale import value_colors
from optanim.scene.line_style import line_style, mean_style, seed_style
from optanim.scene.outcome_groups import OutcomeGroup
from optanim.scene.scene import MARKERS, Trace
from optanim.schema.figure import Theme


def sweep_traces(
    sweep: Sweep, trials: Sequence[Trial], trajectories: Sequence[Trajectory], theme: Theme,
    groups: Sequence[OutcomeGroup] = (),
) -> tuple[Trace, ...]:  # fmt: skip
    """The traces of a sweep, in the order of its combinations; after them the means over seeds.

    In an overlay, the color shows the value of the first key, and the dashes that of the second. Of
    starts, the color shows what became of the trial, and seeds have no color of their own. In a
    grid, headers show the values, and all traces look alike.

    Args:
        sweep: of the trials.
        trials: one for each combination.
        trajectories: of the trials.
        theme: has the colors.
        groups: the trials by what became of them, in a sweep over starts.
    """
    overlay, dashed = sweep.layout == "overlay", sweep.dashed
    colors = {i: group.color for group in groups for i in group.members}
    if overlay and not groups and sweep.colored:
        table = value_colors(sweep.colored, theme.ramp, theme.paths)
        colors = {i: table[sweep.place(i, sweep.colored)] for i in range(len(sweep))}
    traces = []
    for i, (trial, trajectory) in enumerate(zip(trials, trajectories, strict=True)):
        look = trial.look
        style = line_style(1)
        if overlay:
            dash = DASHES[sweep.place(i, dashed)] if dashed else None
            style = line_style(len(sweep), dash, dashed=dashed is not None)
            style = seed_style(style) if sweep.averaged else style
        label = ", ".join(sweep.equations(i))
        color = colors.get(i) or look.color or theme.paths[0]
        marker = look.marker or MARKERS[0]
        traces.append(Trace(trajectory, trial.surface, label, color, marker, style, trial=trial))
    return (*traces, *(_means(sweep, traces) if sweep.averaged else ()))


def _means(sweep: Sweep, traces: Sequence[Trace]) -> list[Trace]:
    """The mean over the seeds of each combination of the other values."""
    groups: dict[tuple[int, ...], list[Trace]] = {}
    for i, trace in enumerate(traces):
        others = [key for key in sweep.keys if key is not sweep.averaged]
        groups.setdefault(tuple(sweep.place(i, key) for key in others), []).append(trace)
    return [
        replace(
            group[0],
            trajectory=mean_trajectory([trace.trajectory for trace in group]),
            pen=mean_style(len(groups), group[0].pen.dash),
            mean_of=len(group),
        )
        for group in groups.values()
    ]


def diverged_count(traces: Sequence[Trace], step: float) -> int:
    """The number of traces that have diverged by a step."""
    return sum(
        trace.trajectory.status == "diverged" and trace.trajectory.steps <= step for trace in traces
    )
