"""Trials that are simulated together are those that are simulated one by one."""

from __future__ import annotations

import numpy as np
import pytest

import optanim
from optanim.config import similar_runs
from optanim.config.dump import as_yaml
from optanim.experiment import joint_trials
from optanim.experiment.joint_trials import JointTrajectory, simulate_trials, trial_groups
from optanim.experiment.outcome import measure_outcome
from optanim.experiment.results import results_of
from optanim.experiment.simulate import Trajectory, simulate_trial
from optanim.pipeline.estimate import estimate_simulation
from optanim.scene.alt_text import alt_text

HEAD = "surface: himmelblau\nstart: [1, 2]\nsteps: 25\nlayout: overlay\n"
STARTS = ", ".join(f"[{x}, {y}]" for x in range(-4, 5, 2) for y in range(-3, 5))
MANY_STARTS = ", ".join(f"[{x / 3}, {y / 2}]" for x in range(-6, 7) for y in range(-4, 5))
TOGETHER = {
    "starts": f"optimizer: adam\nmatrix: {{start: [{STARTS}]}}\n",
    "rates that diverge": "optimizer: gd\nmatrix: {optimizer.lr: ['log 1e-3..1 by 40']}\n",
    "two options": "optimizer: nesterov\nmatrix: {optimizer.lr: ['log 1e-4..1e-2 by 8'],"
    " optimizer.momentum: ['0..0.8 by 0.2']}\n",
    "rules of stop": f"optimizer: rmsprop\nstop: {{loss: 1}}\nmatrix: {{start: [{STARTS}]}}\n",
    "climbing": "ascend: true\nsurface: {expr: -x**2 - y**2}\noptimizer: adam\n"
    f"matrix: {{start: [{STARTS}]}}\n",
}
APART = {
    "the other point of a step": f"optimizer: sam\nmatrix: {{start: [{STARTS}]}}\n",
    "noise": f"optimizer: adam\nnoise: 0.1\nmatrix: {{start: [{STARTS}]}}\n",
    "optimizers that draw": f"optimizer: random_search\nmatrix: {{start: [{STARTS}]}}\n",
    "a mean beside the points": f"optimizer: asgd\nmatrix: {{start: [{STARTS}]}}\n",
    "few": "optimizer: adam\nmatrix: {start: [[1, 1], [2, 2]]}\n",
    "a search": f"optimizer: nelder_mead\nmatrix: {{start: [{STARTS}]}}\n",
}


def loaded(text: str) -> optanim.Run:
    head = HEAD.replace("surface: himmelblau\n", "") if "surface:" in text else HEAD
    return optanim.loads(head + text)


@pytest.mark.parametrize("name", TOGETHER)
def test_together_is_one_by_one(name: str) -> None:
    run = loaded(TOGETHER[name])
    together = simulate_trials(run.trials)
    assert all(isinstance(one, JointTrajectory) for one in together)
    for trial, joint in zip(run.trials, together, strict=True):
        alone = simulate_trial(trial)
        assert np.array_equal(joint.points, alone.points)
        np.testing.assert_allclose(joint.values, alone.values, rtol=1e-14)
        for attribute in ("label", "status", "grows_from", "stopped", "ended", "steps", "since"):
            assert getattr(joint, attribute) == getattr(alone, attribute)
        assert np.array_equal(joint.evaluations, alone.evaluations)
        for attribute in ("looked", "gradients", "asked", "gradient_norms", "rates"):
            assert np.array_equal(
                getattr(joint, attribute), getattr(alone, attribute), equal_nan=True
            )
        assert joint.is_noisy(trial.surface) is alone.is_noisy(trial.surface) is False


@pytest.mark.parametrize("name", APART)
def test_what_holds_more_than_points_is_simulated_one_by_one(name: str) -> None:
    assert all(type(one) is Trajectory for one in simulate_trials(loaded(APART[name]).trials))


def test_tables_and_texts_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    run = loaded(TOGETHER["starts"])
    together = simulate_trials(run.trials)
    monkeypatch.setattr(joint_trials, "MIN_TRIALS", 1_000)
    alone = simulate_trials(run.trials)
    assert results_of(run, together) == results_of(run, alone)
    assert alt_text(run, together) == alt_text(run, alone)
    # None of that has simulated a trial again.
    assert not any("_alone" in vars(one) for one in together)


def test_an_outcome_is_measured_once() -> None:
    run = loaded(TOGETHER["starts"])
    (one, *_), surface = simulate_trials(run.trials), run.surface
    assert measure_outcome(one, surface) is measure_outcome(one, surface)
    frame = ((-1.0, 1.0), (-1.0, 1.0))
    assert measure_outcome(one, surface, frame=frame) is not measure_outcome(one, surface)


SIMILAR = {
    "starts": f"optimizer: {{name: adam, beta1: 0.5}}\nmatrix: {{start: [{MANY_STARTS}]}}\n",
    "rates and momentums": "optimizer: nesterov\nmatrix: {optimizer.lr: ['log 1e-4..1e-2 by 12'],"
    " optimizer.momentum: ['0..0.9 by 0.1']}\n",
    "whole numbers and seeds": "optimizer: {name: lookahead, inner: adam}\nnoise: 0.1\n"
    "matrix: {seed: ['0..49 by 1'], optimizer.k: [1, 3]}\n",
}


@pytest.mark.parametrize("name", SIMILAR)
def test_similar_runs_are_those_that_are_resolved(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    similar = loaded(SIMILAR[name])
    monkeypatch.setattr(similar_runs, "MIN_COMBINATIONS", 100_000)
    resolved = loaded(SIMILAR[name])
    assert as_yaml(similar) == as_yaml(resolved) and len(similar.trials) >= 100
    for one, other in zip(similar.trials, resolved.trials, strict=True):
        for attribute in ("start", "seed", "label", "look", "place", "steps", "stop", "name"):
            assert getattr(one, attribute) == getattr(other, attribute)
        assert dict(one.chosen.options) == dict(other.chosen.options)
        assert one.optimizer.keywords.keys() == other.optimizer.keywords.keys()
    alone = [simulate_trial(trial).points for trial in resolved.trials[:3]]
    assert all(
        np.array_equal(simulate_trial(trial).points, points)
        for trial, points in zip(similar.trials, alone, strict=False)
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("matrix: {optimizer.lr: ['0..1 by 0.005']}\n", "lr must be greater than 0, got 0"),
        ("matrix: {optimizer.beta1: ['0..2 by 0.01']}\n", "must be less than 1"),
        ("matrix: {seed: ['-1..200 by 1']}\n", "seed must be at least 0, got -1"),
        (f"matrix: {{start: [{MANY_STARTS}, [1]]}}\n", "start has 1 number"),
    ],
)
def test_a_wrong_value_of_many_is_found(text: str, message: str) -> None:
    with pytest.raises(optanim.ConfigError) as caught:
        loaded(f"optimizer: adam\n{text}")
    assert message in str(caught.value)


def test_whole_numbers_part_the_trials() -> None:
    text = f"optimizer: lookahead\nmatrix: {{optimizer.k: [1, 3], start: [{STARTS}]}}\n"
    groups = [*trial_groups(loaded(text).trials)]
    assert [len(members) for members, _ in groups] == [40, 40]


def test_the_estimate_knows_what_is_simulated_together(monkeypatch: pytest.MonkeyPatch) -> None:
    run = loaded(SIMILAR["starts"])
    together = estimate_simulation(run).seconds
    monkeypatch.setattr(joint_trials, "MIN_TRIALS", 1_000)
    assert estimate_simulation(run).seconds > together
