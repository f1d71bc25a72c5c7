"""Optimizers that ask for values and Hessians, that draw, and that hold more than a point."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

import numpy as np
import pytest

import optanim
from optanim.errors import ConfigError, Place
from optanim.experiment.simulate import simulate
from optanim.optimizers import State, takes_chance
from optanim.optimizers.adam import adam
from optanim.optimizers.gd import gd
from optanim.schema.catalogue import catalogue
from optanim.schema.stop import Stop
from optanim.surfaces import Array, Surface, noisy
from optanim.surfaces.expression import expression
from optanim.surfaces.quadratic import quadratic

BOWL = quadratic(center=(3.0, 2.0))


def newton(f: Surface, w: Array) -> Iterator[Array]:
    while True:
        w = w - np.linalg.solve(f.hessian(w), f.gradient(w))
        yield w


def halving(f: Surface, w: Array) -> Iterator[Array]:
    """Gradient descent that halves its rate until the loss falls."""
    while True:
        g, rate, loss = f.gradient(w), 1.0, f.value(w)
        while f.value(w - rate * g) > loss:
            rate /= 2
        w = w - rate * g
        yield w


def swarm(f: Surface, w: Array, chance: np.random.RandomState, *, size: int = 6) -> Iterator[State]:
    """A generation around the point, whose best is the next point."""
    deviation, mean = 1.0, w
    yield State(w, shape=np.eye(len(w)), initial=True)
    while True:
        crowd = w[:, None] + deviation * chance.standard_normal((len(w), size))
        w = crowd[:, f.value(crowd).argmin()]
        deviation, mean = 0.9 * deviation, (mean + w) / 2
        yield State(w, crowd, "generation", deviation**2 * np.eye(len(w)), mean)


def test_values_are_recorded_with_their_updates() -> None:
    path = simulate(BOWL, halving, [-4, 3], steps=5)
    assert path.asked.tolist() == [1, 2, 3, 4, 5]
    first = path.valued[:, path.value_asked == 1]
    g = path.gradients[:, 0]
    rates = [1.0, 0.5, 0.25][: first.shape[1] - 1]
    tried = [path.points[:, 0], *(path.points[:, 0] - rate * g for rate in rates)]
    assert first.T.tolist() == np.array(tried).tolist()
    counts = np.bincount(path.value_asked, minlength=6) + np.bincount(path.asked, minlength=6)
    assert path.evaluations.tolist() == counts.cumsum().tolist()


def test_a_gradient_is_one_evaluation_and_a_hessian_is_d() -> None:
    assert simulate(BOWL, gd, [-4, 3], steps=3).evaluations.tolist() == [0, 1, 2, 3]
    assert simulate(BOWL, newton, [-4, 3], steps=3).evaluations.tolist() == [0, 3, 6, 9]
    line = expression(expr="x**4")
    assert simulate(line, newton, [3], steps=2).evaluations.tolist() == [0, 2, 4]


def test_n_points_in_one_question_are_n_evaluations() -> None:
    path = simulate(BOWL, swarm, [-4, 3], steps=4)
    assert (
        path.valued.shape == (2, 24)
        and path.value_asked.tolist()
        == [1] * 6
        + [2] * 6
        + [
            3,
        ]
        * 6
        + [4] * 6
    )
    assert path.evaluations.tolist() == [0, 6, 12, 18, 24]
    assert path.crowd is not None
    assert np.array_equal(path.valued[:, :6], path.crowd[:, :, 1])

    def slopes(f: Surface, w: Array) -> Iterator[Array]:
        while True:
            w = w - 0.1 * f.gradient(np.stack([w, w + 1], axis=1)).mean(axis=1)
            yield w

    path = simulate(BOWL, slopes, [-4, 3], steps=2)
    assert path.evaluations.tolist() == [0, 2, 4] and path.looked.shape == (2, 4)
    assert np.array_equal(path.gradients, BOWL.gradient(path.looked))


def test_what_is_beside_the_points_is_kept_by_step() -> None:
    path = simulate(BOWL, swarm, [-4, 3], steps=4)
    assert path.crowd is not None and path.shapes is not None and path.means is not None
    assert path.crowd.shape == (2, 6, 5) and path.crowd_kind == "generation"
    assert np.isnan(path.crowd[:, :, 0]).all() and np.isfinite(path.crowd[:, :, 1:]).all()
    sizes = path.shapes[0, 0].tolist()
    assert sizes == pytest.approx([1, 0.81, 0.81**2, 0.81**3, 0.81**4])
    assert np.isnan(path.means[:, 0]).all() and np.isfinite(path.means[:, 1:]).all()
    plain = simulate(BOWL, gd, [-4, 3], steps=4)
    assert (plain.crowd, plain.crowd_kind, plain.shapes, plain.means) == (None,) * 4


def test_crowds_may_differ_in_size_and_be_missing() -> None:
    sizes = [2, 0, 3]

    def growing(f: Surface, w: Array) -> Iterator[Array | State]:
        crowd = np.ones((2, 3))
        for size in sizes:
            w = w + 1
            crowd *= size
            yield State(w, crowd[:, :size], "proposals") if size else w

    path = simulate(BOWL, growing, [0, 0], steps=9)
    assert path.steps == 3 and path.crowd is not None
    assert path.crowd.shape == (2, 3, 4) and path.crowd_kind == "proposals"
    assert np.isfinite(path.crowd[0]).sum(axis=0).tolist() == [0, 2, 0, 3]
    assert path.crowd[0, 0, 1] == 2  # not changed by what came afterwards


def test_only_the_point_must_be_finite() -> None:
    def wild(f: Surface, w: Array) -> Iterator[State]:
        for _ in range(3):
            w = w + 0.1
            yield State(w, np.full((2, 1), np.inf), mean=np.full(2, np.nan))

    path = simulate(BOWL, wild, [0, 0], steps=3)
    assert (path.steps, path.status) == (3, "finished")


def test_a_diverged_trial_has_the_states_of_its_finite_points() -> None:
    def leap(f: Surface, w: Array) -> Iterator[State]:
        yield State(w + 1, np.zeros((2, 2)))
        f.value(w)
        yield State(np.array([np.inf, 0]), np.zeros((2, 3)))

    path = simulate(BOWL, leap, [0, 0], steps=5)
    assert path.status == "diverged" and path.crowd is not None
    assert path.crowd.shape == (2, 2, 2) and path.evaluations.tolist() == [0, 0]
    assert path.value_asked.tolist() == [2]


def test_a_value_that_is_not_defined_makes_a_trial_undefined() -> None:
    def by_values(f: Surface, w: Array) -> Iterator[Array]:
        while True:
            w = w - 0.6 * (f.value(w + 0.5) - f.value(w - 0.5))
            yield w

    path = simulate(expression(expr="sqrt(x)"), by_values, [0.9], steps=9)
    assert path.status == "undefined"


def test_it_ascends_with_values_and_hessians_of_the_negated_surface() -> None:
    for bowl in (BOWL, replace(BOWL, hessian=None)):  # type: ignore[arg-type]
        up = simulate(bowl.negated.climbed, newton, [-4, 3], steps=1)
        assert up.points[:, -1] == pytest.approx([3, 2]) and up.values[-1] == pytest.approx(0)


@pytest.mark.parametrize("seed", [0, 7])
def test_chance_is_a_stream_of_its_own(seed: int) -> None:
    def draws(f: Surface, w: Array, random: np.random.RandomState) -> Iterator[Array]:
        while True:
            w = random.standard_normal(len(w))
            f.gradient(w)
            yield w

    path = simulate(BOWL, draws, [0, 0], steps=3, seed=seed)
    expected = np.random.RandomState([seed, 2]).standard_normal(6)
    assert path.points[:, 1:].T.ravel().tolist() == expected.tolist()
    # Neither stream changes the other.
    noised = simulate(BOWL, draws, [0, 0], steps=3, seed=seed, noise=0.5)
    assert np.array_equal(noised.points, path.points)
    noise = 0.5 * np.random.RandomState([seed, 1]).standard_normal(6)
    assert (noised.gradients - path.gradients).T.ravel() == pytest.approx(noise)


def test_chance_is_asked_for_by_the_signature() -> None:
    def with_rate(f: Surface, w: Array, lr: float = 0.1) -> Iterator[Array]:
        yield w - lr

    assert takes_chance(swarm) and takes_chance(partial(swarm, size=3))
    assert not any(map(takes_chance, (gd, partial(adam, lr=0.1), with_rate, print, max)))
    assert simulate(BOWL, with_rate, [0, 0], steps=1).points[:, 1].tolist() == [-0.1, -0.1]


def test_a_hessian_is_without_noise() -> None:
    p = np.array([1.0, 2.0])
    for surface in (BOWL, replace(BOWL, hessian=None)):  # type: ignore[arg-type]
        noised = noisy(surface, 5.0)
        assert noised.hessian(p).tolist() == surface.hessian(p).tolist()
    path = simulate(BOWL, newton, [-4, 3], steps=1, noise=0.5)
    noise = 0.5 * np.random.RandomState([0, 1]).standard_normal(2)
    assert path.points[:, 1] == pytest.approx([3, 2] - noise / [2, 4])


def test_a_rule_of_stop_ends_before_the_initial_state_is_asked() -> None:
    path = simulate(BOWL, swarm, [3, 2], steps=5, stop=Stop(loss=1e-9))
    assert path.steps == 0 and path.shapes is None and path.evaluations.tolist() == [0]


@pytest.mark.parametrize(
    ("options", "message"),
    [({"crowd": np.zeros(2)}, r"a crowd must have shape \(2, n\), got \(2,\)"),
     ({"crowd": np.zeros((3, 2))}, r"a crowd must have shape \(2, n\), got \(3, 2\)"),
     ({"shape": np.zeros(2)}, r"a shape must be \(2, 2\), got \(2,\)"),
     ({"mean": np.zeros(3)}, r"a mean must have shape \(2,\), got \(3,\)"),
     ({"kind": "herd"}, "one of simplex, generation, proposals, got 'herd'")],
)  # fmt: skip
def test_a_state_of_the_wrong_shape(options: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        State(np.zeros(2), **options)  # type: ignore[arg-type]


def test_crowds_of_two_kinds() -> None:
    def two(f: Surface, w: Array) -> Iterator[State]:
        yield State(w, np.zeros((2, 1)), "simplex")
        yield State(w, np.zeros((2, 1)), "proposals")

    with pytest.raises(ValueError, match="must be of one kind, got proposals and simplex"):
        simulate(BOWL, two, [0, 0], steps=2)


@pytest.mark.parametrize(
    ("optimizer", "message", "help"),
    [("{name: polyak}", "polyak needs the lowest loss: no minimum of this surface is known",
      "target: 0"),
     ("{name: newton, lr: 0.1}", "newton has no option 'lr'", "newton has no learning rate"),
     ("{name: bfgs, learning_rate: 1}", "bfgs has no option 'learning_rate'",
      "bfgs has no learning rate: remove learning_rate")],
)  # fmt: skip
def test_what_an_optimizer_lacks_is_said_at_its_place(
    optimizer: str, message: str, help: str
) -> None:
    text = f"surface: {{expr: x + y}}\nstart: [1, 1]\noptimizer: {optimizer}\n"
    with pytest.raises(ConfigError) as caught:
        optanim.loads(text)
    (problem,) = caught.value.problems
    assert message in problem.message and help in problem.help
    assert isinstance(problem.place, Place) and problem.place.line == 3


@pytest.mark.parametrize("name", ["steepest_descent", "conjugate_gradient", "newton", "bfgs"])
def test_a_search_ends_where_the_gradient_is_zero_and_goes_on_with_noise(name: str) -> None:
    function = catalogue("optimizers")[name].function
    assert simulate(BOWL, function, [3, 2], steps=9).steps == 0
    shaken = simulate(BOWL, function, [-4, 3], steps=30, noise=1.0)
    assert shaken.steps == 30 and np.isfinite(shaken.points).all()
