"""The panel of effective steps: what the formulas of the optimizers say they are."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np
import pytest

import optanim
from optanim.drawing.marks import Stroke
from optanim.drawing.painter import Painter
from optanim.drawing.trail import Trail
from optanim.experiment.simulate import simulate
from optanim.experiment.trials import trajectories_of
from optanim.optimizers.adagrad import adagrad
from optanim.optimizers.gd import gd
from optanim.optimizers.momentum import momentum
from optanim.optimizers.rmsprop import rmsprop
from optanim.scene.compose import compose_scene
from optanim.schema.catalogue import catalogue
from optanim.surfaces import Array, Surface
from optanim.surfaces.quadratic import quadratic
from optanim.surfaces.rosenbrock import rosenbrock
from tests.painters import drawn_alone, headless

BOWL = quadratic(center=(3.0, 2.0))
ONE = "surface: quadratic\nstart: [-4, 3]\noptimizer: {name: adagrad, lr: 1.5}\nsteps: 30\npanels: [rates]\n"  # noqa: E501
RACE = ONE.replace("optimizer: ", "optimizers: [gd, ").replace(
    "1.5}", "1.5}, {name: adam, lr: 0.5}]"
)
CURVE = "surface: wave\nstart: [9]\noptimizer: {name: rmsprop, lr: 0.1}\nsteps: 30\npanels: [curve, rates]\n"  # noqa: E501


def painter(text: str) -> Painter:
    run = optanim.loads(text)
    return headless(compose_scene(run, trajectories_of(run)))


def marks(made: Painter, kind: type) -> list:
    return [mark for mark in made._marks if isinstance(mark, kind)]


@pytest.mark.parametrize("surface", [BOWL, rosenbrock()], ids=["bowl", "valley"])
def test_the_rates_of_adagrad_and_rmsprop_are_those_of_their_formulas(surface: Surface) -> None:
    path = simulate(surface, partial(adagrad, lr=0.5, eps=1e-10), [-1.2, 1], steps=15)
    s = np.cumsum(path.gradients**2, axis=1)
    assert path.rates == pytest.approx(0.5 / (np.sqrt(s) + 1e-10), rel=1e-9)
    path = simulate(surface, partial(rmsprop, lr=0.01, rho=0.9, eps=1e-8), [-1.2, 1], steps=40)
    s = np.zeros(2)
    for t in range(40):
        s = 0.9 * s + 0.1 * path.gradients[:, t] ** 2
        assert path.rates[:, t] == pytest.approx(0.01 / (np.sqrt(s) + 1e-8), rel=1e-9)


def test_the_rate_of_gradient_descent_is_the_learning_rate_to_the_last_digit_that_is_one() -> None:
    path = simulate(BOWL, partial(gd, lr=0.1), [-4, 3], steps=400)
    known = np.isfinite(path.rates)
    # At (3, 2) the last steps are smaller than the digits of 3 and 2 can tell.
    assert known[:, :50].all() and not known[:, -1].any()
    assert path.rates[known] == pytest.approx(0.1, rel=0.02)
    early = simulate(BOWL, partial(gd, lr=0.1), [-4, 3], steps=20)
    assert early.rates == pytest.approx(np.full((2, 20), 0.1), rel=1e-9)


def test_momentum_gets_farther_for_a_gradient_than_its_rate() -> None:
    path = simulate(BOWL, partial(momentum, lr=0.01), [-4, 3], steps=8)
    assert (np.diff(path.rates) > 0).all() and path.rates[:, 0] == pytest.approx(0.01)


def test_a_rate_is_unknown_where_the_slope_is_zero_or_nobody_asked() -> None:
    flat = simulate(BOWL, partial(gd, lr=0.1), [3, 5], steps=3)
    assert np.isnan(flat.rates[0]).all() and flat.rates[1] == pytest.approx(0.1)

    def every_other(f: Surface, w: Array) -> Iterator[Array]:
        while True:
            g = f.gradient(w)
            w = w - 0.1 * g
            yield w
            w = w - 0.1 * g
            yield w

    rates = simulate(BOWL, every_other, [-4, 3], steps=5).rates
    assert np.isnan(rates[:, 1::2]).all() and rates[:, ::2] == pytest.approx(0.1)

    def blind(f: Surface, w: Array) -> Iterator[Array]:
        yield w + 1

    assert np.isnan(simulate(BOWL, blind, [0, 0], steps=1).rates).all()


def test_the_last_question_of_an_update_counts() -> None:
    def extragradient(f: Surface, w: Array) -> Iterator[Array]:
        while True:
            w = w - 0.1 * f.gradient(w - 0.2 * f.gradient(w))
            yield w

    assert simulate(BOWL, extragradient, [-4, 3], steps=9).rates == pytest.approx(0.1)


@pytest.mark.parametrize("name", ["conjugate_gradient", "lbfgs", "bfgs"])
def test_a_search_has_the_gradient_at_its_beginning(name: str) -> None:
    options = {"search": "wolfe"}
    optimizer = partial(catalogue("optimizers")[name].function, **options)
    path = simulate(surface := rosenbrock(), optimizer, [-1.2, 1], steps=12)
    exact = surface.gradient(path.points[:, :-1])
    assert path.gradients[:, path.gradient_numbers[:-1]] == pytest.approx(exact)
    assert path.gradient_norms[:12] == pytest.approx(np.hypot(*exact))


@pytest.mark.parametrize("text", [ONE, RACE, CURVE, RACE.replace("[rates]", "[{name: rates, of: 3}]")], ids=["one", "race", "curve", "one of a race"])  # fmt: skip # noqa: E501
def test_lines_and_dots_are_where_the_rates_are(text: str) -> None:
    made = painter(text)
    axes = made.axes[-1]
    of = made.scene.panels[-1].options.get("of")
    _, paths = made.scene.shown(of)
    rates = [rate for path in paths for rate in path.trajectory.rates]
    lines = marks(made, Stroke)[-len(rates) :]
    dots = marks(made, Trail)[-len(rates) :]
    for line, dot, rate in zip(lines, dots, rates, strict=True):
        for step in (1, 7, 30):
            expected = axes.transData.transform((step, rate[step - 1]))
            assert dot.position(step) == pytest.approx(expected, abs=1e-6)
        assert np.isnan(dot.position(0)).all() and np.isnan(dot.position(0.5)).all()
        assert line.points(7.5)[1:-1] == pytest.approx(dot.points[1:8])
        assert line.points(7.5)[-1] == pytest.approx(dot.position(7.5))
    solid = [line.dash is None for line in lines]
    dimensions = made.scene.surface.dimensions
    assert solid == [True, False][:dimensions] * len(paths)
    legend = axes.get_legend()
    names = [word.get_text() for word in legend.get_texts()] if legend else []
    assert names == (["$x$", "$y$"] if dimensions == 2 else [])
    again = [made.paint(step) for step in (30, 3.5, 30)]
    assert (again[0] == again[2]).all() and (again[0] != again[1]).any()


@pytest.mark.parametrize(
    ("text", "scale"),
    [(ONE, "linear"), (RACE, "log"), (ONE.replace("[rates]", "[{name: rates, scale: log}]"), "log"),
     (RACE.replace("[rates]", "[{name: rates, scale: linear}]"), "linear")],
)  # fmt: skip
def test_more_than_two_decades_are_shown_by_powers_of_ten(text: str, scale: str) -> None:
    assert painter(text).axes[0].get_yscale() == scale


@pytest.mark.parametrize("scale", ["log", "linear"])
def test_a_gap_is_a_gap_and_nothing_at_all_is_a_panel_too(scale: str) -> None:
    panel = f"panels: [{{name: rates, scale: {scale}}}]\n"
    made = painter(f"surface: quadratic\nstart: [0, 3]\noptimizer: gd\nsteps: 9\n{panel}")
    x, y = marks(made, Trail)
    assert np.isnan(x.points).all() and np.isfinite(y.points[1:]).all()
    made.paint(4.5)
    still = painter(f"surface: quadratic\nstart: [0, 0]\noptimizer: gd\nsteps: 9\n{panel}")
    assert (still.paint(0)[60:] == still.paint(9)[60:]).all()


def test_a_gap_in_a_line_is_left_open() -> None:
    made = painter(ONE)
    line, dot = marks(made, Stroke)[0], marks(made, Trail)[0]
    dot.points[10] = np.nan
    left, right = (round(float(dot.points[t, 0])) for t in (9, 11))
    row = made._pixels.shape[0] - round(float(dot.points[9, 1]))

    drawn = drawn_alone(made, line, 30)[row - 3 : row + 4, :, 3].any(axis=0)
    assert drawn[left - 4] and drawn[right + 8] and not drawn[left + 4 : right - 4].any()


@pytest.mark.parametrize("size", ["[320, 240]", "[640, 480]", "[1200, 420]"])
@pytest.mark.parametrize("text", [ONE, RACE], ids=["one", "race"])
def test_the_key_touches_neither_the_axis_name_nor_the_edge(text: str, size: str) -> None:
    made = painter(text + f"figure: {{size: {size}}}\n")
    axes = made.axes[0]
    key = axes.get_legend().get_window_extent(made._renderer)
    name = axes.xaxis.label.get_window_extent(made._renderer)
    ticks = [label.get_window_extent(made._renderer) for label in axes.get_xticklabels()]
    assert name.x1 < key.x0 and key.y0 > 0 and key.x1 <= axes.bbox.x1 + 1
    assert all(key.y1 <= tick.y0 + 3 for tick in ticks)
    picture = made.paint(1e9)[..., :3]
    edge = np.concatenate([picture[0], picture[-1], picture[:, 0], picture[:, -1]])
    assert (edge == 255).all()
