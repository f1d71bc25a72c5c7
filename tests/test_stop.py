"""`stop`: a rule ends a trial, and the figure, the table and the alt text say so."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest

import optanim
from optanim.config.dump import as_yaml
from optanim.experiment.outcome import measure_outcome
from optanim.experiment.results import results_of
from optanim.experiment.trials import simulate_run, trajectories_of
from optanim.optimizers.gd import gd
from optanim.scene.alt_text import alt_text
from optanim.surfaces.quadratic import quadratic

GD = "surface: quadratic\nstart: [-4, 3]\noptimizer: {name: gd, lr: 0.1}\nsteps: 500\n"
SMALL = "figure: {scale: 1}\nanimation: {fps: 4, steps_per_second: 10, hold_end: 1s}\n"


def by_hand(steps: int = 500) -> np.ndarray:
    """Gradient descent on x² + 2y² with η = 0.1 is x·0.8ᵗ, y·0.6ᵗ."""
    t = np.arange(steps + 1)
    return np.stack([-4 * 0.8**t, 3 * 0.6**t])


SIZES = {
    "gradient": lambda w: np.hypot(2 * w[0], 4 * w[1]),
    "step": lambda w: np.r_[np.inf, np.hypot(*np.diff(w))],
    "loss": lambda w: w[0] ** 2 + 2 * w[1] ** 2,
}


@pytest.mark.parametrize("rule", SIZES)
@pytest.mark.parametrize("bound", [20.0, 1.0, 0.037, 1e-6])
def test_a_rule_ends_a_trial_at_the_first_point_where_it_is_true(rule: str, bound: float) -> None:
    first = int(np.flatnonzero(SIZES[rule](by_hand()) <= bound)[0])
    run = optanim.loads(f"{GD}stop: {{{rule}: {bound}}}")
    (path,) = trajectories_of(run)
    assert (path.steps, path.stopped, path.status) == (first, (rule, bound), "finished")
    np.testing.assert_allclose(path.points, by_hand(first), rtol=1e-12)


def test_the_first_of_several_rules_ends_it_and_none_ends_it_early() -> None:
    (path,) = trajectories_of(optanim.loads(GD + "stop: {gradient: 1e-3, loss: 1}"))
    assert path.stopped == ("loss", 1.0)
    (path,) = trajectories_of(optanim.loads(GD + "stop: {gradient: 0}"))
    assert (path.steps, path.stopped) == (500, None)


FIT = (
    "surface: {regression: {points: [[1, 2], [2, 1], [3, 4], [4, 5]], model: w*x + b},"
    " batch_size: 1}\n"
)


@pytest.mark.parametrize("surface", ["surface: quadratic\nnoise: 2\n", FIT, FIT + "noise: 0.5\n"])
def test_the_test_is_exact_where_gradients_are_noisy(surface: str) -> None:
    text = surface + "start: [3, 3]\noptimizer: {name: gd, lr: 0.02}\nsteps: 500\n"
    run = optanim.loads(text)
    (whole,) = trajectories_of(run)
    norms = np.hypot(*run.surface.gradient(whole.points))
    # Between two norms: all at once, they are rounded in another way than one by one.
    bound = float(np.sort(norms)[9:11].mean())
    first = int(np.flatnonzero(norms <= bound)[0])
    (path,) = trajectories_of(optanim.loads(f"{text}stop: {{gradient: {bound!r}}}"))
    assert 0 < path.steps == first < 500
    np.testing.assert_array_equal(path.points, whole.points[:, : first + 1])


def test_lr_auto_compares_rates_after_all_steps() -> None:
    text = GD.replace("0.1", "auto").replace("500", "40")
    rates = [
        simulate_run(optanim.loads(text + stop))[0].trials[0].search
        for stop in ("", "stop: {loss: 5}")
    ]
    assert rates[0] == rates[1] and rates[0] is not None


def test_a_trial_that_reaches_no_finite_point_diverges_whatever_the_rule() -> None:
    (path,) = trajectories_of(optanim.loads(GD.replace("0.1", "2") + "stop: {loss: 0}"))
    assert (path.status, path.stopped) == ("diverged", None)


def test_simulate_has_the_rules_too() -> None:
    descent = partial(gd, lr=0.1)
    path = optanim.simulate(
        quadratic(), descent, [-4, 3], steps=500, stop=optanim.Stop(gradient=1e-6)
    )
    assert path.stopped == ("gradient", 1e-6) and path.steps == 72


SAID = {
    "gradient: 1e-6": (
        "arrived, stopped at step 72: the gradient is at most 10⁻⁶",
        "Gradient descent settles at the minimum of x² + 2y² after 20 steps, from (−4, 3);"
        " stopped at step 72: the gradient is at most 10⁻⁶",
        "경사하강법이 x² + 2y²의 최솟값에 20걸음 만에 자리를 잡는다. 시작점은 (−4, 3)."
        " 기울기의 크기가 10⁻⁶ 이하가 되어 72걸음째에 끝났다.",
    ),
    "loss: 3": (
        "stopped at step 4: the loss is at most 3",
        "Gradient descent ends at (−1.64, 0.389) on x² + 2y², from (−4, 3);"
        " stopped at step 4: the loss is at most 3",
        "경사하강법이 x² + 2y²에서 (−1.64, 0.389)에 이르러 끝난다. 시작점은 (−4, 3)."
        " 손실이 3 이하가 되어 4걸음째에 끝났다.",
    ),
    "gradient: 100": (
        "stopped at step 0: the gradient is at most 100",
        "Gradient descent ends at (−4, 3) on x² + 2y², from (−4, 3);"
        " stopped at step 0: the gradient is at most 100",
        None,
    ),
}


@pytest.mark.parametrize("rule", SAID)
def test_tables_and_alt_texts_say_which_rule_ended_the_trial(rule: str) -> None:
    status, english, korean = SAID[rule]
    run, paths = simulate_run(optanim.loads(f"{GD}stop: {{{rule}}}"))
    assert results_of(run, paths)[0].status == status
    assert alt_text(run, paths) == english
    assert korean is None or alt_text(run, paths, "ko") == korean


def test_an_alt_text_of_several_names_the_trials_that_a_rule_ended() -> None:
    text = "surface: quadratic\nstart: [-4, 3]\noptimizers: [gd, adam]\nstop: {loss: 3}\nsteps: 20"
    run, paths = simulate_run(optanim.loads(text))
    assert alt_text(run, paths) == (
        "On x² + 2y² from (−4, 3): Adam is still moving after 20 steps;"
        " stopped as the loss is at most 3: gradient descent (4)"
    )
    assert "손실이 3 이하가 되어 끝난 경로: 경사하강법(4)" in alt_text(run, paths, "ko")


def test_a_trial_that_a_rule_ends_at_a_minimum_has_arrived() -> None:
    # Five more steps at the minimum are asked of others.
    claims = "claims: [{arrives: gd, within: 0.1}]"
    short = optanim.loads(GD + "stop: {step: 0.0093}\n" + claims)
    run, paths = simulate_run(short)
    assert results_of(run, paths)[0].status.startswith("arrived, stopped at step 21")
    cut = optanim.loads(GD.replace("500", "21"))
    assert results_of(cut, trajectories_of(cut))[0].status == "still moving"


COMBINED = {
    "race": "optimizers: [gd, adam]\n",
    "grid": "optimizers: [gd, adam]\nlayout: grid\n",
    "overlay": "optimizer: gd\nmatrix: {stop.loss: [20, 5]}\nlayout: overlay\n",
    "cells": "optimizer: gd\nmatrix: {stop.step: [0.5, 0.1], optimizer.lr: [0.1, 0.01]}\n"
    "layout: grid\n",
    "landscape": "optimizer: gd\npanels: [surface3d, loss]\n",
    "arrows": "optimizer: nesterov\nview: {arrows: [gradient, step, lookahead]}\n",
    "at the start": "optimizer: gd\npanels: [contour, loss, rates, gradient_norm]\n"
    "start: [-1, 0.1]\n",
}


@pytest.mark.parametrize("kind", COMBINED)
def test_a_figure_ends_with_its_last_trial(kind: str, tmp_path: Path) -> None:
    text = COMBINED[kind] + ("" if "stop." in COMBINED[kind] else "stop: {loss: 5}\n")
    start = "" if "start:" in text else "start: [-4, 3]\n"
    run = optanim.loads(f"surface: quadratic\n{start}steps: 30\n{SMALL}{text}")
    last = max(path.steps for path in trajectories_of(run))
    done = optanim.render(run, output=tmp_path / "a.gif")
    assert done.seconds == pytest.approx(last / 10 + 0.25 + 1, abs=0.25)
    assert last < 30 or kind in ("race", "grid", "cells")


def test_a_curve_stops_too(tmp_path: Path) -> None:
    run = optanim.loads(f"surface: parabola\nstart: 3\noptimizer: gd\nstop: {{step: 1}}\n{SMALL}")
    assert optanim.render(run, output=tmp_path / "a.gif").results[0].status.startswith("stopped at")


@pytest.mark.parametrize("rule", ["{gradient: 1e-6}", "{step: 0.5, loss: -2.5}"])
def test_a_config_with_all_values_has_the_rules(rule: str) -> None:
    run = optanim.loads(f"{GD}stop: {rule}")
    again = optanim.loads(as_yaml(run))
    assert again.stop == run.stop and replace(again.trials[0]).stop == run.stop
    assert "stop" not in as_yaml(optanim.loads(GD))


@pytest.mark.parametrize("optimizer", ["newton", "conjugate_gradient", "bfgs", "trust_region"])
@pytest.mark.parametrize(
    "problem", ["{name: quadratic, b: 20}\nstart: [-4, 3]", "rosenbrock\nstart: [-1.2, 1]"]
)
def test_an_optimizer_that_ends_by_itself_at_the_minimum_stays_there(
    optimizer: str, problem: str
) -> None:
    run = optanim.loads(f"surface: {problem}\noptimizer: {optimizer}\nsteps: 200\n")
    (path,) = trajectories_of(run)
    assert path.ended and path.steps < 200 and path.stopped is None
    assert measure_outcome(path, run.surface).status == "arrived"


def test_a_path_that_ends_in_passing_has_not_arrived(tmp_path: Path) -> None:
    (tmp_path / "run.csv").write_text("x,y\n-4,3\n-3,2\n-2,1\n-1,0.5\n0.01,0.01\n")
    run = optanim.loads(
        "surface: quadratic\noptimizer: {name: recorded, file: run.csv}\nsteps: 50\n",
        folder=tmp_path,
    )
    (path,) = trajectories_of(run)
    assert path.ended and measure_outcome(path, run.surface).status == "moving"
    assert not trajectories_of(optanim.loads(GD))[0].ended
