"""Derivatives of formulas, against SymPy's, differences, and the length of the formula."""

from __future__ import annotations

import math
import pickle
from typing import Any

import numpy as np
import pytest
import sympy
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from optanim.errors import OptionError
from optanim.formulas.calculus import partials_of, second_partials_of, value_of
from optanim.formulas.expression import Expression, compiled, parse
from optanim.formulas.functions import FUNCTIONS
from optanim.formulas.operations import FUNCTIONS as OF_ARRAYS
from optanim.formulas.operations import Operations

NAMES = ("x", "y")
SYMBOLS = {name: sympy.Symbol(name, real=True) for name in NAMES}
OF_SYMPY: dict[str, Any] = {
    **{name: getattr(sympy, name) for name in FUNCTIONS if hasattr(sympy, name)},
    "abs": sympy.Abs, "min": sympy.Min, "max": sympy.Max,
    "log10": lambda a: sympy.log(a, 10), "sigmoid": lambda a: 1 / (1 + sympy.exp(-a)),
    "softplus": lambda a: sympy.log(1 + sympy.exp(a)), "pi": sympy.pi, "__builtins__": {},
}  # fmt: skip


def _deeper(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    one = st.sampled_from([name for name in FUNCTIONS if FUNCTIONS[name].arity == 1])
    two = st.sampled_from([name for name in FUNCTIONS if FUNCTIONS[name].arity == 2])
    powers = st.sampled_from(["2", "3", "-1", "-2", "0.5", "1.5", "-0.5"])
    return st.one_of(
        st.builds(lambda a, op, b: f"({a}{op}{b})", inner, st.sampled_from("+-*/"), inner),
        st.builds(lambda f, a: f"{f}({a})", one, inner),
        st.builds(lambda f, a, b: f"{f}({a}, {b})", two, inner, inner),
        st.builds(lambda a, n: f"({a})**{n}", inner, powers),
        st.builds(lambda a, b: f"({a})**({b})", inner, inner),
        st.builds(lambda a: f"-{a}", inner),
    )


LEAVES = st.sampled_from(["x", "y", "x", "y", "2.0", "0.5", "3.0", "pi"])
FORMULAS = st.recursive(LEAVES, _deeper, max_leaves=6)
COORDINATES = st.floats(0.31, 1.93)


def formula(text: str) -> Expression:
    try:
        return parse(text)
    except OptionError:
        assume(False)
        raise


def of_sympy(text: str, *along: str, **point: float) -> float:
    """A derivative by SymPy with 40 digits; NaN if it has none, or only a complex one."""
    try:
        expression = sympy.sympify(eval(text, OF_SYMPY, SYMBOLS))
        for name in along:
            expression = expression.diff(SYMBOLS[name])
        exact = {SYMBOLS[name]: sympy.Float(number, 40) for name, number in point.items()}
        value = expression.subs(exact).evalf(40)
        return float(value) if value.is_real else math.nan
    except Exception:  # SymPy fails in its own ways: it says nothing then.
        return math.nan


def is_well_conditioned(read: Expression, x: float, y: float) -> bool:
    """Whether the operations have values of usual sizes, and none is at a kink: rounding is small.

    At a kink the slopes of both sides count for one half here; SymPy has other conventions.
    """
    f = Operations()
    everything = (value_of(read.tree), *second_partials_of(value_of(read.tree), NAMES))
    needed = f.needed([quantity.result(f) for quantity in everything])
    values = dict[int, float]()
    operators = {**OF_ARRAYS, "+": np.add, "-": np.subtract, "*": np.multiply, "/": np.divide,
                 "negative": np.negative}  # fmt: skip
    with np.errstate(all="ignore"):
        for i in needed:
            operands = [np.float64(values[operand]) for operand in f[i].operands]
            if (
                f[i].operator in ("min", "max", "abs", "sign")
                and np.ptp([*operands, 0.0][:2]) < 1e-9
            ):
                return False
            own = {"number": f[i].number, "name": {"x": x, "y": y}.get(f[i].name, 0.0)}
            operator = f[i].operator
            values[i] = own[operator] if operator in own else float(operators[operator](*operands))
    return all(value == 0 or 1e-3 < abs(value) < 1e3 for value in values.values())


@given(FORMULAS, COORDINATES, COORDINATES)
@example("log10(x)**2 + asin(y/9)", 0.7, 1.9)
@example("x**y*acos(x/2)*atan(y)", 0.7, 1.9)
@example("sinh(x*y)/cosh(y) + tan(x)*tanh(y)", 0.7, 1.4)
@example("max(x, y)**3*min(x, 2*y)", 0.7, 1.9)
@example("min((x/x), (x/y))", 1.40625, 1.40625)
@settings(max_examples=120, deadline=None)
def test_first_and_second_derivatives_are_those_of_sympy(text: str, x: float, y: float) -> None:
    read = formula(text)
    assume(is_well_conditioned(read, x, y))
    f = compiled([*read.partials(NAMES), *read.second_partials(NAMES)], NAMES)
    ways = (("x",), ("y",), ("x", "x"), ("x", "y"), ("y", "y"))
    wanted = [of_sympy(text, *way, x=x, y=y) for way in ways]
    assume(all(map(math.isfinite, wanted)))
    assert f.at(x, y) == pytest.approx(wanted, rel=1e-9, abs=1e-9)
    columns = f(np.array([x, x]), np.array([y, 1.0]))
    assert columns[:, 0] == pytest.approx(wanted, rel=1e-9, abs=1e-9)


@given(FORMULAS, COORDINATES, COORDINATES)
@settings(max_examples=60, deadline=None)
def test_second_derivatives_are_differences_of_the_first(text: str, x: float, y: float) -> None:
    read = formula(text)
    assume(is_well_conditioned(read, x, y))
    slopes = compiled(read.partials(NAMES), NAMES).at
    h = 1e-5
    by_x = (np.array(slopes(x + h, y)) - slopes(x - h, y)) / (2 * h)
    by_y = (np.array(slopes(x, y + h)) - slopes(x, y - h)) / (2 * h)
    # Beside a kink, the differences of two steps do not agree.
    assume(np.allclose(by_x, (np.array(slopes(x + 2 * h, y)) - slopes(x - 2 * h, y)) / (4 * h)))
    assume(np.allclose(by_y, (np.array(slopes(x, y + 2 * h)) - slopes(x, y - 2 * h)) / (4 * h)))
    xx, xy, yy = compiled(read.second_partials(NAMES), NAMES).at(x, y)
    assert [xx, xy] == pytest.approx(by_x, rel=1e-4, abs=1e-4)
    assert [xy, yy] == pytest.approx(by_y, rel=1e-4, abs=1e-4)


@pytest.mark.parametrize("text", ["sigmoid(@)", "tanh(@ + y)", "exp(@)*x", "sqrt(@ + x)*y/(@)"])
def test_a_derivative_of_a_deep_formula_is_about_as_long_as_the_formula(text: str) -> None:
    levels = 20 if text.count("@") == 1 else 5
    nested = "x"
    for _ in range(levels):
        nested = text.replace("@", nested)
    value = value_of(parse(nested).tree)
    f = Operations()
    length = len(f.needed([value.result(f)]))
    slope = len(f.needed([partials_of(value, ("x",))[0].result(f)]))
    second = len(f.needed([second_partials_of(value, ("x",))[0].result(f)]))
    assert slope < 6 * length and second < 25 * length


def test_what_is_pickled_is_the_formula_and_no_code() -> None:
    read = parse(" + ".join(f"sin({i}*x)*y" for i in range(1, 40)))
    f = compiled([read.value, *read.partials(NAMES)], NAMES)
    data = pickle.dumps(f)
    assert b"def function" not in data
    assert pickle.loads(data).at(0.3, 0.4) == f.at(0.3, 0.4)


def test_names_of_users_are_no_names_in_the_code() -> None:
    names = ("function", "x0", "v1", "sqrt2", "inf")
    f = compiled([parse(f"{name}**2 + x0").value for name in names], names)
    assert f.at(1.0, 2.0, 3.0, 4.0, 5.0) == [3, 6, 11, 18, 27]
