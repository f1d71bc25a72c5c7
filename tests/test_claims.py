"""Claims: each holds and fails where the points say so, and a run that disagrees stops a render."""

from __future__ import annotations

import json
import pickle
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import optanim
from optanim.config.dump import as_yaml
from optanim.config.run import Run
from optanim.errors import ClaimError, ConfigError, Place, Problem
from optanim.experiment.claim import Verdict
from optanim.experiment.outcome import measure_outcome
from optanim.experiment.simulate import Trajectory
from optanim.experiment.trials import trajectories_of
from optanim.experiment.verdicts import verdicts_of
from optanim.schema.catalogue import catalogue
from tests.command import optanim_

ROOT = Path(__file__).parents[1]
CONFIGS = sorted((ROOT / "configs").rglob("*.yaml"))

RACE = """surface: quadratic
start: [-4, 3]
optimizers: [gd, momentum, nesterov, {name: adagrad, lr: 1.5}, {name: rmsprop, lr: 0.05}, adam]
"""
KINK = """surface: {expr: abs(x), minima: [[0]]}
start: [30]
optimizer: {name: gd, lr: 0.1}
"""
WRONG_WELL = """surface: {name: double_well, tilt: 0.2}
start: [1.5]
optimizer: {name: gd, lr: 0.01}
steps: 200
"""
WELLS = """surface: {name: double_well, tilt: 0.2}
start: {grid: [60]}
view: {x: [-2, 2]}
optimizer: {name: gd, lr: 0.01}
steps: 300
"""
SADDLE = "surface: saddle\nstart: [1, 0.01]\noptimizer: gd\nsteps: 60\n"
HOSTILE = "surface: beale\nstart: [3, 4]\noptimizer: gd\n"

Walk = tuple[Trajectory, Any]
Measure = Callable[[Walk], float | None]


def verdicts(text: str) -> tuple[Run, tuple[Verdict, ...]]:
    run = optanim.loads(text)
    return run, verdicts_of(run, trajectories_of(run))


# What the claims measure, measured once more from the points: slowly, by the definitions.


def distances(walk: Walk) -> list[float]:
    path, surface = walk
    return [
        min(float(np.sqrt(((point - np.array(m)) ** 2).sum())) for m in surface.minima)
        for point in path.points.T
    ]


def settled(within: float) -> Measure:
    def measure(walk: Walk) -> float | None:
        away = distances(walk)
        for step in range(len(away) - 5):
            if all(distance <= within for distance in away[step:]):
                return step
        return None

    return measure


def overshoots(walk: Walk) -> float:
    path, surface = walk
    (minimum,) = surface.minima
    line = path.points[:, 0] - np.array(minimum)
    side, count = 1.0, 0
    for point in path.points.T:
        along = float((point - np.array(minimum)) @ line / (line @ line))
        if along * side <= -0.1:
            side, count = -side, count + 1
    return count


def loss(step: int = -1) -> Measure:
    return lambda walk: float(walk[1].value(walk[0].points[:, step]))


def rise(walk: Walk) -> float | None:
    losses = [float(walk[1].value(point)) for point in walk[0].points.T]
    rises = (t for t in range(1, len(losses)) if losses[t] > losses[t - 1] * (1 + 1e-12))
    return next(rises, len(losses) if walk[0].status == "diverged" else None)


def steps(walk: Walk) -> list[float]:
    points = walk[0].points
    return [
        float(np.sqrt(((points[:, t] - points[:, t - 1]) ** 2).sum()))
        for t in range(1, points.shape[1])
    ]


def paces(walk: Walk) -> list[float]:
    moved = np.array(steps(walk)).reshape(4, -1)
    return [float(quarter.mean()) for quarter in moved]


def quickest(walk: Walk) -> float:
    """The largest ratio of a rate to an earlier one, of every pair."""
    path, surface = walk
    moved = np.abs(np.diff(path.points))
    rates = moved / np.abs(surface.gradient(path.points[:, :-1]))
    # Of what has lost its digits nothing is known.
    rates[moved < 1e-12] = np.nan
    pairs = rates[:, None, :] / rates[:, :, None]
    later = np.triu(np.ones(pairs.shape[1:], bool), 1)
    return float(np.nanmax(np.where(later, pairs, np.nan)))


def rest(walk: Walk) -> float | None:
    moved, points = steps(walk), walk[0].points
    assert sum(moved[-len(moved) // 4 :]) < 0.01 * sum(moved)
    for t in range(points.shape[1]):
        if np.abs(points[:, t:] - points[:, -1:]).max() <= 0.01 * sum(moved):
            return t
    return None


def lost(walk: Walk) -> float | None:
    path, _ = walk
    if path.steps < 10:
        return path.steps + 1
    above = path.values > path.values[0]
    return next((t for t in range(len(above)) if above[t:].all()), None)


def nothing(walk: Walk) -> None:
    return None


def reached(within: float) -> Measure:
    """The part of the starts from which a walk stays near a minimum, one by one."""

    def measure(walk: Walk) -> float:
        path, surface = walk
        members = [path.members[r] for r in range(len(path.members))]  # type: ignore[attr-defined]
        steps = [settled(within)((member, surface)) for member in members]
        return sum(step is not None for step in steps) / len(steps)

    return measure


CASES: list[tuple[str, str, bool, Measure]] = [
    (RACE, "{faster: [gd, momentum]}", True, settled(0.05)),
    (RACE, "{faster: [gd, momentum], within: 0.01}", True, settled(0.01)),
    (RACE, "{faster: [momentum, gd]}", False, settled(0.05)),
    (RACE, "{faster: [adam, gd], within: 0.01}", False, settled(0.01)),
    (RACE, "{faster: [gd, {name: gd, lr: 0.1}]}", False, settled(0.05)),
    (RACE, "{arrives: gd}", True, settled(0.05)),
    (RACE, "{arrives: nesterov, by: 23}", True, settled(0.05)),
    (RACE, "{arrives: nesterov, by: 22}", False, settled(0.05)),
    (RACE, "{arrives: adam, within: 0.01}", False, settled(0.01)),
    (RACE, "{overshoots: momentum}", True, overshoots),
    (RACE, "{overshoots: momentum, times: 5}", True, overshoots),
    (RACE, "{overshoots: momentum, times: 4}", False, overshoots),
    (RACE, "{overshoots: gd, times: 0}", True, overshoots),
    (RACE, "{overshoots: gd}", False, overshoots),
    (RACE, "{stabler: [nesterov, momentum]}", True, overshoots),
    (RACE, "{stabler: [momentum, nesterov]}", False, overshoots),
    (RACE, "{stabler: [gd, adam]}", False, overshoots),
    (RACE, "{lower: [gd, adam]}", True, loss()),
    (RACE, "{lower: [gd, adam], at: 0}", False, loss(0)),
    (RACE, "{lower: [nesterov, gd]}", False, loss()),
    (RACE, "{loss: adam, below: 2e-3}", True, loss()),
    (RACE, "{loss: adam, below: 2e-3, at: 50}", False, loss(50)),
    (RACE, "{loss: adam, above: 2e-3, at: 50}", True, loss(50)),
    (RACE, "{loss: adam, above: 0.2, below: 0.3, at: 50}", False, loss(50)),
    (RACE, "{loss_falls: gd}", True, rise),
    (RACE, "{loss_falls: momentum}", False, rise),
    (HOSTILE, "{loss_falls: gd}", False, rise),
    (RACE, "{longer: [momentum, gd]}", True, lambda walk: sum(steps(walk))),
    (RACE, "{longer: [gd, momentum]}", False, lambda walk: sum(steps(walk))),
    (RACE, "{smaller: [gd, adam]}", True, lambda walk: distances(walk)[-1]),
    (RACE, "{smaller: [adam, gd]}", False, lambda walk: distances(walk)[-1]),
    (RACE, "{slows: momentum}", True, lambda walk: paces(walk)[3] / paces(walk)[0]),
    (RACE, "{slows: momentum, to: 0.01}", False, lambda walk: paces(walk)[3] / paces(walk)[0]),
    (KINK, "{steady: gd}", True, lambda walk: min(paces(walk)) / max(paces(walk))),
    (RACE, "{steady: adam}", False, lambda walk: min(paces(walk)) / max(paces(walk))),
    (RACE, "{rates_rise: rmsprop}", True, quickest),
    (RACE, "{rates_rise: gd}", False, lambda walk: 1.0),
    (RACE, "{rates_rise: adagrad}", False, lambda walk: 1.0),
    (RACE + "steps: 160\n", "{cycles: {name: rmsprop}}", True, nothing),
    (RACE, "{cycles: momentum}", False, nothing),
    (WRONG_WELL, "{stalls: gd}", True, rest),
    (WRONG_WELL, "{stalls: gd, within: 3}", False, nothing),
    (RACE, "{stalls: gd}", False, nothing),
    (RACE, "{diverges: {name: gd, lr: 0.6}}", True, lost),
    (RACE, "{diverges: {name: gd, lr: 0.51}, by: 2}", False, lost),
    (RACE, "{diverges: gd}", False, lost),
    (HOSTILE, "{diverges: gd, by: 3}", True, lost),
    # It leaves the map downhill, which is what it is there for.
    (SADDLE, "{diverges: gd}", False, nothing),
    (WELLS, "{share: gd, arrives: 0.5, within: 0.1}", True, reached(0.1)),
    (WELLS, "{share: gd, arrives: 0.55, at_most: 0.9, within: 0.1}", False, reached(0.1)),
    (WELLS, "{share: {name: momentum, lr: 0.01}, at_most: 0.9, within: 0.1}", True, reached(0.1)),
]


@pytest.mark.parametrize(
    ("config", "claim", "holds", "measure"),
    CASES,
    ids=[f"{claim} {c[:16]}" for c, claim, *_ in CASES],
)
def test_a_claim_is_what_the_points_say(
    config: str, claim: str, holds: bool, measure: Measure
) -> None:
    stated = f"{config}claims: [{claim[:-1]}, holds: {str(holds).lower()}}}]\n"
    run, (verdict,) = verdicts(stated)
    trials = (*run.trials, *run.hidden)
    paths = (*trajectories_of(run), *trajectories_of(replace(run, trials=run.hidden)))
    named = [value for value in run.claims[0].chosen.options.values() if not _is_number(value)]
    named = named[0] if isinstance(named[0], tuple) else named
    assert len(verdict.numbers) == len(named)
    for party, number in zip(named, verdict.numbers, strict=True):
        expected = measure((paths[party.index], trials[party.index].surface))
        assert number == (None if expected is None else pytest.approx(expected, rel=1e-6))
    # The other way round, it is an error at its place, with the numbers in it.
    text = stated.replace(f"holds: {str(holds).lower()}", f"holds: {str(not holds).lower()}")
    with pytest.raises(ClaimError) as caught:
        verdicts(text)
    (problem,) = caught.value.problems
    assert isinstance(problem.place, Place) and problem.place.line == config.count("\n") + 1
    assert verdict.says in problem.message and verdict.measured in problem.message
    assert problem.message.startswith("claim holds, and" if holds else "claim fails: ")


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float)


def test_every_kind_of_claim_has_a_case_of_both() -> None:
    seen = {(re.findall(r"\w+", claim)[0], holds) for _, claim, holds, _ in CASES}
    assert seen == {(name, holds) for name in catalogue("claims") for holds in (True, False)}


def test_gradient_descent_settles_when_its_formula_says() -> None:
    """w(t) = (1 − 2η)ᵗ · (−4), (1 − 4η)ᵗ · 3."""
    t = np.arange(101)
    away = np.hypot(4 * 0.8**t, 3 * 0.6**t)
    _, (verdict,) = verdicts(RACE + "claims: [{arrives: gd}]\n")
    assert verdict.numbers == (int(np.argmax(away <= 0.05)),) == (20,)
    assert verdict.says == "gd arrives at the minimum"
    assert verdict.measured == "gd stays within 0.05 of the minimum from step 20 on"


def test_the_share_is_that_of_the_starts_on_its_side_of_the_barrier() -> None:
    """All starts of (x² − 1)² + 0.2x on the left of its hill fall into the left, lower well."""
    run, (share, rest) = verdicts(
        WELLS + "claims: [{share: gd, arrives: 0.5}, {share: gd, at_most: 0.9, minimum: any}]\n"
    )
    barrier = sorted(np.roots([4, 0, -4, 0.2]))[1]
    starts = np.array(run.trials[0].starts)[:, 0]
    assert len(starts) == 60 and run.surface.minima[0][0] < barrier
    count = int((starts < barrier).sum())
    assert share.numbers == rest.numbers == (count / 60,)
    assert share.says == "at least 50 % of the starts of gd arrive at the best minimum"
    assert share.measured == (
        f"{count} of 60 starts arrive there, {100 * count / 60:.3g} %;"
        f" {60 - count} at rest elsewhere"
    )


def test_the_best_minimum_is_the_lowest_of_those_that_are_known() -> None:
    minima = [[x] for x in sorted(np.roots([4, 0, -4, 0.2])[[0, 1]].tolist())]
    surface = f"{{expr: (x**2 - 1)**2 + 0.2*x, minima: {minima}}}"
    text = WELLS.replace("{name: double_well, tilt: 0.2}", surface)
    _, (best, other) = verdicts(
        text + "claims: [{share: gd, arrives: 0.5}, {share: gd, arrives: 0.9, minimum: any}]\n"
    )
    assert best.numbers[0] < 0.6 and other.numbers == (1.0,)  # type: ignore[operator]
    assert "at another minimum" in best.measured


def test_a_share_of_seeds_is_that_of_runs_with_each() -> None:
    text = WELLS.replace("{grid: [60]}", "[0.1]") + "noise: 3\nseed: 4\n"
    run, (share,) = verdicts(text + "claims: [{share: gd, arrives: 0.3, seeds: 40, within: 0.3}]\n")
    arrived = 0
    for seed in range(4, 44):
        (path,) = trajectories_of(optanim.loads(text, set=[f"seed={seed}"]))
        arrived += measure_outcome(path, run.surface, within=0.3).status == "arrived"
    assert 0 < arrived < 40 and share.numbers == (arrived / 40,)
    assert "of the seeds of gd" in share.says and " of 40 seeds arrive there" in share.measured


@pytest.mark.parametrize(
    ("config", "claim", "message"),
    [
        (WELLS, "{share: gd}", "share lacks arrives or at_most"),
        (WELLS, "{share: gd, arrives: 60}", "claims[0].arrives must be at most 1, got 60"),
        (WELLS, "{share: gd, arrives: 1, seeds: 9}", "each start of a swarm has its own"),
        (WELLS, "{arrives: gd}", "arrives is about one start, and a swarm has many"),
        (WELLS, "{share: adam, arrives: 0.1}", "no optimizer of the run is called 'adam'"),
        (WELLS, "{share: {name: gd, start: [1]}, arrives: 0.1}", "this trial has one"),
        (WRONG_WELL, "{share: gd, arrives: 0.1}", "share is about many starts, and this trial"),
        (WRONG_WELL, "{share: gd, arrives: 0.1, seeds: 5}", "nothing of this trial depends on"),
        (WRONG_WELL, "{share: gd, arrives: 0.1, seeds: 1}", "seeds must be at least 2, got 1"),
        (SADDLE, "{share: gd, arrives: 0.1, seeds: 9}", "the surface has no known minimum"),
        (RACE, "{arrives: gd, faster: [gd, adam]}", "names more than one claim: arrives, faster"),
    ],
)
def test_what_is_no_claim_of_many_gets_its_message(config: str, claim: str, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        optanim.loads(f"{config}claims: [{claim}]\n")
    assert message in str(caught.value)


def test_what_gets_lost_is_not_stable_and_has_no_loss() -> None:
    lost = "{name: gd, lr: 3, label: Lost}"
    claims = f"[{{stabler: [{lost}, momentum], holds: false}}, {{lower: [gd, {lost}]}}]"
    _, (stabler, lower) = verdicts(RACE + f"steps: 1000\nclaims: {claims}\n")
    assert stabler.numbers[0] < stabler.numbers[1]  # type: ignore[operator]
    # y(t) = (−11)ᵗ · 3, whose loss 2y² is beyond 1.8 × 10³⁰⁸ from here on.
    last = int(np.ceil(np.log(np.finfo(float).max / 18) / (2 * np.log(11))))
    assert stabler.measured.endswith(f"; Lost diverges at step {last}")
    assert lower.numbers[1] is None and "that of Lost is infinite" in lower.measured


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        ("{faster: [gd, momentum]}",
         "gd stays within 0.05 of the minimum from step 20 on, momentum from step 83 on"),
        ("{faster: [gd, adam], within: 0.01}",
         "gd stays within 0.01 of the minimum from step 27 on, adam does not in 100 steps"),
        ("{faster: [adam, gd], within: 0.01, holds: false}",
         "adam does not stay within 0.01 of the minimum in 100 steps, gd does from step 27 on"),
        ("{faster: [adam, momentum], within: 0.01, holds: false}",
         "adam does not stay within 0.01 of the minimum in 100 steps, nor momentum in 100 steps"),
        ("{faster: [gd, {name: gd, start: [8, 6]}], within: 0.1}",
         "gd stays within 0.1 of the minimum from step 17 on, gd from step 20 on"),
        ("{faster: [gd, {name: gd, start: [8, 6]}], holds: false}",
         "gd stays within 0.05 of the minimum from step 20 on, "
         "gd stays within 0.1 of the minimum from step 20 on"),
        ("{stabler: [gd, adam], holds: false}", "gd never overshoots the minimum, adam never"),
        ("{stabler: [gd, momentum]}", "gd never overshoots the minimum, momentum does 5 times"),
        ("{stabler: [nesterov, 2]}", "nesterov overshoots the minimum once, Momentum 5 times"),
        ("{cycles: gd, holds: false}", "gd stays within 0.05 of the minimum from step 20 on"),
        ("{rates_rise: gd, holds: false}",
         "they go along x from 0.1 at step 1 to 0.1 at step 100, along y from 0.1 at step 1 to "
         "0.1 at step 100"),
    ],
)  # fmt: skip
def test_measurements_are_said_in_a_sentence(claim: str, said: str) -> None:
    _, (verdict,) = verdicts(RACE + f"claims: [{claim}]\n")
    assert verdict.measured == said


def test_walks_are_named_by_name_label_or_number() -> None:
    text = """surface: quadratic
start: [-4, 3]
optimizers:
  - {name: gd, lr: 0.2}
  - {name: gd, lr: 0.1, label: 'Slow, $\\eta = 0.1$'}
  - {name: gd, lr: 0.05}
  - adam
claims:
  - {faster: [1, 'Slow, $\\eta = 0.1$']}
  - {faster: [2, adam]}
  - {faster: [2, 3]}
  - {faster: [2, {name: momentum, momentum: 0.5, lr: {name: cosine, start: 0.01}}]}
"""
    _, found = verdicts(text)
    assert [verdict.says for verdict in found] == [
        "optimizer 1 is faster than Slow (η = 0.1)",
        "Slow (η = 0.1) is faster than adam",
        "Slow (η = 0.1) is faster than optimizer 3",
        "Slow (η = 0.1) is faster than momentum (η = cosine(0.01, 0), μ = 0.5)",
    ]


TWO = "surface: quadratic\nstart: [-4, 3]\noptimizers: [gd, adam, {name: adam, label: B}]\n"
WRONG = {
    "two of that name": (
        "{overshoots: adam}",
        "c.yaml:4:23: error: 'adam' may be any of several optimizers",
        "use a label or a number: 2 (Adam), 3 (B)",
    ),
    "none of that name": (
        "{overshoots: adma}",
        "c.yaml:4:23: error: no optimizer of the run is called 'adma'",
        "did you mean 'adam'? known: gd, adam, Gradient descent, Adam, B; "
        "{name: gd} adds one that is not drawn",
    ),
    "not in the run": (
        "{faster: [gd, momentum]}",
        "c.yaml:4:24: error: no optimizer of the run is called 'momentum'",
        "{name: momentum} adds one that is not drawn",
    ),
    "no such number": (
        "{faster: [1, 4]}",
        "c.yaml:4:23: error: there is no optimizer 4, the run has 3",
        "optimizers are counted from 1",
    ),
    "number zero": ("{cycles: 0}", "c.yaml:4:19: error: there is no optimizer 0", ""),
    "a number with a point": (
        "{cycles: 1.5}",
        "c.yaml:4:19: error: claims[0].cycles must be an optimizer's name, label or number",
        "",
    ),
    "with itself": (
        "{lower: [gd, 1]}",
        "c.yaml:4:18: error: gd is compared with itself",
        "",
    ),
    "one of two": ("{lower: [gd]}", "c.yaml:4:18: error: claims[0].lower[1] is missing", ""),
    "three of two": (
        "{lower: [1, 2, 3]}",
        "c.yaml:4:18: error: claims[0].lower must have at most 2 items",
        "",
    ),
    "no list": ("{lower: gd}", "c.yaml:4:18: error: claims[0].lower must be a list, got 'gd'", ""),
    "no claim": (
        "{fastr: [gd, B]}",
        "c.yaml:4:10: error: claims[0] is no claim",
        "did you mean 'faster'? claims: arrives, cycles,",
    ),
    "nothing": ("{}", "c.yaml:4:10: error: claims[0] is no claim", "claims: arrives, cycles,"),
    "free text": ("momentum is faster", "c.yaml:4:10: error: no claim is called 'mom", ""),
    "two claims": (
        "{cycles: gd, loss_falls: gd}",
        "c.yaml:4:10: error: claims[0] names more than one claim: cycles, loss_falls",
        "",
    ),
    "an option of another": (
        "{cycles: gd, within: 0.1}",
        "c.yaml:4:23: error: cycles has no option 'within'",
        "within is an option of the claims arrives, faster, share, stalls: "
        "{name: arrives, within: 0.1}",
    ),
    "holds what": (
        "{cycles: gd, holds: 'no'}",
        "c.yaml:4:30: error: claims[0].holds must be true or false, got 'no'",
        "",
    ),
    "distance of zero": (
        "{arrives: gd, within: 0}",
        "c.yaml:4:32: error: claims[0].within must be greater than 0, got 0",
        "",
    ),
    "step beyond": (
        "{arrives: gd, by: 101}",
        "c.yaml:4:28: error: by: there is no step 101, the last is 100",
        "",
    ),
    "no bound": ("{loss: gd, at: 3}", "c.yaml:4:10: error: loss lacks below or above", ""),
    "hidden that is none": (
        "{cycles: {name: gdd}}",
        "c.yaml:4:26: error: no optimizer is called 'gdd'",
        "did you mean 'gd'?",
    ),
    "hidden with a marker": (
        "{cycles: {name: gd, marker: s}}",
        "c.yaml:4:30: error: gd has no option 'marker'",
        "options: lr, weight_decay, label, start",
    ),
    "hidden that starts nowhere": (
        "{cycles: {name: gd, start: [1]}}",
        "c.yaml:4:37: error: start has 1 number, the surface has the axes x, y",
        "",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_claim_is_found_when_it_is_loaded(name: str) -> None:
    claim, message, help = WRONG[name]
    with pytest.raises(ConfigError) as caught:
        optanim.loads(TWO + f"claims: [{claim}]\n", source="c.yaml")
    (problem,) = caught.value.problems
    assert message in str(problem) and help in problem.help


@pytest.mark.parametrize(
    ("surface", "claim", "help"),
    [
        ("saddle", "{faster: [gd, {name: adam}]}", ""),
        ("saddle", "{overshoots: {name: adam}}", ""),
        ("{expr: x**2 + y**2}", "{arrives: gd}", "set it with 'minima' of the surface"),
    ],
)
def test_a_minimum_must_be_known(surface: str, claim: str, help: str) -> None:
    text = f"surface: {surface}\nstart: [1, 2]\noptimizer: gd\nclaims: [{claim}]\n"
    with pytest.raises(ConfigError) as caught:
        optanim.loads(text)
    assert {problem.message for problem in caught.value.problems} == {
        f"{re.findall('[a-z]+', claim)[0]} is about a minimum, but the surface has no known minimum"
    }
    assert {problem.help for problem in caught.value.problems} == {help}
    # What needs none, may be claimed.
    verdicts(text.split("claims")[0] + "claims: [{lower: [gd, {name: gd, lr: 0.01}]}]\n")


def test_wrong_claims_stand_in_the_order_of_the_file_beside_what_else_is_wrong() -> None:
    text = TWO + "claims:\n  - {overshoots: adam}\n  - {cycles: x}\nview: {x: [1, 2, 3]}\n"
    with pytest.raises(ConfigError) as caught:
        optanim.loads(text.replace("view: {x: [1, 2, 3]}", "output: a.xyz"))
    lines = [problem.place.line for problem in caught.value.problems]  # type: ignore[union-attr]
    assert lines == [5, 6, 7]


@given(
    st.recursive(
        st.integers(-2, 5) | st.booleans() | st.none() | st.sampled_from(["gd", "adam", "x", ""]),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
            st.sampled_from([*catalogue("claims"), "name", "holds", "at", "lr", "within"]),
            inner, max_size=3,
        ),
        max_leaves=8,
    )
)  # fmt: skip
def test_any_claims_are_judged_or_a_config_error(data: object) -> None:
    try:
        run = optanim.loads(f"{TWO}steps: 4\nclaims: {json.dumps(data)}\n")
    except ConfigError as error:
        assert str(error)
        return
    try:
        verdicts_of(run, trajectories_of(run))
    except ClaimError as error:
        assert str(error)


def command(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    done = optanim_(*arguments, cwd=cwd)
    return subprocess.CompletedProcess(
        arguments, done.returncode, done.stdout.decode(), done.stderr.decode()
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("claims")
    small = RACE + "figure: {size: [160, 120]}\nclaims:\n  - {overshoots: momentum}\n"
    (made / "right.yaml").write_text(small)
    (made / "failing.yaml").write_text(small + "  - {faster: [momentum, gd]}\n")
    (made / "denied.yaml").write_text(small + "  - {faster: [gd, momentum], holds: false}\n")
    return made


def test_a_render_that_disagrees_leaves_the_old_file(folder: Path) -> None:
    (folder / "failing.png").write_bytes(b"old")
    done = command("render", ".", "--frame", "last", "-o", "{config}.png", "--json", cwd=folder)
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert (folder / "failing.png").read_bytes() == b"old"
    assert not list(folder.glob("denied*.png")) and not list(folder.glob(".*"))
    assert (
        "failing.yaml:7:5: error: claim fails: momentum is faster than gd; measured: momentum "
        "stays within 0.05 of the minimum from step 83 on, gd from step 20 on\n"
        " 7 |   - {faster: [momentum, gd]}\n   |     ^^^^^^^^^^^^^^^^^^^^^^^^\n   = help: "
    ) in done.stderr
    assert "denied.yaml:7:5: error: claim holds, and 'holds: false' says that it" in done.stderr
    # What agrees is made, and its verdicts are told.
    (made,) = json.loads(done.stdout)
    assert made["paths"] == ["right.png"]
    assert made["claims"] == [
        {
            "says": "momentum overshoots the minimum",
            "holds": True,
            "measured": "momentum overshoots the minimum 5 times",
            "numbers": [5],
        }
    ]


def test_check_judges_without_matplotlib_and_set_leaves_claims_away(folder: Path) -> None:
    done = command("check", "right.yaml", cwd=folder)
    assert done.returncode == 0
    assert done.stderr == "1 config and 1 claim checked: no problems\n"
    done = command("check", ".", "--format", "json", cwd=folder)
    assert done.returncode == 1
    assert [(row["file"], row["line"]) for row in json.loads(done.stdout)] == [
        ("denied.yaml", 7), ("failing.yaml", 7),
    ]  # fmt: skip
    assert command("check", ".", "-s", "claims=", cwd=folder).returncode == 0
    broken = command("check", ".", "-s", "claims=[{cycles: x}]", cwd=folder)
    assert broken.returncode == 2 and "--set claims=[{cycles: x}]:1:18: error" in broken.stderr
    code = (
        "import sys\nfrom optanim.cli.app import main\n"
        "sys.argv = ['optanim', 'check', 'right.yaml']\n"
        "try: main()\nexcept SystemExit as stop: assert not stop.code\n"
        "assert not {'matplotlib', 'sympy'} & {*sys.modules}\n"
    )
    subprocess.run([sys.executable, "-c", code], cwd=folder, check=True, capture_output=True)


def test_list_and_show_have_them(folder: Path) -> None:
    listed = command("list", "claims", cwd=folder).stdout
    assert [line.split()[0] for line in listed.splitlines()] == list(catalogue("claims"))
    shown = command("show", "faster", cwd=folder).stdout
    assert shown.startswith("faster (claim)\nFaster: ")
    assert "faster  two optimizers, required\n    within  number > 0\n" in shown


def test_python_gets_an_exception_that_crosses_processes(folder: Path) -> None:
    run = optanim.load(folder / "failing.yaml")
    with pytest.raises(optanim.ClaimError) as caught:
        optanim.render(run, output=folder / "never.gif")
    assert not (folder / "never.gif").exists()
    again = pickle.loads(pickle.dumps(caught.value))
    assert again.problems == caught.value.problems and str(again) == str(caught.value)
    assert not isinstance(caught.value, ConfigError)
    assert isinstance(again.problems[0], Problem)


def test_a_config_written_out_has_the_same_claims() -> None:
    text = RACE + (
        "claims:\n"
        "  - {faster: [gd, {name: momentum, lr: {name: cosine}, start: {y: 3, x: -4}, label: A}]}\n"
        "  - {loss: 2, below: 1e-2}\n"
        "  - {name: cycles, cycles: adam, holds: false}\n"
    )
    run, found = verdicts(text)
    written = as_yaml(run)
    again, same = verdicts(written)
    assert same == found and as_yaml(again) == written
    assert "claims" not in as_yaml(optanim.loads(RACE))


@pytest.mark.parametrize("config", CONFIGS, ids=lambda config: config.stem)
def test_the_projects_own_claims_hold(config: Path) -> None:
    run = optanim.load(config)
    found = verdicts_of(run, trajectories_of(run))
    for claim, verdict in zip(run.claims, found, strict=True):
        # A config that extends another has its claims.
        lines = Path(claim.place.source).read_text("utf-8").splitlines()
        said, line = "", claim.place.line - 2
        while lines[line].strip().startswith("#"):
            said, line = f"{lines[line].strip(' #')} {said}", line - 1
        if config.parent.name == "configs":
            assert re.search("[가-힣]", said) or config.stem == "adam_optimization"
            # What the article says wrongly is corrected with the numbers of today.
            assert verdict.holds or verdict.measured in " ".join(said.split())


def test_every_figure_of_the_article_has_claims() -> None:
    for config in (ROOT / "configs").glob("*.yaml"):
        assert optanim.load(config).claims, config
