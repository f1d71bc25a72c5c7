"""Races against evaluations: `view: {against: evaluations}`."""

from __future__ import annotations

import numpy as np
import pytest

import optanim
from optanim.drawing.trail import Trail
from optanim.errors import ClaimError
from optanim.experiment.trials import simulate_run, trajectories_of
from optanim.experiment.verdicts import verdicts_of
from optanim.scene.alt_text import alt_text
from optanim.scene.compose import compose_scene
from tests import painters, toy_optimizers

RACE = """
surface: quadratic
start: [-4, 3]
optimizers: [{name: toy_search, rate: 60}, {name: gd, lr: 0.1}]
steps: 60
panels: [PANEL]
"""
AGAINST = "view: {against: evaluations}\n"


@pytest.fixture(autouse=True)
def toys(monkeypatch: pytest.MonkeyPatch) -> None:
    toy_optimizers.install(monkeypatch)


@pytest.mark.parametrize("panel", ["loss", "rates", "gradient_norm"])
def test_heads_are_where_their_evaluations_are(panel: str) -> None:
    text = RACE.replace("PANEL", panel)
    made = painters.painter(text + AGAINST)
    axes = made.axes[0]
    assert axes.get_xlabel() == r"evaluations of $f$, $\nabla f$"
    run = optanim.loads(text)
    search, gd = trajectories_of(run)
    assert search.evaluations[-1] > gd.evaluations[-1] == 60
    assert axes.get_xlim()[1] == pytest.approx(1.02 * search.evaluations[-1])
    trails = [mark for mark in made._marks if isinstance(mark, Trail)]
    to_data = axes.transData.inverted()
    for trail, path in zip(
        trails,
        np.repeat([search, gd], len(trails) // 2, axis=0) if panel == "rates" else (search, gd),
        strict=True,
    ):
        x = to_data.transform(trail.points)[:, 0]
        known = np.isfinite(x)
        assert x[known] == pytest.approx(path.evaluations[: len(x)][known], abs=1e-6)
    plain = painters.painter(text).axes[0]
    assert plain.get_xlabel() == "step" and plain.get_xlim()[1] == pytest.approx(61.2)


def test_the_mean_of_seeds_is_at_the_mean_of_evaluations() -> None:
    text = "surface: quadratic\nstart: [-4, 3]\noptimizer: {name: toy_search, rate: 60}\nsteps: 9\n"
    text += "noise: 1\nmatrix: {seed: [1, 2, 3]}\nlayout: overlay\npanels: [loss]\n"
    run = optanim.loads(text + AGAINST)
    paths = trajectories_of(run)
    mean = compose_scene(run, paths).traces[-1]
    assert mean.mean_of == 3
    expected = np.mean([path.evaluations for path in paths], axis=0).round()
    assert mean.trajectory.evaluations.tolist() == expected.tolist()


def test_updates_are_the_default() -> None:
    run = optanim.loads(RACE.replace("PANEL", "loss") + "view: {against: updates}\n")
    scene = compose_scene(run, trajectories_of(run))
    assert scene.progress_word == "step" and scene.progress_end == 60


def verdict(claim: str, more: str = "") -> tuple[str, tuple[float | None, ...]]:
    run = optanim.loads(RACE.replace("PANEL", "loss") + f"claims: [{claim}]\n" + more)
    (found,) = verdicts_of(run, trajectories_of(run))
    return found.measured, found.numbers


def test_faster_compares_evaluations() -> None:
    claim = "{faster: [toy_search, gd]}"
    measured, numbers = verdict(claim)
    assert "evaluations" not in measured and None not in numbers
    with pytest.raises(ClaimError, match=r"from step \d+ on \(\d+ evaluations\)"):
        verdict(claim, AGAINST)
    search, gd = trajectories_of(optanim.loads(RACE.replace("PANEL", "loss")))
    _, counted = verdict("{faster: [gd, toy_search]}", AGAINST)
    steps = [int(n or 0) for n in numbers]
    assert counted == (gd.evaluations[steps[1]], search.evaluations[steps[0]])


@pytest.mark.parametrize(
    ("lang", "first", "then"),
    [("en", "settles first, after 20 evaluations, then Toy search (", "Toy search settles first"),
     ("ko", "평가 20번 만에 가장 먼저 자리를 잡고 Toy search(", "걸음 만에 가장 먼저")],
)  # fmt: skip
def test_alt_texts_count_evaluations(lang: str, first: str, then: str) -> None:
    text = RACE.replace("PANEL", "loss") + f"lang: {lang}\n"
    assert first in alt_text(*simulate_run(optanim.loads(text + AGAINST)))
    plain = alt_text(*simulate_run(optanim.loads(text)))
    assert then in plain and first not in plain
