"""The words that are said of a trajectory, and the numbers of docs/words.md."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import optanim
from optanim.experiment import arrival, divergence, motion, outcome
from optanim.experiment.claims import loss_falls
from optanim.experiment.outcome import Outcome, measure_outcome
from optanim.experiment.results import results_of
from optanim.experiment.trials import simulate_run
from optanim.experiment.verdicts import verdicts_of
from optanim.scene.alt_text import alt_text

PAGE = (Path(__file__).parents[1] / "docs" / "words.md").read_text()
X4, X3 = "{expr: x**4, minima: [[0]]}", "{expr: abs(x)**3, minima: [[0]]}"


def run(surface: str, start: str, optimizer: str, steps: int, more: str = "") -> optanim.Run:
    return optanim.loads(
        f"surface: {surface}\nstart: {start}\noptimizer: {optimizer}\nsteps: {steps}\n{more}"
    )


def outcome_of(*config: object) -> Outcome:
    made, (trajectory,) = simulate_run(run(*config))  # type: ignore[arg-type]
    return measure_outcome(trajectory, made.surface)


def test_the_page_has_every_number_of_the_code() -> None:
    rows = dict(re.findall(r"^\| `([A-Z_]+)` \| (\S+) \|$", PAGE, re.M))
    modules = (arrival, divergence, motion, outcome, loss_falls)
    numbers = {
        name: value
        for module in modules
        for name, value in vars(module).items()
        if name.isupper() and isinstance(value, int | float) and name not in ("EPSILON", "NEVER")
    }
    assert {name: float(value) for name, value in rows.items()} == pytest.approx(numbers)
    text = PAGE.partition("## Numbers")[0]
    assert all(f"**{word}**" in text for word in ("diverged", "arrived", "at rest", "overshoots"))


@pytest.mark.parametrize("surface", [X4, X3, "{expr: x**6, minima: [[0]]}", "{expr: x**4 + 1}"])
def test_what_creeps_as_a_power_of_t_does_not_rest(surface: str) -> None:
    for steps in (100, 300, 1000, 4000):
        one = outcome_of(surface, "[1]", "{name: gd, lr: 0.05}", steps)
        assert one.status in ("moving", "arrived")


def test_creeping_is_said() -> None:
    made = run(X4, "[1]", "{name: gd, lr: 0.1}", 1000, "claims: [{stalls: gd, holds: false}]\n")
    made, trajectories = simulate_run(made)
    (verdict,) = verdicts_of(made, trajectories)
    assert verdict.measured == "gd still moves, slowly, after 1000 steps, 0.0352 from the minimum"
    assert "is still moving, slowly, after 1000 steps" in alt_text(made, trajectories)
    assert "아직 천천히 움직이고 있다" in alt_text(made, trajectories, "ko")
    assert results_of(made, trajectories)[0].status == "still moving, slowly"


@pytest.mark.parametrize("rate", [0.01, 0.1, 0.5, 3])
def test_adagrad_does_not_rest_away_from_the_minimum(rate: float) -> None:
    for surface, steps in (("quadratic", 100), ("{name: quadratic, b: 20}", 1000)):
        one = outcome_of(surface, "[-4, 3]", f"{{name: adagrad, lr: {rate}}}", steps)
        assert one.status in ("moving", "arrived")


@pytest.mark.parametrize(
    ("surface", "start"), [("saddle", "[1, 1e-8]"), ("{expr: x*y}", "[1, 1.000001]")]
)
@pytest.mark.parametrize("steps", [30, 60, 90])
def test_a_saddle_that_is_left_slowly_is_no_rest(surface: str, start: str, steps: int) -> None:
    assert outcome_of(surface, start, "gd", steps).status != "resting"


def test_what_shrinks_by_a_ratio_rests() -> None:
    exponential = "{name: gd, lr: {name: exponential, gamma: 0.5, start: 0.1}}"
    assert outcome_of("quadratic", "[-4, 3]", exponential, 100).status == "resting"
    assert outcome_of("saddle", "[1, 0]", "gd", 60).status == "resting"


@pytest.mark.parametrize("start", [30, 100, 1000])
def test_the_wrong_well_is_no_arrival_from_far_away(start: float) -> None:
    """Both wells are 2 apart, which is a hundredth of a far start's distance."""
    surface = "{expr: (x**2 - 1)**2 + 0.1*x, minima: [[-1.0122]]}"
    one = outcome_of(surface, f"[{start}]", f"{{name: rmsprop, lr: {start / 60}}}", 400)
    assert one.within is not None and one.within < 0.5
    assert one.status != "arrived" or abs(one.end[0] + 1.0122) < 0.5


def test_the_loss_must_agree_with_an_arrival() -> None:
    """At (0.03, 0) of 10⁴x² + y² from (0, 5) the loss is a third of the start's."""
    surface = "{expr: 1e4*x**2 + y**2, minima: [[0, 0]]}"
    made = run(surface, "[0.03, 5]", "{name: gd, lr: 1e-4}", 60)
    made, (trajectory,) = simulate_run(made)
    points = np.stack([np.full(61, 0.03), np.r_[5.0, np.zeros(60)]])
    values = 1e4 * points[0] ** 2 + points[1] ** 2
    stuck = replace(trajectory, points=points, values=values)
    one = measure_outcome(stuck, made.surface)
    assert one.near == 1 and one.status != "arrived"
    assert measure_outcome(stuck, made.surface, within=0.1).status == "arrived"


def test_within_and_distances_are_in_the_units_of_the_parameters() -> None:
    surface = "{regression: {points: [[1, 1000], [2, 2000], [4, 4100]], model: w*x + b}}"
    made = run(surface, "{w: 1030, b: -40}", "{name: gd, lr: 1e-9}", 20)
    made, (trajectory,) = simulate_run(made)
    assert made.surface.axes == ("b", "w")
    minimum = np.linalg.lstsq(
        np.array([[1.0, 1], [1, 2], [1, 4]]), np.array([1000.0, 2000, 4100]), rcond=None
    )[0]
    apart = float(np.linalg.norm(trajectory.points[:, -1] - minimum))
    assert measure_outcome(trajectory, made.surface).distance == pytest.approx(apart, rel=1e-6)
    for within, status in ((1.01 * apart, "arrived"), (0.99 * apart, "moving")):
        assert measure_outcome(trajectory, made.surface, within=within).status == status


@pytest.mark.parametrize("rate", [1.002, 1.005, 1.01])
def test_a_growing_swing_is_no_cycle(rate: float) -> None:
    one = outcome_of("parabola", "[2]", f"{{name: gd, lr: {rate}}}", 60)
    assert one.status != "cycling"
    assert outcome_of("parabola", "[2]", "{name: gd, lr: 1}", 60).status == "cycling"


@pytest.mark.parametrize("steps", [12, 40, 100])
def test_noise_on_a_plain_is_no_cycle(steps: int) -> None:
    surface, optimizer = "{expr: 1e-9*x**2 + 1e-9*y**2}", "{name: gd, lr: 0.1}"
    for seed in range(25):
        noise = f"noise: 1\nseed: {seed}\n"
        assert outcome_of(surface, "[0.1, 0]", optimizer, steps, noise).status != "cycling"


@pytest.mark.parametrize(("ratio", "period"), [(3.83, 3), (3.2, 2), (3.5, 4)])
def test_a_period_that_starts_inside_is_a_cycle(ratio: float, period: int) -> None:
    """Gradient descent on this cubic is the logistic map x ← rx(1 − x)."""
    surface = f"{{expr: x**2/2 - {ratio}*(x**2/2 - x**3/3), minima: [[{1 - 1 / ratio}]]}}"
    made, (trajectory,) = simulate_run(run(surface, "[0.7]", "{name: gd, lr: 1}", 300))
    last = trajectory.points[0, -1 - period]
    assert trajectory.points[0, -1] == pytest.approx(last, abs=1e-3)
    assert measure_outcome(trajectory, made.surface).status == "cycling"


def test_a_tie_is_said() -> None:
    text = "surface: quadratic\nstart: [-4, 3]\noptimizers: [%s]\nsteps: 60\n"
    twins = "{name: gd, label: A}, {name: gd, label: B}"
    for names, en, ko in (
        (twins, "A and B settle, both after 20 steps", "A, B가 나란히 20걸음 만에 자리를 잡는다"),
        (f"{twins}, {{name: gd, label: C, lr: 0.08}}",
         "A and B settle first, both after 20 steps, then C (", "가장 먼저 자리를 잡고 C("),
        (f"{twins}, {{name: gd, label: D}}", "A, B and D settle, all after 20 steps", "나란히"),
    ):  # fmt: skip
        made, trajectories = simulate_run(optanim.loads(text % names))
        assert en in alt_text(made, trajectories)
        assert ko in alt_text(made, trajectories, "ko")


@pytest.mark.parametrize(
    ("surface", "rate"),
    [("plateau", 0.1), ("{expr: -exp(-x**2 - y**2)}", 0.1), ("quadratic", 1e-9)],
)
def test_what_has_not_moved_is_not_still_moving(surface: str, rate: float) -> None:
    made, trajectories = simulate_run(run(surface, "[6, 5]", f"{{name: gd, lr: {rate}}}", 50))
    text = alt_text(made, trajectories)
    assert "has hardly moved after 50 steps" in text and "still moving" not in text
    assert "from (6, 5), where the gradient is " in text
    assert "거의 움직이지 않는다" in alt_text(made, trajectories, "ko")
    assert "moved" in results_of(made, trajectories)[0].status
    made = run(
        surface, "[6, 5]", f"{{name: gd, lr: {rate}}}", 50, "claims: [{steady: gd, holds: false}]\n"
    )
    verdicts_of(made, trajectories)


def test_every_rise_of_the_loss_counts() -> None:
    """Late rises of a small loss are below 10⁻⁹ of the first one."""
    made = run("parabola", "[1000]", "{name: momentum, lr: 0.1, momentum: 0.5}", 60)
    made, (trajectory,) = simulate_run(made)
    losses = trajectory.values
    first = int(np.flatnonzero(np.diff(losses) > 0)[0]) + 1
    claim = "claims: [{loss_falls: 1, holds: false}]\n"
    made = run("parabola", "[1000]", "{name: momentum, lr: 0.1, momentum: 0.5}", 60, claim)
    (verdict,) = verdicts_of(made, (trajectory,))
    assert verdict.numbers == (first,)


@pytest.mark.parametrize(("times", "says"), [(0, "gd never overshoots the minimum"), (1, "once")])
def test_never_stands_before_its_verb(times: int, says: str) -> None:
    claim = f"claims: [{{overshoots: gd, times: {times}, holds: {str(times == 0).lower()}}}]\n"
    made, trajectories = simulate_run(run("quadratic", "[-4, 3]", "gd", 60, claim))
    (verdict,) = verdicts_of(made, trajectories)
    assert verdict.says.endswith(says)


def test_signs_between_absolute_values_have_spaces() -> None:
    text = "surface: {expr: %s}\nstart: [1, 1]\noptimizer: gd\n"
    for expr, said in (
        ("abs(x) + y**2", "|x| + y²"),
        ("abs(x) - abs(y)", "|x| − |y|"),
        ("abs(x - 1) + abs(2 - y)", "|x − 1| + |"),
    ):
        made, trajectories = simulate_run(optanim.loads(text % expr))
        assert f" on {said}," in alt_text(made, trajectories) or said in alt_text(
            made, trajectories
        )
