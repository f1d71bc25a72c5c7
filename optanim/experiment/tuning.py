"""Tuning: the learning rate of the lowest final loss, from one grid and with one budget for all.

Other options can be tuned with the rate; then each combination of values is tried. Each trial has
the surface, the start, the steps, the noise and the batches of the figure, so that the best trial
is also the one that is drawn.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import product
from math import inf, isfinite, nan
from typing import Any

import numpy as np

from optanim.config.run import Run, Trial
from optanim.errors import ConfigError, Problem
from optanim.experiment.simulate_many import SEEDS, simulate_blocks
from optanim.experiment.swarm import median_loss
from optanim.formulas.plain_text import plain
from optanim.schema.notation import short_text
from optanim.schema.rate_grid import RATE, RateGrid, Search
from optanim.schema.stop import Stop
from optanim.schema.types import AUTO
from optanim.surfaces import Array


def with_options(trial: Trial, options: Mapping[str, float | str]) -> Trial:
    """The trial with other values of options: numbers, or a rate `auto`."""
    bound: Any = partial
    optimizer = bound(trial.optimizer, **options)
    chosen = replace(trial.chosen, options={**trial.chosen.options, **options})
    return replace(trial, optimizer=optimizer, chosen=chosen, search=None)


def with_auto_rates(run: Run) -> Run:
    """The run with `lr: auto` for each optimizer that has a learning rate.

    The other options that are tuned lose their values, so that they are tuned in each.
    """
    trials = tuple(_untuned(trial, run) if has_rate(trial) else trial for trial in run.trials)
    return replace(run, trials=trials)


def _untuned(trial: Trial, run: Run) -> Trial:
    options = trial.chosen.options
    kept = {name: value for name, value in options.items() if name not in run.tuning.named}
    return with_options(replace(trial, chosen=replace(trial.chosen, options=kept)), {RATE: AUTO})


MAX_SMALLER_DECADES = 7
"""Number of decades below the grid in which a rate is looked for that a message can name."""


def has_auto_rate(run: Run) -> bool:
    """Whether an optimizer of a run has `lr: auto`."""
    return any(map(_is_auto, run.trials))


def _is_auto(trial: Trial) -> bool:
    return bool(trial.chosen.options.get(RATE) == AUTO)


def has_rate(trial: Trial) -> bool:
    """Whether an optimizer has a learning rate; one of another distribution may have none."""
    return RATE in trial.chosen.entry.options


def tune_rates(run: Run, progress: Callable[[int, int], None] = lambda done, total: None) -> Run:
    """The run with a number in place of each `lr: auto`, and of each option tuned with it.

    The trials that had `lr: auto` get a `search` with the values that were tried. Of equal losses
    the smaller rate is chosen. Values with which the trial diverges or becomes
    undefined are never chosen.

    Args:
        run: the run.
        progress: called after each block of trials that are simulated at once, with the number of
            simulated trials, and of all.

    Raises:
        ConfigError: one or more optimizers diverge at all rates.
    """
    trials, problems = list[Trial](), list[Problem]()
    total = sum(run.tuning.count(trial.chosen) for trial in run.trials if _is_auto(trial))
    if total and run.surface.ascends:
        message = "the rate of the lowest loss is not that of a run that climbs"
        raise ConfigError([Problem(message, run.source, "set a number as 'lr'")])
    done = 0

    def tried(count: int) -> None:
        nonlocal done
        done += count
        progress(done, total)

    for trial in run.trials:
        if _is_auto(trial):
            search = _search(run.tuning, trial, run.tuning.rates, tried)
            if search.best is None:
                problems.append(_all_diverged(run.tuning, trial, search))
                continue
            trial = replace(with_options(trial, search.best), search=search)
        trials.append(trial)
    if problems:
        raise ConfigError(problems)
    return replace(run, trials=tuple(trials))


def _search(
    tuning: RateGrid, trial: Trial, rates: Sequence[float],
    tried: Callable[[int], None] = lambda count: None,
) -> Search:  # fmt: skip
    """The losses of a trial with each rate, and each combination of the options tuned with it."""
    others, seeds = tuning.others(trial.chosen), tuning.seeds or 1
    grid = {RATE: rates, **{other.name: other.values for other in others}}
    losses = _final_losses(trial, grid, seeds, tried)
    return Search(
        trial.label, trial.steps, tuple(rates), losses, others, seeds, tuning.has_stated_rates
    )


def _all_diverged(tuning: RateGrid, trial: Trial, search: Search) -> Problem:
    fails = "diverges or becomes undefined" if search.undefined else "diverges"
    message = f"{plain(trial.label)} {fails} at each of {search.budget}"
    rates = [search.rates[0] / 10**k for k in range(MAX_SMALLER_DECADES, 0, -1)]
    smaller = _search(tuning, trial, rates)
    pairs = zip(smaller.combinations, smaller.losses, strict=True)
    low = max((values[RATE] for values, loss in pairs if isfinite(loss)), default=None)
    help = "a nearer start, or fewer steps"
    if low is not None:
        number = f"{low:g}".replace("e-0", "e-")
        key = f"over: {{lr: [{number}]}}" if search.stated else f"low: {number}"
        help = f"write tuning: {{{key}}}, {help}"
    if trial.surface.data:
        help += "; or scale the data: with numbers near 1, the usual rates work"
    return Problem(message, trial.place, help)


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
        diverged: the number of combinations with which the trial diverged.
        rates: the number of rates that were tried.
        low: the smallest rate that was tried.
        high: the largest rate that was tried.
        steps: the number of updates at each rate.
        options: the best values of the other options, as "momentum=0.9, beta1=0.5"; None if only
            the rate was tuned.
        combinations: the number of combinations of values that were tried.
        seeds: the number of seeds of each; a loss is the median of theirs.
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
    options: str | None
    combinations: int
    seeds: int


def best_rates(run: Run, tuned_run: Run) -> tuple[BestRate, ...]:
    """A row for each optimizer that was tuned: its best rate beside the one in the config.

    Args:
        run: as in its config.
        tuned_run: the same run after tuning.
    """
    pairs = zip(run.trials, tuned_run.trials, strict=True)
    return tuple(_best(run, trial, other.search) for trial, other in pairs if other.search)


def _best(run: Run, trial: Trial, search: Search) -> BestRate:
    assert search.best is not None and search.loss is not None  # otherwise tuning has failed
    options = trial.chosen.options
    own = options.get(RATE, trial.chosen.entry.options[RATE].default)
    own = float(own) if isinstance(own, int | float) else None
    others = {name: value for name, value in search.best.items() if name != RATE}
    return BestRate(
        config=run.config,
        optimizer=trial.name,
        label=trial.label,
        rate=search.best[RATE],
        loss=search.loss,
        own_rate=own,
        own_loss=None if own is None else _own_loss(trial, own, search),
        diverged=search.diverged,
        rates=len(search.rates),
        low=search.rates[0],
        high=search.rates[-1],
        steps=search.steps,
        options=", ".join(f"{name}={short_text(value)}" for name, value in others.items()) or None,
        combinations=len(search.losses),
        seeds=search.seeds,
    )


def _own_loss(trial: Trial, rate: float, search: Search) -> float:
    """The final loss of a trial with the rate and the options of its config."""
    if not search.others and rate in search.rates:
        return search.losses[search.rates.index(rate)]
    return _final_losses(trial, {RATE: (rate,)}, search.seeds)[0]


def _final_losses(
    trial: Trial, grid: Mapping[str, Sequence[float]], seeds: int,
    tried: Callable[[int], None] = lambda count: None,
) -> tuple[float, ...]:  # fmt: skip
    """The loss of a trial after all of its steps, with each combination of values of options.

    It is the median over the seeds, of a trial with many starts that of the `median_loss`. It is
    infinite if the trial diverges with one of them, and NaN if it becomes undefined. The rules of
    `stop` do not end it: otherwise all rates that reach `stop.loss` would be as good.

    Args:
        trial: the trial.
        grid: the values of each option; those of the last one change fastest.
        seeds: the number of seeds, from that of the trial on.
        tried: called after each block of trials that are simulated at once, with their number.
    """
    combinations = [*product(*grid.values())]
    if trial.starts:
        losses = _median_losses(trial, [dict(zip(grid, c, strict=True)) for c in combinations],
                                seeds, tried)  # fmt: skip
    else:
        columns = zip(*combinations, strict=True)
        options = {name: np.repeat(v, seeds) for name, v in zip(grid, columns, strict=True)}
        losses = _losses_at_once(trial, options, len(combinations), seeds, tried)
    medians = np.median(losses, axis=1)
    diverged = np.isinf(losses).any(axis=1) & ~np.isnan(medians)
    return tuple(np.where(diverged, inf, medians).tolist())


def _losses_at_once(
    trial: Trial, options: Mapping[str, Array], count: int, seeds: int, tried: Callable[[int], None]
) -> Array:
    """The final losses of a trial, (count, seeds), with values of options, (count × seeds,)."""
    losses = np.empty(count * seeds)
    for block, trajectories in simulate_blocks(
        trial.surface, trial.optimizer, list(trial.start), steps=trial.steps, options=options,
        seeds=(trial.seed + np.arange(len(losses)) % seeds) % SEEDS, noise=trial.noise,
    ):  # fmt: skip
        ends = np.where(trajectories.status == "diverged", inf, trajectories.end_values)
        losses[block] = np.where(trajectories.status == "undefined", nan, ends)
        tried(len(trajectories))
    return losses.reshape(count, seeds)


def _median_losses(
    trial: Trial, combinations: Sequence[Mapping[str, float]], seeds: int,
    tried: Callable[[int], None],
) -> Array:  # fmt: skip
    """The median losses of a trial with many starts, (combinations, seeds)."""
    losses = np.empty((len(combinations), seeds))
    for i, values in enumerate(combinations):
        for k in range(seeds):
            seed = (trial.seed + k) % SEEDS
            losses[i, k] = median_loss(replace(with_options(trial, values), seed=seed, stop=Stop()))
            tried(1)
    return losses
