"""The trials of a run: each of its optimizers is simulated."""

from __future__ import annotations

from collections.abc import Callable

from optanim.config.run import Run
from optanim.experiment.joint_trials import simulate_trials
from optanim.experiment.simulate import Trajectory
from optanim.experiment.swarm import simulate_swarm
from optanim.experiment.tuning import tune_rates
from optanim.surfaces import configured_window


def simulate_run(
    run: Run, progress: Callable[[int, int], None] = lambda done, total: None
) -> tuple[Run, tuple[Trajectory, ...]]:
    """The run with its rates tuned, and the trajectory of each of its optimizers.

    Captions and tables need the returned run: it has a number for each `lr: auto`. All trials see
    the same noise and the same batches. That of a trial with many starts is a `SwarmTrajectory`.

    Args:
        run: the run.
        progress: as for `tune_rates`.

    Raises:
        ConfigError: an optimizer with `lr: auto` diverges at all rates.
    """
    run = tune_rates(run, progress)
    others = iter(simulate_trials([trial for trial in run.trials if not trial.starts]))
    return run, tuple(
        simulate_swarm(trial, configured_window(run.view, trial.surface))
        if trial.starts
        else next(others)
        for trial in run.trials
    )


def trajectories_of(run: Run) -> tuple[Trajectory, ...]:
    """The trajectories of `simulate_run` alone."""
    return simulate_run(run)[1]
