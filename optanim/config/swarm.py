"""The starts of a swarm: points where its surface has a value and a gradient."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from optanim.config.panels import needs_of
from optanim.config.problems import Report
from optanim.config.run import Trial
from optanim.config.start import point_of
from optanim.config.yaml_nodes import KeyPath
from optanim.schema.catalogue import catalogue
from optanim.schema.choice import Chosen
from optanim.schema.claim import TrialReference
from optanim.schema.document import Document
from optanim.schema.start import EXAMPLES, Swarm
from optanim.schema.view import View
from optanim.surfaces import START_STREAM, Array, Surface, random_stream

MAX_SWARM_UPDATES = 10_000_000
"""Maximum number of updates of all starts in a picture, which keeps every point in memory."""

SINGLE_PANELS = ("fit", "gradient_norm", "rates")
"""Panels of what one point does: a thousand of its lines would be a blot."""

Points = tuple[tuple[float, ...], ...]
"""R points (d,) of a surface."""


def swarm_starts(
    swarm: Swarm, path: KeyPath, surface: Surface, view: View, seed: int, report: Report
) -> Points | None:
    """The starts of a swarm, in its order; None if it has a problem.

    Where the surface has no finite value or gradient there is no start.

    Args:
        swarm: as the config has it.
        path: its path in the config.
        surface: of the trial.
        view: the section `view`, which may set ranges.
        seed: of random starts.
        report: called with each problem.
    """
    window = swarm_window(surface, view)
    if swarm.grid is not None:
        if len(swarm.grid) != surface.dimensions:
            axes, count = ", ".join(surface.axes), len(swarm.grid)
            grid = [swarm.grid[0]] * surface.dimensions
            message = f"grid has {count} number{'s' * (count != 1)}, the surface has the "
            message += f"{'axis' if surface.dimensions == 1 else 'axes'} {axes}"
            report(message, (*path, "grid"), f"a number of starts for each axis: grid: {grid}")
            return None
        points = _grid(swarm.grid, window)
    elif swarm.circle is not None:
        center = tuple(window.mean(axis=1).tolist())
        if surface.dimensions == 1:
            message = "a circle needs a surface of two parameters"
            report(message, (*path, "circle"), "start: {grid: [40]} has starts along one axis")
            return None
        if swarm.center is not None:
            own = point_of(swarm.center, (*path, "center"), surface, report, "center")
            if own is None:
                return None
            center = own
        points = _circle(swarm.circle, swarm.radius or 0.0, np.array(center))
    else:
        points = _random(swarm.count, window, seed)
    points = points[:, surface.is_finite_at(points)]
    if not points.size:
        message = "the surface has no finite value and gradient at any start of the swarm"
        report(message, path, f"view.x and view.y set where it is, or start: {EXAMPLES['circle']}")
        return None
    return tuple(map(tuple, points.T.tolist()))


def swarm_window(surface: Surface, view: View) -> Array:
    """The ranges over which grids and random starts are spread, (d, 2)."""
    sides = zip((view.x, view.y), surface.domain, strict=False)
    return np.array([own or side for own, side in sides], dtype=np.float64)


def _grid(counts: tuple[int, ...], window: Array) -> Array:
    """The middles of the cells of a grid, (d, R); the first axis changes fastest."""
    sides = [
        low + (np.arange(count) + 0.5) / count * (high - low)
        for count, (low, high) in zip(counts, window, strict=True)
    ]
    return np.stack([side.ravel() for side in np.meshgrid(*sides)])


def _circle(count: int, radius: float, center: Array) -> Array:
    """Points on a circle, (2, R), from the right counterclockwise."""
    angles = 2 * np.pi * np.arange(count) / count
    return center[:, None] + radius * np.stack([np.cos(angles), np.sin(angles)])


def _random(count: int, window: Array, seed: int) -> Array:
    """Points at random, (d, R); more of them have these as their first."""
    shares = random_stream(seed, START_STREAM).random_sample((count, len(window))).T
    low, high = window.T[:, :, None]
    return np.asarray(low + shares * (high - low))


def swarm_problems(
    document: Document, trials: Sequence[Trial | None], panels: Sequence[Chosen]
) -> Iterator[tuple[str, KeyPath, str]]:
    """Yield the problems of a config with swarms: a message, its path, and a line of help.

    Args:
        document: the config.
        trials: of its optimizers; None for one that has problems.
        panels: of its figure.
    """
    whole = [trial for trial in trials if trial]
    swarms = [trial for trial in whole if trial.starts]
    view = document.view
    if not swarms:
        if view.color and whole:
            message = "view.color is about the dots of a swarm, and there is one start"
            yield message, ("view", "color"), f"start: {EXAMPLES['grid']} is a swarm"
        return
    if len(swarms) < len(whole):
        message = "either all optimizers of a picture start as swarms, or none"
        yield message, ("start",), "leave out the start of a single optimizer"
    updates = sum(len(trial.starts or ()) * trial.steps for trial in swarms)
    if updates > MAX_SWARM_UPDATES:
        message = f"a swarm must have at most {MAX_SWARM_UPDATES:,} steps in all, got {updates:,}"
        yield message, ("start",), "use fewer starts, or fewer steps"
    for i, claim in enumerate(document.claims or ()):
        if not any(isinstance(v, TrialReference) and v.many for v in claim.options.values()):
            message = f"{claim.entry.name} is about one start, and a swarm has many"
            help = f"claims: [{{share: {whole[0].name}, arrives: 0.5}}], or one point as start"
            yield message, ("claims", i), help
    if document.figure.legend in ("end", "row"):
        message = "the legend of a swarm counts the starts that reach each place"
        yield message, ("figure", "legend"), "legend: box draws it, legend: none leaves it out"
    if view.arrows:
        yield "the arrows of a swarm would hide it", ("view", "arrows"), "leave out view.arrows"
    if view.against == "evaluations":
        message = "a swarm is counted in updates"
        yield message, ("view", "against"), "leave out view.against"
    for i, note in enumerate(view.notes or ()):
        if note.step is not None:
            message = "a note at a step is of one start, and a swarm has many"
            yield message, ("view", "notes", i, "step"), "write at: a point of the surface"
    for i, panel in enumerate(panels):
        if panel.entry.name in SINGLE_PANELS:
            message = f"{panel.entry.name} shows one start, and a swarm has many"
            help = f"panels of a swarm: {', '.join(swarm_panels(whole[0].surface))}"
            yield message, ("panels", i), help


def swarm_panels(surface: Surface) -> list[str]:
    """The names of the panels that show swarms on a surface."""
    entries = catalogue("panels").values()
    return [
        entry.name for entry in entries
        if entry.name not in SINGLE_PANELS and not needs_of(entry).mismatch(surface)
    ]  # fmt: skip
