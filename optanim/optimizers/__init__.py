"""Optimizers: a file is an entry, a generator of points; `schedules/` has their learning rates.

Modules whose names begin with `_` are no entries; what other rooms need of them stands here.
"""

from optanim.optimizers._schedule import Optimizer, Schedule, schedule

__all__ = ["Optimizer", "Schedule", "schedule"]
