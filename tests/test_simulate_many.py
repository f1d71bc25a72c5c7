"""Many simulations at once are those of `simulate`, one after the other."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest

from optanim import Stop, Surface, Trajectories, load, simulate, simulate_many
from optanim.experiment.outcome import measure_outcome
from optanim.experiment.outcomes import measure_outcomes
from optanim.experiment.vectorized import options_as_arrays, simulate_together
from optanim.optimizers.adam import adam
from optanim.optimizers.article_nesterov import article_nesterov
from optanim.optimizers.gd import gd
from optanim.optimizers.lookahead import lookahead
from optanim.optimizers.newton import newton
from optanim.optimizers.rmsprop import rmsprop
from optanim.schema.catalogue import catalogue
from optanim.surfaces.expression import expression
from optanim.surfaces.himmelblau import himmelblau
from optanim.surfaces.quadratic import quadratic

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


def test_one_that_does_not_ask_at_its_start() -> None:
    """Where it asks first, ahead of its start, √x has no slope: it is undefined, and no error."""
    f, starts = expression(expr="sqrt(x) + y**2"), np.array([[1e-3, 4.0], [1.0, 1.0]])
    many = simulate_many(f, partial(article_nesterov, lr=2.0), starts, steps=5)
    singles = [simulate(f, partial(article_nesterov, lr=2.0), s, steps=5) for s in starts.T]
    assert [one.status for one in singles] == list(many.status) == ["undefined"] * 2
    assert list(many.steps) == [single.steps for single in singles]


@pytest.mark.parametrize("numbers", [{"steps": -1}, {"steps": 1, "noise": -0.1}])
def test_no_negative_numbers(numbers) -> None:
    with pytest.raises(ValueError, match="must be at least 0"):
        simulate_many(himmelblau(), adam, STARTS, **numbers)


def test_keep_is_one_of_two_words() -> None:
    with pytest.raises(ValueError, match="keep must be 'points' or 'ends', got 'end'"):
        simulate_many(himmelblau(), adam, STARTS, steps=2, keep="end")


def test_only_ends() -> None:
    many = simulate_many(himmelblau(), adam, STARTS, steps=20, keep="ends")
    assert many.points is None and many.values is None
    with pytest.raises(ValueError, match="keep='points'"):
        many[0]
    # A view would keep all points of its block in memory.
    assert many.starts.base is None or many.starts.base.nbytes == many.starts.nbytes


@pytest.mark.parametrize(
    ("starts", "options", "seeds"),
    [
        ([1, 2, 3], {}, 0),
        (STARTS, {"lr": [1, 2]}, 0),
        (STARTS, {}, [1, 2, 3]),
        (STARTS, {"lr": 0.1}, 0),
        (STARTS[:, :0], {}, 0),
        (STARTS, {"lr": [[1] * 4]}, 0),
        ([1, 2], {"lr": []}, 0),
        (1.0, {}, 0),
    ],
)
def test_shapes_that_do_not_fit(starts, options, seeds) -> None:
    with pytest.raises(ValueError, match="all with one R"):
        simulate_many(himmelblau(), adam, starts, steps=5, options=options, seeds=seeds)


# --- Every optimizer: what its docstring says of many points is tried. ---

CATALOGUE = sorted({*catalogue("optimizers")} - {"recorded"})
SEVERAL = np.array([[-4.0, 0.5, 4.9, 3.0, -1.0], [3.0, 0.5, 4.9, 2.0, -2.0]])
RATE = {"lr": 0.01}


def together(function, options, starts, steps=40) -> Trajectories:
    """The trajectories of a function that is handed all points, whatever its docstring says."""
    return simulate_together(
        himmelblau(), partial(function, **options), starts, steps=steps, noise=0.0, stop=None,
        seeds=np.zeros(starts.shape[1], dtype=int), label="",
    )  # fmt: skip


def one_by_one(function, options, starts, steps=40) -> list:
    return [
        simulate(himmelblau(), partial(function, **{k: _item(v, r) for k, v in options.items()}),
                 start, steps=steps)
        for r, start in enumerate(starts.T)
    ]  # fmt: skip


def _item(value, r):
    return float(value[r]) if isinstance(value, np.ndarray) else value


@pytest.mark.parametrize("name", CATALOGUE)
def test_many_points(name: str) -> None:
    """Bit for bit those of one point, or the docstring does not say that many are possible."""
    entry = catalogue("optimizers")[name]
    options = {key: value for key, value in RATE.items() if key in entry.options}
    if entry.many_at_once is not None:
        many = together(entry.function, options, SEVERAL)
        assert_same(many, one_by_one(entry.function, options, SEVERAL))
        return
    with pytest.raises((ValueError, TypeError, IndexError)):  # LinAlgError is a ValueError
        together(entry.function, options, SEVERAL)


@pytest.mark.parametrize("name", [n for n in CATALOGUE if catalogue("optimizers")[n].many_at_once])
def test_many_options(name: str) -> None:
    """An option that may differ from point to point gives the points of each of its values.

    NumPy's power of an array differs from that of a number in the last place.
    """
    entry = catalogue("optimizers")[name]
    starts = SEVERAL[:, [1, 1, 4]]
    numbers = {key for key, option in entry.options.items() if type(option.default) is float}
    for key in sorted(numbers):
        default = RATE.get(key, entry.options[key].default) or 0.2
        options = {**{k: v for k, v in RATE.items() if k in entry.options},
                   key: default * np.array([0.5, 0.9, 1.0])}  # fmt: skip
        if key not in entry.many_at_once:
            with pytest.raises(ValueError, match="truth value"):
                together(entry.function, options, starts)
            continue
        many = together(entry.function, options, starts)
        for r, single in enumerate(one_by_one(entry.function, options, starts)):
            np.testing.assert_allclose(many[r].points, single.points, rtol=1e-12, atol=1e-12)


def test_options_of_one_value_are_grouped() -> None:
    f, momenta = himmelblau(), [0.0, 0.9, 0.0, 0.5]
    many = simulate_many(f, partial(rmsprop, lr=0.01), STARTS, steps=20,
                         options={"momentum": momenta})  # fmt: skip
    singles = [
        simulate(f, partial(rmsprop, lr=0.01, momentum=mu), start, steps=20)
        for mu, start in zip(momenta, STARTS.T, strict=True)
    ]
    assert_same(many, singles)


@pytest.mark.parametrize("inner", ["adam", "lbfgs", partial(adam, lr=0.3)])
def test_an_optimizer_around_another(inner) -> None:
    f, optimizer = himmelblau(), partial(lookahead, inner=inner)
    many = simulate_many(f, optimizer, STARTS, steps=12)
    assert_same(many, [simulate(f, optimizer, start, steps=12) for start in STARTS.T])
    assert (options_as_arrays(optimizer) is None) == (inner == "lbfgs")


@pytest.mark.parametrize("seeds", [7, [0, 1, 2, 3], [5, 6, 5, 6]])
def test_noise_and_batches_of_each_seed(seeds) -> None:
    """Over more gradients than are drawn at a time, with trajectories that leave."""
    surface = minibatches()
    many = simulate_many(surface, partial(gd, lr=0.05), [0.5, -1], steps=40, noise=0.1,
                         seeds=np.broadcast_to(seeds, 4), stop=Stop(step=0.01))  # fmt: skip
    singles = [
        simulate(surface, partial(gd, lr=0.05), [0.5, -1], steps=40, noise=0.1, seed=int(seed),
                 stop=Stop(step=0.01))
        for seed in np.broadcast_to(seeds, 4)
    ]  # fmt: skip
    assert_same(many, singles)


def minibatches() -> Surface:
    points = [(float(x), float(2 * x + 1)) for x in np.linspace(-1, 1, 20)]
    config = {"surface": {"regression": {"points": points, "model": "w*x + b"}, "batch_size": 4},
              "start": [0, 0], "optimizer": "gd"}  # fmt: skip
    return load(config).surface


def test_noise_hides_no_growth() -> None:
    f, rates = quadratic(), [0.1, 0.55, 0.6]
    many = simulate_many(f, gd, [-4, 3], steps=40, options={"lr": rates}, noise=0.1)
    singles = [simulate(f, partial(gd, lr=lr), [-4, 3], steps=40, noise=0.1) for lr in rates]
    assert_same(many, singles)
    assert list(many.status) == ["finished", "diverged", "diverged"]


def test_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = simulate_many(himmelblau(), adam, SEVERAL, steps=10, options={"lr": np.full(5, 0.1)})
    monkeypatch.setattr("optanim.experiment.simulate_many.MAX_BLOCK", 2)
    parts = simulate_many(himmelblau(), adam, SEVERAL, steps=10, options={"lr": np.full(5, 0.1)})
    np.testing.assert_array_equal(parts.points, whole.points)


def test_no_value_and_too_large() -> None:
    """√x has no value below 0; x⁴ becomes too large: at once, and with an error of both kinds."""
    root = expression(expr="sqrt(x) + y**4")
    rates = [0.1, 5.0, 1.0]
    starts = np.array([[4.0, 1.0, 4.0], [0.1, 0.0, 9.0]])
    many = simulate_many(root, gd, starts, steps=30, options={"lr": rates})
    singles = [simulate(root, partial(gd, lr=lr), s, steps=30)
               for lr, s in zip(rates, starts.T, strict=True)]  # fmt: skip
    assert [many[r].status for r in range(3)] == [s.status for s in singles]
    assert {"undefined", "diverged"} <= set(many.status)
    assert list(many.steps) == [single.steps for single in singles]


def test_a_surface_that_is_climbed() -> None:
    f = himmelblau().climbed
    many = simulate_many(f, partial(gd, lr=1e-3), STARTS, steps=9)
    assert_same(many, [simulate(f, partial(gd, lr=1e-3), start, steps=9) for start in STARTS.T])


def test_a_start_without_value() -> None:
    f = expression(expr="log(x) + y**2")
    with pytest.raises(ValueError, match=r"value is not finite at the start \[-1.0, 1.0\]"):
        simulate_many(f, gd, [[1, -1], [0, 1]], steps=5)


# --- The outcomes of many are those of each. ---


@pytest.mark.parametrize("name", [n for n, e in catalogue("surfaces").items() if not e.lead])
def test_outcomes(name: str) -> None:
    surface = catalogue("surfaces")[name].function()
    low, high = np.array(surface.domain).T[:, :, None]
    starts = low + (high - low) * np.linspace([-0.1] * len(low), [1.1, 0.9][: len(low)], 9).T
    with np.errstate(all="ignore"):
        starts = starts[:, np.isfinite(surface.value(starts))]
    for optimizer, stop, within, frame in (
        (partial(gd, lr=0.01), None, None, None),
        (partial(adam, lr=0.1), None, 0.3, surface.domain),
        (partial(gd, lr=0.5), None, None, surface.domain),
        (partial(adam, lr=0.1), Stop(step=1e-2), None, None),
        (newton, None, None, None),
    ):
        many = simulate_many(surface, optimizer, starts, steps=30, stop=stop)
        outcomes = measure_outcomes(many, surface, within=within, frame=frame)
        for r in range(len(many)):
            one = measure_outcome(many[r], surface, within=within, frame=frame)
            assert outcomes.status[r] == one.status.replace("cycling", "moving")
            assert outcomes.since[r] == (-1 if one.since is None else one.since)
            reached = surface.minima.index(one.minimum) if one.status == "arrived" else -1
            assert outcomes.minimum[r] == reached


def test_outcomes_need_points() -> None:
    ends = simulate_many(himmelblau(), adam, STARTS, steps=5, keep="ends")
    with pytest.raises(ValueError, match="only the ends"):
        measure_outcomes(ends, himmelblau())
