"""The dots of swarms in a scene: their colors, and how many of them have come where."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt

from optanim.config.run import Run
from optanim.config.swarm import swarm_window
from optanim.experiment.divergence import NEVER
from optanim.experiment.swarm import SwarmTrajectory
from optanim.scene.color_scale import ramp_colors
from optanim.schema.view import View
from optanim.surfaces import Array

if TYPE_CHECKING:
    from optanim.scene.outcome_groups import OutcomeGroup
    from optanim.scene.scene import Scene, Trace

ColorKind = Literal["minimum", "optimizer", "loss"]

SHADES = 8
"""Number of colors of losses: each has an equal share of all losses of all steps."""

Shades = npt.NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class DotColors:
    """The colors of the R dots of a swarm.

    Attributes:
        colors: `#RRGGBB`.
        index: of the color of each dot, (R,); or after each update, (T + 1, R).
    """

    colors: tuple[str, ...]
    index: Shades

    def at(self, step: float) -> Shades:
        """The index of the color of each dot at a step, (R,)."""
        return self.index if self.index.ndim == 1 else self.index[min(int(step), len(self.index))]


def color_kind(run: Run) -> ColorKind:
    """What the colors of dots show: by default the optimizer where several share a panel."""
    several = len(run.trials) > 1 and run.layout != "grid"
    return run.view.color or ("optimizer" if several else "minimum")


def view_of_swarms(run: Run) -> View:
    """The view of a run of swarms: it has the ranges over which all starts are spread.

    Starts on a circle are a part of the surface, which is framed as usual.
    """
    spread = all(trial.swarm and not trial.swarm.circle for trial in run.trials)
    if not spread or any(trial.surface is not run.surface for trial in run.trials):
        return run.view
    sides = [(float(low), float(high)) for low, high in swarm_window(run.surface, run.view)]
    return replace(run.view, **dict(zip("xy", sides, strict=False)))  # type: ignore[arg-type]


def with_dots(
    run: Run, traces: Sequence[Trace], groups: Sequence[OutcomeGroup]
) -> tuple[Trace, ...]:
    """The traces of swarms with the colors of their dots.

    Args:
        run: of swarms.
        traces: one for each of them.
        groups: of all starts.
    """
    kind, swarms = color_kind(run), [_swarm(trace) for trace in traces]
    if kind == "optimizer":
        dots = [
            DotColors((trace.color,), np.zeros(len(swarm.members), np.uint8))
            for trace, swarm in zip(traces, swarms, strict=True)
        ]
    elif kind == "loss":
        edges, ramp = loss_edges(traces), ramp_colors(run.theme.ramp)
        colors = tuple(ramp[i * (len(ramp) - 1) // (SHADES - 1)] for i in range(SHADES))
        dots = [
            DotColors(colors, np.searchsorted(edges[1:-1], swarm.losses).astype(np.uint8))
            for swarm in swarms
        ]
    else:
        group_of = np.zeros(sum(len(swarm.members) for swarm in swarms), np.uint8)
        for i, group in enumerate(groups):
            group_of[list(group.members)] = i
        colors = tuple(group.color for group in groups)
        ends = np.cumsum([len(swarm.members) for swarm in swarms])
        dots = [DotColors(colors, index) for index in np.split(group_of, ends[:-1])]
    # The curve of the losses of a swarm is that of all its dots, and of no minimum.
    own = kind == "optimizer" or len(traces) > 1 or run.trials[0].look.color
    return tuple(
        replace(trace, dots=each, color=trace.color if own else run.theme.ink)
        for trace, each in zip(traces, dots, strict=True)
    )


def loss_edges(traces: Sequence[Trace]) -> Array:
    """The limits of the shades of losses, (SHADES + 1,), from the lowest loss to the highest."""
    losses = np.concatenate([_swarm(trace).losses.ravel() for trace in traces])
    return np.quantile(losses[np.isfinite(losses)], np.linspace(0, 1, SHADES + 1))


@dataclass(frozen=True)
class Count:
    """A row of the legend of swarms: how many dots have come somewhere.

    Attributes:
        name: where, or of which optimizer; TeX between dollar signs.
        color: of its dots; "" if the colors show something else.
        text: a step -> their number.
    """

    name: str
    color: str
    text: Callable[[int], str]


def counts(scene: Scene) -> tuple[Count, ...]:
    """The rows of the legend of swarms: their optimizers, or what became of all starts."""
    words = scene.words
    if scene.dots_by == "optimizer":
        return tuple(
            Count(trace.label, trace.color, arrived_text(scene, trace)) for trace in scene.traces
        )
    since = np.concatenate([_end_steps(_swarm(trace)) for trace in scene.traces])
    colored = scene.dots_by == "minimum"
    rows, moving = list[Count](), Count("", "", str)
    ended = list[Array]()
    for group in scene.groups:
        steps = np.sort(since[list(group.members)])
        color = group.color if colored else ""
        if np.isfinite(steps[-1]):
            rows.append(Count(group.name, color, _text(scene, steps, len(since))))
            ended.append(steps)
        else:
            moving = Count(group.name, color, str)
    # All move at first: who has come nowhere yet is counted with those that never come anywhere.
    left = np.sort(np.concatenate(ended)) if ended else np.zeros(0)
    rest = _text(scene, left, len(since), others=True)
    name = moving.name or words.still_moving
    return (*rows, replace(moving, name=name, text=rest))


def arrived_text(scene: Scene, trace: Trace, *, short: bool = False) -> Callable[[int], str]:
    """A step -> how many of the dots of a trace have arrived, or rest if no minimum is known.

    In short it does not say which.
    """
    swarm, words = _swarm(trace), scene.words
    known = bool(trace.surface.minima)
    template = words.arrived_of if known else words.resting_of
    template = words.some_of_all if short else template
    wanted = swarm.outcomes.status == ("arrived" if known else "resting")
    steps = np.sort(swarm.outcomes.since[wanted])
    return _text(scene, steps, len(swarm.members), template)


def _text(
    scene: Scene, steps: Array, total: int, template: str = "", *, others: bool = False
) -> Callable[[int], str]:
    """A step -> how many of all dots came somewhere by then.

    Args:
        scene: that has the words.
        steps: at which they come there, rising.
        total: the number of all dots.
        template: of the text; by default `some_of_all`.
        others: whether all those are counted that have not come there.
    """
    template = template or scene.words.some_of_all

    def text(step: int) -> str:
        count = int(np.searchsorted(steps, step, side="right"))
        return template.format(some=f"{total - count if others else count:,}", all=f"{total:,}")

    return text


def _end_steps(swarm: SwarmTrajectory) -> Array:
    """The step from which on each is what it is in the end, (R,); infinite if it still moves."""
    since = swarm.outcomes.since.astype(np.float64)
    since[since == NEVER] = np.inf
    stopped = (swarm.members.stopped != "") & np.isinf(since)
    return np.where(stopped, swarm.members.steps, since)


def _swarm(trace: Trace) -> SwarmTrajectory:
    assert isinstance(trace.trajectory, SwarmTrajectory)
    return trace.trajectory
