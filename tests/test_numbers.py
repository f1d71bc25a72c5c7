"""Numbers in formulas, labels and sentences: one notation, and powers of ten as such."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.font_manager import FontProperties

from optanim.drawing.axes import _minor_label, _power_label
from optanim.drawing.legend import widest_loss
from optanim.drawing.live_numbers import GlyphCells
from optanim.formulas.expression import compiled, parse
from optanim.formulas.numbers import (
    LIVE_CHARACTERS,
    divisor,
    factor,
    live_number,
    mantissa_and_exponent,
    number_in_tex,
    number_in_text,
    number_label,
    shifted,
    signed,
    tick_label,
)
from optanim.schema.catalogue import catalogue
from optanim.schema.notation import value_in_tex, value_label
from optanim.surfaces._regression.losses import huber
from tests.tex import evaluate

CELLS = GlyphCells(FontProperties(size=12), "#000000", 72)


@pytest.mark.parametrize(
    ("value", "tex", "text"),
    [
        (-1e-5, "-10^{-5}", "−10⁻⁵"),
        (1e-5, "10^{-5}", "10⁻⁵"),
        (-2e30, r"-2\times 10^{30}", "−2 × 10³⁰"),
        (0.1 + 0.2, "0.3", "0.3"),
        (1e5, "100000", "100000"),
        (999999.9, r"10^{6}", "10⁶"),  # rounded to six digits
        (-2.5e-7, r"-2.5\times 10^{-7}", "−2.5 × 10⁻⁷"),
        (-0.0001, "-0.0001", "−0.0001"),
        (0.0, "0", "0"),
        (-0.0, "0", "0"),
        (float("inf"), "inf", "inf"),
    ],
)
def test_a_number_is_written_one_way(value: float, tex: str, text: str) -> None:
    assert number_in_tex(value) == value_in_tex(value) == tex
    assert number_in_text(value) == text
    label = rf"$\mathrm{{{tex}}}$" if "^" in tex else text
    assert number_label(value) == value_label(value) == label


def test_mantissas_and_exponents() -> None:
    values = (-1e-5, 25, 0.0, -0.0, -2e30, 999999.9)
    assert [mantissa_and_exponent(value) for value in values] == [
        ("-1", -5), ("2.5", 1), ("0", 0), ("0", 0), ("-2", 30), ("1", 6),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (24.5, "24.5000"),
        (-12.5, "−12.5000"),
        (0.000623, "0.0006"),
        (0.0000623, "6.23 × 10⁻⁵"),
        (0.000099999, "0.0001"),  # not 10.00 × 10⁻⁵
        (-6.23e-12, "−6.23 × 10⁻¹²"),
        (99999.4, "99999.4000"),
        (99999.99999, "1.00 × 10⁵"),
        (1.5e300, "1.50 × 10³⁰⁰"),
        (0.0, "0"),
        (-0.0, "0"),
        (float("inf"), "inf"),
        (float("-inf"), "−inf"),
        (float("nan"), "nan"),
    ],
)
def test_a_number_that_changes(value: float, text: str) -> None:
    assert live_number(value) == text
    assert {*text} <= {*LIVE_CHARACTERS, *"infa"}


def test_superscripts_are_small_digits_of_the_same_font() -> None:
    cells = CELLS
    ink = {char: np.flatnonzero(cells.line(char).any(axis=1)) for char in "08⁰⁸"}
    for char, raised in ("0⁰", "8⁸"):
        # Its top is higher, its foot too, and it is about 0.7 as high.
        assert ink[raised][0] <= ink[char][0] and ink[raised][-1] < ink[char][-1] - 2
        assert 0.6 < len(ink[raised]) / len(ink[char]) < 0.9
    assert cells.width("0") == cells.width("1") and cells.width("⁰") == cells.width("¹")


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=9))
def test_no_loss_is_wider_than_the_widest(values: list[float]) -> None:
    widest = widest_loss(CELLS, np.array(values))
    assert all(CELLS.width(live_number(value)) <= widest for value in values)


def test_terms_and_factors() -> None:
    assert [signed(v) for v in (2, -1e-5, 0.0, -0.0)] == [" + 2", " - 10^{-5}", "", ""]
    assert [factor(v) for v in (1, -1, -1e-5, 2e-5, -0.0)] == [
        "", "-", "-10^{-5}", r"2\times 10^{-5}", "0",
    ]  # fmt: skip
    assert [divisor(v) for v in (0.2, 1e-5, 2e-5, -2)] == [
        "0.2", "10^{-5}", r"(2\times 10^{-5})", "(-2)",
    ]  # fmt: skip
    assert [shifted("x", v) for v in (0.0, 3, -1e-5)] == ["x", "(x - 3)", "(x + 10^{-5})"]


def test_labels_of_axes() -> None:
    values = (0, -0.0, -0.5, 1000, 1e5, 2e-7, -1e-5, 0.1 + 0.2, -2e30)
    assert [tick_label(value) for value in values] == [
        "0", "0", "−0.5", "1000", "$10^{5}$", r"$2\cdot10^{-7}$", "$-10^{-5}$", "0.3",
        r"$-2\cdot10^{30}$",
    ]  # fmt: skip
    assert [_power_label(value) for value in (1e-5, 1, 100, 20, 2e-5)] == [
        r"$\mathrm{10^{-5}}$", r"$\mathrm{10^{0}}$", r"$\mathrm{10^{2}}$", "20",
        r"$\mathrm{2\times 10^{-5}}$",
    ]  # fmt: skip
    assert [_minor_label(value) for value in (0.02, 3, 5e-5)] == [
        "0.02",
        "",
        r"$\mathrm{5\times 10^{-5}}$",
    ]


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("rosenbrock", {"a": -1e-5, "b": 2e-5}),
        ("rastrigin", {"a": 1e-5}),
        ("ackley", {"a": 2e-5, "b": 1e-5, "c": 3e-5}),
        ("quadratic", {"a": 1e-5, "b": 2e-5, "center": (-1e-5, 2e-7)}),
        ("two_wells", {"a": 2e6, "b": 1e-5, "c": 2e6, "d": 3e-5}),
        ("plateau", {"width": 0.001}),
        ("double_well", {"tilt": -1e-5}),
    ],
)
def test_formulas_of_surfaces_with_very_small_and_large_numbers(
    name: str, options: dict[str, object]
) -> None:
    surface = catalogue("surfaces")[name].function(**options)
    point = (0.6, -0.7)[: surface.dimensions]
    value = evaluate(surface.formula, **dict(zip(surface.axes, point, strict=True)))
    assert value == pytest.approx(float(surface.value(list(point))), rel=1e-5)


@pytest.mark.parametrize("text", ["x/2e-5", "2e-5*x/(3e-7)", "x*2e-5", "x**2/k", "x - k", "2*k"])
def test_typed_formulas_with_very_small_numbers(text: str) -> None:
    expression = parse(text).given({"k": -2e-5})
    (value,) = compiled([expression.value], ("x",)).at(0.7)
    assert evaluate(expression.tex, x=0.7) == pytest.approx(value)


def test_an_angle_and_a_width_in_a_formula() -> None:
    turned = catalogue("surfaces")["quadratic"].function(rotation=1e-5)
    assert turned.formula.endswith(r"\ 10^{-5}\degree")
    assert huber(1e-5).tex.format("r") == "H_{10^{-5}}(r)"


def test_the_widest_loss_is_found_where_the_largest_of_its_size_is_rounded() -> None:
    values = np.array([0.5, 9.9999e-5, 3e-5])
    assert widest_loss(CELLS, values) == CELLS.width(live_number(3e-5)) > CELLS.width("0.5000")


def test_colors_of_a_font_share_their_cells_and_another_size_has_its_own() -> None:
    ink, alarm = (GlyphCells(FontProperties(size=11), color, 90) for color in ("#000", "#f00"))
    others = [GlyphCells(FontProperties(size=12), "#000", 90),
              GlyphCells(FontProperties(size=11), "#000", 120)]  # fmt: skip
    line = ink.line("0.5")
    assert np.array_equal(line, alarm.line("0.5")) and line.max() == 255
    assert alarm._cell("0") is ink._cell("0") and ink.color.any() != alarm.color.any()
    assert all(other.line("0.5").shape != line.shape for other in others)
    line[:] = 0  # a line is a copy
    assert ink.line("0.5").max() == 255
