"""Optimizers: each file is an entry, a generator of points; `schedules/` has learning rates.

A module whose name begins with `_` is not an entry; the names that other rooms need are here.
"""

from optanim.optimizers._begin import begin
from optanim.optimizers._schedule import Optimizer, Schedule, schedule, takes_chance
from optanim.optimizers._state import CrowdKind, State
from optanim.optimizers._warm_up import steps_of, warmed_up

__all__ = [
    "CrowdKind",
    "Optimizer",
    "Schedule",
    "State",
    "begin",
    "schedule",
    "steps_of",
    "takes_chance",
    "warmed_up",
]
