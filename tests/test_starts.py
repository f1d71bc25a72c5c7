"""`start` may be a list of points: each optimizer starts from each of them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import optanim
from optanim.config.dump import as_yaml
from optanim.experiment.trials import simulate_run, trajectories_of
from optanim.formulas.plain_text import plain, unlisted
from optanim.scene.alt_text import alt_text

HEAD = "surface: himmelblau\nsteps: 30\n"
TWO = HEAD + "start: [[-4, 3], [0.5, -3]]\n"


def labels(text: str) -> list[str]:
    return [plain(trial.label) for trial in optanim.loads(text).trials]


def test_each_optimizer_starts_from_each_point() -> None:
    assert labels(TWO + "optimizers: [gd, adam]\n") == [
        "Gradient descent from (−4, 3)", "Gradient descent from (0.5, −3)",
        "Adam from (−4, 3)", "Adam from (0.5, −3)",
    ]  # fmt: skip


def test_each_trial_is_the_one_of_its_start_alone() -> None:
    paths = trajectories_of(optanim.loads(TWO + "optimizer: adam\nnoise: 1\n"))
    for point, path in zip(("[-4, 3]", "[0.5, -3]"), paths, strict=True):
        (alone,) = trajectories_of(
            optanim.loads(f"{HEAD}start: {point}\noptimizer: adam\nnoise: 1\n")
        )
        np.testing.assert_array_equal(path.points, alone.points)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "start: [1, 1]\noptimizers: [gd, {name: adam, start: [[2, 2], {y: 3, x: 1}]}]\n",
            ["Gradient descent", "Adam from (2, 2)", "Adam from y = 3, x = 1"],
        ),
        ("start: [[1, 2]]\noptimizer: gd\n", ["Gradient descent"]),
        (
            "start: [[1, 2], [2, 1]]\noptimizer: {name: gd, label: mine}\n",
            ["mine from (1, 2)", "mine from (2, 1)"],
        ),
        (
            "ascend: true\nstart: [[1, 2], [2, 1]]\noptimizer: gd\n",
            ["Gradient ascent from (1, 2)", "Gradient ascent from (2, 1)"],
        ),
    ],
)
def test_the_names_say_what_differs(text: str, expected: list[str]) -> None:
    assert labels(HEAD + text) == expected


def test_a_curve_has_points_of_one_number() -> None:
    text = "surface: parabola\nstart: [[-1], [2]]\noptimizer: gd\n"
    assert labels(text) == ["Gradient descent from −1", "Gradient descent from 2"]


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("Adam from (−4, 3)", "Adam from (−4, 3)"),
        ("Adam, λ = 0.1", "Adam (λ = 0.1)"),
        ("Adam from (−4, 3), slow", "Adam from (−4, 3) (slow)"),
        ("Adam", "Adam"),
        ("a (b", "a (b"),
    ],
)
def test_the_comma_of_a_point_divides_no_list(label: str, expected: str) -> None:
    assert unlisted(label) == expected


def test_an_alt_text_names_the_starts() -> None:
    run, paths = simulate_run(optanim.loads(TWO + "optimizer: {name: gd, lr: 0.01}\n"))
    text = alt_text(run, paths)
    assert "Gradient descent from (−4, 3)" in text and "from (0.5, −3)" in text


def test_a_config_with_all_values_has_every_trial() -> None:
    run = optanim.loads(TWO + "optimizers: [gd, adam]\n")
    again = optanim.loads(as_yaml(run))
    assert [(t.label, t.start) for t in again.trials] == [(t.label, t.start) for t in run.trials]


@pytest.mark.parametrize(
    "rest",
    [
        "layout: grid\n",
        "panels: [surface3d, loss]\n",
        "panels: [{contour: {of: 2}}, rates]\n".replace("{contour: {of: 2}}",
                                                         "{name: contour, of: 2}"),
        "matrix: {optimizer.lr: [0.01, 0.02]}\noutput: '{values}.gif'\n",
        "claims: [{longer: [1, 2]}]\nstop: {loss: 100}\n",
    ],
)  # fmt: skip
def test_several_starts_go_with_the_other_keys(rest: str, tmp_path: Path) -> None:
    text = HEAD + "start: [[0.5, -3], [-4, 3]]\noptimizer: {name: gd, lr: 0.005}\n" + rest
    (tmp_path / "a.yaml").write_text(text)
    for i, run in enumerate(optanim.load_runs(tmp_path / "a.yaml")):
        optanim.render(run, output=tmp_path / f"{i}.png", frame=-1)
