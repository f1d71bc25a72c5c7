"""TeX as plain text, numbers and points as sentences have them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optanim.formulas.plain_text import formula, number_in_text, plain, point, rounded
from optanim.schema.catalogue import catalogue


@pytest.mark.parametrize(
    ("tex", "said"),
    [
        ("x^2 + 2y^2", "x² + 2y²"),
        ("(1 - x)^2 + 100(y - x^2)^2", "(1 − x)² + 100(y − x²)²"),
        ("-x^{-2} - -y", "−x⁻² − −y"),
        (r"x\cos(0.15\pi x)", "x cos(0.15πx)"),
        (r"\sin^2 3\pi x + \sin\sqrt{\left|x\right|}", "sin² 3πx + sin √(|x|)"),
        (r"1 - e^{-(x^2 + y^2)/2}", "1 − exp(−(x² + y²)/2)"),
        ("e^2 + 2^x y", "e² + 2^(x)y"),
        ("x^12", "x¹2"),
        (r"\frac{(x + 1)}{x - 1} y", "((x + 1)/(x − 1))y"),
        (r"\frac{1}{20}\sum (y - Wx)^2", "1/20 Σ(y − Wx)²"),
        (r"\frac{1}{2}x^2", "(1/2)x²"),
        (r"x^2 / (1 + y^2)", "x²/(1 + y²)"),
        (r"w_{1}^2 + \theta_{max}", "w₁² + θ_max"),
        (r"\hat y = W\,\mathrm{rate}", "ŷ = W rate"),
        (r"(\log_{10}(y))^2 + \lambda", "(log₁₀(y))² + λ"),
        (r"2 \cdot 3 + 10^{-5} y\times z", "2 · 3 + 10⁻⁵y × z"),
        (r"x^", "x^()"),
        (r"}\frac{x", "x/"),
    ],
)
def test_formulas(tex: str, said: str) -> None:
    assert formula(tex) == said


def test_no_surfaces_formula_keeps_a_command_or_a_brace() -> None:
    for entry in catalogue("surfaces").values():
        if not entry.lead:
            said = formula(entry.function().formula)
            assert said and not set(said) & set("\\{}$^-")


def test_texts_around_formulas() -> None:
    assert plain(r"Adam, $L_2$ with $\lambda = 0.3$") == "Adam, L₂ with λ = 0.3"
    assert plain(r"경사하강법 $\eta$") == "경사하강법 η"
    assert plain(r"5\$ and 3 $") == "5$ and 3 $"


@given(st.text(alphabet=st.sampled_from("x2^_{}\\ $frac+-(sin|é"), max_size=40))
def test_any_text_is_read(text: str) -> None:
    assert isinstance(plain(text), str) and not set(plain(text)) & {"\x01", "\x02"}


def test_numbers_and_points() -> None:
    assert [number_in_text(v) for v in (-4.0, 0.1, 1e-5, -2e30, 1e6)] == [
        "−4", "0.1", "10⁻⁵", "−2 × 10³⁰", "10⁶",
    ]  # fmt: skip
    assert [rounded(v, 10) for v in (1.7751, -0.0001, 3.0, -2.5)] == ["1.78", "0", "3", "−2.5"]
    assert rounded(450.31, 1023) == "450" and rounded(0.25, 0.5) == "0.25"
    assert point(("x", "y"), ["−4", "3"]) == "(−4, 3)" and point(("w",), ["2"]) == "w = 2"
