"""From a run and its trajectories to the scene that its figure shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from optanim.config.run import Run
from optanim.experiment.simulate import Trajectory
from optanim.experiment.tuning import searches_of
from optanim.scene.caption import formula, hyperparameters, searched
from optanim.scene.scene import Scene, traces_of
from optanim.scene.sweep_traces import sweep_traces
from optanim.schema.choice import Chosen


def scene(run: Run, trajectories: Sequence[Trajectory]) -> Scene:
    """What the figure of a run shows."""
    looks, chosen = [r.look for r in run.trials], [r.chosen for r in run.trials]
    surfaces, searches = [r.surface for r in run.trials], searches_of(run)
    sweep = run.sweep if run.sweep and run.sweep.pictured else None
    if sweep:
        traces = sweep_traces(sweep, trajectories, surfaces, looks, run.theme)
    else:
        traces = traces_of(trajectories, surfaces, looks, chosen, run.theme)
    caption = [formula(run.surface)] if len(set(map(id, surfaces))) == 1 or not sweep else []
    title = run.chosen.entry.title
    if len(run.trials) == 1 or (sweep and len({one.entry.name for one in chosen}) == 1):
        title = looks[0].label or chosen[0].entry.title
        # What the trials of a sweep do not share is told elsewhere, or is each one's own.
        apart = {*sweep.options, *(["lr"] if searches else [])} if sweep else ()
        caption.append(hyperparameters(chosen[0], apart))
    caption.append(searched(searches, len(run.trials)))
    return Scene(
        surface=run.surface,
        traces=traces,
        title=title if run.title is None else run.title,
        caption=tuple(caption),
        panels=_of_each(run.panels, len(run.trials)) if run.layout == "grid" else run.panels,
        grid=run.layout == "grid",
        view=run.view,
        figure=replace(run.figure, font=run.font),
        theme=run.theme,
        trail=run.animation.trail,
        sweep=sweep,
    )


def _of_each(panels: tuple[Chosen, ...], count: int) -> tuple[Chosen, ...]:
    """A panel once for each optimizer."""
    return tuple(
        replace(panel, options={**panel.options, "of": i + 1})
        for panel in panels
        for i in range(count)
    )
