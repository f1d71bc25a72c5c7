"""How long a figure will take: an estimate before the work begins, mostly within a factor of 3.

It is a sum of costs: updates times the cost of one, points of a grid times the cost of a loss,
pixels of frames times the cost of a pixel. The loss and the gradient of the surface are timed once;
the other costs are constants. They were measured on one core of a shared
machine.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from math import ceil, inf
from typing import Any

import numpy as np

from optanim.config.run import Run, Trial
from optanim.encoding.write import is_document
from optanim.errors import ConfigError, Problem
from optanim.experiment.joint_trials import trial_groups
from optanim.experiment.outcome_map import MapGrid, simulate_map
from optanim.experiment.simulate_many import MAX_BLOCK
from optanim.experiment.tuning import with_options
from optanim.experiment.vectorized import options_as_arrays
from optanim.pipeline.provenance import shown_frame, with_frames
from optanim.scene.map_cells import map_grids, map_panels, zoom_factors
from optanim.schema.animation import count_frames
from optanim.schema.types import AUTO
from optanim.surfaces import Surface

LONG = 30.0
"""A figure that takes more seconds than that is announced."""

UPDATE = 60e-6
"""Seconds for an update of an optimizer, beside the loss and the gradient."""

OUTCOME = 1e-3
"""Seconds for the outcome of a trial, its row of a table and its sentence."""

PAINTING, TURNING = 4e-9, 60e-9
"""Seconds for a pixel of a frame; of a landscape whose camera turns, all is painted and written
again."""

ENCODING = {"gif": 10e-9, "png": 10e-9, "webp": 25e-9, "mp4": 70e-9, "webm": 40e-9, "av1": 110e-9}
"""Seconds for a pixel of a frame in each format, and in the slower codec of one."""

DRAWING = 0.5
"""Seconds to draw a step as vectors."""

REPEATED = 30e-9
"""Seconds for a pixel of a frame that a video repeats, because the frame stays."""

SURFACE_POINTS = 400 * 400
"""Points of the grid of a landscape. A contour panel has one for four pixels."""

FIRST_STEPS, ENOUGH_SECONDS = 5, 0.02
"""Steps of the first row of a map that is simulated for the estimate; and the duration of a sample
that is long enough."""

SAMPLES = 2
"""Times that a sample is simulated: the shortest counts, as the first one may warm up."""

MAX_SAMPLED_MAPS = 8
"""With more maps, not each is simulated in part for the estimate."""

FIXED = 1.0
"""Seconds for all else: imports, texts, axes."""


@dataclass(frozen=True)
class Part:
    """A part of the work.

    Attributes:
        seconds: estimated duration.
        work: its name in a message.
        key: the key of the config that makes it shorter.
    """

    seconds: float
    work: str
    key: str


@dataclass(frozen=True)
class Estimate:
    """The estimated work of a run.

    Attributes:
        parts: at least one.
    """

    parts: tuple[Part, ...]

    @property
    def seconds(self) -> float:
        """Estimated duration of the whole."""
        return FIXED + sum(part.seconds for part in self.parts)

    @property
    def largest(self) -> Part:
        """The part that takes longest."""
        return max(self.parts, key=lambda part: part.seconds)


def estimate(run: Run, *, frame: int | None = None) -> Estimate:
    """The estimated work of rendering a run.

    Args:
        run: the run.
        frame: as for `optanim.render`.
    """
    frame = shown_frame(run, frame)
    twins = [(*_grids(twin), *_pictures(twin, frame)) for twin in run.in_themes()]
    return Estimate((*_simulation(run), *_maps(run, frame), *chain.from_iterable(twins)))


def estimate_simulation(run: Run) -> Estimate:
    """The estimated work of simulating a run, without its pictures."""
    return Estimate(tuple(_simulation(run)))


def check_limit(
    runs: Sequence[Run], estimates: Sequence[Estimate], limit: float | None
) -> list[str]:
    """Words for each run that will take long.

    Args:
        runs: all of a command.
        estimates: one for each run.
        limit: seconds that all runs together may take on one core; None for no limit.

    Raises:
        ConfigError: they are estimated to take longer.
    """
    total = sum(e.seconds for e in estimates)
    if limit is not None and estimates and total > limit:
        run, longest = max(zip(runs, estimates, strict=True), key=lambda pair: pair[1].seconds)
        part = longest.largest
        message = f"would take about {duration(total)}, the limit is {duration(limit)}"
        message += f"; most of it is {part.work}"
        raise ConfigError([Problem(message, run.source, f"change {part.key}, or raise --limit")])
    pairs = zip(runs, estimates, strict=True)
    return [
        f"{run.source}: will take about {duration(e.seconds)}, most of it {e.largest.work};"
        f" {e.largest.key} makes it shorter"
        for run, e in pairs
        if e.seconds > LONG
    ]


def duration(seconds: float) -> str:
    """A duration in words: `45 s`, `12 min`, `3 h`."""
    if seconds < 100:
        return f"{seconds:.2g} s"
    return f"{seconds / 60:.0f} min" if seconds < 6000 else f"{seconds / 3600:.0f} h"


def _simulation(run: Run) -> list[Part]:
    """Updates, of the figure and of the search for rates."""
    figure, search, searches, tried = 0.0, 0.0, 0, 0
    costs: dict[int, float] = {}
    every = (*run.trials, *run.hidden)
    for members, together in trial_groups(every):
        for i in members[:1] if together else members:
            trial = every[i]
            key = id(trial.surface)
            costs[key] = costs.get(key) or _update_cost(trial)
            many = len(members) if together else 1
            at_once = together or trial.starts
            update = _step_cost(trial, many, costs[key]) if at_once else costs[key]
            figure += trial.steps * update + many * OUTCOME
    for trial in every:
        key = id(trial.surface)
        if trial.chosen.options.get("lr") == AUTO:
            trials = run.tuning.count(trial.chosen)
            search += trial.steps * _step_cost(trial, trials, costs[key])
            searches, tried = searches + 1, tried + trials
    count = len(every)
    rows = run.surface.data is not None
    steps = f"{run.steps} updates of {count} optimizers"
    tuning = f"{tried} trials of {run.steps} updates for {searches} optimizers with lr: auto"
    return [
        Part(figure, steps, "steps, batch_size or fewer rows" if rows else "steps"),
        Part(search, tuning, "tuning.per_decade, tuning.over or steps"),
    ]


def _step_cost(trial: Trial, count: int, update: float) -> float:
    """Seconds for a step of many trials of an optimizer, which may be simulated at once.

    Args:
        trial: one of them; those of a trial with many starts differ in more than these.
        count: their number.
        update: seconds for an update of one.
    """
    starts = len(trial.starts or ())
    if options_as_arrays(trial.optimizer) is None:
        return count * (starts or 1) * update
    size = min(starts or count, MAX_BLOCK)
    count *= starts or 1
    points = np.repeat(np.array(trial.start, dtype=np.float64)[:, None], size, axis=1)
    together = _timed(trial.surface.value, points) + _timed(trial.surface.gradient, points)
    return ceil(count / size) * (UPDATE + 3 * together)


def map_seconds(run: Run) -> float:
    """Estimated seconds for the outcome maps of a run; 0 without maps."""
    return sum(part.seconds for part in _maps(run))


def _maps(run: Run, frame: int | None = None) -> list[Part]:
    """The cells of outcome maps, estimated from a few of them."""
    starts = [np.array(trial.start, np.float64)[:, None] for trial in run.trials]
    # Any rate takes as long as the one that a search will find.
    rate = {"lr": run.tuning.rates[len(run.tuning.rates) // 2]}
    trials = tuple(
        with_options(trial, rate) if trial.chosen.options.get("lr") == AUTO else trial
        for trial in run.trials
    )
    tuned = replace(run, trials=trials)
    grids = [*map_grids(tuned, starts, frame).values()] if map_panels(run) else []
    if not grids:
        return []
    # The windows of a zoom are many: three of them say enough.
    some = grids if len(grids) <= MAX_SAMPLED_MAPS else grids[:: -(-len(grids) // 3)]
    seconds = sum(map(_map_cost, some)) * len(grids) / len(some)
    cells = sum(grid.shape[0] * grid.shape[1] for grid in grids)
    words = f"a map of {cells} cells × {run.steps} steps"
    return [Part(seconds, words, "cells of the panel, steps or figure.size")]


def _map_cost(grid: MapGrid) -> float:
    """Seconds for a map: more and more rows of it are simulated, until that takes long enough."""
    height, steps = grid.shape[0], grid.trial.steps
    rows, count = 1, min(steps, FIRST_STEPS)
    seconds = _sample_cost(grid, rows, count)
    while seconds < ENOUGH_SECONDS and (rows < height or count < steps):
        rows, count = min(2 * rows, height), min(2 * count, steps)
        seconds = _sample_cost(grid, rows, count)
    return seconds * height / rows * steps / count


def _sample_cost(grid: MapGrid, rows: int, steps: int) -> float:
    """Seconds for some rows of a map and some steps, the least of `SAMPLES`."""
    height = grid.shape[0]
    # From the whole height, as some cells diverge at once, and others never.
    every = range(0, height, height // rows)[:rows]
    trial = replace(grid.trial, steps=steps)
    sample = replace(grid, rows=every, trial=trial, shown=(steps,) if grid.shown else ())
    shortest = inf
    for _ in range(SAMPLES):
        # Of this process alone: a machine may do other work for most of a second.
        start = time.process_time()
        simulate_map(sample)
        shortest = min(shortest, time.process_time() - start)
    return shortest


def _update_cost(trial: Trial) -> float:
    point = np.array(trial.start, dtype=np.float64)
    loss = _timed(trial.surface.value, point)
    return UPDATE + loss + _timed(trial.surface.gradient, point)


def _timed(function: Callable[[Any], Any], point: Any) -> float:
    """Seconds for a call; the shortest of some, as the first may warm up, or Python frees memory.

    They are of this process, so that other work on the machine makes no estimate longer.
    """
    shortest = inf
    with np.errstate(all="ignore"):
        for slow in (1.0, 1e-3, inf):
            start = time.process_time()
            function(point)
            shortest = min(shortest, time.process_time() - start)
            if shortest > slow:
                break
    return shortest


def _point_cost(surface: Surface, start: Sequence[float]) -> float:
    """Seconds for the loss of one of many points."""
    point = np.array(start, dtype=np.float64)
    alone = _timed(surface.value, point)
    if alone > 1e-3:
        return alone
    return _timed(surface.value, np.repeat(point[:, None], 64, axis=1)) / 64


def _grids(run: Run) -> list[Part]:
    """The grids of losses behind contours and landscapes."""
    width, height = _pixels(run)
    panels = [chosen.entry.name for chosen in run.panels]
    repeated = len(run.trials) if run.layout == "grid" else 1
    points = repeated * (
        panels.count("contour") * width * height / 4 / max(1, len(panels) * repeated)
        + panels.count("surface3d") * SURFACE_POINTS
    )
    seconds = points * _point_cost(run.surface, run.trials[0].start) if points else 0.0
    return [
        Part(seconds, f"the loss at {points:.0f} points of the map", "figure.size, or the data")
    ]


def _pictures(run: Run, frame: int | None) -> list[Part]:
    """Painting, and encoding for each format."""
    width, height = _pixels(run)
    pixels, animation = width * height, run.animation
    frames = (len(zoom_factors(run)) or count_frames(run.steps, animation)) if frame is None else 1
    landscapes = [chosen.entry.name for chosen in run.panels].count("surface3d")
    painted = f"{frames} frames of {pixels / 1e6:.2g} megapixels"
    frames_key = "animation.fps" if animation.steps_per_second is None else "steps"
    key = f"figure.size, figure.scale or {frames_key}"
    parts = [Part(frames * pixels * PAINTING, f"painting {painted}", key)]
    if run.view.camera.turn and landscapes:
        words = f"a landscape that turns: {painted}"
        seconds = frames * pixels * landscapes / len(run.panels) * TURNING
        parts.append(Part(seconds, words, f"view.camera.turn, {key}"))
    stay = sum(animation.holds)
    for path, still in with_frames(run, frame):
        format = path.suffix[1:].lower()
        if is_document(path.suffix):
            parts.append(Part(DRAWING, f"drawing vectors for {format}", "another format"))
            continue
        codec = str(run.format_options(path.suffix).get("codec", format))
        seconds = ENCODING.get(codec, ENCODING.get(format, max(ENCODING.values())))
        cost = (frames if still is None else 1) * pixels * seconds
        parts.append(Part(cost, f"writing {format}: {painted}", f"{key}, or another format"))
        if format in ("mp4", "webm") and frame is None:
            repeats = stay * max(animation.fps, 10)
            words = f"{repeats:.0f} repeated frames in {format}, {stay:g} s that stay"
            key_of_stay = "animation.hold_start, animation.hold_end or fps"
            parts.append(Part(repeats * pixels * REPEATED, words, key_of_stay))
    return parts


def _pixels(run: Run) -> tuple[int, int]:
    assert run.figure.size  # the loader sets it
    width, height = (side * run.figure.scale for side in run.figure.size)
    return width, height
