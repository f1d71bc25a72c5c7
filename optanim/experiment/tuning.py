"""Tuning: the learning rate of the lowest final loss, from one grid and with one budget for all.

Each rate is tried with the surface, the start, the steps, the noise and the batches of the figure,
so that the best trial is also the one that is drawn.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from math import inf, isfinite, nan
from typing import Any

import numpy as np

from optanim.config.run import Run, Trial
from optanim.errors import ConfigError, Problem
from optanim.experiment.simulate_many import simulate_blocks
from optanim.experiment.swarm import median_loss
from optanim.formulas.plain_text import plain
from optanim.schema.rate_grid import Search
from optanim.schema.stop import Stop
from optanim.schema.types import AUTO


def with_rate(trial: Trial, rate: float | str) -> Trial:
    """The trial with another learning rate: a number, or `with_auto_rates`."""
    bound: Any = partial
    optimizer = bound(trial.optimizer, lr=rate)
    chosen = replace(trial.chosen, options={**trial.chosen.options, "lr": rate})
    return replace(trial, optimizer=optimizer, chosen=chosen, search=None)


def with_auto_rates(run: Run) -> Run:
    """The run with `lr: auto` for each optimizer that has a learning rate."""
    trials = tuple(with_rate(trial, AUTO) if has_rate(trial) else trial for trial in run.trials)
    return replace(run, trials=trials)


MAX_SMALLER_DECADES = 7
"""Number of decades below the grid in which a rate is looked for that a message can name."""


def has_auto_rate(run: Run) -> bool:
    """Whether an optimizer of a run has `lr: auto`."""
    return any(trial.chosen.options.get("lr") == AUTO for trial in run.trials)


def has_rate(trial: Trial) -> bool:
    """Whether an optimizer has a learning rate; one of another distribution may have none."""
    return "lr" in trial.chosen.entry.options


def tune_rates(run: Run, progress: Callable[[int, int], None] = lambda done, total: None) -> Run:
    """The run with a number in place of each `lr: auto`.

    The trials that had `lr: auto` get a `search` with the rates that were tried. Of equal losses
    the smaller rate is chosen. A rate at which the trial diverges or becomes
    undefined is never chosen.

    Args:
        run: the run.
        progress: called after each block of rates that are tried at once, with the number of
            tried rates, and of all.

    Raises:
        ConfigError: one or more optimizers diverge at all rates.
    """
    trials, problems = list[Trial](), list[Problem]()
    total = len(run.tuning.rates) * sum(t.chosen.options.get("lr") == AUTO for t in run.trials)
    if total and run.surface.ascends:
        message = "the rate of the lowest loss is not that of a run that climbs"
        raise ConfigError([Problem(message, run.source, "set a number as 'lr'")])
    done = 0

    def tried(count: int) -> None:
        nonlocal done
        done += count
        progress(done, total)

    for trial in run.trials:
        if trial.chosen.options.get("lr") == AUTO:
            losses = _final_losses(trial, run.tuning.rates, tried)
            search = Search(trial.label, trial.steps, run.tuning.rates, losses)
            if search.rate is None:
                problems.append(_all_diverged(trial, search))
                continue
            trial = replace(with_rate(trial, search.rate), search=search)
        trials.append(trial)
    if problems:
        raise ConfigError(problems)
    return replace(run, trials=tuple(trials))


def _all_diverged(trial: Trial, search: Search) -> Problem:
    fails = "diverges or becomes undefined" if search.undefined else "diverges"
    message = f"{plain(trial.label)} {fails} at each of {search.budget}"
    low = _finite_rate(trial, search.rates[0])
    help = "a nearer start, or fewer steps"
    if low is not None:
        help = f"write tuning: {{low: {f'{low:g}'.replace('e-0', 'e-')}}}, {help}"
    if trial.surface.data:
        help += "; or scale the data: with numbers near 1, the usual rates work"
    return Problem(message, trial.place, help)


def _finite_rate(trial: Trial, low: float) -> float | None:
    """A power of ten below `low` with which the trial has a finite end; None if none has."""
    rates = [low / 10**k for k in range(1, MAX_SMALLER_DECADES + 1)]
    pairs = zip(rates, _final_losses(trial, rates), strict=True)
    return next((rate for rate, loss in pairs if isfinite(loss)), None)


def searches_of(run: Run) -> tuple[Search, ...]:
    """The searches of a tuned run, in the order of its optimizers."""
    return tuple(trial.search for trial in run.trials if trial.search)


@dataclass(frozen=True)
class BestRate:
    """The best learning rate of an optimizer, as a row of a table: only numbers and texts.

    Attributes:
        config: the name of the config.
        optimizer: the name of the optimizer's entry.
        label: its name in the figure.
        rate: the rate of the lowest final loss.
        loss: the lowest final loss.
        own_rate: the rate in the config, or the default; None if that is not a number.
        own_loss: the final loss at `own_rate`; infinite if the trial diverges, NaN if it becomes
            undefined.
        diverged: the number of rates at which the trial diverged.
        rates: the number of rates that were tried.
        low: the smallest rate that was tried.
        high: the largest rate that was tried.
        steps: the number of updates at each rate.
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


def best_rates(run: Run, tuned_run: Run) -> tuple[BestRate, ...]:
    """A row for each optimizer that was tuned: its best rate beside the one in the config.

    Args:
        run: as in its config.
        tuned_run: the same run after tuning.
    """
    pairs = zip(run.trials, tuned_run.trials, strict=True)
    return tuple(_best(run, trial, other.search) for trial, other in pairs if other.search)


def _best(run: Run, trial: Trial, search: Search) -> BestRate:
    assert search.rate is not None and search.loss is not None  # otherwise tuning has failed
    options = trial.chosen.options
    own = options.get("lr", trial.chosen.entry.options["lr"].default)
    own = float(own) if isinstance(own, int | float) else None
    return BestRate(
        config=run.config,
        optimizer=trial.name,
        label=trial.label,
        rate=search.rate,
        loss=search.loss,
        own_rate=own,
        own_loss=None if own is None else _final_losses(trial, (own,))[0],
        diverged=search.diverged,
        rates=len(search.rates),
        low=search.rates[0],
        high=search.rates[-1],
        steps=search.steps,
    )


def _final_losses(
    trial: Trial, rates: Sequence[float], tried: Callable[[int], None] = lambda count: None
) -> tuple[float, ...]:
    """The loss of a trial after all of its steps, with each rate.

    It is infinite if the trial diverges, and NaN if it becomes undefined. Of a trial with many
    starts it is the `median_loss`. The rules of `stop` do not end it: otherwise all rates that
    reach `stop.loss` would be as good.

    Args:
        trial: the trial.
        rates: learning rates.
        tried: called after each block of rates with their number.
    """
    losses = np.empty(len(rates))
    if trial.starts:
        for i, rate in enumerate(rates):
            losses[i] = median_loss(replace(with_rate(trial, rate), stop=Stop()))
            tried(1)
        return tuple(losses.tolist())
    for block, trajectories in simulate_blocks(
        trial.surface, trial.optimizer, list(trial.start), steps=trial.steps,
        options={"lr": rates}, seeds=trial.seed, noise=trial.noise,
    ):  # fmt: skip
        failures = {"diverged": inf, "undefined": nan}
        losses[block] = [
            failures.get(str(status), loss)
            for status, loss in zip(trajectories.status, trajectories.end_values, strict=True)
        ]
        tried(len(trajectories))
    return tuple(losses.tolist())
