"""When a trial diverges, checked against theory, and when its formula has no value."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

import optanim
from optanim.experiment.outcome import measure_outcome
from optanim.experiment.remarks import remarks_of, stable_rate
from optanim.experiment.results import results_of
from optanim.experiment.simulate import Trajectory
from optanim.experiment.trials import simulate_run
from optanim.experiment.tuning import searches_of, tune_rates
from optanim.experiment.verdicts import verdicts_of
from optanim.scene.alt_text import alt_text
from optanim.surfaces import Array
from tests.command import optanim_

RATES = optanim.loads("surface: parabola\nstart: [1]\noptimizer: gd").tuning.rates


def bound(name: str, curvature: float, momentum: float = 0.9) -> float:
    """The rate above which a method diverges: a root of its recurrence leaves the unit circle.

    gd: |1 − ηλ| > 1. Momentum: z² − (1 + μ − ηλ)z + μ at z = −1. Nesterov:
    z² − (1 + μ)(1 − ηλ)z + μ(1 − ηλ) at z = −1.
    """
    mu = 0.0 if name == "gd" else momentum
    return 2 * (1 + mu) / (1 + 2 * mu * (name == "nesterov")) / curvature


def trial(text: str) -> Trajectory:
    _, (trajectory,) = simulate_run(optanim.loads(text))
    return trajectory


@pytest.mark.parametrize("start", ["[-4, 3]", "[0.1, 0.1]", "[3, 1e-3]"])
@pytest.mark.parametrize("name", ["gd", "momentum", "nesterov"])
def test_one_number_of_rates_diverges_and_it_is_that_of_theory(name: str, start: str) -> None:
    """49 rates on x² + 2y²: tuning, the table, the claim and the outcome say the same."""
    text = f"surface: quadratic\nstart: {start}\nsteps: 100\noptimizer: {{name: {name}, lr: %s}}\n"
    (search,) = searches_of(tune_rates(optanim.loads(text % "auto")))
    expected = [rate > bound(name, 4) for rate in RATES]
    assert [np.isinf(loss) for loss in search.losses] == expected
    assert search.diverged == sum(expected) and len(RATES) == 49
    first = expected.index(True)
    for i in {0, *range(first - 4, min(first + 4, 49)), 48}:  # the table and claims at fewer rates
        rate, diverges = RATES[i], expected[i]
        claim = f"claims: [{{diverges: 1, holds: {str(diverges).lower()}}}]\n"
        run, (trajectory,) = simulate_run(optanim.loads(text % rate + claim))
        verdicts_of(run, (trajectory,))
        (row,) = results_of(run, (trajectory,))
        assert row.diverged == diverges == (trajectory.status == "diverged")
        assert measure_outcome(trajectory, run.surface).since == trajectory.since or not diverges


@pytest.mark.parametrize("steps", [4, 10, 30, 100, 400])
@pytest.mark.parametrize("factor", [0.5, 0.9, 0.98, 1.5, 3, 30])
@pytest.mark.parametrize("b", [1, 7, 50])
@pytest.mark.parametrize("name", ["gd", "momentum", "nesterov"])
def test_a_quadratic_diverges_above_the_bound(
    name: str, b: float, factor: float, steps: int
) -> None:
    """Momentum swings while it diverges; below the bound it grows at first, and is forgiven."""
    rate = factor * bound(name, 2 * b)
    text = f"surface: {{name: quadratic, a: 0.5, b: {b}}}\nstart: [4, 1]\nsteps: {steps}\n"
    one = trial(text + f"optimizer: {{name: {name}, lr: {rate}}}")
    assert one.status == ("diverged" if factor > 1 else "finished")


@pytest.mark.parametrize("percent", [1, 2, 5])
def test_a_rate_just_above_the_bound_shows_in_more_steps(percent: float) -> None:
    text = "surface: parabola\nstart: [4]\nsteps: %d\noptimizer: {name: gd, lr: %s}"
    rate = 1 + percent / 100
    assert trial(text % (4, rate)).status == "finished"
    assert trial(text % (400, rate)).status == "diverged"


@pytest.mark.parametrize("batch", [1, 3, None])
def test_a_fit_at_too_high_a_rate(batch: int | None) -> None:
    """Hours and marks: 10¹⁰³ was "nothing wrong"."""
    points = "[[1, 35], [2, 45], [4, 50], [7, 80], [9, 88], [10, 95]]"
    batches = "" if batch is None else f", batch_size: {batch}"
    text = f"surface: {{regression: {{points: {points}, model: w*x + b}}{batches}}}\n"
    text += "start: {w: 0, b: 0}\nsteps: 100\noptimizer: {name: gd, lr: %s}"
    one = trial(text % 0.1)
    assert one.status == "diverged" and one.values[-1] > 1e50 and one.steps == 100
    assert trial(text % 0.01).status == "finished"


@pytest.mark.parametrize("start", ["[0, 0]", "[0.3, 0.2]", "[-4, 3]"])
@pytest.mark.parametrize(
    "optimizer", ["gd, lr: 0.01", "gd, lr: 0.45", "momentum, lr: 0.3", "adam, lr: 0.5"]
)
def test_stationary_noise_is_no_divergence(optimizer: str, start: str) -> None:
    """It ends outside of a start at the minimum as often as not."""
    text = f"surface: quadratic\nstart: {start}\noptimizer: {{name: {optimizer}}}\nnoise: 1\n"
    for steps in (5, 12, 40):
        for seed in range(25):
            assert trial(f"{text}steps: {steps}\nseed: {seed}").status == "finished"


def test_noise_on_a_plain_is_no_divergence() -> None:
    text = "surface: {expr: 1e-9*x**2}\nstart: [0]\noptimizer: {name: gd, lr: 1}\nnoise: 1\n"
    for seed in range(100):
        assert trial(f"{text}steps: 40\nseed: {seed}").status == "finished"


@pytest.mark.parametrize("noise", [0.01, 1])
def test_growth_is_seen_through_noise(noise: float) -> None:
    text = "surface: parabola\nstart: [4]\nsteps: 60\noptimizer: {name: gd, lr: 1.2}\nnoise: "
    assert trial(text + str(noise)).status == "diverged"


def path_of(losses: Array) -> Trajectory:
    """A trial on x² with these losses, from side to side."""
    points = np.sqrt(losses) * (-1.0) ** np.arange(len(losses))

    def follow(f: object, w: Array) -> Iterator[Array]:
        yield from points[1:, None]

    return optanim.simulate(optanim.surfaces.parabola.parabola(), follow, points[:1], steps=10**6)  # type: ignore[attr-defined]


def test_a_spike_that_recovers_is_no_divergence() -> None:
    t = np.arange(101.0)
    spike = np.exp(-0.05 * t) + 1e8 * np.exp(-((t - 70) ** 2) / 30)
    assert path_of(spike).status == "finished"
    assert path_of(spike[:71]).status == "diverged"  # nothing else is known then
    assert path_of(np.r_[np.exp(-0.05 * t), 1e9, 1e3, 0.5]).status == "finished"


def test_what_grows_as_a_power_or_up_to_a_height_is_no_divergence() -> None:
    t = np.arange(1.0, 101.0)
    assert path_of(t).status == path_of(t**2).status == "finished"
    assert path_of(1e9 * t / (t + 5)).status == "finished"
    assert path_of(1.2**t).status == "diverged"


def test_the_step_is_the_last_that_begins_above_the_start() -> None:
    """While x falls, y grows from 10⁻³: 2y² passes 16 at the step that logarithms say."""
    one = trial("surface: quadratic\nstart: [4, 1e-3]\nsteps: 100\noptimizer: {name: gd, lr: 0.6}")
    assert one.since == int(np.ceil(np.log(16 / 2e-6) / np.log(1.4**2)))


@pytest.mark.parametrize(
    ("expr", "start", "optimizer", "since"),
    [
        ("sqrt(x) + y**2", "[1, 1]", "{name: gd, lr: 0.1}", 15),
        ("log(x) + y**2", "[0.5, 1]", "{name: gd, lr: 0.2}", None),
        ("x - log(x)", "[3]", "{name: gd, lr: 5}", None),
        ("sqrt(x - 0.0009)", "[1e-3]", "{name: gd, lr: 1}", 1),
        ("sqrt(x)", "[0.04]", "{name: nesterov, lr: 0.02}", None),
        ("asin(x)", "[0.9]", "{name: gd, lr: 0.5}", None),
    ],
)
def test_where_the_formula_ends_a_trial_is_undefined(
    expr: str, start: str, optimizer: str, since: int | None
) -> None:
    text = f"surface: {{expr: {expr}}}\nstart: {start}\noptimizer: {optimizer}\nsteps: 40\n"
    one = trial(text)
    assert one.status == "undefined" and one.since == one.steps + 1
    assert since is None or one.since == since
    assert np.isfinite(one.values).all() and np.isfinite(one.points).all()


@pytest.mark.parametrize("expr", ["x**4", "exp(x**2)", "exp(x) + exp(-x)", "x**2 + 1/(1 + x**2)"])
def test_what_becomes_too_large_diverges(expr: str) -> None:
    text = f"surface: {{expr: {expr}}}\nstart: [3]\noptimizer: {{name: gd, lr: 50}}\nsteps: 2000\n"
    one = trial(text)
    assert one.status == "diverged" and one.since == one.steps + 1


def test_a_gradient_without_a_value_is_undefined_too() -> None:
    """√x has the value 0 at 0, and no slope."""
    text = "surface: {expr: sqrt(x)}\nstart: [0.25]\noptimizer: {name: gd, lr: 0.25}\nsteps: 9\n"
    one = trial(text)
    assert one.points.tolist() == [[0.25, 0.0]] and (one.status, one.since) == ("undefined", 2)


POINTS = "[[1, 35], [2, 45], [4, 50], [7, 80], [9, 88], [10, 95]]"
FIT = f"{{regression: {{points: {POINTS}, model: w*x + b}}}}"


@pytest.mark.parametrize("name", ["gd", "momentum", "nesterov"])
@pytest.mark.parametrize(
    ("surface", "start", "curvature"),
    [
        ("{name: quadratic, a: 0.5, b: 50}", "[1, 1]", 100),
        ("{expr: x**2 + x*y + y**2}", "[1, 2]", 3),
        ("parabola", "[1]", 2),
        (FIT, "{w: 0, b: 0}", None),
    ],
)
def test_the_rate_that_would_not_diverge(
    name: str, surface: str, start: str, curvature: float | None
) -> None:
    if curvature is None:
        x = np.array([1.0, 2, 4, 7, 9, 10])
        design = np.stack([x, np.ones(6)], axis=1)
        curvature = float(np.linalg.eigvalsh(2 * design.T @ design / 6)[-1])
    limit = bound(name, curvature)
    text = f"surface: {surface}\nstart: {start}\nsteps: 200\noptimizer: {{name: {name}, lr: %s}}\n"
    run, trajectories = simulate_run(optanim.loads(text % (1.5 * limit)))
    assert stable_rate(run.trials[0]) == pytest.approx(limit, rel=1e-5)
    (remark,) = remarks_of(run, trajectories)
    rate = float(remark.rpartition(" ")[2].replace("×", "e"))
    assert limit * 0.99 <= rate <= limit and "diverges on this surface above lr" in remark
    number = remark.rpartition(" ")[2]
    assert f", as it does above a learning rate of {number}, from" in alt_text(run, trajectories)
    assert re.search(rf"학습률이 {number}[을를] 넘으면 발산한다", alt_text(run, trajectories, "ko"))
    run, trajectories = simulate_run(optanim.loads(text % rate))
    assert not remarks_of(run, trajectories) and trajectories[0].status == "finished"
    assert "above a learning rate" not in alt_text(run, trajectories)


def test_a_hill_has_a_rate_for_those_who_climb() -> None:
    text = "surface: {expr: %s}\nascend: true\nstart: [-4, 3]\noptimizer: {name: gd, lr: %s}\n"
    run = optanim.loads(text % ("-x**2 - 2*y**2", 0.7))
    assert stable_rate(run.trials[0]) == pytest.approx(0.5)
    # A bowl has no top: each rate diverges.
    assert stable_rate(optanim.loads(text % ("x**2 + 2*y**2", 0.7)).trials[0]) is None


@pytest.mark.parametrize(
    ("surface", "start", "optimizer"),
    [
        ("beale", "[3, 4]", "{name: gd, lr: 0.1}"),
        ("{expr: x**4}", "[3]", "{name: gd, lr: 5}"),
        ("{expr: 4*x**2 - 0.001*y**2}", "[3, 1]", "{name: gd, lr: 3}"),
        ("{expr: abs(x)**2.5 + x**2}", "[3]", "{name: gd, lr: 3}"),
    ],
)
def test_no_rate_is_named_where_none_is_true_for_any_start(
    surface: str, start: str, optimizer: str
) -> None:
    text = f"surface: {surface}\nstart: {start}\nsteps: 100\noptimizer: {optimizer}\n"
    run, trajectories = simulate_run(optanim.loads(text))
    assert trajectories[0].status == "diverged" and not remarks_of(run, trajectories)


def test_a_view_that_holds_nothing_of_a_path_says_which_would() -> None:
    text = "surface: quadratic\nstart: [-4, 3]\noptimizer: gd\nview: {x: [10, 12], y: [10, 12]}\n"
    run, trajectories = simulate_run(optanim.loads(text))
    (remark,) = remarks_of(run, trajectories)
    assert "the view holds no point of its path" in remark
    view = remark.partition("; ")[2].removesuffix(" would")
    run, trajectories = simulate_run(optanim.loads(text.replace(text.split("\n")[3], view)))
    assert not remarks_of(run, trajectories)
    window = np.array([run.view.x, run.view.y])
    points = trajectories[0].points
    assert ((points >= window[:, :1]) & (points <= window[:, 1:])).all()


def test_check_and_render_say_it(tmp_path: Path) -> None:
    text = f"surface: {FIT}\nstart: {{w: 0, b: 0}}\nsteps: 9\noptimizer: {{name: gd, lr: 0.1}}\n"
    (tmp_path / "hours.yaml").write_text(text + "figure: {size: [320, 240]}\n")
    checked = optanim_("check", "hours.yaml", cwd=tmp_path)
    made = optanim_("render", "hours.yaml", "--frame", "last", cwd=tmp_path)
    for result in (checked, made):
        assert result.returncode == 0
        said = result.stderr if isinstance(result.stderr, str) else result.stderr.decode()
        assert "Gradient descent diverged from step 1 on" in said
        assert "Gradient descent diverges on this surface above lr 0.0234" in said
