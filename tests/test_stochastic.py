"""Gradients with chance in them: the same for every optimizer, and the same again from the seed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from itertools import chain

import numpy as np
import pytest

import optanim
from optanim.config.variants import catalogue_names
from optanim.errors import ConfigError
from optanim.experiment.simulate import simulate
from optanim.experiment.trials import trajectories_of
from optanim.optimizers.adam import adam
from optanim.optimizers.gd import gd
from optanim.schema.catalogue import catalogue
from optanim.surfaces import Array, Surface, minibatch, noisy
from optanim.surfaces.parabola import parabola
from optanim.surfaces.quadratic import quadratic
from optanim.surfaces.regression import Regression, regression

POINTS = tuple((float(x), 3.0 * x + x % 3) for x in range(10))
LINE = regression(regression=Regression(points=POINTS, model="w*x + b"))
RACE = (
    "surface: {regression: {points: [[1, 2], [2, 3], [3, 7], [4, 7], [5, 9]], model: w*x},"
    " batch_size: 2}\nstart: [0]\nsteps: 9\nnoise: 0.5\n"
    "optimizers: [{name: gd, lr: 1e-2}, {name: adam, lr: 1}, {name: gd, lr: 1e-2, label: Two}]\n"
)


def batches(surface: Surface, count: int) -> list[list[int]]:
    """Which points each of the next gradients is over."""
    seen: list[list[int]] = []
    assert surface.data is not None

    def told(p: Array, index: Array) -> Array:
        seen.append(sorted(index.tolist()))
        return np.zeros(2)

    spied = replace(surface, data=replace(surface.data, gradient=told))
    drawn = minibatch(spied, 4, seed=7)
    for _ in range(count):
        drawn.gradient(np.zeros(2))
    return seen


def test_every_point_is_drawn_once_in_an_epoch_and_epochs_differ() -> None:
    seen = batches(LINE, 30)
    assert [len(batch) for batch in seen[:6]] == [4, 4, 2, 4, 4, 2]
    epochs = [seen[i : i + 3] for i in range(0, 30, 3)]
    assert all(sorted(chain.from_iterable(epoch)) == list(range(10)) for epoch in epochs)
    assert len({str(epoch) for epoch in epochs}) == 10
    assert batches(LINE, 30) == seen


def test_a_batch_has_the_gradient_of_its_points_and_an_epoch_that_of_all() -> None:
    p, drawn = np.array([1.0, -0.5]), minibatch(LINE, 5, seed=1)
    halves = [drawn.gradient(p), drawn.gradient(p)]
    assert np.abs(halves[0] - halves[1]).max() > 1e-3
    assert np.mean(halves, axis=0) == pytest.approx(LINE.gradient(p))
    assert drawn.value(p) == LINE.value(p)
    assert minibatch(LINE, 10).gradient is LINE.gradient


def test_noise_has_its_deviation_and_leaves_the_value() -> None:
    bowl = quadratic()
    drawn, p = noisy(bowl, 0.5, seed=3), np.array([1.0, 2.0])
    draws = np.array([drawn.gradient(p) for _ in range(20_000)]) - bowl.gradient(p)
    assert draws.std(axis=0) == pytest.approx([0.5, 0.5], rel=0.03)
    assert draws.mean(axis=0) == pytest.approx([0, 0], abs=0.02)
    assert abs(np.corrcoef(draws.T)[0, 1]) < 0.03
    assert drawn.value is bowl.value
    assert noisy(bowl, 0.0) is bowl
    assert noisy(parabola(), 1.0).gradient(np.zeros((1, 5))).shape == (1, 5)


def test_the_same_seed_is_the_same_path_and_another_is_another() -> None:
    walk = partial(simulate, quadratic(), partial(gd, lr=0.1), [-4, 3], steps=50, noise=1.0)
    assert np.array_equal(walk(seed=7).points, walk(seed=7).points)
    assert not np.array_equal(walk(seed=7).points, walk(seed=8).points)
    # RandomState's stream is frozen: this holds in every version of NumPy.
    first = walk(seed=7).gradients[:, 0] - quadratic().gradient(np.array([-4.0, 3.0]))
    random = np.random.RandomState([7, 1])
    assert first == pytest.approx(random.standard_normal(2), abs=1e-12)


def test_the_record_is_what_the_optimizer_saw() -> None:
    asked: list[Array] = []

    def told(f: Surface, w: Array) -> Iterator[Array]:
        while True:
            asked.append(f.gradient(w))
            w = w - 0.1 * asked[-1]
            yield w

    path = simulate(quadratic(), told, [-4, 3], steps=20, noise=1.0, seed=2)
    assert np.array_equal(path.gradients.T, asked[:20])
    assert np.diff(path.points) == pytest.approx(-0.1 * path.gradients)
    assert np.array_equal(path.values, quadratic().value(path.points))


def test_the_engine_draws_for_no_question_of_its_own() -> None:
    drawn = noisy(quadratic(), 1.0, seed=5)
    path = simulate(drawn, gd, [-4, 3], steps=3)
    again = noisy(quadratic(), 1.0, seed=5)
    assert np.array_equal(path.gradients[:, 0], again.gradient(np.array([-4.0, 3.0])))
    assert np.array_equal(path.points, simulate(quadratic(), gd, [-4, 3], steps=3, noise=1.0,
                                                seed=5).points)  # fmt: skip


@pytest.mark.parametrize("name", catalogue_names("all", "optimizers", ""))
def test_every_optimizer_walks_with_noise_and_batches(name: str) -> None:
    surface = regression(regression=Regression(points=POINTS, model="w*x + b"), batch_size=3)
    entry = catalogue("optimizers")[name]
    options: dict[str, object] = {"lr": 1e-3} if "lr" in entry.options else {}
    if "inner" in entry.options:  # it has the rate
        options = {"inner": partial(gd, lr=1e-3)}
    optimizer = partial(entry.function, **options)
    one, two = (simulate(surface, optimizer, [1, 1], steps=40, noise=0.1, seed=4) for _ in range(2))
    assert one.status == "finished" and np.array_equal(one.points, two.points)


def test_in_a_race_all_see_the_same_noise_and_batches() -> None:
    run = optanim.loads(RACE)
    one, _, two = trajectories_of(run)
    assert np.array_equal(one.points, two.points)
    # What is drawn at step t does not depend on where an optimizer is, so rates of all but nothing
    # show the draws themselves.
    still = [replace(r, optimizer=partial(r.optimizer, lr=1e-12)) for r in run.trials]
    one, other, _ = trajectories_of(replace(run, trials=tuple(still)))
    assert one.gradients == pytest.approx(other.gradients, rel=1e-9)
    assert len(set(one.gradients[0].round(6))) == 9


def test_the_seed_of_a_config() -> None:
    paths = [
        trajectories_of(optanim.loads(RACE, set=more))[0].points
        for more in ([], ["seed=0"], ["seed=8"], ["seed=8", "noise=0"], ["seed=9", "noise=0"])
    ]
    assert np.array_equal(paths[0], paths[1])
    assert not any(np.array_equal(paths[0], path) for path in paths[2:])
    assert not np.array_equal(paths[3], paths[4])
    still = [
        trajectories_of(optanim.loads(RACE, set=[*more, "noise=0", "surface.batch_size=5"]))
        for more in (["seed=1"], ["seed=2"])
    ]
    assert np.array_equal(still[0][1].points, still[1][1].points)


def test_noise_has_a_stream_of_its_own() -> None:
    batched = regression(regression=Regression(points=POINTS, model="w*x + b"), batch_size=3)
    slow = partial(adam, lr=1e-12)
    plain, noise = (
        simulate(batched, slow, [1, 1], steps=20, noise=n, seed=4).gradients for n in (0.0, 1e-6)
    )
    assert 0 < np.abs(plain - noise).max() < 1e-5


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("seed: -1", "c.yaml:4:7: error: seed must be at least 0, got -1"),
        ("seed: 4294967296", "c.yaml:4:7: error: seed must be at most 4"),
        ("seed: 1.5", "c.yaml:4:7: error: seed must be a whole number, got 1.5"),
        ("seed: true", "c.yaml:4:7: error: seed must be a whole number, got true"),
        ("noise: -0.1", "c.yaml:4:8: error: noise must be at least 0, got -0.1"),
        ("noise: .inf", "c.yaml:4:8: error: noise must be a finite number"),
        ("noise: a bit", "c.yaml:4:8: error: noise must be a number, got 'a bit'"),
        ("batch_size: 2", "c.yaml:4:1: error: unknown key 'batch_size'"),
    ],
)
def test_wrong_seeds_and_noises(line: str, message: str) -> None:
    text = f"surface: beale\nstart: [1, 1]\noptimizer: gd\n{line}\n"
    with pytest.raises(ConfigError) as caught:
        optanim.loads(text, source="c.yaml")
    assert message in str(caught.value)


@pytest.mark.parametrize("size", [0, 11])
def test_a_batch_that_cannot_be(size: int) -> None:
    with pytest.raises(ValueError, match=f"a batch has 1 to 10 points, got {size}"):
        minibatch(LINE, size)
    with pytest.raises(ValueError, match="no data"):
        minibatch(quadratic(), 2)
