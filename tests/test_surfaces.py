"""Surfaces: what is written beside a formula is true of it."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from matplotlib.mathtext import MathTextParser

from optanim.experiment.simulate import simulate
from optanim.optimizers.gd import gd
from optanim.schema.catalogue import catalogue
from optanim.surfaces import Array, Surface
from optanim.surfaces.regression import Regression
from tests.tex import evaluate

SURFACES = catalogue("surfaces")
MARKS = ((1.0, 12.0), (2.0, 19.0), (2.5, 33.0), (3.0, 38.0), (4.5, 37.0), (5.0, 54.0), (7.0, 71.0),
         (8.0, 69.0), (10.0, 95.0))  # fmt: skip
# One with an option that it cannot do without has its cases below.
ALONE = [name for name, entry in SURFACES.items() if not entry.lead]
CASES: list[tuple[str, dict[str, object]]] = [
    *((name, {}) for name in ALONE),
    # so far away that a window which stays behind shows no minimum
    ("quadratic", {"a": 1.0, "b": 100.0, "center": (30.0, -20.0), "rotation": 30.0}),
    ("quadratic", {"a": 0.5, "center": (-3.0, 2.0)}),
    ("rosenbrock", {"a": 2.0, "b": 20.0}),
    ("rastrigin", {"a": 3.0}),
    ("ackley", {"a": 1.0, "b": 1.0, "c": 3.0}),
    ("double_well", {"tilt": 0.5}),
    ("double_well", {"tilt": -8.0}),  # one dip is left
    ("long_valley", {"walls": 1.0}),
    ("michalewicz", {"m": 1}),
    ("michalewicz", {"m": 40}),
    ("parabola", {"a": 0.25}),
    ("plateau", {"width": 3.0}),
    ("two_wells", {"a": 4.0, "b": 1.0, "c": 0.5, "d": 0.1}),  # the deeper one is on the right
    ("two_wells", {"a": 2.0, "b": 2.0}),  # both are as deep
    ("two_wells", {"a": 0.1, "b": 0.1, "c": 1.0, "d": 1.0}),  # one dip is left
    ("wave", {"c": 1.0}),
    ("expression", {"expr": "x**2 + 2*y**2", "minima": ((0.0, 0.0),)}),
    ("expression", {"expr": "(y - k)**2 - 4*x", "params": {"k": 3.0}}),
    ("expression", {"expr": "(x**2 - 1)**2", "minima": ((-1.0,), (1.0,))}),
    *(
        ("regression", {"regression": Regression(points=MARKS, model=model, loss=loss)})  # type: ignore[arg-type]
        for model in ("W*x", "w*x + b", "c + 2*x", "a*(1 - exp(-k*x/10))", "w*x + w**2")
        for loss in ("mse", "mae", "huber")
    ),
    ("regression", {"regression": Regression(points=MARKS, model="b + sin(x)*a", loss="huber",
                                             delta=0.5), "axes": ("b", "a"), "batch_size": 3}),
    # so many that the squares are those of a bowl
    ("regression", {"regression": Regression(points=MARKS * 60, model="w*x + b + x/2")}),
]  # fmt: skip


@pytest.fixture(params=CASES, ids=str)
def surface(request: pytest.FixtureRequest) -> Surface:
    name, options = request.param
    made: Surface = SURFACES[name].function(**options)
    return made


def test_every_surface_has_a_case() -> None:
    assert {name for name, _ in CASES} == set(SURFACES)


def samples(surface: Surface, count: int) -> Array:
    low, high = np.array(surface.domain).T
    shape = (surface.dimensions, count)
    return low[:, None] + np.random.default_rng(1).random(shape) * (high - low)[:, None]


def lattice(surface: Surface, count: int) -> Array:
    """A grid over the domain, its middle and its edges included: (d, count, …)."""
    return np.array(np.meshgrid(*(np.linspace(*side, count) for side in surface.domain)))


def test_gradient_equals_central_differences(surface: Surface) -> None:
    points = samples(surface, 300)
    largest = np.abs(surface.value(points)).max()
    for i, direction in enumerate(np.eye(surface.dimensions)[:, :, None]):

        def difference(h: float, step: Array = direction) -> Array:
            ahead, behind = surface.value(points + h * step), surface.value(points - h * step)
            return (ahead - behind) / (2 * h)

        # Differences of large values lose digits: the error is relative to them.
        slope = difference(1e-5)
        scale = 1e-6 + 1e-9 * largest + 1e-6 * np.abs(slope)
        # Where two step sizes disagree, as across a kink, differences say nothing.
        judged = np.abs(difference(2e-5) - slope) <= scale
        assert judged.mean() > 0.98
        assert (np.abs(surface.gradient(points)[i] - slope) <= scale)[judged].all()


def test_value_and_gradient_are_finite_in_the_domain(surface: Surface) -> None:
    # Kinks are on the axes, on the diagonal, at the minimum: random points would miss them.
    for points in (lattice(surface, 101), samples(surface, 1000), *np.array(surface.minima)):
        assert np.isfinite(surface.value(points)).all()
        assert np.isfinite(surface.gradient(points)).all()


def test_minima_are_flat_or_sharp_and_lowest(surface: Surface) -> None:
    around = surface.value(samples(surface, 10_000))
    for minimum in surface.minima:
        point = np.array(minimum)
        assert np.abs(surface.gradient(point)).max() < 1e-9 or _sharp(surface, point)
        assert surface.value(point) <= around.min()
        assert all(low <= x <= high for x, (low, high) in zip(point, surface.domain, strict=True))
    values = [float(surface.value(np.array(minimum))) for minimum in surface.minima]
    assert values == pytest.approx([values[0]] * len(values) if values else [], abs=1e-12)


def _sharp(surface: Surface, point: Array) -> bool:
    """A kink: in every direction it goes up at a slope that does not fade near the point."""
    angles = np.linspace(0, 2 * np.pi, 65)
    around = np.array([np.cos(angles), np.sin(angles)])
    if surface.dimensions == 1:
        around = np.array([[1.0, -1.0]])
    far, near = (
        (surface.value(point[:, None] + h * around) - surface.value(point)) / h
        for h in (1e-4, 1e-6)
    )
    return bool((near > 1e-3).all() and (near > 0.5 * far).all())


@pytest.mark.parametrize("name", ALONE)
def test_no_minimum_is_left_out(name: str) -> None:
    surface: Surface = SURFACES[name].function()
    low, high = np.array(surface.domain).T[:, :, None]
    grid = lattice(surface, 121 if surface.dimensions == 2 else 2001)
    points = grid.reshape(surface.dimensions, -1)
    points = points[:, np.argsort(surface.value(points))[:400]]
    if not surface.minima:
        assert (points[:, 0] == low[:, 0]).any() or (points[:, 0] == high[:, 0]).any()
        return
    # The lowest points walk down, in steps that shrink where they would go up.
    step = 1e-2 * (high - low) * np.ones_like(points)
    for _ in range(300):
        tried = points - step * np.sign(surface.gradient(points))
        better = surface.value(tried) < surface.value(points)
        points, step = np.where(better, tried, points), np.where(better, 1.2 * step, step / 2)
    points = points[:, ((low < points) & (points < high)).all(axis=0)]
    minima = np.array(surface.minima).T
    least = surface.value(minima).min()
    spread = np.median(surface.value(grid)) - least
    assert surface.value(points).min() >= least - 1e-12 * abs(least)
    lowest = points[:, surface.value(points) < least + 1e-7 * spread]
    # From each of them to each minimum, as a part of the window; the last steps are slow.
    apart = (np.abs(lowest[:, :, None] - minima[:, None]) / (high - low)[:, None]).max(axis=0)
    assert (apart.min(axis=1) < 0.03).all() and (apart.min(axis=0) < 0.01).all()


def test_a_point_a_path_and_a_grid(surface: Surface) -> None:
    d = surface.dimensions
    for shape in ((), (7,), (3, 4)):
        p = np.ones((d, *shape))
        assert np.shape(surface.value(p)) == shape
        assert surface.gradient(p).shape == (d, *shape)
    points = samples(surface, 5)
    one_by_one = np.stack([surface.gradient(point) for point in points.T], axis=1)
    assert surface.gradient(points) == pytest.approx(one_by_one, rel=1e-12, abs=1e-15)


def test_the_formula_can_be_set(surface: Surface) -> None:
    MathTextParser("path").parse(f"${surface.formula}$")
    assert len(surface.axes) == surface.dimensions


def test_the_formula_says_the_value(surface: Surface) -> None:
    if r"\degree" in surface.formula:
        return  # in u and v; test_rotation_turns_the_bowl_counter_clockwise says the rest
    if r"\mathrm{mean}" in surface.formula:
        return  # a mean over data; test_logistic_is_the_published_fit says the rest
    if "H_" in surface.formula:
        return  # Huber's loss; test_huber_is_the_published_loss says the rest
    points = samples(surface, 50)
    if surface.data:
        mean, said = surface.formula.split(r"\sum ")
        assert mean == rf"\frac{{1}}{{{len(surface.data.x)}}}"
        names = dict(zip(surface.axes, points, strict=True))
        each = evaluate(said, x=surface.data.x[:, None], y=surface.data.y[:, None], **names)
        assert np.mean(each, axis=0) == pytest.approx(surface.value(points), rel=1e-9)
        return
    said = evaluate(surface.formula, **dict(zip(surface.axes, points, strict=True)))
    assert said == pytest.approx(surface.value(points), rel=1e-9, abs=1e-12)


def test_rotation_turns_the_bowl_counter_clockwise() -> None:
    turned = SURFACES["quadratic"].function(a=1.0, b=9.0, rotation=30.0)
    long, short = np.array([3**0.5 / 2, 0.5]), np.array([-0.5, 3**0.5 / 2])
    assert [turned.value(long), turned.value(short)] == pytest.approx([1, 9])


@pytest.mark.parametrize("name", SURFACES)
def test_what_is_said_of_it(name: str) -> None:
    entry = SURFACES[name]
    assert entry.title and entry.summary.endswith(".") and entry.equation and entry.reference


PUBLISHED = [
    # Moré, Garbow & Hillstrom 1981
    ("beale", (1, 1), 14.203125), ("beale", (3, 0.5), 0), ("rosenbrock", (-1.2, 1), 24.2),
    ("himmelblau", (3, 2), 0),
    # Goldstein & Price 1971: the four minima
    ("goldstein_price", (0, -1), 3), ("goldstein_price", (-0.6, -0.4), 30),
    ("goldstein_price", (1.8, 0.2), 84), ("goldstein_price", (1.2, 0.8), 840),
    # Whitley et al.'s window: the first; Mishra 2006: the one on the edge
    ("eggholder", (482.353, 432.879), -956.9182), ("eggholder", (512, 404.2319), -959.6407),
    # Jamil & Yang 2013
    ("six_hump_camel", (-0.0898, 0.7126), -1.0316), ("mccormick", (-0.547, -1.547), -1.9133),
    ("styblinski_tang", (-2.903534, -2.903534), -78.332), ("michalewicz", (2.203, 1.571), -1.8013),
    ("easom", (np.pi, np.pi), -1), ("bukin", (-10, 1), 0), ("levy", (1, 1), 0),
]  # fmt: skip


@pytest.mark.parametrize(("name", "point", "value"), PUBLISHED)
def test_published_values(name: str, point: tuple[float, float], value: float) -> None:
    digits = len(str(value).partition(".")[2])
    found = float(SURFACES[name].function().value(np.array(point, dtype=float)))
    assert found == pytest.approx(value, abs=1.5 * 10.0**-digits if value % 1 else 1e-12)


def test_logistic_is_the_published_fit() -> None:
    # R's glm on these students, in many a tutorial: intercept -4.0777, hours 1.5046
    surface: Surface = SURFACES["logistic"].function()
    assert surface.minima[0] == pytest.approx((1.5046, -4.0777), abs=5e-5)
    # Half the deviance that R prints, 16.060, over 20 students
    assert surface.value(np.array(surface.minima[0])) == pytest.approx(16.060 / 40, abs=2e-5)
    # and with no weights every student has even chances
    assert surface.value(np.zeros(2)) == pytest.approx(np.log(2))
    one, w = SURFACES["logistic_1d"].function(), np.array([0.4, 1.0, 3.0])
    assert one.value(w[None]) == pytest.approx(surface.value(np.array([w, -2.71 * w])))


def test_two_wells_are_a_trap_and_a_deeper_one() -> None:
    surface: Surface = SURFACES["two_wells"].function()
    right, left = (  # the rate and the steps of Dupont's post
        simulate(surface, partial(gd, lr=0.02), [x, 0.5], steps=500) for x in (1.2, -1.2)
    )
    assert left.points[:, -1] == pytest.approx(surface.minima[0], abs=1e-9)
    assert right.points[0, -1] > 0.5 and right.values[-1] > left.values[-1] + 0.9


# The gradient of these has kinks: differences say as much.
KINKED = {"ackley", "bukin", "eggholder"}


def test_hessian_equals_central_differences(surface: Surface) -> None:
    d = surface.dimensions
    differences, compared = replace(surface, hessian=None), 0  # type: ignore[arg-type]
    assert not differences.has_exact_hessian
    with np.errstate(all="raise", under="ignore"):
        for point in samples(surface, 40).T:
            exact, near = surface.hessian(point), differences.hessian(point)
            assert exact.shape == near.shape == (d, d) and exact.dtype == np.float64
            assert np.allclose(exact, exact.T, rtol=1e-14)
            scale = 1e-6 * (1 + np.abs(near).max() + np.abs(surface.gradient(point)).max())
            # Where they change within the step of the differences, as at a kink, they say nothing.
            beside = differences.hessian(point + 1e-5)
            if np.abs(beside - near).max() <= 1e-3 * (1 + np.abs(near).max()):
                assert exact == pytest.approx(near, rel=1e-5, abs=scale)
                compared += 1
    assert compared > 20


@pytest.mark.parametrize(("name", "options"), CASES, ids=str)
def test_show_says_whether_the_hessian_is_exact(name: str, options: dict[str, object]) -> None:
    exact = SURFACES[name].function(**options).has_exact_hessian
    assert SURFACES[name].hessian == ("exact." if exact else "by differences of the gradient.")
    assert exact == (name not in KINKED)


def test_a_surface_with_another_value_needs_another_hessian() -> None:
    bowl, p = SURFACES["quadratic"].function(), np.array([1.0, 2.0])
    twice = replace(
        bowl, value=lambda p: 2 * bowl.value(p), gradient=lambda p: 2 * bowl.gradient(p)
    )
    assert not twice.has_exact_hessian
    assert twice.hessian(p) == pytest.approx(2 * bowl.hessian(p))
    stated = replace(twice, hessian=lambda p: 2 * bowl.hessian(p))
    assert stated.has_exact_hessian and replace(stated, guessed=True).has_exact_hessian
    for surface in (bowl, twice):
        assert surface.negated.has_exact_hessian == surface.has_exact_hessian
        assert surface.negated.hessian(p) == pytest.approx(-surface.hessian(p))


@pytest.mark.parametrize("subgradient", [None, "one-sided"])
def test_a_hessian_at_a_kink_and_where_there_is_none(subgradient: str | None) -> None:
    f = SURFACES["expression"].function
    assert f(expr="abs(x) + x*y", subgradient=subgradient).hessian(np.zeros(2)).tolist() == [
        [0, 1],
        [1, 0],
    ]
    assert np.isnan(f(expr="sqrt(x**2 + y**2)").hessian(np.zeros(2))).any()
    assert np.isnan(f(expr="log(x)").hessian(np.array([-1.0]))).all()
