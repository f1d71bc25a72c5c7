"""A run and its trajectories become the scene of its figure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from optanim.config.run import Run
from optanim.errors import ConfigError, Problem
from optanim.experiment.outcome_map import OutcomeMap, simulate_map
from optanim.experiment.simulate import Trajectory
from optanim.experiment.tuning import searches_of
from optanim.scene.alt_text import result_sentences
from optanim.scene.caption import (
    data_notes,
    hyperparameters,
    starts_note,
    surface_equation,
    tuning_note,
)
from optanim.scene.heads import heads_in_panels
from optanim.scene.map_cells import map_grids, map_panels, zoom_factors
from optanim.scene.map_measures import key_picture
from optanim.scene.map_picture import MapName, MapPicture, basin_picture, known_part, zoomed_picture
from optanim.scene.outcome_groups import outcome_groups
from optanim.scene.scene import Scene, themed_traces
from optanim.scene.swarm import MAX_COUNTS, color_kind, view_of_swarms, with_dots
from optanim.scene.sweep_traces import sweep_traces
from optanim.scene.timeline import outcome_timeline, timeline, zoom_moments
from optanim.scene.trial_names import names_of, shared_rates
from optanim.schema.choice import Chosen
from optanim.schema.notation import optimizer_title, surface_title
from optanim.schema.words import words_of

MAX_EQUATIONS = 2
"""With more surfaces than this, a caption has the equation of the run's surface alone."""


def compose_scene(
    run: Run, trajectories: Sequence[Trajectory], maps: Mapping[MapName, OutcomeMap] | None = None
) -> Scene:
    """The scene of a run.

    Args:
        run: with a number for each `lr: auto`.
        trajectories: of its optimizers, in its order.
        maps: its outcome maps, if they were simulated before; without a map, the layout alone.

    Raises:
        ConfigError: a note is at a step that its trial does not reach.
    """
    if problems := _unreached_notes(run, trajectories):
        raise ConfigError(problems)
    sweep = run.sweep if run.sweep and run.sweep.pictured else None
    by_outcome = run.is_swarm or (sweep and sweep.by_outcome)
    groups = outcome_groups(run, trajectories) if by_outcome else ()
    if sweep:
        ends = () if run.is_swarm else groups
        traces = sweep_traces(sweep, run.trials, trajectories, run.theme, ends)
    else:
        own = names_of(run.trials, run.lang)
        names = [name.text for name in own]
        if run.map and len({name.title for name in own}) == len(own):
            names = [name.title for name in own]  # their options differ from cell to cell
        if len(names) == 1 and run.figure.legend in (None, "none") and not run.is_swarm:
            # One trial without a legend is named by the title of the figure.
            names = [run.trials[0].look.label or ""]
        traces = themed_traces(run.trials, trajectories, run.theme, names)
    traces = with_dots(run, traces, groups) if run.is_swarm else traces
    title, caption = _title_and_caption(run, in_sweep=sweep is not None)
    scene = Scene(
        surface=run.surface,
        traces=traces,
        title=title if run.title is None else run.title,
        caption=caption,
        panels=_repeated(run.panels, len(run.trials)) if run.layout == "grid" else run.panels,
        grid=run.layout == "grid",
        view=view_of_swarms(run) if run.is_swarm else run.view,
        figure=replace(run.figure, font=run.font),
        theme=run.theme,
        words=words_of(run.lang),
        result=result_sentences(run, trajectories) if run.figure.result else (),
        trail=run.animation.trail,
        sweep=sweep,
        groups=groups,
        maps=_pictures(run, simulated_maps(run, trajectories) if maps is None else maps),
        dots_by=color_kind(run) if run.is_swarm else "",
        # In a grid, all panels are the one of the config.
        panel_places=run.panel_places * (len(run.trials) if run.layout == "grid" else 1),
    )
    if not scene.has_traces:
        if run.view.zoom:
            return replace(scene, moments=zoom_moments(run.animation))
        moments = outcome_timeline(scene.steps, run.animation, known_part(scene.maps.values()))
        return replace(scene, moments=moments)
    heads = heads_in_panels(scene) if run.animation.automatic and not map_panels(run) else None
    return replace(scene, moments=timeline(scene.steps, run.animation, heads))


def simulated_maps(
    run: Run, trajectories: Sequence[Trajectory], still: int | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> dict[MapName, OutcomeMap]:  # fmt: skip
    """The outcome maps of a run, simulated one after the other.

    Args:
        run: with a number for each `lr: auto`.
        trajectories: of its trials.
        still: as for `map_grids`.
        progress: called with the number of cells that are done, and of all.
    """
    grids = map_grids(run, [trajectory.points for trajectory in trajectories], still)
    total, done = sum(grid.shape[0] * grid.shape[1] for grid in grids.values()), 0

    def advance(cells: int) -> None:
        nonlocal done
        done += cells
        progress(done, total)

    return {name: simulate_map(grid, advance) for name, grid in grids.items()}


def _pictures(run: Run, maps: Mapping[MapName, OutcomeMap]) -> dict[MapName, MapPicture]:
    """The outcome maps of a run in the colors of its theme."""
    words, together = words_of(run.lang), run.layout == "grid" or run.view.zoom is not None
    beside, factors = [*maps.values()] if together else [], zoom_factors(run)
    pictures = {
        name: key_picture(outcomes, run.map.of, run.theme, words, beside)
        if run.map and name[0] == "map"
        else basin_picture(outcomes, run.theme, words, beside, factors[name[3]] if factors else 1.0)
        for name, outcomes in maps.items()
    }
    if not factors:
        return pictures
    windows: dict[MapName, dict[int, MapPicture]] = {}
    for (panel, of, size, i), picture in pictures.items():
        windows.setdefault((panel, of, size, 0), {})[i] = picture
    return {name: zoomed_picture(shown, factors) for name, shown in windows.items()}


def _unreached_notes(run: Run, trajectories: Sequence[Trajectory]) -> list[Problem]:
    """The problems of notes at steps after the last one of their trials."""
    problems = []
    for note, place in zip(run.view.notes or (), run.note_places, strict=True):
        if note.step is None:
            continue
        trial, last = run.trials[(note.of or 1) - 1], trajectories[(note.of or 1) - 1].steps
        if note.step > last:
            message = f"{trial.label} ends at step {last}, and a note is at step {note.step}"
            problems.append(Problem(message, place, f"write step: {last}, or less"))
    return problems


def _title_and_caption(run: Run, *, in_sweep: bool) -> tuple[str, tuple[str, ...]]:
    """The default title of a figure, and the lines of its caption."""
    searches, first, words = searches_of(run), run.trials[0], words_of(run.lang)
    equations = [*dict.fromkeys(surface_equation(trial.surface) for trial in run.trials)]
    if len(equations) > MAX_EQUATIONS or in_sweep:
        one_surface = len({id(trial.surface) for trial in run.trials}) == 1
        equations = [surface_equation(run.surface)] if one_surface or not in_sweep else []
    caption = equations
    ascends = run.surface.ascends
    title = surface_title(run.chosen, run.lang, ascends=ascends)
    typed = run.chosen.entry.name == "expression"
    one_optimizer = len({trial.chosen.entry.name for trial in run.trials}) == 1
    if len(run.trials) == 1 or (in_sweep and one_optimizer):
        title = first.look.label or optimizer_title(first.chosen, run.lang, ascends=ascends)
        tuned = {name for search in searches for name in search.names}
        # Beside traces the caption says with what the trial of the config was made.
        alone = len(map_panels(run)) >= len(run.panels)
        omit = run.map.options if run.map and alone else set[str]()
        if run.sweep and in_sweep:
            # Swept options and tuned ones differ between the trials: the figure shows them apart.
            omit |= run.sweep.options | tuned
        caption.append(hyperparameters(first.chosen, omit, keep=tuned))
    else:
        if typed and len(caption) == 1 and run.title is None:
            # A formula that somebody typed is its own name.
            title, *caption = caption
        if not in_sweep:
            caption.append("   ".join(shared_rates(run.trials, run.lang)))
    if len(map_panels(run)) < len(run.panels):
        # Maps have starts of their own.
        together = run.layout == "grid" and len(run.trials) > MAX_COUNTS
        cells = len(run.trials) if together and color_kind(run) != "optimizer" else 1
        caption.extend(filter(None, [starts_note(run.trials, words, cells)]))
    caption.append(tuning_note(searches, len(run.trials), words))
    caption.extend(data_notes((trial.surface for trial in run.trials), words))
    return title, tuple(caption)


def _repeated(panels: tuple[Chosen, ...], count: int) -> tuple[Chosen, ...]:
    """Each panel once for each of the optimizers, whose number is `count`."""
    return tuple(
        replace(panel, options={**panel.options, "of": i + 1})
        for panel in panels
        for i in range(count)
    )
