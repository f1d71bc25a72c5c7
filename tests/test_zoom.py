"""A zoom on maps: each frame is the map of a smaller window around the same point."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import optanim
from optanim.drawing.live_numbers import LiveNumber
from optanim.errors import ConfigError
from optanim.experiment.simulate import simulate
from optanim.experiment.trials import trajectories_of
from optanim.pipeline import render
from optanim.pipeline.estimate import estimate
from optanim.pipeline.film_size import film_problems
from optanim.scene.compose import compose_scene, simulated_maps
from optanim.scene.map_cells import map_grids, zoom_factors
from optanim.scene.map_picture import ZoomedPicture
from tests.painters import painter

ZOOM = (
    "surface: himmelblau\nstart: [0, 0]\noptimizer: {name: gd, lr: 0.01}\nsteps: 40\n"
    "panels: [{name: basins, cells: 24}]\nfigure: {size: [480, 360]}\n"
    "view: {x: [-6, 6], y: [-5, 5], zoom: {to: [0.2, -1.2], by: 1e4}}\n"
    "animation: {duration: 2s, fps: 2}\n"
)
RATES = (
    "surface: quadratic\nstart: [4, 3]\noptimizer: momentum\nsteps: 40\n"
    "map: {x: optimizer.lr, y: optimizer.momentum, of: status}\n"
    "panels: [{name: map, cells: 24}]\nfigure: {size: [480, 360]}\n"
    "view: {zoom: {to: [0.9, 0.8], by: 100}}\nanimation: {duration: 2s, fps: 2}\n"
)


def test_windows_shrink_at_equal_ratios_around_the_point() -> None:
    for text, to in ((ZOOM, (0.2, -1.2)), (RATES, (0.9, 0.8))):
        run = optanim.loads(text)
        grids = [*map_grids(run, [path.points for path in trajectories_of(run)]).values()]
        factors = np.array(zoom_factors(run))
        assert len(grids) == len(factors) == 5
        assert factors[1:] / factors[:-1] == pytest.approx(factors[1]) and factors[0] == 1
        for axis, point in (("x", to[0]), ("y", to[1])):
            sides = [getattr(grid, axis) for grid in grids]
            ends = np.array([[side.low, side.high] for side in sides])
            if sides[0].log:
                ends, point = np.log(ends), np.log(point)
            widths = ends[:, 1] - ends[:, 0]
            assert widths[0] / widths == pytest.approx(factors)
            # The point keeps its place in the picture.
            assert (point - ends[:, 0]) / widths == pytest.approx((point - ends[0, 0]) / widths[0])


def test_a_frame_is_the_map_of_its_window_after_all_steps() -> None:
    made = painter(ZOOM)
    scene = made.scene
    (picture,) = scene.maps.values()
    assert isinstance(picture, ZoomedPicture) and scene.steps == 4
    assert [moment.step for moment in scene.moments] == [0, 1, 2, 3, 4]
    run = optanim.loads(ZOOM)
    maps = simulated_maps(run, trajectories_of(run))
    for (*_, number), outcomes in maps.items():
        grid = outcomes.grid
        row, column = grid.y.count // 2, 1
        start = grid.x.values[column], grid.y.values[row]
        path = simulate(run.surface, grid.trial.optimizer, start, steps=40)
        away = np.hypot(*(np.array(run.surface.minima) - path.points[:, -1]).T)
        if outcomes.minimum[row, column] >= 0:
            assert outcomes.minimum[row, column] == away.argmin()
            color = picture.palette[picture.at(number)[row, column]]
            assert color != picture.palette[picture.waiting]
    frames = [made.paint(step) for step in range(5)]
    assert (frames[0] != frames[4]).any() and (made.paint(0) == frames[0]).all()
    assert not made.axes[0].get_xticks().size


def test_a_still_simulates_its_window_alone() -> None:
    run = optanim.loads(ZOOM)
    trajectories = trajectories_of(run)
    maps = simulated_maps(run, trajectories, -1)
    assert [name[3] for name in maps] == [4]
    scene = compose_scene(run, trajectories, maps)
    (picture,) = scene.maps.values()
    assert picture.at(4).shape == picture.final.shape
    whole = compose_scene(run, trajectories, simulated_maps(run, trajectories, 0))
    # The names of the minima are those of the first window, in which they are.
    names = [[line.label for line in next(iter(one.maps.values())).key if "(" in line.label]
             for one in (scene, whole)]  # fmt: skip
    assert names[0] == names[1] and "(3, 2)" in names[0]


def test_the_number_of_a_still_is_that_of_a_window(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = optanim.loads(ZOOM)
    monkeypatch.setattr(render, "simulated_maps", None)  # refused before anything is simulated
    for frame in (5, 40, -6):
        with pytest.raises(ConfigError) as caught:
            optanim.render(run, output=tmp_path / "x.png", frame=frame)
        assert f"no frame {frame}; the frames of the zoom are 0 to 4" in str(caught.value)
    assert not [*tmp_path.iterdir()]
    assert not any(film_problems(run, frame) for frame in (None, 0, 4, -1, -5))


def test_a_still_is_estimated_as_one_map() -> None:
    run = optanim.loads(ZOOM)
    (film,), (still,) = (
        [part for part in estimate(run, frame=frame).parts if part.work.startswith("a map of")]
        for frame in (None, -1)
    )
    cells = [int(part.work.split()[3]) for part in (film, still)]
    assert cells[0] == 5 * cells[1]


def test_the_last_window_of_the_example_is_still_rough() -> None:
    page = Path(__file__).parent.parent.joinpath("docs", "maps.md").read_text("utf-8")
    (example,) = (block for block in page.split("```") if "zoom: {to: [-5" in block)
    run = optanim.loads(example.removeprefix("yaml"), set=["panels=[{name: basins, cells: 6}]"])
    (outcomes,) = simulated_maps(run, trajectories_of(run), -1).values()
    reached = outcomes.minimum
    edges = (reached[1:] != reached[:-1]).mean() + (reached[:, 1:] != reached[:, :-1]).mean()
    assert edges > 0.2 and np.unique(reached).size == 3


def test_the_number_of_the_zoom_ends_at_the_margin() -> None:
    made = painter(ZOOM)
    counter = next(mark for mark in made._marks if isinstance(mark, LiveNumber))
    texts = [counter.text(k) for k in range(5)]
    assert texts == ["× 1", "× 10", "× 100", "× 1,000", "× 10,000"]
    first, last = made.paint(0), made.paint(4)
    top, background = first[:30, 240:, :3], first[2, 2, :3]
    inked = [np.flatnonzero((frame != background).any(axis=(0, 2)))
             for frame in (top, last[:30, 240:, :3])]  # fmt: skip
    assert abs(int(inked[0][-1]) - int(inked[1][-1])) <= 2  # a 1 is narrower than a 0
    assert inked[0][0] > inked[1][0] + 20


@pytest.mark.parametrize(
    ("text", "set", "message"),
    [
        (ZOOM, "panels=[contour, basins]", "view.zoom is a film of maps, and contour is none"),
        (ZOOM, "view.zoom.to=[9, 0]", "view.zoom.to: 9 is not on the axis x"),
        (ZOOM, "view={zoom: {to: [5.5, 0]}}", "view.zoom.to: 5.5 is not on the axis x"),
        (ZOOM, "view={x: [-9, 9], zoom: {to: [5.5, 6]}}", "view.zoom.to: 6 is not on the axis y"),
        (RATES, "view.zoom.to=[0.9, 2]", "view.zoom.to: 2 is not on the axis y"),
        (ZOOM, "view.zoom.by=1", "view.zoom.by must be greater than 1"),
        (ZOOM, "view.zoom={by: 10}", "view.zoom.to"),
        (ZOOM, "view.zoom={too: [1, 1]}", "to"),
        (ZOOM, "view.zoom.to=[1]", "view.zoom.to"),
    ],
)
def test_wrong_zooms(text: str, set: str, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        optanim.loads(text, set=[set])
    assert message in str(caught.value), str(caught.value)
