"""Findings: what a claim measures of a trial, and how it is said."""

from __future__ import annotations

from itertools import pairwise
from math import inf, isfinite

import numpy as np

from optanim.experiment.claim import ObservedTrial
from optanim.formulas.plain_text import number


def loss_at(trial: ObservedTrial, step: int | None) -> float:
    """The loss at a step, or at the end; infinite once the trial has diverged."""
    path = trial.trajectory
    if path.status == "diverged" and (step is None or step > path.steps):
        return inf
    return float(path.values[-1 if step is None else min(step, path.steps)])


def quarters(trial: ObservedTrial) -> list[float]:
    """The mean length of the steps in each quarter of a trial; of short ones they share steps."""
    steps = np.linalg.norm(np.diff(trial.trajectory.points), axis=0)
    count = len(steps)
    if not count:
        return [0.0] * 4
    begins = [i * count // 4 for i in range(5)]
    return [float(steps[begin : max(end, begin + 1)].mean()) for begin, end in pairwise(begins)]


def finite(value: float) -> float | None:
    """The number, or None for what is none."""
    return float(value) if isfinite(value) else None


def told(value: float) -> str:
    """A measured number, to three digits."""
    return number(float(f"{value:.3g}")) if isfinite(value) else "infinite"


def times(count: int) -> str:
    """How often: `never`, `once`, `twice`, `5 times`."""
    return {0: "never", 1: "once", 2: "twice"}.get(count, f"{count} times")


def overshot(first: ObservedTrial, *others: ObservedTrial) -> str:
    """How often trials overshoot the minimum, in a clause for each."""
    count = first.outcome().overshoots or 0
    often = f"overshoots the minimum {times(count)}" if count else "never overshoots the minimum"
    said = [f"{first.name} {often}"]
    for trial in others:
        again = trial.outcome().overshoots or 0
        said.append(f"{trial.name} {'does ' if again and not count else ''}{times(again)}")
    return ", ".join(said)


def became(trial: ObservedTrial, within: float | None = None) -> str:
    """What became of a trial, in a clause."""
    facts = trial.outcome(within)
    if facts.status == "arrived":
        return stays(trial, within=within)
    away = ""
    if facts.distance is not None and facts.status in ("resting", "moving"):
        away = f", {told(facts.distance)} from the minimum"
    clause = {
        "left": f"is off the map from step {facts.since} on",
        "resting": f"rests from step {facts.since} on{away}",
        "cycling": "swings to and fro until the end",
        "moving": f"still moves after {facts.steps} steps{away}",
        "diverged": f"diverges at step {facts.since}",
    }[facts.status]
    return f"{trial.name} {clause}"


def stays(*trials: ObservedTrial, within: float | None = None) -> str:
    """From which step on trials stay near a minimum, in a clause for each."""
    said, before = list[str](), ("", False)
    for trial in trials:
        facts = trial.outcome(within)
        near = f"within {told(facts.within or 0)} of the minimum"
        arrived = facts.status == "arrived"
        if arrived:
            end = f"from step {facts.since} on"
        elif facts.status == "diverged":
            end = f"before it diverges at step {facts.since}"
        else:
            end = f"in {facts.steps} steps"
        if near != before[0]:
            said.append(f"{trial.name} {'stays' if arrived else 'does not stay'} {near} {end}")
        elif arrived:
            said.append(f"{trial.name} {'' if before[1] else 'does '}{end}")
        else:
            said.append(f"{trial.name} does not {end}" if before[1] else f"nor {trial.name} {end}")
        before = near, arrived
    return ", ".join(said)
