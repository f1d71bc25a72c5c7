"""What a swarm looks like: its dots, its colors, what its legend counts, and its size as a GIF."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import optanim
from optanim.drawing.axes import to_pixels
from optanim.drawing.colors import rgb_bytes
from optanim.drawing.painter import Painter
from optanim.drawing.swarm_dots import SwarmDots
from optanim.drawing.swarm_legend import SwarmLegend
from optanim.experiment.outcome import measure_outcome
from optanim.experiment.remarks import remarks_of
from optanim.experiment.results import results_of
from optanim.experiment.trials import simulate_run, trajectories_of
from optanim.pipeline.render import render
from optanim.scene.alt_text import alt_text
from optanim.scene.compose import compose_scene
from optanim.scene.outcome_groups import muted_colors
from optanim.scene.scene import Scene
from optanim.scene.swarm import counts, loss_edges
from tests.painters import painter, painter_of

SWARM = """
surface: himmelblau
start: {grid: [7, 5]}
optimizer: {name: gd, lr: 0.014}
steps: 30
view: {x: [-8, 8], y: [-8, 8]}
figure: {size: [420, 320]}
"""
TWO = """
surface: himmelblau
start: {grid: [6, 4]}
optimizers: [{name: gd, lr: 0.01}, {name: adam, lr: 0.3}]
steps: 30
figure: {size: [420, 320]}
"""
WELLS = """
surface: double_well
start: {grid: [9]}
optimizer: {name: gd, lr: 0.05}
steps: 20
figure: {size: [420, 320]}
"""


@cache
def scene_of(text: str, *set: str) -> Scene:
    run = optanim.loads(text, set=set)
    return compose_scene(run, trajectories_of(run))


def pixel(made: Painter, picture: np.ndarray, place: np.ndarray) -> str:
    """The color of the pixel at a place from the bottom left."""
    column, row = np.floor(place).astype(int)
    return "#" + "".join(
        f"{channel:02X}" for channel in picture[len(picture) - 1 - row, column, :3]
    )


def members(scene: Scene, i: int = 0) -> Any:
    swarm = scene.traces[i].swarm
    assert swarm is not None
    return swarm.members


def test_the_groups_are_those_of_each_start_alone() -> None:
    scene = scene_of(SWARM)
    swarm, surface = members(scene), scene.surface
    reached: dict[Any, list[int]] = {}
    for r in range(35):
        outcome = measure_outcome(swarm[r], surface)
        status = {"cycling": "moving"}.get(outcome.status, outcome.status)
        key = outcome.minimum if status == "arrived" else status
        reached.setdefault(key, []).append(r)
    assert {"diverged"} < {*reached} and len(reached) >= 5  # there is something of each
    groups = {group.minimum: list(group.members) for group in scene.groups if group.minimum}
    assert groups == {key: rest for key, rest in reached.items() if isinstance(key, tuple)}
    failing = [group for group in scene.groups if group.name == "diverged"]
    assert [list(group.members) for group in failing] == [reached["diverged"]]
    assert failing[0].color == muted_colors(scene.theme)[0]


@pytest.mark.parametrize("step", [0, 2, 2.5, 30])
def test_each_dot_has_the_color_of_its_end_at_its_place(step: float) -> None:
    made = painter(SWARM)
    swarm, axes = members(made.scene), made.axes[0]
    colors = {r: group.color for group in made.scene.groups for r in group.members}
    picture, k = made.paint(step), int(step)
    now = [swarm[r].points[:, min(k, swarm.steps[r])] for r in range(35)]
    after = [swarm[r].points[:, min(k + 1, swarm.steps[r])] for r in range(35)]
    points = np.array([a + (step - k) * (b - a) for a, b in zip(now, after, strict=True)]).T
    seen = 0
    places = to_pixels(axes, points)
    apart = np.abs(places[:, None] - places).max(axis=2) + 99 * np.eye(35)
    for r, place in enumerate(places):
        inside = axes.bbox.padded(-4).contains(*place)
        if inside and apart[r].min() > 8:
            assert pixel(made, picture, place) == colors[r]
            seen += 1
    assert seen >= (8 if step < 3 else 0)


def test_a_frame_depends_on_its_step_only_and_dots_stay_in_their_panel() -> None:
    made = painter_of(SWARM, "figure.legend=none")
    first, late = made.paint(1.5), made.paint(25)
    np.testing.assert_array_equal(made.paint(1.5), first)
    rows, columns = np.nonzero((first != late).any(axis=2))
    x0, y0, x1, y1 = made.axes[0].bbox.extents
    counter = rows < 320 - y1 - 1  # the number of the step, above the panel
    assert (columns[~counter] >= round(x0)).all() and (columns[~counter] < round(x1)).all()
    assert (rows[~counter] < 320 - round(y0)).all()


def test_a_dot_that_has_arrived_is_not_painted_again() -> None:
    made = painter_of(SWARM, "optimizer.lr=0.01", "steps=200",
                      "figure.legend=none")  # fmt: skip
    one, other = made.paint(198), made.paint(199)
    rows, _ = np.nonzero((one != other).any(axis=2))
    assert (rows < 320 - made.axes[0].bbox.y1).all()  # only the number of the step has changed


def test_starts_stay_as_small_marks_of_their_color() -> None:
    made = painter(SWARM)
    scene, axes, last = made.scene, made.axes[0], made.paint(30)
    left = next(group for group in scene.groups if group.minimum == scene.surface.minima[1])
    starts = to_pixels(axes, members(scene).starts[:, list(left.members)])
    ends = to_pixels(axes, np.array(scene.surface.minima).T)
    ink, halo = rgb_bytes(left.color).astype(int), []
    for place in starts:
        if np.abs(ends - place).max(axis=1).min() > 25:
            column, row = np.floor(place).astype(int)
            near = last[319 - row - 1 : 319 - row + 2, column - 1 : column + 2, :3].astype(int)
            halo.append(np.abs(near - ink).sum(axis=2).min())
    assert len(halo) > 3 and max(halo) < 0.45 * np.abs(255 - ink).sum()


def test_the_legend_counts_who_has_come_where_by_each_step() -> None:
    scene = scene_of(SWARM)
    swarm = scene.traces[0].swarm
    assert swarm
    rows = counts(scene)
    assert [row.name for row in rows[:4]] == [
        "(3, 2)", "(−2.81, 3.13)", "(−3.78, −3.28)", "(3.58, −1.85)",
    ]  # fmt: skip
    assert rows[-1].name.startswith("still moving")
    for step in (0, 5, 15, 30):
        shown = [int(row.text(step).split(" of 35")[0]) for row in rows]
        assert sum(shown) == 35
        minima = [
            np.count_nonzero((swarm.outcomes.minimum == i) & (swarm.outcomes.since <= step))
            for i in range(4)
        ]
        assert shown[:4] == minima
    assert rows[-1].text(0) == "35 of 35"


def test_thousands_are_written_as_people_write_them() -> None:
    scene = scene_of(SWARM, "start={random: 1200}", "steps=2")
    assert counts(scene)[-1].text(0) == "1,200 of 1,200" and "1,200 starts" in scene.caption


def test_several_optimizers_have_colors_of_their_own_and_count_their_arrivals() -> None:
    scene = scene_of(TWO)
    assert scene.dots_by == "optimizer"
    rows = counts(scene)
    assert [row.color for row in rows] == [trace.color for trace in scene.traces]
    for row, trace in zip(rows, scene.traces, strict=True):
        assert trace.swarm and trace.dots and trace.dots.colors == (trace.color,)
        arrived = np.count_nonzero(trace.swarm.outcomes.status == "arrived")
        assert row.text(30) == f"{arrived} of 24 arrived"
    assert int(rows[0].text(30).split()[0]) > 20


def test_a_grid_counts_each_optimizer_apart() -> None:
    scene = scene_of(TWO, "layout=grid")
    assert scene.dots_by == "minimum" and scene.legend == "box"
    for row in counts(scene)[:-1]:
        (group,) = [group for group in scene.groups if group.name == row.name]
        numbers = [sum(r // 24 == i for r in group.members) for i in (0, 1)]
        assert row.text(30) == f"{numbers[0]} / {numbers[1]}"
    framed = {tuple(np.ravel([axes.get_xlim(), axes.get_ylim()])) for axes in
              painter(TWO, "layout=grid").axes}  # fmt: skip
    assert framed == {(-5, 5, -5, 5)}  # the domain, whose cells have the starts


def test_a_matrix_of_swarms_is_a_grid_with_the_minima_of_each_surface() -> None:
    text = """
start: {grid: [5, 4]}
optimizer: {name: newton}
steps: 40
layout: grid
surface: booth
matrix: {surface: [booth, himmelblau]}
"""
    scene = scene_of(text)
    booth, himmelblau = (trace.swarm for trace in scene.traces)
    assert booth and himmelblau
    assert scene.groups[0].minimum == (1, 3) and scene.groups[0].members == tuple(range(20))
    others = {group.minimum: group.members for group in scene.groups[1:] if group.minimum}
    for i, minimum in enumerate(scene.traces[1].surface.minima):
        expected = 20 + np.flatnonzero(himmelblau.outcomes.minimum == i)
        assert others.get(minimum, ()) == tuple(expected.tolist())
    assert counts(scene)[0].text(40) == "20 / 0"
    assert [trace.dots.colors for trace in scene.traces if trace.dots] == 2 * [
        tuple(group.color for group in scene.groups)
    ]


def test_losses_have_shades_of_equal_numbers_of_dots() -> None:
    scene = scene_of(SWARM, "view.color=loss", "optimizer.lr=0.005")
    (trace,), edges = scene.traces, loss_edges(scene.traces)
    assert trace.dots and trace.swarm and trace.dots.index.shape == trace.swarm.losses.shape
    shares = np.bincount(trace.dots.index.ravel(), minlength=8) / trace.dots.index.size
    assert shares == pytest.approx(1 / 8, abs=0.02)
    losses = trace.swarm.losses
    assert (losses[trace.dots.index == 0] <= edges[1]).all()
    assert (losses[trace.dots.index == 7] >= edges[7]).all()
    assert all(row.color == "" for row in counts(scene))


def test_dots_of_a_curve_are_on_it() -> None:
    made = painter(WELLS)
    scene, axes, picture = made.scene, made.axes[0], made.paint(3)
    colors = {r: group.color for group in scene.groups for r in group.members}
    points = members(scene).points[0, 3]
    places = to_pixels(axes, np.stack([points, (points**2 - 1) ** 2]))
    apart = np.abs(places[:, None] - places).max(axis=2) + 99 * np.eye(9)
    shown = [pixel(made, picture, place) == colors[r] for r, place in enumerate(places)
             if apart[r].min() > 6]  # fmt: skip
    assert len(shown) >= 2 and all(shown)


def test_a_landscape_shows_the_dots_that_are_not_behind_it() -> None:
    made = painter(SWARM, "panels=[surface3d]", "optimizer.lr=0.005")
    (dots,) = (mark for mark in made._marks if isinstance(mark, SwarmDots))
    picture = made.paint(2)
    pixels, seen = dots._locate(members(made.scene).points[:, 2], 2)
    colors = {r: group.color for group in made.scene.groups for r in group.members}
    apart = np.abs(pixels[:, None] - pixels).max(axis=2) + 99 * np.eye(35)
    shown = [pixel(made, picture, place) == colors[r] for r, place in enumerate(pixels)
             if seen[r] and apart[r].min() > 8]  # fmt: skip
    assert len(shown) >= 5 and all(shown)


def test_the_panel_loss_has_the_median_and_the_quartiles() -> None:
    scene = scene_of(SWARM, "panels=[contour, loss]", "optimizer.lr=0.01")
    swarm = scene.traces[0].swarm
    assert swarm and swarm.members.values is not None
    losses = np.sort(swarm.members.values, axis=1)
    np.testing.assert_array_equal(swarm.median_losses, losses[:, 17])
    low, high = swarm.quartiles
    assert ((losses <= low[:, None]).sum(axis=1) == 9).all()
    assert ((losses <= high[:, None]).sum(axis=1) == 26).all()
    made = painter(SWARM, "panels=[contour, loss]", "optimizer.lr=0.01")
    (band,) = made.axes[1].patches
    corners = band.get_path().vertices
    step = made.axes[1].transData.inverted().transform(corners[:31])
    assert step[:, 0] == pytest.approx(np.arange(31.0))
    assert step[:, 1] == pytest.approx(low)


@pytest.mark.parametrize("size", ["[320, 240]", "[300, 520]"])
@pytest.mark.parametrize("text", [SWARM, TWO])
def test_the_legend_is_inside_of_the_picture(text: str, size: str) -> None:
    made = painter(text, f"figure.size={size}")
    width, height = made.scene.pixels
    figure = made.axes[0].figure
    boxes = [artist.get_window_extent() for artist in figure.artists]
    for box in boxes:
        assert box.x0 >= 0 and box.x1 <= width and box.y0 >= 0 and box.y1 <= height
    x1, y0 = made.axes[0].bbox.x1, made.axes[0].bbox.y0
    assert all(box.x0 >= x1 or box.y1 <= y0 or box.y0 >= made.axes[0].bbox.y1 for box in boxes)


def test_a_low_legend_has_its_numbers_beside_the_names() -> None:
    made = painter(SWARM, "figure.size=[420, 200]")
    legend = SwarmLegend(made.axes[0].figure, made._renderer, made.scene, 200, 90)
    assert legend.row * len(legend.counts) <= 90


def test_alt_texts_count_the_starts() -> None:
    run = optanim.loads(SWARM, set=["optimizer.lr=0.01"])
    paths = trajectories_of(run)
    swarm = compose_scene(run, paths).traces[0].swarm
    assert swarm
    numbers = [np.count_nonzero(swarm.outcomes.minimum == i) for i in range(4)]
    said, korean = alt_text(run, paths), alt_text(run, paths, "ko")
    assert said.startswith("Gradient descent on (x² + y − 11)² + (x + y² − 7)² from 35 starts: ")
    for number, place in zip(numbers, ["(3, 2)", "(−2.81, 3.13)", "(−3.78, −3.28)"], strict=False):
        assert f"{number} settle at {place}" in said or f"{number} at {place}" in said
        assert f"{number}개는 {place}에" in korean
    two = optanim.loads(TWO)
    said = alt_text(two, trajectories_of(two))
    assert "from 24 starts: 24 of gradient descent settle, " in said
    assert "시작점 24개 가운데 경사하강법 24개, " in alt_text(two, trajectories_of(two), "ko")


def test_a_table_has_medians_and_counts() -> None:
    run, paths = simulate_run(optanim.loads(SWARM))
    (row,) = results_of(run, paths)
    swarm = compose_scene(run, paths).traces[0].swarm
    assert swarm and row.evaluations is None and row.steps == 30
    arrived, diverged = (np.count_nonzero(swarm.outcomes.status == status)
                         for status in ("arrived", "diverged"))  # fmt: skip
    assert row.status.startswith(f"{arrived} of 35 arrived, ")
    assert f"{diverged} diverged" in row.status
    assert row.loss == np.quantile(swarm.losses[-1], 0.5, method="lower")


def test_starts_without_a_value_are_told(tmp_path: Path) -> None:
    run = optanim.loads(SWARM, set=["surface={expr: log(x) + y**2, domain: [[-2, 2], [-2, 2]]}",
                                    "start={grid: [4, 3]}", "steps=3"])  # fmt: skip
    result = render(run, output=tmp_path / "a.png", frame=3)
    assert "6 of 12 starts are left out" in " ".join(result.remarks)


def test_a_swarm_that_mostly_moves_at_the_end_is_told_of_more_steps() -> None:
    def remarks(*set: str) -> str:
        run = optanim.loads(SWARM, set=set)
        return " ".join(remarks_of(run, trajectories_of(run)))

    short = remarks("steps=3")
    assert "24 of 35 starts still move at step 3" in short and "steps: 6" in short
    assert "still move" not in remarks() and "still move" not in remarks(
        "steps=3", "stop={step: 9}"
    )


def test_a_swarm_of_1200_starts_is_a_gif_of_less_than_a_megabyte_and_a_half(tmp_path: Path) -> None:
    run = optanim.loads("{surface: himmelblau, start: {grid: [40, 30]}, steps: 100,"
                        " optimizer: {name: adam, lr: 0.1},"
                        " animation: {steps_per_second: 20, fps: 20}}")  # fmt: skip
    result = render(run, output=tmp_path / "swarm.gif")
    assert result.frames == 101 and result.size == (640, 480)
    assert (tmp_path / "swarm.gif").stat().st_size < 1_500_000


def test_themes_change_the_colors_and_not_the_dots() -> None:
    run = optanim.loads(SWARM, set=["figure.theme=dark"])
    dark, light = compose_scene(run, trajectories_of(run)), scene_of(SWARM)
    assert [group.members for group in dark.groups] == [group.members for group in light.groups]
    assert {*dark.colors}.isdisjoint({*light.colors}) and len(dark.colors) == len(light.colors)
    assert replace(run, seed=1).is_swarm
