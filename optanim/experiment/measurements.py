"""Measurements of trials for claims, as numbers and as clauses of a sentence."""

from __future__ import annotations

from itertools import pairwise
from math import inf, isfinite

import numpy as np
import numpy.typing as npt

from optanim.experiment.claim import ObservedTrial
from optanim.experiment.outcome import Outcome
from optanim.formulas.plain_text import number_in_text


def loss_at(trial: ObservedTrial, step: int | None) -> float:
    """The loss at a step, or at the end; infinite after the last finite loss."""
    trajectory = trial.trajectory
    if trajectory.broken_off and (step is None or step > trajectory.steps):
        return inf
    return float(trajectory.values[-1 if step is None else min(step, trajectory.steps)])


def quarter_step_lengths(trial: ObservedTrial) -> list[float]:
    """The mean length of the steps in each quarter of a trial.

    In a trial of fewer than four steps, quarters share steps.
    """
    lengths = np.linalg.norm(np.diff(trial.trajectory.points), axis=0)
    count = len(lengths)
    if not count:
        return [0.0] * 4
    bounds = [i * count // 4 for i in range(5)]
    return [float(lengths[begin : max(end, begin + 1)].mean()) for begin, end in pairwise(bounds)]


def finite_or_none(value: float) -> float | None:
    """The number, or None if it is not finite."""
    return float(value) if isfinite(value) else None


def three_digits(value: float) -> str:
    """A number as text with three significant digits; `infinite` if it is not finite."""
    return number_in_text(float(f"{value:.3g}")) if isfinite(value) else "infinite"


def times_in_words(count: int) -> str:
    """A number of times in words: `never`, `once`, `twice`, `5 times`."""
    return {0: "never", 1: "once", 2: "twice"}.get(count, f"{count} times")


def overshoots_clause(first: ObservedTrial, *others: ObservedTrial) -> str:
    """The number of times that each trial overshoots the minimum, in a clause for each."""
    count = first.outcome().overshoots or 0
    clause = f"overshoots the minimum {times_in_words(count)}"
    clauses = [f"{first.name} {clause if count else 'never overshoots the minimum'}"]
    for trial in others:
        other = trial.outcome().overshoots or 0
        verb = "does " if other and not count else ""
        clauses.append(f"{trial.name} {verb}{times_in_words(other)}")
    return ", ".join(clauses)


def outcome_clause(trial: ObservedTrial, within: float | None = None) -> str:
    """The outcome of a trial, in a clause."""
    outcome = trial.outcome(within)
    if outcome.status == "arrived":
        return arrival_clause(trial, within=within)
    distance = ""
    if outcome.distance is not None and outcome.status in ("resting", "moving"):
        distance = f", {three_digits(outcome.distance)} from the minimum"
    slowly = ", slowly," if outcome.pace == "slow" else ""
    clause = {
        "left": f"is off the map from step {outcome.since} on",
        "resting": f"rests from step {outcome.since} on{distance}",
        "cycling": "swings to and fro until the end",
        "moving": f"{'is stopped' if outcome.stopped else f'still moves{slowly}'} after"
        f" {outcome.steps} steps{distance}",
        "diverged": _divergence(outcome),
        "undefined": f"has no loss from step {outcome.since} on: the formula is undefined there",
    }[outcome.status]
    if outcome.pace == "none":
        gradient = "" if outcome.gradient is None else three_digits(outcome.gradient)
        reason = f", where the gradient is {gradient}" if gradient else ""
        clause = f"has hardly moved after {outcome.steps} steps{reason}{distance}"
    return f"{trial.name} {clause}"


def _divergence(outcome: Outcome) -> str:
    since = outcome.since
    return f"diverges from step {since} on" if outcome.grows else f"diverges at step {since}"


def arrival_clause(*trials: ObservedTrial, within: float | None = None) -> str:
    """The step from which each trial stays near a minimum, in a clause for each."""
    clauses = list[str]()
    # The clause before: what it repeats is left out, as in "a stays …, b from step 9 on".
    near_before, arrived_before = "", False
    for trial in trials:
        outcome = trial.outcome(within)
        near = "near the minimum"
        if outcome.within is not None:
            near = f"within {three_digits(outcome.within)} of the minimum"
        arrived = outcome.status == "arrived"
        if arrived:
            when = f"from step {outcome.since} on"
            if trial.against == "evaluations":
                when += f" ({trial.progress(outcome.since or 0)} evaluations)"
        elif outcome.status == "diverged":
            when = f"before it {_divergence(outcome)}"
        elif outcome.status == "undefined":
            when = f"before it is undefined at step {outcome.since}"
        else:
            when = f"in {outcome.steps} steps"
        if outcome.near is not None and outcome.status not in ("arrived", "diverged"):
            loss = f"its loss is still {three_digits(outcome.loss)}"
            clauses.append(f"{trial.name} stays {near} from step {outcome.near} on, but {loss}")
        elif near != near_before:
            clauses.append(f"{trial.name} {'stays' if arrived else 'does not stay'} {near} {when}")
        elif arrived:
            clauses.append(f"{trial.name} {'' if arrived_before else 'does '}{when}")
        elif arrived_before:
            clauses.append(f"{trial.name} does not {when}")
        else:
            clauses.append(f"nor {trial.name} {when}")
        near_before, arrived_before = near, arrived
    return ", ".join(clauses)


def share_clause(status: npt.NDArray[np.str_], reached: npt.NDArray[np.bool_], kind: str) -> str:
    """The number of trials that reach a minimum, and what becomes of the others.

    Args:
        status: of each trial, as in `Outcomes`.
        reached: whether each reaches the minimum.
        kind: what they differ in: "starts" or "seeds".
    """
    count, total = int(np.count_nonzero(reached)), len(status)
    clause = f"{count:,} of {total:,} {kind} arrive there, {three_digits(100 * count / total)} %"
    words = {
        "arrived": "at another minimum", "resting": "at rest elsewhere", "moving": "still moving",
        "left": "off the map", "diverged": "diverged", "undefined": "undefined",
    }  # fmt: skip
    others = [
        f"{number:,} {word}"
        for name, word in words.items()
        if (number := int(np.count_nonzero((status == name) & ~reached)))
    ]
    return "; ".join([clause, *([", ".join(others)] if others else [])])
