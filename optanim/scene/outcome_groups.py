"""The trials of a sweep over starts, or the starts of swarms, grouped by what became of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from optanim.config.run import Run
from optanim.experiment.outcome import Outcome, measure_outcome
from optanim.experiment.outcomes import NO_MINIMUM
from optanim.experiment.simulate import Trajectory
from optanim.experiment.swarm import swarms_of
from optanim.formulas.expression import name_in_tex
from optanim.formulas.plain_text import formula, rounded
from optanim.formulas.plain_text import point as in_text
from optanim.schema.figure import Theme
from optanim.schema.words import words_of
from optanim.surfaces import Array, Surface, configured_window, domain_of

SAME_PLACE = 0.02
"""Trials that rest closer than this are together, in diagonals of the box of starts and rests."""

QUIET_INK = 0.3
"""The share of the ink in the color of trials that settle nowhere; the rest is that of captions."""

Point = tuple[float, ...]
Indices = npt.NDArray[np.intp]


@dataclass(frozen=True)
class OutcomeGroup:
    """Trials of which the same became.

    Attributes:
        name: what became of them, in words.
        label: the same with the number of the trials.
        place: where they end, `(3, 2)` or `x = 3`; "" if that is not the same.
        color: of their traces, `#RRGGBB`.
        members: the indices of the trials, or of all starts of all swarms of a run.
        minimum: the known minimum that they reached; None if they reached none.
    """

    name: str
    label: str
    place: str
    color: str
    members: tuple[int, ...]
    minimum: Point | None = None


@dataclass(frozen=True)
class Endings:
    """How R trials of d parameters end.

    Attributes:
        status: (R,), as in `Outcome`; "cycling" is "moving".
        minimum: (R,), of those that arrived the index in `minima`; `NO_MINIMUM` for the others.
        minima: the known minima.
        starts: (d, R).
        ends: (d, R).
        stopped: (R,), whether a rule of `stop` ended it.
    """

    status: npt.NDArray[np.str_]
    minimum: npt.NDArray[np.int64]
    minima: tuple[Point, ...]
    starts: Array
    ends: Array
    stopped: npt.NDArray[np.bool_]

    def having(self, *statuses: str) -> Indices:
        """The indices of the trials with these statuses."""
        return np.flatnonzero(np.isin(self.status, statuses))


def outcomes_of(run: Run, trajectories: Sequence[Trajectory]) -> list[Outcome]:
    """The outcome of each trial of a run, in the frame of its figure."""
    return [
        measure_outcome(path, trial.surface, frame=configured_window(run.view, trial.surface))
        for trial, path in zip(run.trials, trajectories, strict=True)
    ]


def endings_of(run: Run, trajectories: Sequence[Trajectory]) -> Endings:
    """How the trials of a run end, or all starts of its swarms, one swarm after the other."""
    swarms = swarms_of(trajectories)
    minima = run.trials[0].surface.minima
    if swarms:
        members = [swarm.members for swarm in swarms]
        # Each index is into the minima of its own surface, after which there is none.
        minima = tuple(dict.fromkeys(m for trial in run.trials for m in trial.surface.minima))
        own = [[*map(minima.index, trial.surface.minima), NO_MINIMUM] for trial in run.trials]
        reached_minima = [
            np.array(indices)[swarm.outcomes.minimum]
            for indices, swarm in zip(own, swarms, strict=True)
        ]
        return Endings(
            status=np.concatenate([swarm.outcomes.status for swarm in swarms]),
            minimum=np.concatenate(reached_minima),
            minima=minima,
            starts=np.concatenate([each.starts for each in members], axis=1),
            ends=np.concatenate([each.ends for each in members], axis=1),
            stopped=np.concatenate([each.stopped != "" for each in members]),
        )
    outcomes = outcomes_of(run, trajectories)
    reached = [o.minimum if o.status == "arrived" else None for o in outcomes]
    minima = tuple(dict.fromkeys([*minima, *filter(None, reached)]))
    status = ["moving" if o.status == "cycling" else o.status for o in outcomes]
    return Endings(
        status=np.array(status),
        minimum=np.array([NO_MINIMUM if m is None else minima.index(m) for m in reached]),
        minima=minima,
        starts=np.array([o.start for o in outcomes]).T,
        ends=np.array([o.end for o in outcomes]).T,
        stopped=np.array([o.stopped is not None for o in outcomes]),
    )


def outcome_groups(run: Run, trajectories: Sequence[Trajectory]) -> tuple[OutcomeGroup, ...]:
    """The trials by the place where they settle or rest, then those that do neither.

    Known minima come first, in the order of the surface, each in its own color of the theme; then
    other places of rest. If the theme has too few colors, the last ones are together.

    Args:
        run: a sweep over starts, or a run of swarms.
        trajectories: of its trials.
    """
    endings, surface = endings_of(run, trajectories), run.trials[0].surface
    words, side = words_of(run.lang), np.ptp(domain_of(trajectories[0].points, surface), axis=1)
    groups, elsewhere = list[OutcomeGroup](), list[Indices]()
    own = own_colors(surface, run.theme)
    free = list(run.theme.paths[len(own) :])

    def add(
        name: str, color: str, members: Indices, place: str = "", minimum: Point | None = None
    ) -> None:
        number = words.some_of_all.format(
            some=f"{len(members):,}", all=f"{len(endings.status):,}"
        )  # fmt: skip
        label = f"{name}: {number}"
        groups.append(OutcomeGroup(name, label, place, color, tuple(members.tolist()), minimum))

    for i, minimum in enumerate(endings.minima):
        members = np.flatnonzero(endings.minimum == i)
        if members.size and (minimum in own or free):
            color = own[minimum] if minimum in own else free.pop(0)
            place = point_label(minimum, surface, side)
            add(place, color, members, place, minimum)
        else:
            elsewhere.append(members)
    for center, members in sorted(_places_of_rest(endings), key=lambda place: -len(place[1])):
        if free:
            place = point_label(center, surface, side)
            add(words.rests_at.format(point=place), free.pop(0), members, place)
        else:
            elsewhere.append(members)
    failing = {words.diverged: endings.having("diverged"),
               words.undefined: endings.having("undefined")}  # fmt: skip
    # What a rule of `stop` ended does not move any more.
    going = endings.having("moving")
    others = {words.rests_elsewhere: np.concatenate([*elsewhere, going[:0]]),
              words.stopped_early: going[endings.stopped[going]],
              words.still_moving: going[~endings.stopped[going]],
              words.left: endings.having("left")}  # fmt: skip
    for color, kinds in zip(muted_colors(run.theme), (failing, others), strict=True):
        members = np.sort(np.concatenate(list(kinds.values())))
        if members.size:
            add(", ".join(word for word, some in kinds.items() if some.size), color, members)
    return tuple(groups)


def _places_of_rest(endings: Endings) -> Iterator[tuple[Point, Indices]]:
    """Yield the places where trials rest that did not arrive, each with its trials.

    A place is where the first of them rests that is in no place before.
    """
    resting = endings.having("resting")
    box = np.concatenate([endings.starts, endings.ends[:, resting]], axis=1)
    reach = SAME_PLACE * float(np.linalg.norm(np.ptp(box, axis=1)))
    while resting.size:
        center = endings.ends[:, resting[0]]
        here = np.linalg.norm(endings.ends[:, resting] - center[:, None], axis=0) <= reach
        yield tuple(center.tolist()), resting[here]
        resting = resting[~here]


def own_colors(surface: Surface, theme: Theme) -> dict[Point, str]:
    """The color of each known minimum, the same in each figure; none if the theme has too few."""
    if len(surface.minima) > len(theme.paths):
        return {}
    return dict(zip(surface.minima, theme.paths, strict=False))


def point_label(point: Point, surface: Surface, side: Array) -> str:
    """A point of the surface in plain text."""
    axes = tuple(formula(name_in_tex(axis)) for axis in surface.axes)
    return in_text(axes, [rounded(c, length) for c, length in zip(point, side, strict=True)])


def muted_colors(theme: Theme) -> tuple[str, str]:
    """The colors of trials that fail, and of those that settle nowhere."""
    quiet = mixed(theme.faint, theme.ink, QUIET_INK)
    return mixed(quiet, theme.alarm, 0.5), quiet


def mixed(a: str, b: str, share: float) -> str:
    """A color with a share of another one, both `#RRGGBB`."""
    channels = [[int(color[i : i + 2], 16) for color in (a, b)] for i in (1, 3, 5)]
    return "#" + "".join(f"{round((1 - share) * x + share * y):02X}" for x, y in channels)
