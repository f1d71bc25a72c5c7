"""Languages: a file is an entry, a function that tells trials; see `optanim.schema.catalogue`.

It is called with the trials of a figure and the number of names that a list may have before the
rest of it is only counted. It returns a sentence, or a few short ones, in plain text.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from optanim.experiment.outcome import Outcome


@dataclass(frozen=True)
class SurfaceFacts:
    """A surface, in words.

    Attributes:
        formula: plain text, e.g. `x² + 2y²`; "" for one that is long or has letters of its own.
        name: of the surface's entry, e.g. `rosenbrock`.
        title: the same as people write it, e.g. `Rosenbrock`.
        fit: the names of what is fitted, y, and of what it is fitted to, x; None without data.
        minima: how many there are.
    """

    formula: str
    name: str
    title: str
    fit: tuple[str, str] | None
    minima: int


@dataclass(frozen=True)
class TrialFacts:
    """A trial, with what a sentence says of it in words; numbers are rounded to what is seen.

    Attributes:
        optimizer: the name of its entry, e.g. `gd`.
        title: the same as people write it, e.g. `Gradient descent`.
        label: what the author calls it; "" if nothing.
        detail: what tells it from the trials of the same name, e.g. `η = 0.1`; "" if nothing must.
        ground: the surface.
        start: its first point, e.g. `(−4, 3)` or `x = 10`.
        end: its last one, or the middle of the cycle that it ends in.
        loss: there.
        outcome: the facts.
    """

    optimizer: str
    title: str
    label: str
    detail: str
    ground: SurfaceFacts
    start: str
    end: str
    loss: str
    outcome: Outcome

    @property
    def near(self) -> bool:
        """Whether it cycles around a minimum that is known."""
        return self.outcome.around is not None and self.outcome.around == self.outcome.minimum


def by_status(trials: list[TrialFacts]) -> dict[str, list[TrialFacts]]:
    """The trials by what became of them; first those that arrived, in the order of their steps."""
    order = ("arrived", "resting", "cycling", "moving", "left", "diverged")
    groups = {status: [w for w in trials if w.outcome.status == status] for status in order}
    groups["arrived"].sort(key=lambda trial: trial.outcome.since or 0)
    return {status: group for status, group in groups.items() if group}


def only_details(trials: list[TrialFacts]) -> list[TrialFacts]:
    """Trials of one name by what tells them apart, as in a sweep; none, where names differ."""
    names = {(trial.label, trial.optimizer) for trial in trials}
    if len(names) > 1 or len(trials) < 3 or not all(trial.detail for trial in trials):
        return []
    return [replace(trial, label=trial.detail, detail="") for trial in trials]
