"""The dots of swarms in a scene: their colors, and how many of them have come where."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import numpy.typing as npt

from optanim.config.run import Run
from optanim.config.swarm import swarm_window
from optanim.experiment.divergence import NEVER
from optanim.experiment.swarm import SwarmTrajectory
from optanim.scene.color_scale import ramp_colors
from optanim.scene.trial_names import short_labels
from optanim.schema.view import View
from optanim.surfaces import Array

if TYPE_CHECKING:
    from optanim.scene.outcome_groups import OutcomeGroup
    from optanim.scene.scene import Scene, Trace

ColorKind = Literal["minimum", "optimizer", "loss"]

SHADES = 8
"""Number of colors of losses: each has an equal share of all losses of all steps."""

MAX_COUNTS = 3
"""Number of swarms in a grid whose dots are counted apart in the legend."""

Flags = npt.NDArray[np.bool_]
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
    """The rows of the legend of swarms: their optimizers, or what became of all starts.

    In a grid of a few swarms each row has a number for each, in their order.
    """
    words = scene.words
    if scene.dots_by == "optimizer":
        return tuple(
            Count(trace.label, trace.color, arrived_text(scene, trace)) for trace in scene.traces
        )
    since, colored = [_end_steps(_swarm(trace)) for trace in scene.traces], scene.dots_by != "loss"
    first = np.cumsum([0, *map(len, since)])
    together = not scene.grid or len(since) > MAX_COUNTS
    parts: list[Any] = [np.concatenate(since)] if together else since
    rows, moving, ended = list[Count](), Count("", "", str), np.zeros(first[-1], bool)
    for group in scene.groups:
        members = np.zeros(first[-1], bool)
        members[list(group.members)] = True
        color = group.color if colored else ""
        if np.isfinite(np.concatenate(since)[members]).all():
            ended |= members
            rows.append(Count(group.name, color, _text(scene, parts, members)))
        else:
            moving = Count(group.name, color, str)
    # All move at first: who has come nowhere yet is counted with those that never come anywhere.
    text = _text(scene, parts, ended, others=True)
    return (*rows, replace(moving, name=moving.name or words.still_moving, text=text))


def count_heads(scene: Scene) -> tuple[str, ...]:
    """The names of the swarms whose dots are counted apart in each row; () if all are together."""
    if not scene.grid or not 1 < len(scene.traces) <= MAX_COUNTS or scene.dots_by == "optimizer":
        return ()
    return tuple(short_labels([trace.label for trace in scene.traces]))


def arrived_text(scene: Scene, trace: Trace, *, short: bool = False) -> Callable[[int], str]:
    """A step -> how many of the dots of a trace have arrived, or rest if no minimum is known.

    In short it does not say which.
    """
    swarm, words = _swarm(trace), scene.words
    known = bool(trace.surface.minima)
    template = words.arrived_of if known else words.resting_of
    template = words.some_of_all if short else template
    wanted = swarm.outcomes.status == ("arrived" if known else "resting")
    return _text(scene, [swarm.outcomes.since], wanted, template)


def _text(
    scene: Scene, since: Sequence[Any], members: Flags, template: str = "", *,
    others: bool = False,
) -> Callable[[int], str]:  # fmt: skip
    """A step -> how many of all dots came somewhere by then.

    Args:
        scene: that has the words.
        since: of each part of all dots the steps at which they come to their ends.
        members: those that come there, of all parts one after the other.
        template: of the text of a single part; by default `some_of_all`.
        others: whether all those are counted that have not come there.
    """
    template = template or scene.words.some_of_all
    ends = np.cumsum([len(part) for part in since])[:-1]
    split = zip(since, np.split(members, ends), strict=True)
    steps = [np.sort(part[chosen]) for part, chosen in split]
    totals = [len(part) for part in since]

    def text(step: int) -> str:
        numbers = [int(np.searchsorted(each, step, side="right")) for each in steps]
        if others:
            numbers = [total - number for total, number in zip(totals, numbers, strict=True)]
        texts = [f"{number:,}" for number in numbers]
        if len(texts) > 1:
            return " / ".join(texts)
        return template.format(some=texts[0], all=f"{totals[0]:,}")

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
