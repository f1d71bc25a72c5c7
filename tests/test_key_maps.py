"""Maps of two keys: their cells are single trials, and agree with the theory of quadratics."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import optanim
from optanim.config.dump import as_yaml
from optanim.drawing.level_bar import level_bars
from optanim.drawing.marks import Stroke
from optanim.errors import ConfigError
from optanim.experiment.outcome import measure_outcome
from optanim.experiment.outcome_map import STATUSES, OutcomeMap
from optanim.experiment.simulate import simulate_trial
from optanim.experiment.stability import constant_hessian
from optanim.experiment.trials import simulate_run, trajectories_of
from optanim.pipeline.estimate import estimate
from optanim.scene.alt_text import alt_text
from optanim.scene.compose import compose_scene, simulated_maps
from optanim.scene.map_measures import SHADE_COUNT, MeasuredPicture
from optanim.scene.map_picture import MapPicture
from optanim.scene.scene import Scene
from optanim.surfaces.quadratic import quadratic
from tests.painters import painter, painter_of

# The curvatures are 1 and 10.
BOWL = (
    "surface: {name: quadratic, a: 0.5, b: 5}\nstart: [4, 3]\noptimizer: momentum\nsteps: 80\n"
    "map: {x: {key: optimizer.lr, range: [0, 0.45]}, y: optimizer.momentum, of: status}\n"
    "panels: [{name: map, cells: 8}]\nfigure: {size: [480, 360]}\n"
)


def map_of(text: str, *set: str) -> OutcomeMap:
    run = optanim.loads(text, set=set)
    (outcomes,) = simulated_maps(run, trajectories_of(run)).values()
    return outcomes


def scene_of(text: str, *set: str) -> Scene:
    run = optanim.loads(text, set=set)
    return compose_scene(run, trajectories_of(run))


def picture_of(text: str, *set: str) -> MapPicture:
    (picture,) = scene_of(text, *set).maps.values()
    return picture


CELLS = [
    ("optimizer.lr", "optimizer.momentum", []),
    ("optimizer.lr", "start[1]", []),
    ("surface.b", "optimizer.lr", []),
    ("noise", "start.x", ["steps=20"]),
    ("{key: seed, range: [0, 20]}", "optimizer.lr", ["noise=0.5", "steps=20"]),
    ("{key: surface.rotation, range: [0, 90]}", "noise", ["steps=10"]),
]


@pytest.mark.parametrize(("x", "y", "set"), CELLS, ids=lambda value: str(value))
def test_a_cell_is_the_trial_with_its_two_values(x: str, y: str, set: list[str]) -> None:
    set = [f"map={{x: '{x}', y: '{y}', of: loss}}".replace("'{", "{").replace("}'", "}"), *set]
    outcomes = map_of(BOWL, *set, "panels=[{name: map, cells: 24}]")
    grid = outcomes.grid
    for row, column in ((0, 0), (3, 5), (grid.y.count - 1, grid.x.count - 1)):
        values = {"x": grid.x.values[column], "y": grid.y.values[row]}
        assigned = [
            f"{path}={int(value) if path == 'seed' else repr(float(value))}"
            for path, value in ((x.split(",")[0].removeprefix("{key: "), values["x"]),
                                (y, values["y"]))
            if not path.startswith("start")
        ]  # fmt: skip
        start = [4.0, 3.0]
        for axis in ("x", "y"):
            key = getattr(grid, axis).key
            if key.kind == "start":
                start[key.index] = float(values[axis])
        run = optanim.loads(BOWL, set=[*set, *assigned, f"start={start}"])
        path = simulate_trial(run.trials[0])
        outcome = measure_outcome(path, run.trials[0].surface)
        status = STATUSES[outcomes.status[row, column]]
        assert status == outcome.status.replace("cycling", "moving"), (row, column)
        if path.status == "finished" and status != "diverged":
            assert outcomes.values[-1, row, column] == pytest.approx(path.values[-1], rel=1e-12)
        for i, step in enumerate(grid.shown):
            if step < path.steps and outcome.status != "diverged":
                assert outcomes.values[i, row, column] == pytest.approx(path.values[step])


@pytest.mark.parametrize("optimizer", ["gd", "momentum", "nesterov"])
def test_the_measured_edge_of_what_is_stable_is_that_of_theory(optimizer: str) -> None:
    set = [f"optimizer={optimizer}", "steps=400", "view.minimum=false"]
    if optimizer == "gd":
        set.append("map.y=start[0]")
    picture = picture_of(BOWL, *set)
    outcomes, grid = picture.outcomes, picture.outcomes.grid
    (line,) = picture.lines
    step = (grid.x.high - grid.x.low) / grid.x.count
    for row, other in enumerate(grid.y.values):
        if optimizer != "gd" and other > 0.93:
            continue  # 400 steps are not enough for so long a memory
        measured = grid.x.values[outcomes.is_status("diverged")[row]].min() - step / 2
        edge = np.interp(other, line[1], line[0])
        assert abs(measured - edge) <= step, (row, measured, edge)


def test_theory_by_the_roots_of_its_recurrence() -> None:
    """The line against the spectral radius of the matrix of two steps, computed by numpy."""
    for optimizer in ("gd", "momentum", "nesterov"):
        y = "start[0]" if optimizer == "gd" else "optimizer.momentum"
        (line,) = picture_of(BOWL, f"optimizer={optimizer}", f"map.y={y}").lines
        for eta, other in line.T[5:-5:20]:
            mu = 0.0 if optimizer == "gd" else other
            for factor, stable in ((0.999, True), (1.001, False)):
                h = factor * eta * 10.0  # the largest curvature
                matrix = {
                    "gd": [[1 - h, 0], [0, 0]],
                    "momentum": [[1 + mu - h, -mu], [1, 0]],
                    "nesterov": [[(1 + mu) * (1 - h), -mu * (1 - h)], [1, 0]],
                }[optimizer]
                assert (np.abs(np.linalg.eigvals(matrix)).max() < 1) == stable, (optimizer, mu)


def test_the_best_momentum_of_a_quadratic_is_that_of_the_textbook() -> None:
    """Goh 2017: rate (√κ − 1)/(√κ + 1) at η = (2/(√λ₁ + √λₙ))², μ = ((√κ − 1)/(√κ + 1))²."""
    file = Path(__file__).parents[1] / "configs" / "gallery" / "best_momentum.yaml"
    outcomes = map_of(file.read_text("utf-8"), "steps=200", "panels=[{name: map, cells: 4}]",
                      "animation.duration=1s", "animation.fps=1")  # fmt: skip
    grid, rates = outcomes.grid, outcomes.values[-1]
    root = np.sqrt(10.0)
    best = (root - 1) / (root + 1)
    assert np.nanmin(rates) == pytest.approx(best, abs=0.02)
    # A double root is a factor of t ρᵗ, of which a few dozen steps say ρ to about 0.03: the best
    # cells lie along the curve of double roots, and the one of theory is among them.
    rows, columns = np.nonzero(rates <= np.nanmin(rates) + 0.03)
    down = (grid.y.values[rows] - best**2) * grid.y.count
    right = (grid.x.values[columns] - (2 / (1 + root)) ** 2) * grid.x.count / 0.45
    assert np.hypot(down, right).min() <= 1.5
    # Without momentum the best rate is (κ − 1)/(κ + 1) at 2/(λ₁ + λₙ).
    plain = rates[0]
    assert np.nanmin(plain) == pytest.approx(9 / 11, abs=0.02)
    assert grid.x.values[np.nanargmin(plain)] == pytest.approx(2 / 11, abs=0.01)
    # Where both roots are complex, the factor is √μ, whatever the rate.
    inside = rates[:, np.abs(grid.x.values - 0.15).argmin()]
    rows = (grid.y.values > 0.45) & (grid.y.values < 0.9)
    assert inside[rows] == pytest.approx(np.sqrt(grid.y.values[rows]), abs=0.01)


def test_only_a_quadratic_has_a_line() -> None:
    assert picture_of(BOWL).lines and constant_hessian(quadratic()) is not None
    for set in (["surface=rosenbrock"], ["optimizer={name: momentum, dampening: 0.1}"],
                ["optimizer=adam", "map.y=optimizer.beta1"], ["map.y=surface.b"], ["noise=1"],
                ["map.x=optimizer.weight_decay"]):  # fmt: skip
        assert not picture_of(BOWL, *set, "panels=[{name: map, cells: 40}]").lines, set


def test_the_line_is_drawn_and_named() -> None:
    made = painter(BOWL)
    (line,) = [mark for mark in made._marks if isinstance(mark, Stroke)]
    assert line.dash and (line.points(0) == line.points(80)).all()
    picture = next(iter(made.scene.maps.values()))
    assert picture.key[-1].dashed and picture.key[-1].label == r"$\eta = 2(1 + \mu)/\lambda$"


@pytest.mark.parametrize("of", ["steps", "loss", "status", "rate"])
def test_a_film_shows_the_map_as_of_each_step(of: str) -> None:
    made = painter_of(BOWL, f"map.of={of}", "panels=[{name: map, cells: 16}]")
    (picture,) = made.scene.maps.values()
    outcomes = picture.outcomes
    frames = [made.paint(step) for step in (0, 20, 80)]
    assert (frames[0] != frames[1]).any() and (frames[1] != frames[2]).any()
    assert (made.paint(20) == frames[1]).all()
    if of in ("steps", "status"):
        known = (outcomes.since >= 0) & (outcomes.since <= 20)
        late = outcomes.is_status("moving") | outcomes.is_status("left")
        assert ((picture.at(20) != picture.waiting) == (known & ~late)).all()
    else:
        assert isinstance(picture, MeasuredPicture) and outcomes.grid.shown[-1] == 80
        assert (made.scene.moments[-1].step, made.scene.moments[0].step) == (80, 0)
        assert {int(moment.step) for moment in made.scene.moments} == {*outcomes.grid.shown}


def test_the_lowest_loss_has_the_strongest_color() -> None:
    picture = picture_of(BOWL, "map.of=loss")
    values, shown = picture.outcomes.values[-1], picture.at(80).astype(int)
    finite = np.isfinite(values) & (shown <= SHADE_COUNT) & (shown > 0)
    order = np.argsort(values[finite])
    assert (np.diff(shown[finite][order]) >= 0).all() and finite.mean() > 0.5
    assert (
        picture.bar
        and picture.bar.scale.log
        and picture.bar.colors == picture.palette[1 : SHADE_COUNT + 1]
    )


def test_a_map_is_the_default_panel_and_is_written_back() -> None:
    text = BOWL.replace("panels: [{name: map, cells: 8}]\n", "")
    run = optanim.loads(text)
    assert [panel.entry.name for panel in run.panels] == ["map"]
    again = optanim.loads(as_yaml(run))
    assert again.map == run.map and [panel.entry.name for panel in again.panels] == ["map"]
    captions = [
        compose_scene(run, trajectories_of(run), maps={}).caption
        for run in (run, optanim.loads(text, set=["panels=[loss, map]"]))
    ]
    assert ["eta" in "".join(caption) for caption in captions] == [False, True]
    assert optanim.loads(text.replace("map: {", "title: A\nmap: {")).map == run.map


def test_ranges_follow_from_the_rules_of_keys() -> None:
    ranges = {
        "optimizer.lr": (0.001, 10, True), "optimizer.momentum": (0, 1, False),
        "optimizer.dampening": (0, 1, False), "optimizer.weight_decay": (0, 1, False),
        "start.y": (-4, 4, False), "surface.b": (0.05, 500, True), "noise": (0, 1, False),
        "seed": (0, 1000, False),
    }  # fmt: skip
    for key, (low, high, log) in ranges.items():
        run = optanim.loads(BOWL, set=[f"map.x={key}", "map.y=start[0]"])
        assert run.map is not None
        found = run.map.x
        assert (found.low, found.high, found.log) == (pytest.approx(low), pytest.approx(high), log)


def test_optimizers_side_by_side_have_the_same_axes_and_one_key() -> None:
    made = painter_of(BOWL, "optimizer=null", "optimizers=[momentum, nesterov]", "layout=grid",
                      "panels=[{name: map, cells: 12}]")  # fmt: skip
    assert len(made.scene.maps) == 2 and len(level_bars(made.axes)) == 1
    assert len({axes.get_xlim() + axes.get_ylim() for axes in made.axes}) == 1
    first, second = made.scene.maps.values()
    assert (first.final != second.final).any()


WRONG = [
    ("map={x: optimizer.lr}", "'map.y' is missing"),
    ("map={x: optimizer.lr, y: optimizer.lr}", "map.x and map.y vary the same key"),
    ("map.x=optimizer.lt", "momentum has no option 'lt'"),
    ("map.x=optimizer", "optimizer cannot be varied in a map"),
    ("map.x=steps", "steps cannot be varied in a map"),
    ("map.y=momentum", "write optimizer.momentum"),
    ("map.y={key: b}", "write surface.b"),
    ("map.y=x", "write start.x"),
    ("map.x=3", "map.x must be the path of a key, got 3"),
    ("map.x=optimizer..lr", "map.x must be the path of a key"),
    ("map.x=optimizers.1.lr", "optimizers[1].lr is of one optimizer"),
    ("map.x={key: optimizer.lr, from: 0.1, to: 3}", "write range: [0.1, 3]"),
    ("map.x={key: optimizer.lr, range: [1, 0.1]}", "map.x.range must go up"),
    ("map.x={key: optimizer.lr, range: [0, 1], scale: log}", "a logarithmic axis has positive"),
    ("map.y={key: optimizer.momentum, range: [0, 2]}", "got the range 0 to 2"),
    ("map.x=surface.rotation", "surface.rotation needs a range"),
    ("map.x=surface.center", "surface.center is no number that a map can vary"),
    ("map.x=start[2]", "start[2] is no coordinate of the start"),
    ("map.of=los", "did you mean 'loss'?"),
    ("panels=[contour]", "no panel shows the map"),
    ("optimizer=lbfgs", "lbfgs has no option 'momentum'"),
    ("optimizer.lr=auto", "optimizer.lr is auto, and the map varies it"),
]


@pytest.mark.parametrize(("set", "message"), WRONG)
def test_wrong_maps(set: str, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        optanim.loads(BOWL, set=[set])
    assert message in str(caught.value), str(caught.value)


def test_a_panel_without_keys_and_a_rate_without_a_minimum() -> None:
    with pytest.raises(ConfigError, match="the panel map needs the keys of a map"):
        optanim.loads("surface: quadratic\nstart: [1, 1]\noptimizer: gd\npanels: [map]\n")
    with pytest.raises(ConfigError, match="the rate is that of the distance to a minimum"):
        optanim.loads(BOWL, set=["surface=monkey_saddle", "map.of=rate"])
    with pytest.raises(ConfigError, match="map shows one optimizer, the run has 2"):
        optanim.loads(BOWL, set=["optimizer=null", "optimizers=[momentum, nesterov]"])


def test_the_alt_text_says_what_a_map_shows() -> None:
    def said(text: str, *set: str, language: str = "en") -> str:
        run = optanim.loads(text, set=set)
        return alt_text(run, trajectories_of(run), language)

    assert said(BOWL) == (
        "Map of Momentum on 0.5x² + 5y²: outcome for η 0…0.45 and μ 0…1, after 80 steps"
    )
    basins = "surface: himmelblau\nstart: [0, 0]\noptimizer: adam\nsteps: 9\npanels: [basins]\n"
    assert said(basins) == (
        "Starts on (x² + y − 11)² + (x + y² − 7)²: the minimum that Adam reaches from each "
        "in 9 steps"
    )
    assert said(basins, language="ko").endswith("9걸음 안에 닿는 최소점")
    assert "μ 0…1에 따른 손실" in said(BOWL, "map.of=loss", language="ko")
    assert said(basins, "panels=[contour, basins]").startswith("Adam is still moving")


EDGES = {
    "starts without a value": "surface: {expr: log(x) + y**2}\nstart: [1, 1]\noptimizer: gd\n"
    "map: {x: {key: start.x, range: [-1, 1]}, y: optimizer.lr, of: status}\n",
    "losses that are too large": "surface: himmelblau\nstart: [0, 0]\noptimizer: gd\n"
    "map: {x: start.x, y: {key: start.y, range: [1, 1e90]}, of: loss}\n",
    "a rate to be found": "surface: himmelblau\nstart: [0, 0]\n"
    "optimizer: {name: adam, lr: auto}\n"
    "map: {x: {key: optimizer.beta1, range: [0, 0.9]}, y: optimizer.beta2}\n",
    "the last seeds": "surface: quadratic\nstart: [1, 1]\noptimizer: gd\nnoise: 0.1\n"
    "map: {x: {key: seed, range: [4294967290, 4294967295]}, y: optimizer.lr}\n",
}


@pytest.mark.parametrize("name", EDGES)
def test_a_map_at_the_edge_of_what_there_is(name: str) -> None:
    run = optanim.loads(
        EDGES[name] + "steps: 5\npanels: [{name: map, cells: 16}]\nfigure: {size: [320, 240]}\n"
    )
    assert estimate(run).seconds > 0
    tuned, trajectories = simulate_run(run)
    (outcomes,) = simulated_maps(tuned, trajectories).values()
    if name == "starts without a value":
        undefined = outcomes.is_status("undefined")
        left = outcomes.grid.x.values < 0
        assert undefined[:, left].all() and not undefined[:, ~left][0].all()
        assert (outcomes.since[:, left] == 0).all() and (outcomes.minimum[:, left] == -1).all()
