"""The options of a trial that change with its steps, or may: its rate, and scheduled momenta."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from optanim.config.schedules import is_schedule, schedule_of
from optanim.scene.scene import Trace
from optanim.schema.notation import is_number, option_value
from optanim.surfaces import Array


@dataclass(frozen=True)
class OptionCurve:
    """An option of a trial at each of its steps.

    Attributes:
        symbol: of the option, in TeX without dollar signs.
        values: (T + 1,), that of update t at step t; NaN at step 0, before the first update.
    """

    symbol: str
    values: Array


def rate_curve(trace: Trace) -> OptionCurve | None:
    """The learning rate of a trial; None if its optimizer has none."""
    return _curve(trace, "lr")


def scheduled_curves(trace: Trace) -> list[OptionCurve]:
    """The other options of a trial that are schedules, such as a momentum."""
    chosen = trace.trial.chosen if trace.trial else None
    # In the order of the entry: that of the options that are set is not always the same.
    names = [name for name in chosen.entry.options if name != "lr"] if chosen else []
    scheduled = [name for name in names if chosen and is_schedule(chosen.options.get(name))]
    return [curve for name in scheduled if (curve := _curve(trace, name))]


def _curve(trace: Trace, name: str) -> OptionCurve | None:
    trial, steps = trace.trial, trace.trajectory.steps
    option = trial.chosen.entry.options.get(name) if trial else None
    if trial is None or option is None:
        return None
    value = option_value(trial.chosen, option)
    if is_schedule(value):
        schedule = schedule_of(value, trial.steps)
        values = [schedule(t) for t in range(1, steps + 1)]
    elif is_number(value):
        values = [value] * steps
    else:
        return None
    return OptionCurve(option.symbol, np.array([np.nan, *values], dtype=np.float64))
