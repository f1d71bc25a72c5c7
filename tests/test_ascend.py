"""`ascend: true`: optimizers climb, and what is drawn and said has the sign of f."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from matplotlib.text import Text

import optanim
from optanim.config.dump import as_yaml
from optanim.config.variants import catalogue_names
from optanim.drawing.painter import Painter
from optanim.experiment.trials import simulate_run, trajectories_of
from optanim.scene.alt_text import alt_text
from optanim.scene.compose import compose_scene
from optanim.scene.viewport import contour_levels
from optanim.schema.catalogue import catalogue

HILL = "surface: {expr: 3 - x**2 - 2*y**2}\nascend: true\nstart: [-4, 3]\nsteps: 30\n"
BOWL = "surface: {expr: -3 + x**2 + 2*y**2}\nstart: [-4, 3]\nsteps: 30\n"


@pytest.mark.parametrize("optimizer", catalogue_names("all", "optimizers", ""))
@pytest.mark.parametrize("rest", ["", "noise: 0.5\nseed: 3\n"])
def test_climbing_f_is_descending_its_opposite(optimizer: str, rest: str) -> None:
    """PyTorch documents `maximize` as the same: the objective with its sign changed."""
    # Where a lowest value is asked for, it is that of what is descended.
    asks = "target" in catalogue("optimizers")[optimizer].options
    rest += f"optimizer: {{name: {optimizer}{', target: -3' * asks}}}\n"
    (up,), (down,) = (trajectories_of(optanim.loads(text + rest)) for text in (HILL, BOWL))
    np.testing.assert_array_equal(up.points, down.points)
    np.testing.assert_allclose(up.values, -down.values, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(
        up.values, 3 - up.points[0] ** 2 - 2 * up.points[1] ** 2, rtol=1e-12, atol=1e-12
    )


def test_gradient_ascent_is_what_one_computes_by_hand() -> None:
    (path,) = trajectories_of(optanim.loads(HILL + "optimizer: {name: gd, lr: 0.1}"))
    t = np.arange(31)
    np.testing.assert_allclose(path.points, [-4 * 0.8**t, 3 * 0.6**t], rtol=1e-10)
    assert (np.diff(path.values) > 0).all()


def test_a_climb_is_told_as_one() -> None:
    run, paths = simulate_run(optanim.loads(HILL + "optimizer: {name: gd, lr: 0.2}"))
    assert alt_text(run, paths) == (
        "Gradient ascent climbs 3 − x² − 2y² and comes to rest at (0, 0), where f is 3,"
        " from (−4, 3)"
    )
    assert alt_text(run, paths, "ko") == (
        "경사상승법이 3 − x² − 2y² 위를 오르며 (0, 0)에 멈춘다. 그곳의 값은 3, 시작점은 (−4, 3)."
    )
    run, paths = simulate_run(optanim.loads(HILL + "optimizers: [gd, adam]"))
    assert alt_text(run, paths).startswith("Up 3 − x² − 2y² from (−4, 3): gradient ascent")
    assert "loss" not in alt_text(run, paths) and "descent" not in alt_text(run, paths)


def test_a_figure_of_a_climb_speaks_of_no_loss_and_no_descent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    words: list[str] = []
    set_text = Text.set_text
    monkeypatch.setattr(Text, "set_text", lambda s, t: (words.append(str(t)), set_text(s, t))[1])
    text = HILL + "panels: [contour, loss]\nview: {arrows: [gradient]}\n"
    for optimizers in ("optimizer: gd", "optimizers: [gd, adam]"):
        run, paths = simulate_run(optanim.loads(text + optimizers))
        scene = compose_scene(run, paths)
        words.clear()
        Painter(scene)
        words += [scene.title, *(trace.label for trace in scene.traces)]
        assert not [word for word in words if "oss" in word or "descent" in word]
        assert "value" in words and r"$\nabla f$" in words


def test_the_levels_are_dense_where_the_climb_ends() -> None:
    z = np.hypot(*np.meshgrid(np.linspace(-1, 1, 50), np.linspace(-1, 1, 40))) ** 2
    for scale in (None, "linear", "sqrt", "log"):
        up = contour_levels(-z, 12, scale, ascends=True)
        np.testing.assert_array_equal(up, -contour_levels(z, 12, scale)[::-1])
        assert (np.diff(up) > 0).all()


COMBINED = {
    "matrix": "optimizer: gd\nmatrix: {optimizer.lr: [0.1, 0.2]}\nlayout: overlay\n",
    "cells": "optimizer: gd\nmatrix: {optimizer.lr: [0.1, 0.2]}\nlayout: grid\n",
    "grid": "optimizers: [gd, adam]\nlayout: grid\n",
    "landscape": "optimizer: adam\npanels: [surface3d, rates]\n",
    "stop": "optimizer: gd\nstop: {gradient: 1}\n",
    "claims": "optimizers: [gd, adam]\nclaims: [{longer: [Gradient ascent, Adam]}]\n",
}


@pytest.mark.parametrize("kind", COMBINED)
def test_a_climb_goes_with_the_other_keys(kind: str, tmp_path: Path) -> None:
    run = optanim.loads(HILL + COMBINED[kind])
    optanim.render(run, output=tmp_path / "a.png", frame=-1)


def test_a_curve_is_climbed(tmp_path: Path) -> None:
    run = optanim.loads("surface: {expr: 2 - (x-1)**2}\nascend: true\nstart: 4\noptimizer: gd\n")
    result = optanim.render(run, output=tmp_path / "a.png", frame=-1)
    assert result.results[0].loss == pytest.approx(2, abs=1e-6)


def test_all_values_of_a_config_have_the_key_if_it_is_set() -> None:
    run = optanim.loads(HILL + "optimizer: gd\n")
    assert optanim.loads(as_yaml(run)).surface.ascends
    assert "ascend" not in as_yaml(optanim.loads(BOWL + "optimizer: gd\n"))
