"""The trials of a sweep over starts, grouped by what became of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from optanim.config.run import Run
from optanim.experiment.outcome import Outcome, measure_outcome
from optanim.experiment.simulate import Trajectory
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


@dataclass(frozen=True)
class OutcomeGroup:
    """Trials of which the same became.

    Attributes:
        label: in words, with the number of the trials.
        place: where they end, `(3, 2)` or `x = 3`; "" if that is not the same.
        color: of their traces, `#RRGGBB`.
        members: the indices of the trials.
        minimum: the known minimum that they reached; None if they reached none.
    """

    label: str
    place: str
    color: str
    members: tuple[int, ...]
    minimum: Point | None = None


def outcomes_of(run: Run, trajectories: Sequence[Trajectory]) -> list[Outcome]:
    """The outcome of each trial of a run, in the frame of its figure."""
    return [
        measure_outcome(path, trial.surface, frame=configured_window(run.view, trial.surface))
        for trial, path in zip(run.trials, trajectories, strict=True)
    ]


def outcome_groups(run: Run, trajectories: Sequence[Trajectory]) -> tuple[OutcomeGroup, ...]:
    """The trials by the place where they settle or rest, then those that do neither.

    Known minima come first, in the order of the surface, each in its own color of the theme; then
    other places of rest. If the theme has too few colors, the last ones are together.

    Args:
        run: a sweep over starts.
        trajectories: of its trials.
    """
    outcomes, surface = outcomes_of(run, trajectories), run.trials[0].surface
    words, side = words_of(run.lang), np.ptp(domain_of(trajectories[0].points, surface), axis=1)
    groups, elsewhere = list[OutcomeGroup](), list[int]()
    own = own_colors(surface, run.theme)
    free = list(run.theme.paths[len(own) :])

    def add(
        what: str, color: str, members: list[int], place: str = "", minimum: Point | None = None
    ) -> None:
        number = words.some_of_all.format(some=len(members), all=len(outcomes))
        groups.append(OutcomeGroup(f"{what}: {number}", place, color, tuple(members), minimum))

    for minimum, members in _by_minimum(outcomes, surface).items():
        if minimum in own or free:
            color = own[minimum] if minimum in own else free.pop(0)
            place = point_label(minimum, surface, side)
            add(place, color, members, place, minimum)
        else:
            elsewhere += members
    for center, members in _places_of_rest(outcomes):
        if free:
            place = point_label(center, surface, side)
            add(words.rests_at.format(point=place), free.pop(0), members, place)
        else:
            elsewhere += members
    failing = {words.diverged: _having(outcomes, "diverged"),
               words.undefined: _having(outcomes, "undefined")}  # fmt: skip
    # What a rule of `stop` ended does not move any more.
    going = _having(outcomes, "moving", "cycling")
    stopped = [i for i in going if outcomes[i].status == "moving" and outcomes[i].stopped]
    others = {words.rests_elsewhere: elsewhere, words.stopped_early: stopped,
              words.still_moving: [i for i in going if i not in stopped],
              words.left: _having(outcomes, "left")}  # fmt: skip
    for color, kinds in zip(muted_colors(run.theme), (failing, others), strict=True):
        if members := sorted(i for some in kinds.values() for i in some):
            add(", ".join(word for word, some in kinds.items() if some), color, members)
    return tuple(groups)


def _having(outcomes: Sequence[Outcome], *statuses: str) -> list[int]:
    """The indices of the trials with these statuses."""
    return [i for i, outcome in enumerate(outcomes) if outcome.status in statuses]


def _by_minimum(outcomes: Sequence[Outcome], surface: Surface) -> dict[Point, list[int]]:
    """The trials that arrived at each minimum, in the order of the surface's minima."""
    reached: dict[Point, list[int]] = {minimum: [] for minimum in surface.minima}
    for i in _having(outcomes, "arrived"):
        reached.setdefault(outcomes[i].minimum or (), []).append(i)
    return {minimum: members for minimum, members in reached.items() if members}


def _places_of_rest(outcomes: Sequence[Outcome]) -> list[tuple[Point, list[int]]]:
    """The places where trials rest that did not arrive, the one with the most trials first."""
    resting = _having(outcomes, "resting")
    box = np.array([*(outcome.start for outcome in outcomes), *(outcomes[i].end for i in resting)])
    reach = SAME_PLACE * float(np.linalg.norm(np.ptp(box, axis=0)))
    places: list[tuple[Point, list[int]]] = []
    for i in resting:
        end = outcomes[i].end
        for place, members in places:
            if float(np.linalg.norm(np.subtract(place, end))) <= reach:
                members.append(i)
                break
        else:
            places.append((end, [i]))
    return sorted(places, key=lambda place: -len(place[1]))


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
