"""Optimizers: each file is an entry, a generator of points; `schedules/` has learning rates.

A module whose name begins with `_` is not an entry; the names that other rooms need are here.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from optanim.optimizers._around import as_state, run_inner
from optanim.optimizers._begin import begin
from optanim.optimizers._preparation import Preparation, preparation_of, prepared_by
from optanim.optimizers._schedule import Optimizer, Schedule, schedule, takes_chance
from optanim.optimizers._state import CrowdKind, State
from optanim.optimizers._warm_up import steps_of, warmed_up
from optanim.schema.catalogue import Entry

__all__ = [
    "CrowdKind",
    "Optimizer",
    "Preparation",
    "Schedule",
    "State",
    "as_state",
    "begin",
    "preparation_of",
    "prepared_by",
    "run_inner",
    "schedule",
    "steps_of",
    "takes_chance",
    "warmed_up",
]


PACKAGE_NAMES = r"^(torch|optax|pytorch_optimizer)\.[A-Za-z][A-Za-z0-9_]*$"
"""The pattern of the names of `entry_of_package`."""


def entry_of_package(name: str) -> Callable[..., Any]:
    """The function of an optimizer of another package, such as `torch.NAdam`.

    Raises:
        KeyError: there is none.
    """
    from optanim.optimizers._bridges import bridge

    return bridge(name)


def names_of_package(package: str) -> list[str]:
    """The names of `entry_of_package` of one package; none if it is not installed."""
    from optanim.optimizers import _bridges

    try:
        return [f"{package}.{name}" for name in _bridges.names_of(package)]
    except KeyError:
        return []


def entry_of_object(thing: Any, number: int) -> Entry:
    """The entry of a class or factory of torch, of a generator function, or of points (T + 1, d).

    Args:
        thing: one of these.
        number: of the optimizer, from 1, for a thing without a name.

    Raises:
        TypeError: it is none of these.
        ValueError: the points are not finite, or fewer than two.
    """
    from optanim.optimizers import _python

    return _python.entry_of_object(thing, number)


def load_plugin(file: str) -> None:
    """Add the entries of a Python file of the user's to the catalogues.

    Raises:
        ConfigError: the file cannot be run, or an entry in it is not right; at its line.
    """
    from optanim.optimizers import _plugin_file

    _plugin_file.load_plugin(file)


def reload_plugins() -> None:
    """Load the files of `load_plugin` again that have changed since."""
    if _plugin_file := sys.modules.get("optanim.optimizers._plugin_file"):
        _plugin_file.reload_plugins()
