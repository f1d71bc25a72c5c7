"""Outcome maps: each cell says what became of the trial that is simulated alone."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from matplotlib.colors import to_rgba

import optanim
from optanim.drawing.cell_map import Cells
from optanim.drawing.level_bar import level_bars
from optanim.errors import ConfigError
from optanim.experiment.outcome_map import MapGrid, OutcomeMap, joined_map, simulate_map
from optanim.experiment.remarks import remarks_of
from optanim.experiment.simulate import simulate
from optanim.experiment.trials import trajectories_of
from optanim.pipeline import batch
from optanim.pipeline import estimate as estimate_module
from optanim.pipeline.estimate import estimate, map_seconds
from optanim.pipeline.jobs import do_packed
from optanim.pipeline.map_tiles import tiled_maps
from optanim.pipeline.workers import worker_pool
from optanim.scene.compose import compose_scene, simulated_maps
from optanim.scene.map_cells import map_grids, with_larger_cells
from optanim.scene.map_picture import MapPicture, percent
from optanim.scene.outcome_groups import own_colors
from optanim.scene.scene import Scene
from tests.painters import painter, painter_of

BASINS = (
    "surface: himmelblau\nstart: [0, 0]\noptimizer: {name: gd, lr: 0.01}\nsteps: 60\n"
    "panels: [{name: basins, cells: 24}]\nfigure: {size: [480, 360]}\n"
)


def scene_of(text: str, *set: str) -> Scene:
    run = optanim.loads(text, set=set)
    return compose_scene(run, trajectories_of(run))


def picture_of(text: str, *set: str) -> MapPicture:
    (picture,) = scene_of(text, *set).maps.values()
    return picture


def grid_of(text: str, *set: str) -> MapGrid:
    run = optanim.loads(text, set=set)
    (grid,) = map_grids(run, [path.points for path in trajectories_of(run)]).values()
    return grid


def test_a_cell_has_the_color_of_the_minimum_that_its_start_reaches() -> None:
    scene = scene_of(BASINS)
    (picture,) = scene.maps.values()
    grid, minima = picture.outcomes.grid, np.array(scene.surface.minima)
    colors = own_colors(scene.surface, scene.theme)
    last = picture.at(60)
    checked = 0
    for row in range(0, grid.y.count, 3):
        for column in range(0, grid.x.count, 2):
            start = grid.x.values[column], grid.y.values[row]
            path = simulate(scene.surface, grid.trial.optimizer, start, steps=60)
            away = np.hypot(*(minima - path.points[:, -1]).T)
            color = picture.palette[last[row, column]]
            if away.min() > 0.1:
                continue
            # A paler shade is a mixture with the white background.
            own = np.array(to_rgba(colors[tuple(minima[away.argmin()].tolist())])[:3])
            share = (1 - np.array(to_rgba(color)[:3])) / (1 - own)
            assert np.ptp(share) < 0.03 and share.max() <= 1 + 1e-9
            checked += 1
    assert checked > 20


def test_starts_that_arrive_sooner_have_a_stronger_color_and_an_earlier_frame() -> None:
    picture = picture_of(BASINS)
    arrived, since = picture.outcomes.is_status("arrived"), picture.outcomes.since
    first = (picture.outcomes.minimum == 0) & arrived
    order = np.argsort(since[first], kind="stable")
    assert (np.diff(picture.final[first][order].astype(int)) >= 0).all()
    for step in (0, int(np.median(since[arrived])), 60):
        shown = picture.at(step)
        assert ((shown != picture.waiting) == (picture.known_from <= step)).all()
    assert (picture.known_from[arrived] == since[arrived]).all()
    assert (picture.at(0) == picture.waiting).mean() > 0.9


def test_the_key_has_the_share_of_each_minimum_and_of_what_fails() -> None:
    picture = picture_of(BASINS, "view={x: [-9, 9], y: [-9, 9]}")
    shares = [float(line.label.rpartition(": ")[2].removesuffix(" %")) for line in picture.key]
    assert sum(shares) == pytest.approx(100, abs=len(shares) / 2)
    labels = [line.label.partition(":")[0] for line in picture.key]
    assert labels[0] == "(3, 2)" and "diverged" in labels
    assert shares[0] == pytest.approx(100 * (picture.outcomes.minimum == 0).mean(), abs=0.5)
    assert [percent(x) for x in (0.27, 0.004, 0.0001, 0, 1)] == [
        "27 %", "0.4 %", "<0.1 %", "0 %", "100 %",
    ]  # fmt: skip


def test_tiles_are_the_same_map() -> None:
    grid = grid_of(BASINS, "noise=0.5")
    whole, tiles = simulate_map(grid), [simulate_map(tile).arrays for tile in grid.tiles(4)]
    joined = joined_map(grid, tiles)
    assert len(tiles) == 3 and joined.grid == whole.grid
    for name in ("status", "since", "minimum", "values"):
        assert np.array_equal(getattr(whole, name), getattr(joined, name), equal_nan=True), name


def test_cells_are_drawn_where_their_numbers_are() -> None:
    made = painter(BASINS)
    (axes,), (cells,) = made.axes, [mark for mark in made._marks if isinstance(mark, Cells)]
    picture, pixels = cells.picture, made.paint(60)
    grid, shown = picture.outcomes.grid, picture.at(60)
    for row, column in ((0, 0), (2, 5), (grid.y.count - 1, grid.x.count - 1)):
        point = grid.x.values[column], grid.y.values[row]
        x, y = axes.transData.transform(point)
        color = pixels[len(pixels) - 1 - int(y), int(x), :3]
        expected = to_rgba(picture.palette[shown[row, column]])[:3]
        assert np.abs(color / 255 - expected).max() < 0.005, (row, column)
    assert axes.bbox.width == 24 * grid.x.count and axes.bbox.height == 24 * grid.y.count


def test_a_window_of_the_config_stands() -> None:
    grid = grid_of(BASINS, "view.x=[0, 4]", "view.y=[-3, 3]")
    assert (grid.x.low, grid.x.high, grid.y.low, grid.y.high) == (0, 4, -3, 3)
    half = grid_of(BASINS, "view.x=[0, 4]")
    assert (half.x.low, half.x.high, half.y.low, half.y.high) == (0, 4, -5, 5)


def test_the_window_does_not_depend_on_the_shape_of_the_picture() -> None:
    set = "panels=[{name: basins, cells: 4}]"
    for size, shape in (("[480, 360]", None), ("[800, 300]", 1.6), ("[300, 600]", 1 / 1.6)):
        grid = grid_of(BASINS, set, f"figure.size={size}")
        assert (grid.x.low, grid.x.high, grid.y.low, grid.y.high) == (-5, 5, -5, 5)
        if shape:  # the axes end where a unit would be longer than that
            assert grid.x.count / grid.y.count == pytest.approx(shape, rel=0.05)
    equal = grid_of(BASINS, set, "view.aspect=equal", "figure.size=[800, 300]")
    assert equal.x.count / equal.y.count == pytest.approx(1, rel=0.05)
    assert (equal.x.low, equal.x.high) == (-5, 5)


def test_a_grid_has_a_map_for_each_optimizer_and_one_key_without_shares() -> None:
    made = painter_of(
        BASINS, "optimizer=null", "optimizers=[{name: gd, lr: 0.01}, {name: adam, lr: 0.2}]",
        "layout=grid", "panels=[{name: basins, cells: 16}]",
    )  # fmt: skip
    assert len(made.scene.maps) == 2 and len(level_bars(made.axes)) == 1
    assert [line.label for line in next(iter(made.scene.maps.values())).key][:2] == [
        "(3, 2)", "(−2.81, 3.13)",
    ]  # fmt: skip
    assert len({axes.get_xlim() for axes in made.axes}) == 1


def test_basins_of_a_formula_without_minima_have_a_remark() -> None:
    formula = "surface: {expr: (x**2 - 1)**2 + y**2, domain: [[-2, 2], [-2, 2]]}"
    text = BASINS.replace("surface: himmelblau", formula)
    for more, count in (([], 1), (["surface.minima=[[1, 0], [-1, 0]]"], 0), (["panels=[loss]"], 0),
                        (["layout=grid"], 1), (["surface=saddle"], 0)):  # fmt: skip
        run = optanim.loads(text, set=more)
        found = [r for r in remarks_of(run, trajectories_of(run)) if r.startswith("basins")]
        assert len(found) == count, more
        assert all("surface: {minima: [[x, y], …]}" in remark for remark in found)


def test_only_dots_that_are_drawn_have_a_legend() -> None:
    swarm = scene_of(BASINS, "start={random: 20}")
    assert swarm.legend == "none" and not any("20 starts" in line for line in swarm.caption)
    beside = scene_of(BASINS, "start={random: 20}", "panels=[contour, {name: basins, cells: 24}]")
    assert beside.legend == "box" and any("20 starts" in line for line in beside.caption)


@pytest.mark.parametrize(
    ("set", "message"),
    [
        (["surface=parabola", "start=[1]"], "basins shows a surface of two parameters"),
        (["optimizer=null", "optimizers=[gd, adam]"], "basins shows one optimizer, the run has 2"),
        (["panels=[{name: basins, of: 2}]"], "of: there is no optimizer 2"),
        (["panels=[{name: basins, cells: 0}]"], "panels[0].cells must be at least 1, got 0"),
        (["panels=[{name: basins, cels: 3}]"], "cells"),
    ],
)
def test_wrong_basins(set: list[str], message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        optanim.loads(BASINS, set=set)
    assert message in str(caught.value), str(caught.value)


def test_without_a_key_the_map_is_larger() -> None:
    with_key, without = grid_of(BASINS), grid_of(BASINS, "figure.legend=none")
    assert without.x.count > with_key.x.count
    assert not level_bars(painter_of(BASINS, "figure.legend=none").axes)


def test_the_cost_of_a_map_is_said_before() -> None:
    run = optanim.loads(BASINS)
    (part,) = [part for part in estimate(run).parts if part.work.startswith("a map of")]
    cells = grid_of(BASINS).x.count * grid_of(BASINS).y.count
    assert part.work == f"a map of {cells} cells × 60 steps" and part.seconds > 0
    assert "cells" in part.key
    more = optanim.loads(BASINS, set=["steps=6000"])
    (longer,) = [part for part in estimate(more).parts if part.work.startswith("a map of")]
    assert longer.seconds > 10 * part.seconds
    contour = optanim.loads(BASINS, set=["panels=[contour]"])
    assert not any(part.work.startswith("a map of") for part in estimate(contour).parts)


def test_other_work_makes_no_estimate_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    run, simulated = optanim.loads(BASINS), estimate_module.simulate_map

    def interrupted(grid: MapGrid) -> OutcomeMap:
        time.sleep(0.03)
        return simulated(grid)

    monkeypatch.setattr(estimate_module, "simulate_map", interrupted)
    # By the clock, a row of five steps would take long enough: 0.03 s × 10 rows × 12 parts.
    assert map_seconds(run) < 1


def test_workers_simulate_tiles_and_the_map_is_the_same() -> None:
    run, calls = optanim.loads(BASINS, set=["panels=[{name: basins, cells: 4}]"]), []
    with worker_pool(2, do_packed) as execute:
        packed = lambda jobs, say: execute([job.pack() for job in jobs], say)  # noqa: E731
        maps = tiled_maps([run], None, packed, lambda *call: calls.append(call[1:]))
    (tiled,) = maps[0].values()
    (whole,) = simulated_maps(run, trajectories_of(run)).values()
    for one, other in zip(tiled.arrays, whole.arrays, strict=True):
        assert np.array_equal(one, other, equal_nan=True)
    assert calls[-1][0] == calls[-1][1] >= 1
    auto = optanim.loads(BASINS, set=["optimizer.lr=auto"])
    assert tiled_maps([auto], None, packed, lambda *call: None) == {}


def test_the_time_of_shared_maps_counts_as_that_of_the_figure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = iter([100.0, 160.0])
    monkeypatch.setattr(batch, "time", SimpleNamespace(perf_counter=lambda: next(clock)))
    runs = [
        replace(optanim.loads(BASINS, set=[set]), outputs=(tmp_path / name,), output_named=True)
        for set, name in (("steps=5", "a.png"), ("steps=6", "b.png"), ("panels=[contour]", "c.png"))
    ]
    here = lambda jobs, say: batch._execute_here(jobs, say)  # noqa: E731
    made = batch.render_all(runs, batch.BatchResult(), here, frame=-1).made
    # Both maps have as many cells; they took a minute together.
    assert all(30 < result.took < 60 for result in made[:2]) and made[2].took < 30


def test_progress_counts_the_cells() -> None:
    run, calls = optanim.loads(BASINS), list[tuple[int, int]]()
    simulated_maps(run, trajectories_of(run), None, lambda *call: calls.append(call))
    cells = grid_of(BASINS).x.count * grid_of(BASINS).y.count
    assert calls[-1] == (cells, cells)


def test_a_draft_has_a_quarter_of_the_cells() -> None:
    run = optanim.loads(BASINS, set=["panels=[loss, {name: basins, cells: 4}]"])
    draft = with_larger_cells(run)
    assert [panel.options.get("cells") for panel in draft.panels] == [None, 8]
    shapes = [
        next(iter(map_grids(one, [path.points for path in trajectories_of(one)]).values())).shape
        for one in (run, draft)
    ]
    assert shapes[1][0] == shapes[0][0] // 2 and shapes[1][1] == shapes[0][1] // 2
    assert map_seconds(run) > 0 and map_seconds(optanim.loads(BASINS, set=["panels=[loss]"])) == 0
