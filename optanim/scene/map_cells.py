"""The grids of the panels that are outcome maps: which cells they have, and what each one is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from optanim.config.panels import MAP_PANELS
from optanim.config.run import Run
from optanim.config.varied_key import VariedKey
from optanim.experiment.outcome_map import CellAxis, MapGrid, Measure
from optanim.scene.framing import domain_window
from optanim.scene.heads import HEADER_HEIGHT, MARGINS
from optanim.scene.layout import Margins, panel_columns, place_panels
from optanim.scene.map_picture import MapName
from optanim.scene.outcome_groups import point_label
from optanim.scene.timeline import outcome_timeline, zoom_moments
from optanim.schema.cell_types import CELL_SIZE, MAX_CELL_SIZE
from optanim.schema.choice import Chosen
from optanim.schema.figure import grid_columns
from optanim.surfaces import Array, configured_window, domain_of

KEY_GAPS, LETTER_WIDTH = 44, 6.8
"""Pixels of the default figure: of the key beside a map without its letters, and of a letter."""

USUAL_LABEL = 18
"""Letters of the longest label of a key that has no longer one, such as `still moving: 3 %`."""

MIN_SIDE = 24
"""Pixels of the default figure: the smallest side of a map."""


def map_name(panel: Chosen) -> MapName:
    """The name of the map of a panel; panels with the same name show the same map."""
    options = panel.options
    return panel.entry.name, options.get("of") or 1, options.get("cells", CELL_SIZE), 0


def map_panels(run: Run) -> list[Chosen]:
    """The panels of a run that are maps, in a grid one for each trial."""
    panels = [panel for panel in run.panels if panel.entry.name in MAP_PANELS]
    if run.layout != "grid":
        return panels
    return [
        Chosen(panel.entry, {**panel.options, "of": i + 1})
        for panel in panels
        for i in range(len(run.trials))
    ]


def with_larger_cells(run: Run) -> Run:
    """The run with cells of twice the side in its maps, for a draft."""

    def larger(panel: Chosen) -> Chosen:
        if panel.entry.name not in MAP_PANELS:
            return panel
        size = panel.options.get("cells", CELL_SIZE)
        return replace(panel, options={**panel.options, "cells": min(2 * size, MAX_CELL_SIZE)})

    return replace(run, panels=tuple(larger(panel) for panel in run.panels))


def map_grids(run: Run, paths: Sequence[Array], still: int | None = None) -> dict[MapName, MapGrid]:
    """The grid of each map of a run, each once.

    Args:
        run: with a number for each `lr: auto`.
        paths: the points of its trials, (d, T + 1), or the first ones of them, for an estimate.
        still: the step of a still; None for an animation.
    """
    zoom, grids = run.view.zoom, dict[MapName, MapGrid]()
    for panel in map_panels(run):
        if panel.entry.name == "basins":
            grid = _basin_grid(run, paths, panel)
        else:
            grid = _key_grid(run, panel, still if zoom is None else -1)
        if zoom is None:
            grids[map_name(panel)] = grid
            continue
        factors = zoom_factors(run)
        for i in range(len(factors)) if still is None else (range(len(factors))[still],):
            x, y = (
                axis.zoomed(to, factors[i])
                for axis, to in zip((grid.x, grid.y), zoom.to, strict=True)
            )
            grids[(*map_name(panel)[:3], i)] = replace(grid, x=x, y=y)
    return grids


def zoom_factors(run: Run) -> tuple[float, ...]:
    """By what each window of the zoom of a run is smaller than the first; () without a zoom."""
    if run.view.zoom is None:
        return ()
    count = len(zoom_moments(run.animation))
    return tuple(run.view.zoom.by ** (i / (count - 1)) for i in range(count))


def _key_grid(run: Run, panel: Chosen, still: int | None) -> MapGrid:
    """The grid of the pairs of values of the two keys of the section `map`."""
    assert run.map  # the loader refuses the panel without it
    _, of, size, _ = map_name(panel)
    trial, room = run.trials[of - 1], map_room(run, USUAL_LABEL)
    x, y = (
        CellAxis(side.key, side.low, side.high, count, side.log)
        for side, count in zip(
            (run.map.x, run.map.y), _cell_counts(room, room[0] / room[1], size), strict=True
        )
    )
    measure: Measure = "outcome"
    shown: tuple[int, ...] = ()
    if run.map.of == "loss" or run.map.of == "rate":
        measure = run.map.of
        shown = (still % (trial.steps + 1),) if still is not None else shown_steps(run)
    return MapGrid(trial, run.chosen, x, y, measure, shown)


def shown_steps(run: Run) -> tuple[int, ...]:
    """The steps that a film of maps shows, rising, if each step changes something."""
    moments = outcome_timeline(max(trial.steps for trial in run.trials), run.animation)
    return tuple(sorted({int(moment.step) for moment in moments}))


def _basin_grid(run: Run, paths: Sequence[Array], panel: Chosen) -> MapGrid:
    """The grid whose cells are the starts in the window of a surface."""
    _, of, size, _ = map_name(panel)
    trial, surface = run.trials[of - 1], run.trials[of - 1].surface
    domain = domain_of(paths[of - 1], surface)
    labels = [point_label(minimum, surface, np.ptp(domain, axis=1)) for minimum in surface.minima]
    part = 0 if run.layout == "grid" else len(": 27 %")
    usual = USUAL_LABEL - (0 if part else len(": 3 %"))
    room = map_room(run, max([usual, *(len(label) + part for label in labels)]))
    window, aspect = domain_window(run.view, domain, room[0] / room[1])
    width, height = _cell_counts(room, aspect, size)
    return MapGrid(
        trial=trial,
        surface=run.chosen,
        x=CellAxis(VariedKey("start", surface.axes[0], 0), *window[0], width),
        y=CellAxis(VariedKey("start", surface.axes[1], 1), *window[1], height),
        frame=configured_window(run.view, surface),
    )


def map_room(run: Run, letters: int) -> tuple[float, float]:
    """About the width and height of the axes of a map, in pixels of the unscaled figure.

    Args:
        run: of the map.
        letters: of the longest label of its key.
    """
    assert run.figure.size  # the loader sets it
    width, height = run.figure.size
    unit = min(max(min(width / 640, height / 480) ** 0.5, 0.75), 2.0)
    grid, count = run.layout == "grid", len(run.panels)
    if grid:
        count = len(run.trials)
        across = run.sweep.across if run.sweep else grid_columns(count)
    else:
        across = panel_columns(count, (width, height))
    keys = (KEY_GAPS + LETTER_WIDTH * letters) * unit * (1 if grid else across)
    if run.figure.legend == "none":
        keys = 0.0
    margins = Margins(*(side * unit for side in
                        (MARGINS.left, MARGINS.below, MARGINS.right, MARGINS.above)))  # fmt: skip
    room = (width - keys, height - HEADER_HEIGHT * unit)
    place = place_panels(count, room, margins, across, alike=grid, filled=not grid)[0]
    return max(place.width, MIN_SIDE * unit), max(place.height, MIN_SIDE * unit)


def _cell_counts(room: tuple[float, float], aspect: float, size: int) -> tuple[int, int]:
    """The number of columns and of rows of cells of a size, for a width over height."""
    width = min(room[0], room[1] * aspect)
    return max(int(width / size), 2), max(int(width / aspect / size), 2)
