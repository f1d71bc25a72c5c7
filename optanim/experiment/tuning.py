"""Tuning: the learning rate of lowest final loss, over one grid and in one budget for all.

Every rate gets what the trial of a figure gets: the run's surface, start and steps, and the same
noise and batches. So the trial that won is the trial that is drawn.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from math import inf
from typing import Any

from optanim.config.run import Run, Trial
from optanim.errors import ConfigError, Problem
from optanim.experiment.simulate import Trajectory, simulate_trial
from optanim.formulas.plain_text import plain
from optanim.schema.rate_grid import Search
from optanim.schema.types import AUTO


def rated(trial: Trial, rate: float | str) -> Trial:
    """The optimizer with another rate: a number, or `auto`."""
    bound: Any = partial
    optimizer = bound(trial.optimizer, lr=rate)
    chosen = replace(trial.chosen, options={**trial.chosen.options, "lr": rate})
    return replace(trial, optimizer=optimizer, chosen=chosen, search=None)


def auto(run: Run) -> Run:
    """The run as though every optimizer that has a rate had `lr: auto`."""
    return replace(run, trials=tuple(rated(r, AUTO) if tunable(r) else r for r in run.trials))


def tunable(trial: Trial) -> bool:
    """Whether an optimizer has a rate: one of another distribution may do without."""
    return "lr" in trial.chosen.entry.options


def tuned(run: Run) -> Run:
    """The run with a number wherever it has `lr: auto`; the others stay as they are.

    The optimizers that were given one have a `search`, which says what was tried. Of equal losses
    the smaller rate wins; a trial that diverges never does.

    Raises:
        ConfigError: with each optimizer that diverges at all rates.
    """
    trials, problems = list[Trial](), list[Problem]()
    for trial in run.trials:
        if trial.chosen.options.get("lr") == AUTO:
            search = _searched(run, trial)
            if search.rate is None:
                problems.append(_diverged(trial, search))
                continue
            trial = replace(rated(trial, search.rate), search=search)
        trials.append(trial)
    if problems:
        raise ConfigError(problems)
    return replace(run, trials=tuple(trials))


def _searched(run: Run, trial: Trial) -> Search:
    rates = run.tuning.rates
    losses = tuple(_final(simulate_trial(rated(trial, rate))) for rate in rates)
    return Search(trial.label, trial.steps, rates, losses)


def _diverged(trial: Trial, search: Search) -> Problem:
    message = f"{plain(trial.label)} diverges at each of {search.budget}"
    return Problem(message, trial.place, "a smaller tuning.low, a nearer start, or fewer steps")


def searches_of(run: Run) -> tuple[Search, ...]:
    """How the rates of a tuned run were found, in the order of its optimizers."""
    return tuple(trial.search for trial in run.trials if trial.search)


@dataclass(frozen=True)
class Best:
    """The best rate of one optimizer in a row of a table: numbers and words alone.

    Attributes:
        config: the name of the config.
        optimizer: the name of its entry.
        label: as the figure names it.
        rate: of the lowest final loss.
        loss: that.
        own_rate: the rate that the config has, or its default; None if that is no number.
        own_loss: the final loss there; infinite if it diverges.
        diverged: how many rates of the grid did.
        rates: how many were tried.
        low: the smallest of them.
        high: the largest of them.
        steps: the budget of each.
    """

    config: str
    optimizer: str
    label: str
    rate: float
    loss: float
    own_rate: float | None
    own_loss: float | None
    diverged: int
    rates: int
    low: float
    high: float
    steps: int


def bests(run: Run, found: Run) -> tuple[Best, ...]:
    """A row for each optimizer whose rate was found, beside what its own rate comes to.

    Args:
        run: as its config says.
        found: the same, tuned.
    """
    pairs = zip(run.trials, found.trials, strict=True)
    return tuple(_best(run, trial, other.search) for trial, other in pairs if other.search)


def _best(run: Run, trial: Trial, search: Search) -> Best:
    assert search.rate is not None and search.loss is not None  # `tuned` gives no other
    options = trial.chosen.options
    own = options.get("lr", trial.chosen.entry.options["lr"].default)
    own = float(own) if isinstance(own, int | float) else None
    return Best(
        config=run.config,
        optimizer=trial.name,
        label=trial.label,
        rate=search.rate,
        loss=search.loss,
        own_rate=own,
        own_loss=None if own is None else _final(simulate_trial(trial)),
        diverged=search.diverged,
        rates=len(search.rates),
        low=search.rates[0],
        high=search.rates[-1],
        steps=search.steps,
    )


def _final(path: Trajectory) -> float:
    """The loss at the end of a trial; infinite where it diverged."""
    return inf if path.status == "diverged" else float(path.values[-1])
