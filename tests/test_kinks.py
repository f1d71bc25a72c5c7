"""Slopes at kinks, and the edges of a formula's domain, against 90 digits of mpmath."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import mpmath
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import optanim
from optanim.errors import OptionError
from optanim.formulas.expression import compiled, parse
from optanim.surfaces.expression import expression

mp: Any = mpmath.mp.clone()
mp.dps = 90


def _real(function: Callable[..., Any]) -> Callable[..., Any]:
    def checked(*arguments: Any) -> Any:
        value = function(*arguments)
        if isinstance(value, mp.mpc) or not mp.isfinite(value):
            raise ArithmeticError
        return value

    return checked


def _inside(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function whose complex values near the edge of its domain are those of rounding."""

    def checked(a: Any) -> Any:
        return function(max(min(a, 1), -1) if abs(abs(a) - 1) < mp.mpf(10) ** -85 else a)

    return checked


MATHS: dict[str, Any] = {
    name: _real(getattr(mp, name))
    for name in ("sin", "cos", "tan", "atan", "tanh", "exp", "log", "sqrt", "sinh", "cosh")
} | {
    "asin": _real(_inside(mp.asin)), "acos": _real(_inside(mp.acos)), "abs": abs, "max": max,
    "min": min, "softplus": lambda a: mp.log1p(mp.exp(a)),
    "sign": mp.sign, "mpf": mp.mpf, "log10": _real(mp.log10), "__builtins__": {},
}  # fmt: skip


def exact(text: str, **point: Any) -> Any:
    """The value by mpmath; None where a part has none."""
    text = re.sub(r"(?<!\w)\d+(\.\d+)?", r"mpf(\g<0>)", text)
    try:
        value = eval(text, MATHS, {name: mp.mpf(number) for name, number in point.items()})
    except (ArithmeticError, ValueError, TypeError):
        return None
    return None if isinstance(value, (complex, mp.mpc)) or not mp.isfinite(value) else value


def middle(text: str, name: str, point: dict[str, float]) -> float | None:
    """The middle of the one-sided slopes by differences; NaN if there is none, None if unclear."""
    value, slopes = exact(text, **point), []
    for side in (1, -1):
        quotients = []
        for digits in (12, 16, 20, 24):
            step = side * mp.mpf(10) ** -digits
            there = exact(text, **{**point, name: mp.mpf(point[name]) + step})
            if there is None:
                return math.nan
            quotients.append((there - value) / step)
        if abs(quotients[3] - quotients[2]) > 1e-5 * max(1, abs(quotients[3])):
            grows = all(abs(b) > 1.05 * abs(a) for a, b in pairwise(quotients))
            return math.nan if grows else None
        slopes.append(quotients[3])
    return float((slopes[0] + slopes[1]) / 2)


def slopes(text: str, **point: float) -> list[float]:
    read = parse(text)
    return compiled(read.partials(tuple(point)), tuple(point)).at(*point.values())


BY_HAND: dict[str, tuple[dict[str, float], list[float]]] = {
    "sqrt(x**2)": ({"x": 0}, [0]),
    "(x**2)**0.5 + 3*x": ({"x": 0}, [3]),
    "sqrt(x**2 + y**2)": ({"x": 0, "y": 0}, [0, 0]),
    "(x**2 + y**2)**0.5/(1 + x)": ({"x": 0, "y": 0}, [0, 0]),
    "sqrt((x - 0.3)**2) + x**3": ({"x": 0.3}, [0.27]),
    "sqrt(1 - cos(x))": ({"x": 0}, [0]),
    "acos(cos(x))": ({"x": 0}, [0]),
    "asin(sin(x))": ({"x": math.pi / 2}, [0]),
    "max(sqrt(x**2), 2*x)": ({"x": 0}, [0.5]),
    "abs(max(x, 0))": ({"x": 0}, [0.5]),
    "max(x, min(x, y))": ({"x": 0.5, "y": 0.5}, [1, 0]),
    "abs(x - abs(y))": ({"x": 0, "y": 0}, [0, 0]),
    "sqrt(x**4 + y**4)": ({"x": 0, "y": 0}, [0, 0]),
    "(x**8)**0.125": ({"x": 0}, [0]),
    "x*sqrt(x**2)": ({"x": 0}, [0]),
    "sqrt(x**2)*y": ({"x": 0, "y": 3}, [0, 0]),
    "exp(-sqrt(x**2)) + tanh(x)": ({"x": 0}, [1]),
    "((y)**0.5 - (max(x, y))**0.5)**0.5": ({"x": 0.3, "y": 0.7}, [0, 0]),
    "sqrt((x - y)**2)": ({"x": 1.5, "y": 1.5}, [0, 0]),
    # One of the sides has no slope, or an infinite one.
    "sqrt(x)": ({"x": 0}, [math.nan]),
    "(x**2)**0.25": ({"x": 0}, [math.nan]),
    "sqrt(abs(x))": ({"x": 0}, [math.nan]),
    "max(x, 0)**0.5": ({"x": 0}, [math.nan]),
    "sqrt(x**2 + y)": ({"x": 0, "y": 0}, [0, math.nan]),
    "acos(x)": ({"x": 1}, [math.nan]),
    "sqrt(x**3)": ({"x": 0}, [math.nan]),
}


@pytest.mark.parametrize("text", BY_HAND)
def test_the_slope_at_a_kink_is_the_middle_of_the_slopes_beside_it(text: str) -> None:
    point, wanted = BY_HAND[text]
    assert slopes(text, **point) == pytest.approx(wanted, abs=1e-12, nan_ok=True)
    read = parse(text)
    columns = [np.array([value, value + 0.01, value]) for value in point.values()]
    everywhere = compiled(read.partials(tuple(point)), tuple(point))(*columns)
    assert everywhere[:, 2] == pytest.approx(wanted, abs=1e-12, nan_ok=True)
    # And the reference of the next test says so, too.
    by_mpmath = [middle(text, name, point) for name in point]
    rounded = "asin" in text or "0.3" in text  # the kink is between two floats
    assert rounded or by_mpmath == pytest.approx(wanted, abs=1e-9, nan_ok=True)


LEAVES = st.sampled_from(["x", "y", "x", "y", "2", "0.5", "1"])


def _deeper(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    one = st.sampled_from(["sqrt", "sqrt", "abs", "sin", "cos", "exp", "tanh", "atan", "softplus"])
    return st.one_of(
        st.builds(lambda a, op, b: f"({a}{op}{b})", inner, st.sampled_from("+-*"), inner),
        st.builds(lambda f, a: f"{f}({a})", one, inner),
        st.builds(lambda f, a, b: f"{f}({a}, {b})", st.sampled_from(["max", "min"]), inner, inner),
        st.builds(lambda a, n: f"({a})**{n}", inner, st.sampled_from(["2", "4", "0.5", "1.5"])),
    )


@given(
    st.recursive(LEAVES, _deeper, max_leaves=6),
    st.sampled_from([0.0, 0.5, 1.0, -1.0, 2.0]),
    st.sampled_from([0.0, 0.5, 1.0, -1.0]),
)
@example("sqrt(max(x, (x)**2)*y)", 1.0, 1.0)
@settings(max_examples=200, deadline=None)
def test_slopes_at_kinks_are_those_of_differences(text: str, x: float, y: float) -> None:
    try:
        read = parse(text)
    except OptionError:
        return
    point = {"x": x, "y": y}
    value, here = exact(text, **point), compiled([read.value], "xy").at(x, y)[0]
    if value is None or abs(value) > 1e4 or not math.isfinite(here):
        return
    for name, slope in zip("xy", compiled(read.partials("xy"), "xy").at(x, y), strict=True):
        wanted = middle(text, name, point)
        # At an edge of the domain, as of x**1.5, the slope on the one side may be taken.
        tiny = mp.mpf(10) ** -12
        edge = any(
            exact(text, **{**point, name: point[name] + step}) is None for step in (tiny, -tiny)
        )
        if wanted is not None and not edge and not (abs(wanted) > 1e4):
            assert slope == pytest.approx(wanted, rel=1e-5, abs=1e-5, nan_ok=True), name


# What algebra would simplify, a point where the formula has no value, and one where it has.
NO_VALUE = {
    "sqrt(x)**2": (-1.0, 2.0), "(x**0.5)**2": (-1.0, 2.0), "sqrt(x)*sqrt(x)": (-1.0, 2.0),
    "exp(log(x))": (-1.0, 2.0), "exp(2*log(x))": (-1.0, 2.0), "log(x) - log(x)": (-1.0, 2.0),
    "0*log(x) + x": (-1.0, 2.0), "x/x": (0.0, 2.0), "x**2/x": (0.0, 2.0), "1/(1/x)": (0.0, 2.0),
    "abs(x)/abs(x)": (0.0, -2.0), "log(x)/log(x)": (1.0, 2.0), "sin(asin(x))": (1.5, 0.5),
    "asin(x) - asin(x)": (-1.5, 0.5), "cos(acos(x))": (2.0, 0.25), "tan(x)/tan(x)": (0.0, 1.0),
    "(x - 1)*x/(x - 1)": (1.0, 2.0), "x*x**-1": (0.0, 2.0), "sqrt(x - 1)**4": (0.0, 2.0),
    "max(log(x) - log(x), 1)": (-1.0, 2.0), "log(2*x) - log(2*x)": (-1.0, 2.0),
    "(x**x)/(x**x)": (-0.5, 2.0), "log10(x)*0": (-1.0, 2.0),
}  # fmt: skip


@pytest.mark.parametrize("text", NO_VALUE)
def test_no_value_is_not_simplified_away(text: str) -> None:
    nowhere, somewhere = NO_VALUE[text]
    surface = expression(expr=text)
    for point in ([nowhere], [[nowhere, nowhere]]):
        assert np.isnan(surface.value(np.array(point))).all()
        assert np.isnan(surface.gradient(np.array(point))).all()
    wanted = exact(text, x=somewhere)
    for at in ([somewhere], [[somewhere]]):
        assert surface.value(np.array(at)) == pytest.approx(float(wanted), rel=1e-12)
        assert np.isfinite(surface.gradient(np.array(at))).all()


@pytest.mark.parametrize("text", ["log(x)", "x**2 - log(x)", "log(x)**2", "log(x*y)", "log10(x)"])
def test_there_is_no_slope_where_there_is_no_value(text: str) -> None:
    names = parse(text).names
    surface, point = expression(expr=text), np.array([-1.0, 1.0])[: len(names)]
    assert np.isnan(surface.value(point)) and np.isnan(surface.gradient(point)).any()


@pytest.mark.parametrize(
    "text",
    ["x**2 + 2*y**2", "1/(1 + x**2)", "log(1 + x**2)", "sqrt(1 + x**2)", "exp(x)/(1 + exp(x))",
     "abs(x) + abs(y)", "max(x, y)", "x/y", "sqrt(4*x)", "1/(2*x)", "x**-2", "log(exp(x))"],
)  # fmt: skip
def test_what_needs_no_check_has_none(text: str) -> None:
    read = parse(text)
    value = compiled([read.value], read.names)
    slope = compiled(read.partials(read.names), read.names)
    assert not value._kinds
    assert not slope._kinds and (not slope._kinked or "sqrt" in text)


def test_the_cone_is_descended_to_its_tip() -> None:
    run = optanim.loads(
        "surface: {expr: sqrt(x**2 + y**2), minima: [[0, 0]]}\nstart: [3, 4]\nsteps: 20\n"
        "optimizer: {name: gd, lr: 0.5}\n"
    )
    trial = run.trials[0]
    path = optanim.simulate(run.surface, trial.optimizer, [0.0, 2.0], steps=20)
    assert path.status == "finished" and path.points[:, -1].tolist() == [0, 0]
    model = "surface: {regression: {points: [[1, 2], [2, 3]], model: sqrt(w**2)*x + b}}\n"
    run = optanim.loads(model + "start: [1, 0]\noptimizer: gd\n")
    assert np.isfinite(run.surface.gradient(np.zeros(2))).all()
