"""The languages of alt texts: each file is an entry of the catalogue.

An entry is a function of the facts about the trials of a figure, and of the largest number of names
in a list; further names are only counted. It returns one or a few short sentences of plain text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from optanim.experiment.outcome import Outcome
from optanim.formulas.plain_text import number_in_text


@dataclass(frozen=True)
class SurfaceFacts:
    """The facts about a surface that a sentence may need.

    A sentence in a figure does not name the surface, as the caption does. Then `formula` and
    `title` are "".

    Attributes:
        formula: as plain text, e.g. `x² + 2y²`; "" if it is long or has letters to be explained.
        name: the name of the surface's entry, e.g. `rosenbrock`.
        title: the name as people write it, e.g. `Rosenbrock`.
        fit: the names of the dependent variable y and of the predictor x; None without data.
        minima: the number of known minima.
        ascends: whether the trial climbs it; then no minimum is known.
    """

    formula: str
    name: str
    title: str
    fit: tuple[str, str] | None
    minima: int
    ascends: bool = False

    @property
    def is_named(self) -> bool:
        """Whether a sentence names the surface."""
        return bool(self.formula or self.title)


@dataclass(frozen=True)
class TrialFacts:
    """The facts about a trial that a sentence may need; numbers have the precision of the figure.

    Attributes:
        optimizer: the name of the optimizer's entry, e.g. `gd`.
        title: the name as people write it, e.g. `Gradient descent`.
        label: the label in the config; "" if there is none.
        detail: the difference from trials of the same name, e.g. `η = 0.1`; "" if none is needed.
        surface: the facts about its surface.
        start: its first point, e.g. `(−4, 3)` or `x = 10`; "" in a figure, which shows it.
        end: its last point, or the middle of the cycle in which it ends.
        loss: the loss there.
        gradient: the norm of the gradient at the last point; "" if it has no value.
        outcome: its status and measurements.
        varied: what alone is different in each trial of a sweep, "start" or "seed"; "starts" of a
            swarm; otherwise "".
        mean: the last point of the mean over seeds; "" without one.
        limit: the learning rate above which it diverges from any start; "" if it has not diverged,
            or if the rate is not known.
        evaluations: the number of evaluations up to the step at which its status began; None where
            a race is measured in updates.
        count: the number of starts of a swarm of which all this is true; otherwise 1.
        beside: what the figure shows beside its point, "simplex", "generation", "proposals",
            "shape" or "mean", and how many points a crowd has; ("", 0) for nothing.
    """

    optimizer: str
    title: str
    label: str
    detail: str
    surface: SurfaceFacts
    start: str
    end: str
    loss: str
    gradient: str
    outcome: Outcome
    limit: str = ""
    varied: str = ""
    mean: str = ""
    evaluations: int | None = None
    beside: tuple[str, int] = ("", 0)
    count: int = 1

    @property
    def arrival(self) -> int:
        """The step at which its status began, or the number of evaluations up to it."""
        return (self.outcome.since or 0) if self.evaluations is None else self.evaluations

    @property
    def cycles_around_minimum(self) -> bool:
        """Whether it ends in a cycle around a known minimum."""
        return self.outcome.around is not None and self.outcome.around == self.outcome.minimum


def by_status(trials: list[TrialFacts]) -> dict[str, list[TrialFacts]]:
    """The trials by their status; those that arrived come first, in the order of arrival.

    Those that rest or move, but have hardly left their starts, are "unmoved". A trial that a rule
    of `stop` ended does not move any more: it is left out if that is all that became of it.
    `by_rule` has it.
    """
    trials = [t for t in trials if not (t.outcome.status == "moving" and t.outcome.stopped)]
    order = ("arrived", "resting", "cycling", "moving", "unmoved", "left", "diverged", "undefined")
    groups = {status: [trial for trial in trials if _group(trial) == status] for status in order}
    groups["arrived"].sort(key=lambda trial: trial.arrival)
    return {status: group for status, group in groups.items() if group}


def _group(trial: TrialFacts) -> str:
    return "unmoved" if trial.outcome.pace == "none" else trial.outcome.status


def common_limit(trials: list[TrialFacts]) -> str:
    """The learning rate above which each of some trials diverges; "" if they have no common one."""
    limits = {trial.limit for trial in trials}
    return limits.pop() if len(limits) == 1 else ""


def by_rule(trials: list[TrialFacts]) -> dict[tuple[str, str], list[TrialFacts]]:
    """The trials that a rule of `stop` ended, by the key of the rule and its bound as text."""
    groups: dict[tuple[str, str], list[TrialFacts]] = {}
    for trial in trials:
        if trial.outcome.stopped:
            rule, bound = trial.outcome.stopped
            groups.setdefault((rule, number_in_text(bound)), []).append(trial)
    return groups


def number_of(trials: list[TrialFacts]) -> int:
    """The number of trials, in which each start of a swarm counts."""
    return sum(trial.count for trial in trials)


def by_optimizer(trials: Sequence[TrialFacts]) -> list[list[TrialFacts]]:
    """The facts about each swarm, that with the most arrivals first."""
    swarms: dict[tuple[str, str, str], list[TrialFacts]] = {}
    for trial in trials:
        swarms.setdefault((trial.label, trial.title, trial.detail), []).append(trial)
    return sorted(swarms.values(), key=lambda swarm: -number_of(arrived_in(swarm)))


def arrived_in(trials: list[TrialFacts]) -> list[TrialFacts]:
    """Those that have arrived, or rest if no minimum is known."""
    known = any(trial.surface.minima for trial in trials)
    status = "arrived" if known else "resting"
    return [trial for trial in trials if trial.outcome.status == status]


def by_place(trials: list[TrialFacts]) -> dict[str, list[TrialFacts]]:
    """The trials by the place where they end; the place with the most comes first."""
    groups: dict[str, list[TrialFacts]] = {}
    for trial in trials:
        groups.setdefault(trial.end, []).append(trial)
    return dict(sorted(groups.items(), key=lambda group: -number_of(group[1])))


def label_by_detail(trials: list[TrialFacts]) -> list[TrialFacts]:
    """Three or more trials of one name, as in a sweep, with their details as labels.

    It is empty if the names differ, if there are fewer trials, or if one has no detail.
    """
    names = {(trial.label, trial.optimizer) for trial in trials}
    if len(names) > 1 or len(trials) < 3 or not all(trial.detail for trial in trials):
        return []
    return [replace(trial, label=trial.detail, detail="") for trial in trials]
