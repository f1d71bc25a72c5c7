"""Losses fitted to data: against closed forms, against PyTorch, and what is wrong with them."""

from __future__ import annotations

import json
import re
from functools import partial
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.mathtext import MathTextParser

import optanim
from optanim.config.dump import as_yaml
from optanim.errors import ConfigError, OptionError
from optanim.experiment.simulate import simulate
from optanim.experiment.trials import trajectories_of
from optanim.optimizers.gd import gd
from optanim.surfaces import Surface
from optanim.surfaces._regression import optimum
from optanim.surfaces._regression.losses import huber
from optanim.surfaces.regression import Regression, regression
from tests.needs import uses_torch
from tests.pages import ROOT

HOURS = np.array([1.0, 2.0, 2.5, 3.0, 4.5, 5.0, 7.0, 8.0, 10.0])
MARKS = np.array([12.0, 19.0, 33.0, 38.0, 37.0, 54.0, 71.0, 69.0, 95.0])
POINTS = tuple(zip(HOURS.tolist(), MARKS.tolist(), strict=True))
CONFIG = (
    "surface: {regression: {data: study.csv, model: w*x + b}, batch_size: 2}\n"
    "start: {w: 0, b: 1}\noptimizer: {name: gd, lr: 1e-2}\nsteps: 7\nseed: 3\n"
)


def fitted(model: str, loss: str = "mse", points: object = POINTS, **more: object) -> Surface:
    return regression(regression=Regression(points=points, model=model, loss=loss, **more))  # type: ignore[arg-type]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "study.csv").write_text("공부 시간,점수\n1,12\n2,19\n4,41\n5,48\n", "utf-8")
    (tmp_path / "c.yaml").write_text(CONFIG, "utf-8")
    return tmp_path


def test_the_articles_loss() -> None:
    surface = fitted("W*x")
    assert surface.axes == ("W",) and surface.formula == r"\frac{1}{9}\sum (y - W x)^2"
    for w in (0.0, 3.0, 9.5):
        assert surface.value(np.array([w])) == pytest.approx(np.mean((MARKS - w * HOURS) ** 2))
        by_hand = np.mean(-2 * HOURS * (MARKS - w * HOURS))
        assert surface.gradient(np.array([w])) == pytest.approx([by_hand])
    assert surface.minima[0] == pytest.approx([HOURS @ MARKS / (HOURS @ HOURS)])


def test_huber_is_the_published_loss() -> None:
    r = np.array([-3.0, -0.5, 0.0, 0.2, 1.0, 4.0])
    assert huber(1.0).value(r) == pytest.approx([2.5, 0.125, 0, 0.02, 0.5, 3.5])
    assert huber(1.0).slope(r) == pytest.approx([-1, -0.5, 0, 0.2, 1, 1])
    assert huber(0.5).value(r) == pytest.approx([1.375, 0.125, 0, 0.02, 0.375, 1.875])
    assert huber(0.5).tex.format("r") == "H_{0.5}(r)"


MODELS = {
    "W*x": lambda p, x: p[0] * x,
    "w*x + b": lambda p, x: p[1] * x + p[0],
    "a*(1 - exp(-k*x))": lambda p, x: p[0] * (1 - (-p[1] * x).exp()),
    "sigmoid(w*x + b)*100": lambda p, x: (p[1] * x + p[0]).sigmoid() * 100,
    "w*x + w**2": lambda p, x: p[0] * x + p[0] ** 2,
}


@uses_torch
def test_values_and_gradients_are_those_of_torch() -> None:
    import torch

    costs = {
        "mse": torch.nn.functional.mse_loss,
        "mae": torch.nn.functional.l1_loss,
        "huber": partial(torch.nn.functional.huber_loss, delta=2.5),
    }
    x, y = torch.tensor(HOURS), torch.tensor(MARKS)
    for model, loss in product(MODELS, costs):
        surface = fitted(model, loss, **({"delta": 2.5} if loss == "huber" else {}))
        for point in np.random.default_rng(1).uniform(-2, 3, (8, surface.dimensions)):
            p = torch.tensor(point, requires_grad=True)
            cost = costs[loss](MODELS[model](p, x), y)
            cost.backward()
            value, gradient, told = surface.value(point), surface.gradient(point), (model, loss)
            assert value == pytest.approx(cost.item(), rel=1e-12), told
            assert gradient == pytest.approx(p.grad.numpy(), rel=1e-10, abs=1e-10), told


def test_the_slope_of_a_point_that_is_met_is_zero() -> None:
    surface = fitted("w*x", "mae", points=((1.0, 1.0), (2.0, 2.0), (1.0, 5.0)))
    # The first two are met at w = 1; the third pulls with 1/3.
    assert surface.gradient(np.array([1.0])) == pytest.approx([-1 / 3])


def test_the_subgradient_in_the_docs() -> None:
    text = (ROOT / "docs" / "surfaces.md").read_text("utf-8")
    (points,) = re.findall(r"With `points: (\[.*\])` and `w\*x`", text)
    surface = fitted("w*x", "mae", points=json.loads(points))
    at, step = np.array([1.0]), 1e-6
    beside = [(surface.value(at + s * step) - surface.value(at)) / (s * step) for s in (-1, 1)]
    assert beside == pytest.approx([-4 / 3, 2 / 3])
    assert surface.minima[0] == pytest.approx([1.0])
    assert surface.gradient(at) == pytest.approx([np.mean(beside)])  # the middle
    path = at - 0.3 * surface.gradient(at)
    assert path == pytest.approx([1.1])
    assert (surface.value(at), surface.value(path)) == pytest.approx((4 / 3, 1.4))


@pytest.mark.parametrize("n", [2, 9, 700])
def test_least_squares_are_those_of_numpy_and_those_that_descent_finds(n: int) -> None:
    rng = np.random.default_rng(n)
    x = np.linspace(-2, 2, n)
    y = 3 * x + 1 + rng.normal(0, 0.5, n)
    surface = fitted("w*x + b", points=tuple(zip(x.tolist(), y.tolist(), strict=True)))
    J = np.stack([np.ones(n), x], axis=1)
    best = np.linalg.lstsq(J, y, rcond=None)[0]
    assert surface.minima[0] == pytest.approx(best, abs=1e-9)
    steep = np.linalg.eigvalsh(2 * J.T @ J / n).max()
    path = simulate(surface, partial(gd, lr=1 / steep), [0, 0], steps=4000)
    assert path.points[:, -1] == pytest.approx(best, abs=1e-6)
    p = rng.normal(size=(2, 3, 4))
    r = y[:, None, None] - p[0] - p[1] * x[:, None, None]
    assert surface.value(p) == pytest.approx((r * r).mean(axis=0), rel=1e-10)


def test_years_beside_ones_are_told_apart() -> None:
    years = np.arange(1990.0, 2021.0)
    marks = 0.3 * years - 580 + np.sin(years)
    for loss in ("mse", "mae", "huber"):
        surface = fitted("w*x + b", loss, tuple(zip(years.tolist(), marks.tolist(), strict=True)))
        b, w = surface.minima[0]
        assert w == pytest.approx(0.3, abs=0.05) and b == pytest.approx(-580, abs=100)
        assert surface.domain[0][0] < 0 < surface.domain[0][1]


NUMBERS = st.integers(-12, 12).map(float)
TABLES = st.lists(st.tuples(NUMBERS, NUMBERS), min_size=2, max_size=9).map(tuple)


@given(TABLES, st.sampled_from(["w*x", "w*x + b", "w*x + b*x**2", "c + x"]),
       st.sampled_from(["mse", "mae", "huber"]))  # fmt: skip
@settings(max_examples=300)
def test_a_stated_minimum_is_the_lowest_point_and_alone(
    points: tuple[tuple[float, float], ...], model: str, loss: str
) -> None:
    surface = fitted(model, loss, points)
    for minimum in surface.minima:
        best = np.array(minimum)
        angles = np.linspace(0, 2 * np.pi, 33)
        around = np.array([np.cos(angles), np.sin(angles)])[: len(best)]
        around = around if len(best) == 2 else np.array([[1.0, -1.0]])
        least = surface.value(best)
        for far in (1e-3, 0.1, 3.0):
            beside = surface.value(best[:, None] + far * around)
            assert (beside >= least - 1e-9 * (1 + abs(least))).all()
            assert far < 1 or (beside > least).all()


@given(TABLES)
@settings(max_examples=200)
def test_least_absolute_is_the_best_line_through_two_points(
    points: tuple[tuple[float, float], ...],
) -> None:
    x, y = np.array(points).T
    J = np.stack([np.ones_like(x), x], axis=1)
    if not optimum.full_rank(J):
        return
    # A lowest line goes through two of the points.
    sums = []
    for i in range(len(x)):
        for k in range(i):
            if x[i] != x[k]:
                p = np.linalg.solve(J[[i, k]], y[[i, k]])
                sums.append((float(np.abs(y - J @ p).sum()), tuple(np.round(p, 6))))
    least = min(total for total, _ in sums)
    lowest = {p for total, p in sums if total < least + 1e-9}
    found = optimum.least_absolute(J, y)
    assert (found is None) == (len(lowest) > 1)
    if found is not None:
        assert np.abs(y - J @ found).sum() == pytest.approx(least, abs=1e-9)


@pytest.mark.parametrize("n", [50, 5000])
def test_lines_through_many_points_are_found(n: int) -> None:
    rng = np.random.default_rng(n)
    x = rng.normal(3, 2, n)
    y = 2 * x - 1 + rng.standard_t(1.5, n)
    for loss in ("mae", "huber"):
        surface = fitted("w*x + b", loss, tuple(zip(x.tolist(), y.tolist(), strict=True)))
        assert surface.minima[0] == pytest.approx([-1, 2], abs=0.6)
        if loss == "huber":
            assert np.abs(surface.gradient(np.array(surface.minima[0]))).max() < 1e-12


def test_a_minimum_that_is_not_alone_is_not_stated() -> None:
    same = ((2.0, 1.0), (2.0, 3.0), (2.0, 4.0))
    assert fitted("w*x + b", points=same).minima == ()
    assert fitted("c", "mae", ((0.0, 1.0), (1.0, 2.0))).minima == ()
    assert fitted("a*b*x").minima == fitted("a*x**b").minima == ()
    assert fitted("c", "mae", ((0.0, 1.0), (1.0, 2.0), (2.0, 9.0))).minima == ((2.0,),)
    assert fitted("c", "mse", ((0.0, 1.0), (1.0, 2.0), (2.0, 9.0))).minima[0] == pytest.approx([4])


def test_what_an_author_states() -> None:
    said = Regression(points=POINTS, model="a*(1 - exp(-k*x/10))")
    x, y = np.array(POINTS).T
    w = np.array([100.0, 2.0])
    for _ in range(100):  # Gauss and Newton, half a step at a time
        left = np.exp(-w[1] * x / 10)
        slopes = np.stack([1 - left, w[0] * x / 10 * left], axis=1)
        w -= 0.5 * np.linalg.lstsq(slopes, w[0] * (1 - left) - y)[0]
    best = tuple(float(p) for p in w.round(2))
    assert best == pytest.approx((240.5, 0.48), abs=0.1)
    window = ((0.0, 300.0), (0.0, 2.0))
    surface = regression(regression=said, minima=(best,), domain=window)
    assert surface.minima == (best,) and surface.domain == window
    for wrong in ((50.0, 0.1), (115.8, 1.2)):  # the other is one in steps of 2 along both axes
        with pytest.raises(OptionError, match="is not a minimum"):
            regression(regression=said, minima=(wrong,))
    turned = regression(regression=Regression(points=POINTS, model="w*x + b"), axes=("w", "b"))
    assert turned.axes == ("w", "b") and turned.minima[0][::-1] == pytest.approx(
        fitted("w*x + b").minima[0]
    )


def test_the_data_go_with_the_surface() -> None:
    surface = fitted("a*x**2 + x", "huber", x="hours", y="마크")
    data = surface.data
    assert data is not None and data.names == ("hours", "마크")
    assert np.array_equal(data.x, HOURS) and np.array_equal(data.y, MARKS)
    p, x = np.array([0.5]), np.array([0.0, 2.0, 4.0])
    assert data.predict(p, x[None]) == pytest.approx([0, 4, 12])
    assert data.gradient(p, np.arange(9)) == pytest.approx(surface.gradient(p))
    one = fitted("a*x**2 + x", "huber", points=(POINTS[4], POINTS[4]))
    assert data.gradient(p, np.array([4])) == pytest.approx(one.gradient(p))
    constant = fitted("c").data
    assert constant is not None and (constant.predict(np.array([7.0]), x[None]) == 7).all()


def test_the_formula_can_be_set_and_has_no_needless_brackets() -> None:
    said = {
        ("w*x + b", "mse"): r"\frac{1}{9}\sum (y - w x - b)^2",
        ("b - w*x", "mae"): r"\frac{1}{9}\sum \left|y - b + w x\right|",
        ("-w*x", "huber"): r"\frac{1}{9}\sum H_{1}(y + w x)",
        ("2*(w*x + b)", "mse"): r"\frac{1}{9}\sum (y - 2 (w x + b))^2",
    }
    for (model, loss), tex in said.items():
        assert fitted(model, loss).formula == tex
        MathTextParser("path").parse(f"${tex}$")


def test_a_grid_on_five_thousand_points_takes_little_memory() -> None:
    import tracemalloc

    rng = np.random.default_rng(2)
    points = tuple(zip(*rng.normal(size=(2, 5000)).tolist(), strict=True))
    grid = rng.normal(size=(2, 24, 29))
    for model in ("w*x + b", "tanh(w*x + b)"):
        surface = fitted(model, "mae", points)
        surface.value(grid[:, :1, :1])
        tracemalloc.start()
        values = surface.value(grid)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < 10e6
        assert values[3, 4] == pytest.approx(float(surface.value(grid[:, 3, 4])))


def test_a_file_is_looked_for_beside_its_config(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "elsewhere").mkdir()
    monkeypatch.chdir(folder / "elsewhere")
    run = optanim.load("../c.yaml")
    assert run.inputs == (Path("../c.yaml"), Path("../study.csv"))
    assert run.surface.data is not None and run.surface.data.names == ("공부 시간", "점수")
    # What the command line names is where whoever types it is.
    (folder / "elsewhere" / "other.csv").write_text("x,y\n1,2\n2,5\n3,5\n")
    other = optanim.load("../c.yaml", set=["surface.regression.data=other.csv"])
    assert other.inputs[1] == Path("other.csv") and len(other.surface.data.x) == 3  # type: ignore[union-attr]
    assert "data: elsewhere/other.csv" in as_yaml(other)
    with pytest.raises(ConfigError, match=r"there is no file study\.csv"):
        optanim.loads(CONFIG)
    monkeypatch.chdir(folder)
    assert optanim.loads(CONFIG).inputs == (Path("study.csv"),)
    assert optanim.loads(CONFIG, folder=folder).inputs == (folder / "study.csv",)


def test_the_resolved_config_is_the_same_run(folder: Path) -> None:
    text = as_yaml(optanim.load(folder / "c.yaml"))
    assert "data: study.csv" in text and "batch_size: 2" in text and "seed: 3" in text
    (folder / "r.yaml").write_text(text, "utf-8")
    again = optanim.load(folder / "r.yaml")
    assert as_yaml(again).replace("r.gif", "c.gif") == text
    (one,), (two,) = trajectories_of(optanim.load(folder / "c.yaml")), trajectories_of(again)
    assert np.array_equal(one.points, two.points)
    inline = CONFIG.replace("data: study.csv", "points: [[1, 2.5], [2, 3]], loss: huber, delta: 2")
    shown = as_yaml(optanim.loads(inline))
    assert "delta: 2" in shown and as_yaml(optanim.loads(shown)) == shown


INSIDE = "surface: {regression: {points: [[1, 2], [2, 3]], model: %s}}\nstart: [1]\noptimizer: gd\n"
WRONG = {
    "caret": ("w*x^2", "c.yaml:1:60: error: '^' does not raise to a power, '**' does"),
    "no star": ("2w*x", "c.yaml:1:57: error: a '*' is missing between 2 and w"),
    "one name": ("Wx", "c.yaml:1:57: error: 'Wx' is one name\n"),
    "one name of several": ("a*x + b*ax", "c.yaml:1:65: error: 'ax' is one name\n"),
    "three names": ("a*x + b + c", "c.yaml:1:67: error: the model has 3 parameters"),
    "no name": ("2*x", "c.yaml:1:57: error: the model has no parameter"),
    "the target": ("w*x + y", "c.yaml:1:63: error: 'y' is the target of the model"),
    "no value": ("w*log(x - 1)", "c.yaml:1:57: error: the model has no finite value at x = 1"),
    "too large": (
        "w*x**99*1e90",
        "c.yaml:1:57: error: the model has no value below 1e+100 at x = 2",
    ),
    "the target by its name": ("w*h, x: k, y: h", "c.yaml:1:59: error: 'h' is the target of the"),
    "no parameter beside columns": ("h + 2*x, x: h", "error: the model has no parameter"),
    "data twice": ("w*x, data: a.csv", "c.yaml:1:24: error: 'data' and 'points' cannot both be"),
    "loss": ("w*x, loss: msee", "c.yaml:1:68: error: surface.regression.loss must be"),
    "delta": ("w*x, delta: 2", "c.yaml:1:62: error: delta is an option of the loss 'huber'"),
    "delta 0": ("w*x, loss: huber, delta: 0", "surface.regression.delta must be greater than 0"),
    "key": ("w*x, modle: 3", "c.yaml:1:62: error: unknown key 'modle'"),
    "key beside": ("w*x}, batch: 3", "c.yaml:1:63: error: regression has no option 'batch'"),
    "batch": ("w*x}, batch_size: 3", "c.yaml:1:75: error: batch_size must be at most 2"),
    "batch of none": ("w*x}, batch_size: 0", "c.yaml:1:75: error: surface.batch_size must be at"),
    "axes": ("w*x}, axes: [v]", "c.yaml:1:70: error: 'v' is not a free name"),
    "domain": (
        "w*x}, domain: [[0, 1], [0, 1]]",
        "c.yaml:1:71: error: the number of ranges in domain",
    ),
    "minimum": (
        "w*x}, minima: [[1, 1]]",
        "c.yaml:1:72: error: the number of coordinates of a minimum must be 1",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_regression_gets_its_message(name: str) -> None:
    typed, message = WRONG[name]
    text = INSIDE % typed
    with pytest.raises(ConfigError) as caught:
        optanim.loads(text.replace("}}\n", "}\n") if "}" in typed else text, source="c.yaml")
    assert message in str(caught.value) and len(caught.value.problems) == 1


@pytest.mark.parametrize(
    ("surface", "message"),
    [
        ("{regression: {model: w*x}}", "c.yaml:1:23: error: has neither data nor points"),
        ("{regression: {points: [[1, 2]], model: w*x}}", "c.yaml:1:32: error: surface.regression."),
        ("{regression: {points: [[1, 2], [3]], model: w*x}}", "points[1][1] is missing"),
        ("{regression: {points: [[1, 2], [3, a]], model: w*x}}", "points[1][1] must be a number"),
        ("{regression: {points: [[1, 2], [3, .nan]], model: w*x}}", "must be a finite number"),
        (
            "{regression: {points: [[1, 2], [3, 1e101]], model: w*x}}",
            "c.yaml:1:45: error: a number",
        ),
        ("{regression: {points: [[1, 2], [3, 4]]}}", "surface.regression.model is missing"),
        ("{regression: w*x}", "c.yaml:1:23: error: surface.regression must be a mapping"),
        ("regression", "c.yaml:1:10: error: surface.regression is missing"),
    ],
)
def test_a_regression_that_lacks_something(surface: str, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        optanim.loads(f"surface: {surface}\nstart: [1]\noptimizer: gd\n", source="c.yaml")
    assert message in str(caught.value)
