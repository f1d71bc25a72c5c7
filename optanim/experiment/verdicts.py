"""The claims of a run are checked: a verdict for each, or an error with all that fail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from optanim.config.run import Claim, NamedTrial, Run
from optanim.errors import ClaimError, Problem
from optanim.experiment.claim import ObservedTrial, Verdict
from optanim.experiment.simulate import Trajectory
from optanim.experiment.trials import simulate_run


def verdicts_of(run: Run, trajectories: Sequence[Trajectory]) -> tuple[Verdict, ...]:
    """A verdict for each claim of a run, in its order.

    Args:
        run: with a number for each `lr: auto`.
        trajectories: of its optimizers, in its order; its hidden optimizers are simulated here.

    Raises:
        ClaimError: one or more claims fail, or hold although the config says that they do not.
    """
    verdicts = measured_verdicts(run, trajectories)
    problems = [
        _problem(claim, verdict)
        for claim, verdict in zip(run.claims, verdicts, strict=True)
        if verdict.holds != claim.holds
    ]
    if problems:
        raise ClaimError([p.without_text() for p in problems] if run.foreign else problems)
    return verdicts


def measured_verdicts(run: Run, trajectories: Sequence[Trajectory]) -> tuple[Verdict, ...]:
    """The verdicts of `verdicts_of`, also of claims that fail."""
    tuned, hidden = simulate_run(replace(run, trials=run.hidden))
    trials = [*zip((*run.trials, *tuned.trials), (*trajectories, *hidden), strict=True)]

    def observed(value: Any) -> Any:
        """The value of an option, with a trial in place of its name."""
        if isinstance(value, NamedTrial):
            trial, trajectory = trials[value.index]
            against = run.view.against or "updates"
            return ObservedTrial(value.name, trajectory, trial.surface, against, trial)
        return tuple(map(observed, value)) if isinstance(value, tuple) else value

    verdicts = list[Verdict]()
    for claim in run.claims:
        options = {name: observed(value) for name, value in claim.chosen.options.items()}
        with np.errstate(all="ignore"):  # the coordinates of a trial that diverges may overflow
            verdict: Verdict = claim.chosen.entry.function(**options)
        verdicts.append(verdict)
    return tuple(verdicts)


def _problem(claim: Claim, verdict: Verdict) -> Problem:
    result = f"{verdict.says}; measured: {verdict.measured}"
    if claim.holds:
        help = "if the prose is meant to be wrong, add 'holds: false'"
        return Problem(f"claim fails: {result}", claim.place, help)
    message = f"claim holds, and 'holds: false' says that it fails: {result}"
    return Problem(message, claim.place, "remove 'holds: false'")
