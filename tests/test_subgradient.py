"""`subgradient: one-sided`: the slope to the right of a kink, which need not lead down."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import optanim
from optanim.config.dump import as_yaml
from optanim.experiment.trials import trajectories_of
from optanim.surfaces import Surface
from optanim.surfaces.expression import expression
from optanim.surfaces.regression import Regression, regression
from tests.pages import ROOT
from tests.test_kinks import exact, mp

Points = tuple[tuple[float, float], ...]


def fitted(model: str, loss: str, points: Points, kind: str | None = "one-sided") -> Surface:
    section = Regression(points=points, model=model, loss=loss)  # type: ignore[arg-type]
    return regression(regression=section, subgradient=kind)  # type: ignore[arg-type]


BY_HAND: dict[str, tuple[dict[str, float], list[float]]] = {
    "abs(x)": ({"x": 0}, [1]),
    "abs(-x)": ({"x": 0}, [1]),
    "-abs(x)": ({"x": 0}, [-1]),
    "abs(x) - abs(-x)": ({"x": 0}, [0]),
    "abs(x) + 2*abs(y)": ({"x": 1, "y": 0}, [1, 2]),
    "abs(x - y)": ({"x": 1, "y": 1}, [1, -1]),
    "max(x, y)": ({"x": 1, "y": 1}, [1, 0]),
    "min(x, y)": ({"x": 1, "y": 1}, [0, 1]),
    "max(abs(x), 2*abs(y))": ({"x": 0, "y": 0}, [1, 0]),
    "abs(y - x**2)": ({"x": 1, "y": 1}, [2, -1]),
    "abs(max(x, 0))": ({"x": 0}, [1]),
    "sqrt(x**2)": ({"x": 0}, [1]),
    "sqrt(x**2 + y**2)": ({"x": 0, "y": 0}, [1, 0]),
    "x*sign(x)": ({"x": 0}, [1]),
    "exp(-abs(x))*y": ({"x": 0, "y": 3}, [-3, 1]),
    "softplus(abs(x)) + tan(abs(x))": ({"x": 0}, [1.5]),
    "sqrt(x**3)": ({"x": 0}, [0]),  # there is nothing to the left
    # No slope to the right, or an infinite one.
    "sqrt(x)": ({"x": 0}, [math.nan]),
    "sqrt(abs(x))": ({"x": 0}, [math.nan]),
    # No kink: as they are.
    "x**2 + 3*abs(y)": ({"x": 1, "y": 2}, [2, 3]),
    "abs(x)**y": ({"x": 0, "y": 2}, [0, 0]),
    "y*sign(x)": ({"x": 0, "y": 2}, [0, 0]),
}


@pytest.mark.parametrize("text", BY_HAND)
def test_the_slope_is_that_to_the_right(text: str) -> None:
    point, wanted = BY_HAND[text]
    gradient = expression(expr=text, subgradient="one-sided").gradient
    at = np.array([*point.values()], float)
    assert gradient(at) == pytest.approx(wanted, abs=1e-12, nan_ok=True)
    smooth = at + [0.25, 0.4][: len(at)]
    both = gradient(np.stack([at, smooth], axis=1))
    assert both[:, 0] == pytest.approx(wanted, abs=1e-12, nan_ok=True)
    assert both[:, 1] == pytest.approx(expression(expr=text).gradient(smooth))
    if any(map(math.isnan, wanted)) or "sign" in text or "**y" in text:
        return
    # Differences by mpmath, a little to the right.
    beside = {
        name: mp.mpf(value) + mp.mpf(10) ** (-12 * power)
        for power, (name, value) in enumerate(point.items(), 1)
    }
    step = mp.mpf(10) ** -40
    slopes = [
        (exact(text, **{**beside, name: beside[name] + step}) - exact(text, **beside)) / step
        for name in point
    ]
    assert [float(slope) for slope in slopes] == pytest.approx(wanted, abs=1e-5)


def is_subgradient(surface: Surface, at: np.ndarray, others: np.ndarray) -> bool:
    """Whether f(q) ≥ f(p) + g·(q − p) for all of q, (d, n)."""
    slope = surface.gradient(at)
    below = surface.value(at) + slope @ (others - at[:, None])
    return bool((surface.value(others) >= below - 1e-9).all())


@given(
    st.lists(st.tuples(*[st.integers(-2, 2)] * 3), min_size=1, max_size=4),
    st.tuples(st.integers(-2, 2), st.integers(-2, 2)),
)
@settings(max_examples=10, deadline=None)
def test_it_is_a_subgradient_of_a_convex_formula(
    rows: list[tuple[int, int, int]], at: tuple[int, int]
) -> None:
    parts = [f"abs({a}*x + {b}*y + {c})" for a, b, c in rows]
    text = f"max({' + '.join(parts)}, 2*sqrt(x**2 + y**2)) + 0*x*y"
    surface = expression(expr=text, subgradient="one-sided")
    others = np.random.default_rng(0).uniform(-5, 5, (2, 60))
    assert is_subgradient(surface, np.array(at, float), others)


@given(
    st.lists(st.tuples(st.integers(-2, 2), st.integers(-4, 4)), min_size=2, max_size=6),
    st.tuples(st.integers(-2, 2), st.integers(-2, 2)),
    st.sampled_from(["w*x + b", "b + w*x", "abs(w)*x + b"]),
)
@settings(max_examples=20, deadline=None)
def test_that_of_mae_is_the_slope_to_the_right(
    points: list[tuple[int, int]], at: tuple[int, int], model: str
) -> None:
    rows = tuple((float(x), float(y)) for x, y in points)
    surface, place = fitted(model, "mae", rows), np.array(at, float)
    others = np.random.default_rng(0).uniform(-5, 5, (2, 60))
    assert "abs" in model or is_subgradient(surface, place, others)
    slope, step = surface.gradient(place), np.array([2.0**-16, 2.0**-40])
    # The loss is linear from the point to one that is a little to the right.
    rise = surface.value(place + step) - surface.value(place)
    assert rise == pytest.approx(slope @ step, rel=1e-9, abs=1e-14)
    assert surface.data is not None
    everything = surface.data.gradient(place, np.arange(len(rows)))
    assert everything == pytest.approx(slope)
    grid = surface.gradient(np.repeat(place[:, None], 3, axis=1))
    assert grid == pytest.approx(np.repeat(slope[:, None], 3, axis=1))


def test_other_losses_have_the_same_gradient() -> None:
    at, rows = np.array([1.0, 0.5]), ((1.0, 1.5), (2.0, 3.0))
    for loss in ("mse", "huber"):
        for model in ("w*x + b", "exp(w*x) + b"):
            middle, beside = (fitted(model, loss, rows, kind) for kind in (None, "one-sided"))
            np.testing.assert_array_equal(middle.gradient(at), beside.gradient(at))


def test_the_step_in_the_docs_ascends_and_the_middle_descends() -> None:
    docs = (ROOT / "docs" / "surfaces.md").read_text("utf-8")
    (text,) = re.findall(r"```yaml\n(.*subgradient: one-sided\}\n.*?)```", docs, re.S)
    text = text.rpartition("```yaml\n")[2]
    losses = {}
    for kind in ("one-sided", "middle"):
        run = optanim.loads(text.replace("one-sided", kind))
        losses[kind] = trajectories_of(run)[0].values
    assert losses["one-sided"][:3] == pytest.approx([4, 5.5, 3])
    assert losses["middle"][:2] == pytest.approx([4, 3.5])
    assert (np.diff(losses["middle"]) < 0).all()
    # However small the rate is: 4 − η + 2·2η.
    for rate in (1e-1, 1e-3, 1e-6):
        run = optanim.loads(text.replace("lr: 0.5", f"lr: {rate}"))
        assert trajectories_of(run)[0].values[1] == pytest.approx(4 + 3 * rate, abs=1e-12)
    kept = optanim.loads(as_yaml(optanim.loads(text)))
    np.testing.assert_array_equal(trajectories_of(kept)[0].values, losses["one-sided"])


def test_the_step_of_mae_in_the_docs() -> None:
    surface = fitted("w*x", "mae", ((1.0, 1.0), (2.0, 2.0), (1.0, 5.0)))
    at = np.array([1.0])
    assert surface.gradient(at) == pytest.approx([2 / 3])
    assert surface.value(at - 0.3 * surface.gradient(at)) == pytest.approx(1.6)


def test_climbing_takes_the_slope_to_the_right_too() -> None:
    text = "surface: {expr: 5 - abs(x), subgradient: one-sided}\nascend: true\nstart: 0\nsteps: 1\n"
    run = optanim.loads(text + "optimizer: {name: gd, lr: 0.5}\n")
    assert trajectories_of(run)[0].points[0, 1] == pytest.approx(-0.5)
