"""Panels by meaning: what moves is where value, gradient, model and loss say."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, pairwise

import numpy as np
import pytest

import optanim
from optanim.config.panels import panel_problems
from optanim.drawing.landscape.surface_trace import SurfaceTrace
from optanim.drawing.live_numbers import LiveNumber
from optanim.drawing.marks import Stroke
from optanim.drawing.painter import Painter
from optanim.drawing.trail import Trail
from optanim.errors import ConfigError
from optanim.experiment.trials import trajectories_of
from optanim.scene.compose import compose_scene
from optanim.scene.layout import Margins, place_panels
from optanim.scene.scene import Scene
from optanim.schema.catalogue import catalogue
from optanim.schema.choice import Chosen
from optanim.schema.figure import grid_columns
from optanim.surfaces import Data
from tests import painters

CURVE = "surface: wave\nstart: [9]\noptimizer: {name: gd, lr: 2}\nsteps: 10\n"
RACE = "surface: double_well\nstart: [1.9]\noptimizers: [{name: gd, lr: 0.01}, {name: momentum, lr: 0.01}]\nsteps: 40\n"  # noqa: E501
BOWL = "surface: quadratic\nstart: [-4, 3]\noptimizer: {name: momentum, lr: 0.1}\nsteps: 40\n"
TWO = BOWL.replace("optimizer: ", "optimizers: [").replace("0.1}", "0.1}, gd]")
HOURS, MARKS = np.arange(1.0, 9), np.array([12.0, 19, 33, 38, 52, 58, 71, 83])
DATA = Data(HOURS[None], MARKS, lambda p, x: p[0] * x[0], ("hours", "점수 mark"), lambda p, i: p)


def painter(text: str, data: Data | None = None, panel: str = "") -> Painter:
    if not (data or panel):
        return painters.painter(text)
    run = optanim.loads(text)
    shown = compose_scene(run, trajectories_of(run))
    if panel:
        shown = replace(shown, panels=(Chosen(catalogue("panels")[panel]),))
    if data:
        surface = replace(shown.surface, data=data)
        paths = tuple(replace(path, surface=surface) for path in shown.traces)
        shown = replace(shown, surface=surface, traces=paths)
    return painters.headless(shown)


def marks(made: Painter, kind: type) -> list:
    return [mark for mark in made._marks if isinstance(mark, kind)]


def units(made: Painter, panel: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Pixels of the origin, and pixels a unit, of a panel with linear axes."""
    axes = made.axes[panel]
    zero, one = axes.transData.transform([(0, 0), (1, 1)])
    return zero, one - zero


def test_the_ball_rolls_on_the_curve_and_the_tangent_has_its_slope() -> None:
    made = painter(CURVE)
    (trail,), (tangent,) = marks(made, Trail), marks(made, Stroke)
    path = made.scene.traces[0]
    zero, unit = units(made)
    for step in (0, 1, 2.5, 7.25, 10):
        at = path.at(step)
        x, y = (trail.position(step) - zero) / unit
        assert (x, y) == pytest.approx((at[0], float(path.surface.value(at))), abs=1e-6)
        a, b = (tangent.points(step) - zero) / unit
        assert (b - a)[1] / (b - a)[0] == pytest.approx(path.surface.gradient(at)[0], rel=1e-6)
        assert ((a + b) / 2) == pytest.approx((x, y), abs=1e-6)


def test_each_tangent_is_at_the_head_of_its_own_trial() -> None:
    made = painter(RACE + "panels: [curve]\n")
    for step in (0, 2.5, 7):
        heads = [trail.position(step) for trail in marks(made, Trail)]
        middles = [tangent.points(step).mean(axis=0) for tangent in marks(made, Stroke)]
        assert np.allclose(heads, middles) and len(heads) == 2


def test_the_window_of_a_curve_is_not_pressed_flat_by_its_walls() -> None:
    made = painter("surface: {expr: x**8 + x}\nstart: [0.8]\noptimizer: {name: gd, lr: 0.05}\n")
    ((_, high), (low, top)) = made.axes[0].viewLim.get_points().T
    assert high > 0.8 and top - low < 8  # and not 400,000


def test_the_fit_goes_through_what_the_model_gives() -> None:
    text = "surface: {expr: (W - 10)**2}\nstart: [2]\noptimizer: {name: gd, lr: 0.05}\nsteps: 20\n"
    made = painter(text, DATA, "fit")
    residuals, model = marks(made, Stroke)
    zero, unit = units(made)
    for step in (0, 3.5, 20):
        (slope,) = made.scene.traces[0].at(step)
        line = (model.points(step) - zero) / unit
        assert line[:, 1] == pytest.approx(slope * line[:, 0], abs=1e-6)
        ends = ((residuals.points(step) - zero) / unit).reshape(-1, 2, 2)
        assert ends[:, :, 0] == pytest.approx(np.repeat(HOURS, 2).reshape(-1, 2))
        assert ends[:, 0, 1] == pytest.approx(MARKS)
        assert ends[:, 1, 1] == pytest.approx(slope * HOURS)
    assert made.axes[0].get_xlabel() == "hours" and made.axes[0].get_ylabel() == "점수 mark"


@pytest.mark.parametrize(
    ("option", "scale"), [("", "log"), (", scale: linear", "linear"), (", scale: log", "log")]
)
def test_losses_over_steps(option: str, scale: str) -> None:
    made = painter(RACE + f"panels: [{{name: loss{option}}}]\n")
    assert made.axes[0].get_yscale() == scale
    for trail, path in zip(marks(made, Trail), made.scene.traces, strict=True):
        values = path.trajectory.values
        expected = made.axes[0].transData.transform(np.stack([np.arange(41), values], axis=1))
        assert trail.points == pytest.approx(expected, abs=1e-6)


def test_losses_of_zero_have_a_place() -> None:
    for text in ("surface: {expr: x**2}\nstart: [1]\noptimizer: {name: gd, lr: 0.5}\nsteps: 3\n",
                 "surface: {expr: 0*x}\nstart: [1]\noptimizer: gd\nsteps: 3\n"):  # fmt: skip
        for scale in ("log", "linear"):
            made = painter(text + f"panels: [{{name: loss, scale: {scale}}}]\n")
            (trail,) = marks(made, Trail)
            assert np.isfinite(trail.points).all()
            made.paint(3)


@pytest.mark.parametrize("scale", ["linear", "log"])
def test_the_norm_of_a_gradient_is_at_the_step_that_asked_for_it(scale: str) -> None:
    made = painter(
        "surface: quadratic\nstart: [-4, 3]\nsteps: 40\nnoise: 0.5\n"
        f"optimizers: [gd, nesterov, lion]\npanels: [{{name: gradient_norm, scale: {scale}}}]\n"
    )
    assert made.axes[0].get_yscale() == scale
    for trail, path in zip(marks(made, Trail), made.scene.traces, strict=True):
        norms = np.sqrt((path.trajectory.gradients**2).sum(axis=0))
        expected = made.axes[0].transData.transform(np.stack([np.arange(40), norms], axis=1))
        assert trail.points == pytest.approx(expected, abs=1e-6)
        # Nobody asks after the last update.
        assert (trail.position(40) == trail.points[39]).all()


def test_the_norms_of_one_that_diverges_leave_room_for_the_others() -> None:
    race = "surface: quadratic\nstart: [-4, 3]\noptimizers: [gd, {name: gd, lr: 9}]\n"
    low, high = painter(race + "panels: [gradient_norm]\n").axes[0].get_ylim()
    assert low < 1e-6 and 10 < high < 1e7  # a third of the axis at most
    alone = race.replace("[gd, ", "[")
    assert painter(alone + "panels: [gradient_norm]\n").axes[0].get_ylim()[1] > 1e100


def test_norms_of_zero_and_of_optimizers_that_ask_seldom_or_often() -> None:
    run = optanim.loads(BOWL + "panels: [gradient_norm]\nfigure: {size: [320, 240]}\n")
    (path,) = trajectories_of(run)

    def heights(asked: list[int], gradients: list[list[float]]) -> list[float]:
        g = np.array(gradients, dtype=float).reshape(len(asked), 2).T
        numbers = np.array(asked, dtype=np.int64)
        looked = path.points[:, numbers - 1] + 1  # not where the update begins, as a search asks
        odd = replace(path, asked=numbers, looked=looked, gradients=g)
        made = painters.headless(compose_scene(run, [odd]))
        made.paint(40)
        (trail,) = marks(made, Trail)
        both = made.axes[0].transData.inverted().transform(trail.points)
        assert both[~np.isnan(both[:, 0]), 0] == pytest.approx(
            np.flatnonzero(~np.isnan(both[:, 0])), abs=1e-9
        )
        return both[:, 1].tolist()

    five, ten, none = [3.0, 4.0], [6.0, 8.0], [0.0, 0.0]
    assert heights([1, 1, 2, 4], [ten, five, ten, five]) == pytest.approx([5, 10, 10, 5])
    assert heights([2, 3], [five, ten]) == pytest.approx([np.nan, 5, 10], nan_ok=True)
    assert heights([1, 2], [none, none]) == pytest.approx([0, 0], abs=1e-9)
    assert heights([1, 2], [five, [np.inf, 0]])[1] > 100  # above the axis
    assert heights([], []) == pytest.approx([np.nan], nan_ok=True)


@pytest.mark.parametrize(
    ("text", "panels", "size"),
    [
        (BOWL, "[contour, loss]", ""),
        (BOWL, "[loss]", "figure: {scale: 2, size: [320, 240]}\n"),
        (BOWL, "[loss, contour, loss]", "figure: {size: [640, 300]}\n"),
        (TWO, "[contour, loss]", "figure: {size: [640, 300]}\n"),
        (TWO, "[loss, contour, loss]", "figure: {scale: 2, size: [480, 240]}\n"),
        (TWO, "[loss]", ""),
    ],
)
def test_panels_stand_apart_in_their_order(text: str, panels: str, size: str) -> None:
    made = painter(text + f"panels: {panels}\n" + size)
    assert len(made.axes) == panels.count(",") + 1
    boxes = [axes.get_tightbbox(made._renderer) for axes in made.axes]
    # From left to right, then the next row.
    assert all(a.x1 <= b.x0 or a.y0 >= b.y1 for a, b in pairwise(boxes))
    picture = made.paint(1e9)[..., :3]
    edge = np.concatenate([picture[0], picture[-1], picture[:, 0], picture[:, -1]])
    assert (edge == 255).all()
    again = [made.paint(step) for step in (40, 3.5, 40)]
    assert (again[0] == again[2]).all() and (again[0] != again[1]).any()


FITTED = "surface: {regression: {points: [[1, 2], [2, 3], [3, 5]], model: w*x + b}}\nstart: [0, 0]\noptimizers: [gd, adam]\nsteps: 9\n"  # noqa: E501


MAPPED = BOWL + "map: {x: optimizer.lr, y: optimizer.momentum}\n"


@pytest.mark.parametrize("name", catalogue("panels"))
def test_every_panel_draws_each_surface_that_it_needs(name: str) -> None:
    entry, drawn = catalogue("panels")[name], 0
    assert entry.title and entry.summary.endswith(".") and entry.reference
    for text in (BOWL, RACE, FITTED, MAPPED):
        run = optanim.loads(text)
        surfaces = [trial.surface for trial in run.trials]
        if [*panel_problems([Chosen(entry)], run.surface, surfaces, map=run.map is not None)]:
            continue
        made = painter(f"{text}panels: [{name}]\nfigure: {{size: [240, 180]}}\n")
        last = made.scene.steps
        again = [made.paint(step) for step in (0, last, 0)]
        assert (again[0] == again[2]).all() and (again[0] != again[1]).any(), "nothing moves"
        drawn += 1
    assert drawn, "none of these surfaces is one that it can show"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (CURVE + "panels: [contour]\n", "5:10: error: contour shows a surface of two parameters"),
        (BOWL + "panels: [loss, curve]\n", "5:16: error: curve shows a surface of one parameter"),
        (BOWL + "panels: [fit]\n", "5:10: error: fit shows data, but the surface is not fitted"),
        (BOWL + "panels: [{name: loss, of: 2}]\n", "5:27: error: of: there is no optimizer 2"),
    ],
)
def test_a_panel_that_cannot_show_the_surface(text: str, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        optanim.loads(text)
    assert f"stdin:{message}" in str(caught.value)


def test_what_is_drawn_if_nothing_is_said() -> None:
    assert [p.entry.name for p in optanim.loads(CURVE).panels] == ["curve"]
    assert [p.entry.name for p in optanim.loads(BOWL).panels] == ["contour"]
    sizes = [optanim.loads(BOWL + f"panels: {['loss'] * n}\n").figure.size for n in (1, 2, 3, 4)]
    assert sizes == [(640, 480), (880, 440), (880, 760), (880, 760)]


def test_one_path_of_a_race() -> None:
    made = painter(RACE + "panels: [{name: curve, of: 2}, {name: curve, of: 1}]\n")
    colors = [trail.color for trail in marks(made, Trail)]
    assert len(colors) == 2 and colors[0] != colors[1]
    shown: Scene = made.scene
    assert shown.shown(2)[1] == (shown.traces[1],)


OUTLIER = """
surface: {regression: {points: [[1, 12], [2, 19], [3, 33], [4, 2]], model: W*x, loss: mse}}
start: [0]
optimizers:
  - {name: gd, lr: 0.01}
  - name: gd
    lr: 0.1
    surface: {regression: {points: [[1, 12], [2, 19], [3, 33], [4, 2]], model: W*x, loss: mae}}
steps: 300
panels: [{name: curve, of: 1}, {name: curve, of: 2}, fit, curve]
"""


def test_an_optimizer_with_a_surface_of_its_own() -> None:
    made = painter(OUTLIER)
    first, second = made.scene.traces
    assert first.surface is made.scene.surface and second.surface is not first.surface
    trails = marks(made, Trail)
    # The run's own surface is walked on by the first alone.
    assert [trail.color for trail in trails] == [trails[0].color, trails[1].color, trails[0].color]
    assert trails[0].color != trails[1].color
    # The sum of squares bows to the outlier; the sum of distances goes through the median.
    assert first.at(300)[0] < 6 and second.at(300)[0] == pytest.approx(9.5, abs=0.1)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("loss: mae}}", "loss: mea}}", "7:91: error: optimizers[1].surface.regression.loss must"),
        ("W*x, loss: mae", "w*x + b, loss: mae", "7:14: error: its surface has two parameters"),
        ("gd, lr: 0.01}", "gd, lr: 0.01, surface: {name: parabola}}",
         "9:59: error: curve shows the run's surface, but no optimizer is on it"),
    ],
)  # fmt: skip
def test_a_wrong_surface_of_its_own(old: str, new: str, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        optanim.loads(OUTLIER.strip().replace(old, new, 1))
    assert message in str(caught.value), str(caught.value)


GRID = """
surface: quadratic
start: [-4, 3]
optimizers: [gd, momentum, {name: adagrad, lr: 1.5}, adam, {name: gd, lr: 9}]
steps: 40
layout: grid
"""


@pytest.mark.parametrize(
    ("panel", "size"),
    [
        ("contour", ""),
        ("loss", "figure: {size: [480, 400]}\n"),
        ("rates", "figure: {size: [480, 400]}\n"),
        ("gradient_norm", ""),
        ("surface3d", "figure: {size: [480, 400]}\n"),
    ],
)
def test_a_grid_has_a_cell_for_each_optimizer_on_the_same_axes(panel: str, size: str) -> None:
    made = painter(f"{GRID}panels: [{panel}]\n{size}")
    boxes = [axes.bbox.get_points() for axes in made.axes]
    assert len(boxes) == 5 and len({tuple(np.ptp(box, axis=0).round(6)) for box in boxes}) == 1
    if panel != "surface3d":
        assert len({axes.get_xlim() + axes.get_ylim() for axes in made.axes}) == 1
    else:
        views = {mark.backdrop.visibility(0.0).projection for mark in marks(made, SurfaceTrace)}
        assert len({(view.azimuth, view.elevation) for view in views}) == 1
    if panel == "contour":
        colors = [trail.color for trail in marks(made, Trail)]
        assert len(set(colors)) == 5
    for i, (a, b) in enumerate(pairwise(boxes)):
        # From left to right, then the next row.
        assert a[1, 0] < b[0, 0] if i != 2 else a[0, 1] > b[1, 1]
    picture = made.paint(1e9)[..., :3]
    edge = np.concatenate([picture[0], picture[-1], picture[:, 0], picture[:, -1]])
    assert (edge == 255).all()
    said = " ".join(m.text(40) for m in made._marks if isinstance(m, LiveNumber))
    assert said.count("diverged") == 1  # the last one: 35⁴⁰ is finite, and grows


def test_a_grid_has_one_panel() -> None:
    with pytest.raises(ConfigError, match="a grid has one panel, once for each optimizer"):
        optanim.loads(GRID + "panels: [contour, loss]\n")
    assert optanim.loads(GRID).figure.size == (960, 590)


@pytest.mark.parametrize("count", range(1, 17))
def test_cells_do_not_overlap(count: int) -> None:
    margins = Margins(left=50.0, below=40.0, right=14.0, above=26.0)
    across = grid_columns(count)
    cells = place_panels(count, (900.0, 600.0), margins, across, alike=True)
    assert len({(cell.left, cell.bottom) for cell in cells}) == count
    for cell in cells:
        assert cell.left >= 50 and cell.bottom >= 40
        assert cell.left + cell.width <= 886.01 and cell.bottom + cell.height <= 574.01
    for a, b in combinations(cells, 2):
        apart = abs(a.left - b.left) >= a.width + 14 - 1e-6
        assert apart or abs(a.bottom - b.bottom) >= a.height + 26 - 1e-6
    assert sum(cell.numbers_below for cell in cells) == across


def test_powers_of_ten_beside_letters() -> None:
    made = painter(RACE + "panels: [{name: loss, scale: log}]\n")
    labels = [label.get_text() for label in made.axes[0].get_yticklabels()]
    assert r"$\mathrm{10^{-2}}$" in labels and r"$\mathrm{10^{0}}$" in labels
    narrow = painter("surface: {expr: 5 + x**2}\nstart: [2]\noptimizer: gd\nsteps: 9\n"
                     "panels: [{name: loss, scale: log}]\n")  # fmt: skip
    texts = {text.get_text() for text in narrow.axes[0].get_yticklabels(minor=True)}
    assert "5" in texts and not texts & {"6", "7", "8"}


def test_rates_and_losses_of_optimizers_that_all_have_surfaces_of_their_own() -> None:
    text = """
surface: parabola
start: [2]
optimizers:
  - {name: gd, lr: 0.1, surface: {name: parabola, a: 2}}
  - {name: adagrad, lr: 1, surface: {name: parabola, a: 3}}
steps: 9
panels: [rates, loss]
"""
    assert len(marks(painter(text), Trail)) == 4
