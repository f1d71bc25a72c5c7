"""The trials of a run: what each of its optimizers does."""

from __future__ import annotations

from optanim.config.run import Run
from optanim.experiment.simulate import Trajectory, walk
from optanim.experiment.tuning import tuned


def walked(run: Run) -> tuple[Run, tuple[Trajectory, ...]]:
    """What every optimizer of a run does; each sees the same noise and the same batches.

    And the run itself, with a number wherever it had `lr: auto`: what tells of the walks needs it.
    """
    run = tuned(run)
    return run, tuple(walk(run, runner) for runner in run.runners)


def trajectories_of(run: Run) -> tuple[Trajectory, ...]:
    """What every optimizer of a run does, for whom the walks are enough."""
    return walked(run)[1]
