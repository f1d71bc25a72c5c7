"""Surfaces: what is written beside a formula is true of it."""

from __future__ import annotations

import re

import numpy as np
import pytest
from matplotlib.mathtext import MathTextParser

from optanim.catalogue import catalogue
from optanim.surface import Array, Surface

SURFACES = catalogue("surfaces")
CASES: list[tuple[str, dict[str, object]]] = [
    # one with an option that it cannot do without has its cases below
    *((name, {}) for name, entry in SURFACES.items() if not entry.lead),
    # so far away that a window which stays behind shows no minimum
    ("quadratic", {"a": 1.0, "b": 100.0, "center": (30.0, -20.0), "rotation": 30.0}),
    ("quadratic", {"a": 0.5, "center": (-3.0, 2.0)}),
    ("rosenbrock", {"a": 2.0, "b": 20.0}),
    ("rastrigin", {"a": 3.0}),
    ("expression", {"expr": "x**2 + 2*y**2", "minima": ((0.0, 0.0),)}),
    ("expression", {"expr": "(y - k)**2 - 4*x", "params": {"k": 3.0}}),
    ("expression", {"expr": "(x**2 - 1)**2", "minima": ((-1.0,), (1.0,))}),
]


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


def test_gradient_equals_central_differences(surface: Surface) -> None:
    points = samples(surface, 300)
    h = 1e-5
    for i, direction in enumerate(np.eye(surface.dimensions)[:, :, None]):
        ahead, behind = surface.value(points + h * direction), surface.value(points - h * direction)
        slope = (ahead - behind) / (2 * h)
        # Differences of large values lose digits: the error is relative to them.
        scale = 1e-6 + 1e-9 * np.abs(surface.value(points)).max() + 1e-6 * np.abs(slope)
        assert (np.abs(surface.gradient(points)[i] - slope) <= scale).all()


def test_minima_are_flat_and_lowest(surface: Surface) -> None:
    around = surface.value(samples(surface, 10_000))
    for minimum in surface.minima:
        point = np.array(minimum)
        assert np.abs(surface.gradient(point)).max() < 1e-9
        assert surface.value(point) <= around.min()
        assert all(low <= x <= high for x, (low, high) in zip(point, surface.domain, strict=True))


def test_a_point_a_path_and_a_grid(surface: Surface) -> None:
    d = surface.dimensions
    for shape in ((), (7,), (3, 4)):
        p = np.ones((d, *shape))
        assert np.shape(surface.value(p)) == shape
        assert surface.gradient(p).shape == (d, *shape)
    points = samples(surface, 5)
    one_by_one = np.stack([surface.gradient(point) for point in points.T], axis=1)
    assert surface.gradient(points) == pytest.approx(one_by_one, rel=1e-12)


def test_the_formula_can_be_set(surface: Surface) -> None:
    MathTextParser("path").parse(f"${surface.formula}$")
    assert len(surface.axes) == surface.dimensions


def test_the_formula_says_the_value(surface: Surface) -> None:
    words = re.sub(r"\\(cos|sin) ([0-9]*\\pi [xy])", r"\1(\2)", surface.formula)
    words = words.replace(r"\pi ", "pi*").replace("^", "**")
    words = re.sub(r"(?<=[0-9xy)]) ?(?=[xyp(])", "*", words)
    if r"\degree" in words:
        return  # in u and v; test_rotation_turns_the_bowl_counter_clockwise says the rest
    points = samples(surface, 50)
    names = dict(zip(surface.axes, points, strict=True))
    names |= {"pi": np.pi, "cos": np.cos, "sin": np.sin}
    assert eval(words, names) == pytest.approx(surface.value(points), rel=1e-9)


def test_rotation_turns_the_bowl_counter_clockwise() -> None:
    turned = SURFACES["quadratic"].function(a=1.0, b=9.0, rotation=30.0)
    long, short = np.array([3**0.5 / 2, 0.5]), np.array([-0.5, 3**0.5 / 2])
    assert [turned.value(long), turned.value(short)] == pytest.approx([1, 9])


@pytest.mark.parametrize("name", SURFACES)
def test_what_is_said_of_it(name: str) -> None:
    entry = SURFACES[name]
    assert entry.title and entry.summary.endswith(".") and entry.equation and entry.reference


def test_published_values() -> None:
    def value(name: str, *point: float) -> float:
        return float(SURFACES[name].function().value(np.array(point)))

    assert value("beale", 1, 1) == 14.203125
    assert value("beale", 3, 0.5) == 0
    assert value("rosenbrock", -1.2, 1) == pytest.approx(24.2, rel=1e-15)
    assert value("himmelblau", 3, 2) == 0
    assert len(SURFACES["himmelblau"].function().minima) == 4
