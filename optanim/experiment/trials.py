"""The trials of a run: what each of its optimizers does."""

from __future__ import annotations

from optanim.config.run import Run
from optanim.experiment.simulate import Trajectory, simulate_trial
from optanim.experiment.tuning import tuned


def simulate_run(run: Run) -> tuple[Run, tuple[Trajectory, ...]]:
    """What every optimizer of a run does; each sees the same noise and the same batches.

    And the run itself, with a number wherever it had `lr: auto`: what tells of the trials needs it.
    """
    run = tuned(run)
    return run, tuple(simulate_trial(trial) for trial in run.trials)


def trajectories_of(run: Run) -> tuple[Trajectory, ...]:
    """What every optimizer of a run does, for whom the trials are enough."""
    return simulate_run(run)[1]
