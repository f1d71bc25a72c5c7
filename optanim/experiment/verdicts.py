"""Claims against a run: a verdict for each, or an error with all that do not hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from optanim.config.run import Claim, NamedTrial, Run
from optanim.errors import ClaimError, Problem
from optanim.experiment.claim import ObservedTrial, Verdict
from optanim.experiment.simulate import Trajectory
from optanim.experiment.trials import trajectories_of
from optanim.surfaces import Surface


def judged(
    claims: Sequence[Claim], trials: Sequence[tuple[Trajectory, Surface]]
) -> tuple[Verdict, ...]:
    """What became of claims.

    Args:
        claims: of a run.
        trials: what its optimizers did, and where; then what those did that are not drawn.

    Raises:
        ClaimError: a claim fails, or holds where the config says that it does not.
    """
    verdicts = [_verdict(claim, trials) for claim in claims]
    pairs = zip(claims, verdicts, strict=True)
    if problems := [_problem(c, v) for c, v in pairs if v.holds != c.holds]:
        raise ClaimError(problems)
    return tuple(verdicts)


@np.errstate(all="ignore")  # a trial that diverges may be farther away than numbers go
def _verdict(claim: Claim, trials: Sequence[tuple[Trajectory, Surface]]) -> Verdict:
    def walked(value: Any) -> Any:
        if isinstance(value, NamedTrial):
            return ObservedTrial(value.name, *trials[value.index])
        return tuple(map(walked, value)) if isinstance(value, tuple) else value

    options = {name: walked(value) for name, value in claim.chosen.options.items()}
    verdict: Verdict = claim.chosen.entry.function(**options)
    return verdict


def _problem(claim: Claim, verdict: Verdict) -> Problem:
    found = f"{verdict.says}; measured: {verdict.measured}"
    if claim.holds:
        help = "where the prose says so, and is wrong: 'holds: false' beside it"
        return Problem(f"claim fails: {found}", claim.place, help)
    message = f"claim holds, and 'holds: false' says that it fails: {found}"
    return Problem(message, claim.place, "remove 'holds: false'")


def verdicts_of(run: Run, trajectories: Sequence[Trajectory]) -> tuple[Verdict, ...]:
    """What became of the claims of a run.

    Raises:
        ClaimError: with all that are not so.
    """
    trials = (*run.trials, *run.hidden)
    hidden = trajectories_of(replace(run, trials=run.hidden))
    grounds = [walker.surface for walker in trials]
    return judged(run.claims, list(zip((*trajectories, *hidden), grounds, strict=True)))
