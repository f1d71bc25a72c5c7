"""The engine: what it records, and how a run ends."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from optanim.experiment.simulate import simulate
from optanim.optimizers.gd import gd
from optanim.optimizers.nesterov import nesterov
from optanim.surfaces import Array, Surface
from optanim.surfaces.quadratic import quadratic
from optanim.surfaces.saddle import saddle

BOWL = quadratic(center=(3.0, 2.0))


def test_a_trajectory_has_the_start_and_a_point_for_each_update() -> None:
    path = simulate(BOWL, gd, [-4, 3], steps=30)
    assert path.points.shape == (2, 31) and path.points[:, 0].tolist() == [-4, 3]
    assert np.array_equal(path.values, BOWL.value(path.points))
    assert (path.label, path.status, path.steps) == ("gd", "finished", 30)
    assert np.array_equal(path.looked, path.points[:, :-1])
    assert np.array_equal(path.gradients, BOWL.gradient(path.looked))
    assert path.asked.tolist() == list(range(1, 31))


def test_it_sees_where_nesterov_looks() -> None:
    path = simulate(BOWL, partial(nesterov, lr=0.1, momentum=0.9), [-4, 3], steps=20)
    step = np.diff(path.points)
    ahead = path.points[:, 1:-1] + 0.9 * step[:, :-1]
    assert path.looked[:, 1:] == pytest.approx(ahead)
    assert path.label == "nesterov"


@pytest.mark.parametrize("lr", [1.5, 5.0, 1e300])
def test_divergence_is_a_result_and_ends_at_the_last_finite_point(lr: float) -> None:
    path = simulate(BOWL, partial(gd, lr=lr), [-4, 3], steps=2000)
    assert path.status == "diverged" and path.steps < 2000
    assert np.isfinite(path.points).all() and np.isfinite(path.values).all()
    assert path.points.shape == (2, path.steps + 1)
    assert path.looked.shape == path.gradients.shape == (2, path.steps + 1)
    with np.errstate(all="ignore"):
        after = path.points[:, -1] - lr * BOWL.gradient(path.points[:, -1])
        assert not np.isfinite(BOWL.value(after))


def test_going_down_for_ever_is_divergence_too() -> None:
    path = simulate(saddle(), partial(gd, lr=10), [0, 1], steps=1000)
    assert path.status == "diverged" and path.values[-1] < -1e200


@pytest.mark.parametrize("jump", [np.inf, np.nan, 1e200])
def test_a_jump_out_of_the_numbers_is_divergence_even_in_the_last_step(jump: float) -> None:
    """Either the point itself is not finite, or only the loss there, which is seen afterwards."""

    def leap(f: Surface, w: Array) -> Iterator[Array]:
        yield w - 0.1
        yield np.array([jump, 0.0])

    path = simulate(BOWL, leap, [1, 1], steps=2)
    assert path.status == "diverged" and path.steps == 1
    assert path.points.tolist() == [[1, 0.9], [1, 0.9]]


def test_gd_at_fifty_times_the_rate_stops_at_the_step_that_left_the_numbers() -> None:
    path = simulate(quadratic(), partial(gd, lr=5.0), [-4, 3], steps=1000)
    # y is multiplied by 1 − 5·4 = −19 in each step, and f = 2y² + … ends above 1.8e308.
    assert path.status == "diverged" and path.steps == 120


def test_an_optimizer_may_ask_twice_and_may_stop() -> None:
    def cautious(f: Surface, w: Array) -> Iterator[Array]:
        for _ in range(3):
            w = w - 0.05 * (f.gradient(w) + f.gradient(w - 0.1))
            yield w

    path = simulate(BOWL, cautious, [0, 0], steps=10)
    assert path.steps == 3 and path.asked.tolist() == [1, 1, 2, 2, 3, 3]
    assert path.status == "finished"


@pytest.mark.parametrize("start", [[1.0], [1.0, 2.0, 3.0], [np.nan, 0.0], [1e200, 1e200]])
def test_a_start_that_cannot_be(start: list[float]) -> None:
    with pytest.raises(ValueError, match="start"):
        simulate(BOWL, gd, start, steps=1)


def test_a_start_without_a_slope() -> None:
    cusp = replace(BOWL, gradient=lambda p: 1 / (p - p))
    with pytest.raises(ValueError, match="gradient is not finite at the start"):
        simulate(cusp, gd, [1, 2], steps=1)


def test_the_start_is_not_touched() -> None:
    def rude(f: Surface, w: Array) -> Iterator[Array]:
        w -= 0.5
        yield w.copy()

    start = np.array([1.0, 2.0])
    assert simulate(BOWL, rude, start, steps=1).points.tolist() == [[1, 0.5], [2, 1.5]]
    assert start.tolist() == [1, 2]
    assert simulate(BOWL, rude, [1, 2], steps=1, label="Mine").label == "Mine"


def test_an_optimizer_that_works_in_place_has_a_path_all_the_same() -> None:
    def in_place(f: Surface, w: Array) -> Iterator[Array]:
        while True:
            w -= 0.1 * f.gradient(w)
            yield w

    ours, theirs = (simulate(BOWL, o, [-4, 3], steps=9) for o in (in_place, gd))
    assert ours.points == pytest.approx(theirs.points)
    assert ours.looked == pytest.approx(theirs.looked)
