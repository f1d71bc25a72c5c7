"""`optanim.animate`: Python functions, generators, classes of torch and points."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import cloudpickle
import numpy as np
import pytest

import optanim
from optanim.surfaces import Array, Surface, surface_of_function
from tests.needs import uses_optax, uses_torch

WALKED = np.linspace([-1, -1], [0, 0], 9)


def valley(x: Any, y: Any) -> Any:
    return (1 - x) ** 2 + 5 * (y - x**2) ** 2


def slope(x: float, y: float) -> list[float]:
    return [-2 * (1 - x) - 20 * x * (y - x**2), 10 * (y - x**2)]


def normed(f: Surface, w: Array) -> Iterator[Array]:
    while True:
        g = f.gradient(w)
        w = w - 0.05 * g / np.linalg.norm(g)
        yield w


@pytest.fixture
def no_framework(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if no other test had imported PyTorch or JAX, which would give the gradient."""
    for package in ("torch", "jax"):
        monkeypatch.delitem(sys.modules, package, raising=False)


@pytest.mark.usefixtures("no_framework")
def test_objects_walk_as_they_would_alone() -> None:
    film = optanim.animate(
        valley, {"gd": {"name": "gd", "lr": 0.01}, "own": normed, "old": WALKED}, [-1, 1], steps=20
    )
    gd, own, old = film.trajectories
    w = np.array([-1.0, 1.0])
    for point in gd.points.T[1:]:
        w = w - 0.01 * np.array(slope(*w))
        np.testing.assert_allclose(point, w, rtol=1e-12)
    np.testing.assert_allclose(np.linalg.norm(np.diff(own.points), axis=0), 0.05)
    assert np.array_equal(old.points.T, WALKED) and old.gradients.size == 0
    assert [row.label for row in film.results] == ["gd", "own", "old"]
    assert film.notes == ("gradient by complex step",) and "complex step" in repr(film)
    again = cloudpickle.loads(cloudpickle.dumps(film.run))
    assert [trial.label for trial in again.trials] == ["gd", "own", "old"]


def test_it_is_saved_and_shown(tmp_path: Path) -> None:
    film = optanim.animate(valley, [normed, WALKED], [-1, 1], steps=2, figure={"size": [160, 120]})
    assert film.save(tmp_path / "a.png", frame=-1).paths[0].stat().st_size > 500
    assert "Normed" in film._repr_mimebundle_()[0]["text/html"]


FUNCTIONS = [
    (valley, "complex step", slope),
    (lambda x, y: math.cos(x) + y * y, "central differences", lambda x, y: [-math.sin(x), 2 * y]),
    (lambda x, y: abs(x) + y * y, "central differences", lambda x, y: [np.sign(x), 2 * y]),
    (lambda w: (w * w).sum(axis=0), "complex step", lambda x, y: [2 * x, 2 * y]),
    (lambda w: float(w[0] ** 2 + w[1] ** 2), "central differences", lambda x, y: [2 * x, 2 * y]),
]


@pytest.mark.usefixtures("no_framework")
@pytest.mark.parametrize(("function", "how", "gradient"), FUNCTIONS)
def test_gradients_are_right_and_their_way_is_told(function: Any, how: str, gradient: Any) -> None:
    surface, note = surface_of_function(function, [0.7, -1.2])
    assert how in note and surface.dimensions == 2
    points = np.array([[0.7, 0.4, -1.0], [-1.2, 2.0, 0.3]])
    expected = np.array([gradient(*point) for point in points.T]).T
    np.testing.assert_allclose(surface.gradient(points), expected, rtol=1e-6, atol=1e-8)
    assert surface.value(points).shape == (3,) and surface.value(points[:, 0]).shape == ()


def test_a_gradient_that_is_given_is_used() -> None:
    surface, note = surface_of_function(valley, [1, 2], gradient=slope)
    assert note == "gradient as given"
    assert surface.gradient(np.array([1.0, 2.0])).tolist() == slope(1, 2)


@uses_torch
def test_torch_gives_gradients_and_optimizers() -> None:
    import torch

    def waves(x: Any, y: Any) -> Any:
        return torch.sin(x) ** 2 + y**2

    factory = partial(torch.optim.SGD, lr=0.1)
    film = optanim.animate(waves, [torch.optim.NAdam, factory, "gd"], [1, 1], steps=5)
    assert film.notes == ("gradient by torch",)
    _, sgd, gd = film.trajectories
    np.testing.assert_allclose(sgd.points, gd.points, rtol=1e-12)
    assert film.run.trials[0].name == "torch.NAdam"
    np.testing.assert_allclose(gd.gradients[:, 0], [2 * math.sin(1) * math.cos(1), 2], rtol=1e-12)


@uses_optax
def test_jax_gives_gradients_of_64_bits() -> None:
    import jax.numpy as jnp

    surface, note = surface_of_function(lambda x, y: jnp.sin(x) + y**2, [1.0, 1.0])
    assert note.startswith("gradient by ") and "jax" in note
    assert surface.value(np.array([1.0, 0.0])) == pytest.approx(math.sin(1), rel=1e-14)
    assert surface.gradient(np.array([1.0, 1.0])) == pytest.approx([math.cos(1), 2], rel=1e-14)


def test_texts_names_and_points_alone() -> None:
    assert optanim.animate("x**2 + 3*y**2", normed, [1, 1]).run.chosen.entry.name == "expression"
    assert optanim.animate("rosenbrock", normed, [1, 2]).run.chosen.entry.name == "rosenbrock"
    alone = optanim.animate(valley, WALKED.tolist())
    assert alone.run.trials[0].start == (-1, -1)


def test_a_swarm_starts_over_the_domain_of_a_function() -> None:
    made = optanim.animate(valley, "adam", {"grid": [3, 2]}, domain=[(0, 3), (0, 2)], steps=5)
    assert made.run.trials[0].starts == ((0.5, 0.5), (1.5, 0.5), (2.5, 0.5),
                                         (0.5, 1.5), (1.5, 1.5), (2.5, 1.5))  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "keys", "error", "message"),
    [
        ((valley, 3, [1, 1]), {}, TypeError, "an optimizer is a name"),
        ((valley, np.zeros((3, 3)), [1, 1]), {}, TypeError, "an optimizer is a name"),
        ((valley, [[[1, 1]]], [1, 1]), {}, ValueError, "two points or more"),
        ((valley, lambda a, b, c, d: None, [1, 1]), {}, TypeError, "takes a surface and a start"),
        ((valley, "adam"), {}, TypeError, "start is missing"),
        ((valley, "adam", {"random": 9}), {}, TypeError, "a swarm on a function needs domain"),
        (("booth", "adam", {"rnd": 9}), {}, optanim.ConfigError, "the surface has no axis 'rnd'"),
        ((valley, "adam", [1, 1, 1]), {}, TypeError, "2 arguments, the start has 3"),
        ((3, "adam", [1, 1]), {}, TypeError, "a surface is a function"),
        ((lambda x, y: x * math.nan, "adam", [1, 1]), {}, ValueError, "is nan at the start"),
        ((valley, "adm", [1, 1]), {}, optanim.ConfigError, "no optimizer is called 'adm'"),
        ((valley, "adam", [1, 1]), {"stepz": 3}, optanim.ConfigError, "unknown key 'stepz'"),
    ],
)
def test_what_is_wrong(arguments: Any, keys: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error) as caught, np.errstate(all="ignore"):
        optanim.animate(*arguments, **keys)
    assert message in str(caught.value)
