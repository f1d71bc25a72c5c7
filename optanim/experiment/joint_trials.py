"""Trials that differ only in start or in numbers of options, simulated together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from optanim.config.run import Trial
from optanim.experiment.simulate import Trajectory, simulate_trial
from optanim.experiment.simulate_many import simulate_many
from optanim.experiment.vectorized import function_and_options, options_as_arrays
from optanim.optimizers import takes_chance
from optanim.surfaces import Array, Surface

Steps = npt.NDArray[np.int64]

ASKED = ("looked", "gradients", "asked", "valued", "value_asked", "hessian_asked")
"""The attributes of a trajectory that tell what it asked of the surface."""

MIN_TRIALS = 32
"""Fewer trials are simulated one by one, which keeps all that they asked."""


class JointTrajectory(Trajectory):
    """A trajectory of a trial that was simulated together with others.

    What it asked of the surface is simulated again when something needs it, as arrows do. All
    trials ask at the same steps, so that the evaluations are those of one of them.
    """

    def __init__(self, trial: Trial, one: Trajectory, evaluations: Steps) -> None:
        rule = one.stopped and one.stopped[0]
        values = {each.name: getattr(one, each.name) for each in fields(one)}
        for name in ASKED:
            del values[name]
        values |= {
            "label": trial.label,
            "points": np.ascontiguousarray(one.points),
            "values": np.ascontiguousarray(one.values),
            "stopped": (rule, dict(trial.stop.rules())[rule]) if rule else None,
            "evaluations": evaluations[: one.steps + 1],
            "trial": trial,
        }
        self.__dict__.update(values)  # it is frozen

    @cached_property
    def _alone(self) -> Trajectory:
        return simulate_trial(self.__dict__["trial"])

    @cached_property
    def looked(self) -> Array:
        return self._alone.looked

    @cached_property
    def gradients(self) -> Array:
        return self._alone.gradients

    @cached_property
    def asked(self) -> Steps:
        return self._alone.asked

    @cached_property
    def valued(self) -> Array:
        return self._alone.valued

    @cached_property
    def value_asked(self) -> Steps:
        return self._alone.value_asked

    @cached_property
    def hessian_asked(self) -> Steps:
        return self._alone.hessian_asked

    def is_noisy(self, surface: Surface) -> bool:
        """False: only trials with exact gradients are simulated together."""
        return False


def simulate_trials(trials: Sequence[Trial]) -> list[Trajectory]:
    """The trajectory of each trial; those of many that are alike are simulated together."""
    trajectories: dict[int, Trajectory] = {}
    for members, together in trial_groups(trials):
        some = [trials[i] for i in members]
        joint = _simulated_together(some) if together else None
        trajectories |= zip(members, joint or map(simulate_trial, some), strict=True)
    return [trajectories[i] for i in range(len(trials))]


def trial_groups(trials: Sequence[Trial]) -> Iterator[tuple[list[int], bool]]:
    """Yield the indices of trials that are alike, and whether they can be simulated together."""
    groups: dict[Any, list[int]] = {}
    for i, trial in enumerate(trials):
        groups.setdefault(_likeness(trial), []).append(i)
    for likeness, members in groups.items():
        many = likeness is not None and len(members) >= MIN_TRIALS
        yield members, many and _can_be_joint(trials[members[0]])


def _likeness(trial: Trial) -> Any:
    """What trials that are simulated together have in common; None if it is simulated alone."""
    if trial.noise or trial.surface.batch_size is not None:
        return None
    function, options = function_and_options(trial.optimizer)
    # A whole number shapes the optimizer, as the number of its inner steps: it may ask more often.
    others = tuple(
        (name, v if isinstance(v, int) else id(v))
        for name, v in options.items()
        if not isinstance(v, float)
    )
    return id(trial.surface), function, frozenset(options), others, trial.steps, trial.stop


def _can_be_joint(trial: Trial) -> bool:
    """Whether an optimizer can be simulated from many points at once, and draws nothing."""
    return not takes_chance(trial.optimizer) and options_as_arrays(trial.optimizer) is not None


def _simulated_together(trials: Sequence[Trial]) -> list[Trajectory] | None:
    """The trajectories of trials that are alike; None if they hold more than their points."""
    first = trials[0]
    bound = [function_and_options(trial.optimizer)[1] for trial in trials]
    columns: Mapping[str, list[Any]] = {
        name: [options[name] for options in bound]
        for name, value in bound[0].items()
        if isinstance(value, float)
    }
    many = simulate_many(
        first.surface, first.optimizer, np.array([trial.start for trial in trials]).T,
        steps=first.steps, stop=first.stop,
        options={name: v for name, v in columns.items() if any(x != v[0] for x in v)},
    )  # fmt: skip
    longest = simulate_trial(trials[int(np.argmax(many.steps))])
    if any(held is not None for held in (longest.crowd, longest.shapes, longest.means)):
        return None
    return [JointTrajectory(trial, many[r], longest.evaluations) for r, trial in enumerate(trials)]
