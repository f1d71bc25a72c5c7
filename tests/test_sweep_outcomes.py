"""Sweeps over starts and over seeds: colors that mean something, and the mean of what is alike."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from matplotlib.lines import Line2D
from matplotlib.text import Text

import optanim
from optanim.drawing.trail import Trail
from optanim.experiment.mean import mean_trajectory
from optanim.experiment.trials import trajectories_of
from optanim.scene.alt_text import alt_text
from optanim.scene.compose import compose_scene
from optanim.scene.outcome_groups import muted_colors, outcome_groups
from optanim.scene.scene import Scene
from optanim.schema.figure import Theme
from tests.painters import painter
from tests.test_layout import faults
from tests.test_themes import THEMES, bands, contrast

SIDE = (-5.0, -2.5, 0.1, 2.5, 5.0)
HIMMELBLAU = (
    "surface: himmelblau\nstart: [0, 0]\noptimizer: {name: gd, lr: 0.01}\nsteps: 60\n"
    f"layout: overlay\nmatrix: {{start: {[list(p) for p in product(SIDE, SIDE)]}}}\n"
)
MIXED = (
    "surface: {expr: x**4/4 - x**2/2 + y**2 + x*y**2/3}\nstart: [0, 0]\nsteps: 30\n"
    "optimizer: {name: gd, lr: 0.35}\nlayout: overlay\nview: {x: [-4, 4], y: [-5, 5]}\n"
    "matrix: {start: [[-2, 1], [2, 2], [0.5, 1], [3.3, 4], [-1, 2], [2.5, -4], [0, 3]]}\n"
)
SEEDS = (
    "surface: {name: quadratic, b: 5}\nstart: [-4, 3]\noptimizer: {name: momentum, lr: 0.02}\n"
    "noise: 3\nsteps: 20\nlayout: overlay\nmatrix: {seed: [1, 2, 3, 4, 5, 6, 7, 8, 9]}\n"
)


def scene_of(text: str, *set: str) -> Scene:
    run = optanim.loads(text, set=set)
    return compose_scene(run, trajectories_of(run))


def said(text: str, language: str = "en") -> str:
    run = optanim.loads(text)
    return alt_text(run, trajectories_of(run), language)


def test_a_start_has_the_color_of_the_minimum_that_its_trial_reached() -> None:
    scene = scene_of(HIMMELBLAU)
    minima = np.array(scene.surface.minima)
    for trace in scene.traces:
        nearest = int(np.hypot(*(minima - trace.trajectory.points[:, -1]).T).argmin())
        assert trace.color == scene.theme.paths[nearest]
    assert [group.minimum for group in scene.groups] == list(scene.surface.minima)
    assert [group.label for group in scene.groups] == [
        f"{place}: {count} of 25"
        for place, count in zip(
            ("(3, 2)", "(−2.81, 3.13)", "(−3.78, −3.28)", "(3.58, −1.85)"),
            (len(group.members) for group in scene.groups), strict=True,
        )
    ]  # fmt: skip
    assert sorted(i for group in scene.groups for i in group.members) == list(range(25))


def test_the_order_of_the_starts_changes_no_color() -> None:
    scene = scene_of(HIMMELBLAU)
    backwards = scene_of(HIMMELBLAU, f"matrix.start={[list(p) for p in product(SIDE, SIDE)][::-1]}")
    colors = [trace.color for trace in backwards.traces]
    assert [trace.color for trace in scene.traces] == colors[::-1]


def test_places_of_rest_and_what_fails_have_groups_of_their_own() -> None:
    scene = scene_of(MIXED)
    assert [group.label for group in scene.groups] == [
        "at rest at (−1, 0): 4 of 7", "at rest at (1, 0): 1 of 7", "diverged: 2 of 7",
    ]  # fmt: skip
    failing = scene.groups[-1]
    assert failing.members == (3, 5) and failing.color not in scene.theme.paths
    short = scene_of(MIXED, "steps=2", "matrix.start=[[-2, 1], [2, 2]]")
    assert [(group.label, group.color) for group in short.groups] == [
        ("still moving: 2 of 2", muted_colors(short.theme)[1])
    ]


def test_trials_that_a_rule_ended_do_not_move() -> None:
    stopped = scene_of(MIXED, "matrix.start=[[-2, 1], [2, 2]]", "stop={step: 1}")
    assert [group.label for group in stopped.groups] == ["stopped early: 2 of 2"]


def test_places_without_a_color_are_together() -> None:
    run = optanim.loads(
        HIMMELBLAU, set=["figure.theme={name: light, paths: ['#C03B07', '#3A55E0']}"]
    )
    groups = outcome_groups(run, trajectories_of(run))
    assert len(groups) == 3 and groups[-1].label.startswith("at rest elsewhere: ")
    assert sum(len(group.members) for group in groups) == 25


@pytest.mark.parametrize("theme", THEMES.values(), ids=list(THEMES))
def test_muted_colors_are_seen_on_every_band(theme: Theme) -> None:
    for color in muted_colors(theme):
        assert contrast(color, bands(theme)) >= 3 and color not in theme.paths


def test_the_legend_has_a_line_for_each_group_and_rings_have_their_colors() -> None:
    made = painter(HIMMELBLAU)
    figure = made.axes[0].figure
    texts = [artist.get_text() for artist in figure.artists if isinstance(artist, Text)]
    lines = [artist.get_color() for artist in figure.artists if isinstance(artist, Line2D)]
    assert texts == ["reached", *(group.label for group in made.scene.groups)]
    assert lines == [group.color for group in made.scene.groups]
    rings = {line.get_markeredgecolor() for line in made.axes[0].lines
             if line.get_markerfacecolor() == "none"}  # fmt: skip
    assert rings >= set(lines)


@pytest.mark.parametrize("text", [HIMMELBLAU, MIXED, SEEDS])
@pytest.mark.parametrize("size", ["[320, 240]", "[480, 640]"])
def test_nothing_is_cut_and_nothing_collides(text: str, size: str) -> None:
    found = faults(painter(text, f"figure.size={size}", "panels=[contour]"))
    assert [fault for fault in found if " sign on " not in fault] == []


def test_seeds_are_alike_and_their_mean_is_thicker() -> None:
    scene = scene_of(SEEDS)
    *trials, mean = scene.traces
    assert len({(trace.color, trace.pen) for trace in trials}) == 1 and mean.mean_of == 9
    assert mean.pen.width > 2 * trials[0].pen.width and mean.pen.alpha > trials[0].pen.alpha
    points = np.mean([trace.trajectory.points for trace in trials], axis=0)
    values = np.mean([trace.trajectory.values for trace in trials], axis=0)
    assert np.allclose(mean.trajectory.points, points)
    assert np.allclose(mean.trajectory.values, values)
    steps = np.mean([np.abs(np.diff(trace.trajectory.points)) for trace in trials], axis=0)
    gradients = np.mean([np.abs(trace.trajectory.gradients) for trace in trials], axis=0)
    assert np.allclose(mean.trajectory.rates, steps / gradients, rtol=1e-6)
    norms = np.mean([np.hypot(*trace.trajectory.gradients) for trace in trials], axis=0)
    assert np.allclose(mean.trajectory.gradient_norms, norms)


@pytest.mark.parametrize("panel", ["loss", "rates", "gradient_norm", "contour", "surface3d"])
def test_each_panel_has_the_mean_and_its_name_is_above(panel: str) -> None:
    made = painter(SEEDS, f"panels=[{panel}]", "steps=4", "figure.size=[320, 240]")
    assert (made.paint(4) != made.paint(0)).any()
    texts = [
        artist.get_text() for artist in made.axes[0].figure.artists if isinstance(artist, Text)
    ]
    assert texts == ["mean of 9 seeds"]
    if panel == "loss":
        assert len([mark for mark in made._marks if isinstance(mark, Trail)]) == 10


def test_a_mean_ends_where_a_trial_breaks_off_and_waits_for_none_that_stopped() -> None:
    text = "surface: parabola\nstart: [4]\noptimizer: gd\nsteps: 30\n"
    stopped, whole, broken = (
        trajectories_of(optanim.loads(text, set=set))[0]
        for set in (["stop={loss: 1}"], [], ["optimizer.lr=1e60"])
    )
    mean = mean_trajectory([stopped, whole])
    assert mean.steps == 30 and stopped.steps < 10
    assert mean.points[0, -1] == pytest.approx((stopped.points[0, -1] + whole.points[0, -1]) / 2)
    assert mean_trajectory([whole, broken]).steps == broken.steps < 30


def test_a_rate_and_seeds_have_the_mean_of_each_rate() -> None:
    for keys in (
        "optimizer.lr: [0.01, 0.1], seed: [1, 2, 3]",
        "seed: [1, 2, 3], optimizer.lr: [0.01, 0.1]",
    ):
        scene = scene_of(SEEDS.split("matrix")[0] + f"matrix: {{{keys}}}\n")
        means = [trace for trace in scene.traces if trace.mean_of]
        assert [mean.mean_of for mean in means] == [3, 3]
        assert {mean.color for mean in means} == {trace.color for trace in scene.traces}
        assert len({mean.color for mean in means}) == 2


def test_numbers_keep_their_scale() -> None:
    for line in ("matrix: {optimizer.lr: [0.001, 0.01]}\n", "matrix: {steps: [3, 4]}\n"):
        scene = scene_of(HIMMELBLAU.split("matrix")[0] + line)
        assert (
            not scene.groups and scene.sweep.colored and scene.traces[0].color in scene.theme.ramp
        )


@pytest.mark.parametrize(
    ("text", "en", "ko"),
    [
        (
            MIXED,
            "Gradient descent on x⁴/4 − x²/2 + y² + xy²/3 from 7 starts: 4 come to rest at (−1, 0)"
            " and 1 at (1, 0); 2 diverge",
            "x⁴/4 − x²/2 + y² + xy²/3에서 시작점 7개에 경사하강법을 쓰면, 4개는 (−1, 0)에, 1개는"
            " (1, 0)에 멈춘다. 2개는 발산한다.",
        ),
        (
            SEEDS,
            "Momentum on x² + 5y² from (−4, 3) with 9 seeds: all are still moving after 20 steps;"
            " their mean ends at ",
            "x² + 5y²에서 시드 9개로 모멘텀을 쓰면, 모두 20걸음 뒤에도 아직 움직이고 있다. 평균은 ",
        ),
    ],
)  # fmt: skip
def test_alt_texts_count_what_became_of_them(text: str, en: str, ko: str) -> None:
    assert said(text).startswith(en) and said(text, "ko").startswith(ko)


def test_a_list_of_starts_keeps_its_colors_and_names() -> None:
    text = "surface: himmelblau\nstart: [[-4, 4], [4, 4]]\noptimizer: {name: gd, lr: 0.01}\n"
    scene = scene_of(text + "steps: 20\n")
    assert not scene.groups and len({trace.color for trace in scene.traces}) == 2
    assert all("from" in trace.label for trace in scene.traces)
