"""Many simulations at once are those of `simulate`, one after the other."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest

from optanim import Stop, Trajectories, simulate, simulate_many
from optanim.optimizers.adam import adam
from optanim.optimizers.gd import gd
from optanim.surfaces.himmelblau import himmelblau

STARTS = np.array([[-4.0, 0.5, 4.9, 1.0], [3.0, 0.5, 4.9, 2.0]])


def assert_same(many: Trajectories, singles: list) -> None:
    """Each of the many has the points, the losses and the end of its single."""
    assert len(many) == len(singles)
    for r, single in enumerate(singles):
        one = many[r]
        np.testing.assert_array_equal(one.points, single.points)
        np.testing.assert_array_equal(one.values, single.values)
        np.testing.assert_array_equal(many.ends[:, r], single.points[:, -1])
        assert many.end_values[r] == single.values[-1]
        assert many.steps[r] == single.steps
        assert (one.status, one.grows_from, one.ended) == (
            single.status, single.grows_from, single.ended)  # fmt: skip
        assert many.stopped[r] == (single.stopped[0] if single.stopped else "")


def test_starts() -> None:
    f, optimizer = himmelblau(), partial(adam, lr=0.3)
    many = simulate_many(f, optimizer, STARTS, steps=50)
    assert many.points.shape == (2, 51, 4)
    assert_same(many, [simulate(f, optimizer, start, steps=50) for start in STARTS.T])


def test_options_some_of_which_diverge() -> None:
    f, rates = himmelblau(), [0.001, 0.01, 0.1, 1.0]
    many = simulate_many(f, gd, [1, 1], steps=50, options={"lr": rates})
    assert_same(many, [simulate(f, partial(gd, lr=lr), [1, 1], steps=50) for lr in rates])
    assert np.isnan(many.points[:, -1, 3]).all()
    assert list(many.since)[:2] == [-1, -1]


def test_seeds() -> None:
    f, optimizer = himmelblau(), partial(gd, lr=0.001)
    many = simulate_many(f, optimizer, [1, 1], steps=20, seeds=[3, 5], noise=2.0)
    assert_same(many, [simulate(f, optimizer, [1, 1], steps=20, seed=s, noise=2.0) for s in (3, 5)])


def test_rules_of_stop() -> None:
    f, stop = himmelblau(), Stop(loss=1.0)
    many = simulate_many(f, partial(gd, lr=0.01), STARTS, steps=60, stop=stop)
    singles = [simulate(f, partial(gd, lr=0.01), s, steps=60, stop=stop) for s in STARTS.T]
    assert_same(many, singles)
    assert "loss" in many.stopped


def test_only_ends() -> None:
    many = simulate_many(himmelblau(), adam, STARTS, steps=20, keep="ends")
    assert many.points is None and many.values is None
    with pytest.raises(ValueError, match="keep='points'"):
        many[0]


@pytest.mark.parametrize(
    ("starts", "options", "seeds"),
    [([1, 2, 3], {}, 0), (STARTS, {"lr": [1, 2]}, 0), (STARTS, {}, [1, 2, 3])],
)
def test_shapes_that_do_not_fit(starts, options, seeds) -> None:
    with pytest.raises(ValueError, match="all with one R"):
        simulate_many(himmelblau(), adam, starts, steps=5, options=options, seeds=seeds)
