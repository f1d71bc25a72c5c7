"""The runs of a matrix whose combinations differ only in start, seed or numbers of an optimizer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from itertools import product
from typing import Any

from optanim.config.matrix import Matrix, MatrixKey
from optanim.config.run import Run, Trial
from optanim.config.start import start_of
from optanim.config.yaml_nodes import YamlNode
from optanim.schema.notation import is_number
from optanim.schema.option_grid import number_rule

MIN_COMBINATIONS = 100
"""Fewer combinations are resolved one by one."""

MAX_SEED = 2**32 - 1


def similar_runs(matrix: Matrix, first: Run) -> list[Run] | None:
    """The runs of all combinations, made from the run of the first one.

    Each value is checked once. It is None if the combinations differ in more than start, seed and
    numbers of the optimizer, or if a value is wrong: then each combination is to be resolved.

    Args:
        matrix: of one picture.
        first: the run of its first combination.
    """
    if matrix.layout == "files" or matrix.count < MIN_COMBINATIONS or len(first.trials) != 1:
        return None
    trial = first.trials[0]
    plain = isinstance(trial.optimizer, partial) and trial.optimizer.func
    if trial.starts or trial.look.start is not None or plain is not trial.chosen.entry.function:
        return None
    changes = list[list[dict[str, Any]]]()
    for key in matrix.keys:
        values = [_change(key, value, trial) for value in key.values]
        if any(value is None for value in values):
            return None
        changes.append([value for value in values if value is not None])
    return [replace(first, trials=(_changed(trial, some),)) for some in product(*changes)]


def _change(key: MatrixKey, value: YamlNode, trial: Trial) -> dict[str, Any] | None:
    """What a value changes in a trial: its attributes, and its options by name; or None."""
    plain = value.plain()
    if key.path == ("start",):
        problems = list[str]()
        if not isinstance(plain, list) or not all(map(is_number, plain)):
            return None
        start = start_of(
            plain, key.path, trial.surface, lambda message, *_, **__: problems.append(message)
        )
        return None if start is None or problems else {"start": start}
    if key.path == ("seed",):
        fits = type(plain) is int and 0 <= plain <= MAX_SEED
        return {"seed": plain} if fits else None
    if len(key.path) != 2 or key.path[0] != "optimizer":
        return None
    option = trial.chosen.entry.options.get(str(key.path[1]))
    rule = number_rule(option) if option else None
    if option is None or rule is None or not is_number(plain) or rule.problem(plain):
        return None
    if rule.whole and type(plain) is not int:
        return None
    change: dict[str, Any] = {"options": {option.name: plain if rule.whole else float(plain)}}
    return change | ({"place": value.place} if option.name == "lr" else {})


def _changed(trial: Trial, changes: Sequence[dict[str, Any]]) -> Trial:
    """A trial with the attributes and options of several changes."""
    attributes: dict[str, Any] = {}
    options: dict[str, float] = {}
    for change in changes:
        attributes |= {name: value for name, value in change.items() if name != "options"}
        options |= change.get("options", {})
    before: Any = trial.optimizer
    return replace(
        trial,
        **attributes,
        optimizer=partial(before.func, **{**before.keywords, **options}),
        chosen=replace(trial.chosen, options={**trial.chosen.options, **options}),
    )
