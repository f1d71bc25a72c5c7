"""Schedules and inner optimizers of a config as functions, and rules between several keys."""

from __future__ import annotations

from functools import partial
from typing import Any

from pydantic import ValidationError

from optanim.config.problems import Report
from optanim.config.yaml_nodes import KeyPath
from optanim.errors import OptionError
from optanim.formulas.plain_text import number_in_text
from optanim.optimizers import Schedule, steps_of, warmed_up
from optanim.schema.choice import Chosen
from optanim.schema.messages import RULES
from optanim.schema.option import mark_of
from optanim.schema.types import Rate, Scheduled
from optanim.schema.warm_up import WarmUpShape


def is_schedule(value: Any) -> bool:
    """Whether the value of an option is a schedule."""
    return isinstance(value, Chosen) and value.entry.kind == "schedules"


def schedule_of(chosen: Chosen, steps: int) -> Schedule:
    """The schedule of a run of `steps` updates as a function of the update t = 1, 2, …

    After a warm-up, the schedule has the rest of the steps.
    """
    count = _warm_up_steps(chosen, steps)
    schedule = partial(chosen.entry.function, steps=max(1, steps - count), **chosen.options)
    if not count:
        return schedule
    shape: WarmUpShape = chosen.beside.warmup_shape or "linear"
    return partial(warmed_up, schedule=schedule, count=count, shape=shape)


def options_of_trial(chosen: Chosen, steps: int, path: KeyPath, report: Report) -> dict[str, Any]:
    """The options of an optimizer, with a function of the step for each schedule.

    An inner optimizer is a function of the surface and the start, with its own options.

    Args:
        chosen: the optimizer.
        steps: of the run.
        path: of the optimizer in the config.
        report: called with each problem of a schedule.
    """
    options: dict[str, Any] = {}
    for name, value in chosen.options.items():
        if is_schedule(value):
            options[name] = schedule_of(value, steps)
            kind = chosen.entry.options[name].type
            _check(value, options[name], kind, steps, (*path, name), report)
        elif isinstance(value, Chosen):
            inner = options_of_trial(value, steps, (*path, name), report)
            options[name] = partial(value.entry.function, **inner)
        else:
            options[name] = value
    return options


def _warm_up_steps(chosen: Chosen, steps: int) -> int:
    """The number of steps of the warm-up; 0 for a schedule that has an own one, or none."""
    return round(steps_of(chosen.beside.warmup or 0, steps)) if chosen.beside else 0


def _check(
    chosen: Chosen, schedule: Schedule, kind: Any, steps: int, path: KeyPath, report: Report
) -> None:
    """Report what the options of a schedule say against each other, and a value that is none."""
    beside = chosen.beside
    if beside and beside.warmup_shape and not beside.warmup:
        report("warmup_shape is the curve of a warm-up, and there is none",
               (*path, "warmup_shape"), "add warmup: 10, or remove it")  # fmt: skip
    if (count := _warm_up_steps(chosen, steps)) >= steps:
        report(f"warmup has {count} steps, and the run has {steps}", (*path, "warmup"),
               "0.1 is a tenth of the run")  # fmt: skip
        return
    # A rate may end at 0: only what its options say against each other is wrong.
    mark = None if kind is Rate else mark_of(kind, Scheduled)
    try:
        values = [schedule(t) for t in range(1, (steps if mark else 1) + 1)]
    except OptionError as error:
        report(str(error), (*path, *error.path), error.help)
        return
    for value in (max(values), min(values)):
        try:
            if mark:
                mark.number.validate_python(value)
        except ValidationError as error:
            (first, *_) = error.errors(include_url=False)
            rule = RULES.get(first["type"], first["msg"]).format(**first.get("ctx", {}))
            step = values.index(value) + 1
            report(f"{path[-1]} {rule}, and is {number_in_text(value)} at step {step}", path)
            return
