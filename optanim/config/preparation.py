"""Optimizers that read their files, or check their options, when the config is read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from optanim.config.input_files import InputFiles
from optanim.config.problems import Report
from optanim.config.yaml_nodes import KeyPath
from optanim.errors import ConfigError, OptionError, Problem, quoted
from optanim.optimizers import Optimizer, preparation_of
from optanim.schema.choice import Chosen
from optanim.surfaces import Surface


def with_label(chosen: Chosen) -> Chosen:
    """The optimizer with the label that follows from its options, if it has none."""
    preparation = preparation_of(chosen.entry.function)
    if preparation is None or preparation.label is None or chosen.beside.label is not None:
        return chosen
    label = preparation.label(chosen.options).replace("$", r"\$")
    return replace(chosen, beside=replace(chosen.beside, label=label))


def has_own_start(chosen: Chosen) -> bool:
    """Whether the start of an optimizer is not that of the config."""
    preparation = preparation_of(chosen.entry.function)
    return preparation is not None and preparation.starts


def prepared(
    chosen: Chosen, path: KeyPath, surface: Surface, files: InputFiles, problems: list[Problem]
) -> Optimizer | None:
    """The optimizer at a path with its options; None if they have problems, or need nothing.

    Args:
        chosen: the optimizer.
        path: its key path.
        surface: of its trial.
        files: gets the files that its options name.
        problems: gets the problems.
    """
    files.add_plugin(chosen)
    preparation = preparation_of(chosen.entry.function)
    if preparation is None:
        return None
    try:
        return preparation.optimizer(surface.axes, files.resolved_options(chosen, path))
    except ConfigError as error:
        problems += map(files.problem, error.problems)
    except OptionError as error:
        for one in (error, *error.others):
            place = files.root.find((*path, *one.path), key=one.key, span=one.span)
            problems.append(files.problem(Problem(str(one), place, one.help, one.quotes)))
    return None


def own_start(
    optimizer: Any, look_start: Any, path: KeyPath, surface: Surface, report: Report
) -> Sequence[float] | None:
    """The start that an optimizer has itself; None if the config has another.

    Args:
        optimizer: as `prepared` returns it.
        look_start: the key `start` of the optimizer; None if it has none.
        path: its key path.
        surface: of its trial.
        report: called with the problem.
    """
    start: tuple[float, ...] = optimizer.start
    if look_start is None:
        return start
    own = look_start
    if isinstance(own, dict):
        own = [own.get(axis) for axis in surface.axes]
    if isinstance(own, list | tuple) and list(own) == list(start):
        return start
    message = f"starts at its first point, {quoted(list(start))}, and not at {quoted(look_start)}"
    report(message, (*path, "start"), "leave out start")
    return None
