"""Formulas: what is typed is what is calculated, and what is not a formula is told its place."""

from __future__ import annotations

import math
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from matplotlib.mathtext import MathTextParser

import optanim
from optanim.config.dump import as_yaml
from optanim.errors import ConfigError, OptionError, Place
from optanim.formulas.expression import Expression, compiled, parse, readable, shortened
from optanim.scene.caption import surface_equation
from optanim.schema.choice import Choice
from optanim.surfaces.expression import expression
from tests.needs import uses_torch

sqrt, exp, sin, cos, tanh = np.sqrt, np.exp, np.sin, np.cos, np.tanh

# The gradients by hand.
GRADIENTS: dict[str, Callable[[float, float], tuple[float, float]]] = {
    "x**2 + 2*y**2": lambda x, y: (2 * x, 4 * y),
    "(1 - x)**2 + 100*(y - x**2)**2": lambda x, y: (
        -2 * (1 - x) - 400 * x * (y - x**2), 200 * (y - x**2)),
    "sin(x)*cos(2*y)": lambda x, y: (cos(x) * cos(2 * y), -2 * sin(x) * sin(2 * y)),
    "exp(-x**2 - y**2)": lambda x, y: (-2 * x * exp(-x * x - y * y), -2 * y * exp(-x * x - y * y)),
    "log(1 + x**2)/y": lambda x, y: (2 * x / (1 + x * x) / y, -math.log(1 + x * x) / y**2),
    "sqrt(x**2 + 4*y)": lambda x, y: (x / sqrt(x * x + 4 * y), 2 / sqrt(x * x + 4 * y)),
    "abs(x) + 3*abs(y - 1)": lambda x, y: (np.sign(x), 3 * np.sign(y - 1)),
    "x**-2 + 2**y": lambda x, y: (-2 * x**-3, math.log(2) * 2**y),
    "tanh(x*y) + atan(x)": lambda x, y: (
        y * (1 - tanh(x * y) ** 2) + 1 / (1 + x * x), x * (1 - tanh(x * y) ** 2)),
    "max(x, y)**2 + min(x, 2*y)": lambda x, y: (
        2 * max(x, y) * (x > y) + (x < 2 * y), 2 * max(x, y) * (y > x) + 2 * (2 * y < x)),
    "softplus(x) - log(sigmoid(y))": lambda x, y: (1 / (1 + exp(-x)), -1 / (1 + exp(y))),
    "log10(x)**2 + asin(y/9)": lambda x, y: (
        2 * math.log10(x) / x / math.log(10), 1 / sqrt(81 - y * y)),
    "x**y": lambda x, y: (y * x ** (y - 1), x**y * math.log(x)),
    "-x**2 - -y": lambda x, y: (-2 * x, 1),
}  # fmt: skip


@pytest.mark.parametrize("text", GRADIENTS)
def test_gradients_are_those_by_hand(text: str) -> None:
    surface = expression(expr=text)
    for point in ([0.7, 1.9], [2.5, 0.3], [1.2, 1.4]):
        wanted = np.array(GRADIENTS[text](*point))
        assert surface.gradient(np.array(point)) == pytest.approx(wanted, rel=1e-10, abs=1e-10)


MATHS = {
    "sin": math.sin, "cos": math.cos, "tan": math.tan, "atan": math.atan, "tanh": math.tanh,
    "exp": math.exp, "log": math.log, "sqrt": math.sqrt, "abs": abs, "max": max, "min": min,
    "softplus": lambda a: math.log1p(math.exp(a)), "sigmoid": lambda a: 1 / (1 + math.exp(-a)),
}  # fmt: skip
LEAVES = st.sampled_from(["x", "y", "x", "y", "2", "0.5", "3", "1.25", "pi"])


def _deeper(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    one = st.sampled_from(["sin", "cos", "atan", "tanh", "exp", "log", "sqrt", "abs", "sigmoid"])
    two = st.sampled_from([" + ", " - ", "*", " / "])
    return st.one_of(
        st.builds(lambda a, op, b: f"{a}{op}{b}", inner, two, inner),
        st.builds(lambda a, op, b: f"({a}{op}{b})", inner, two, inner),
        st.builds(lambda f, a: f"{f}({a})", one, inner),
        st.builds(lambda f, a, b: f"{f}({a}, {b})", st.sampled_from(["max", "min"]), inner, inner),
        st.builds(lambda a, n: f"({a})**{n}", inner, st.sampled_from(["2", "3", "-1", "0.5"])),
        st.builds(lambda a: f"-{a}", inner),
    )


FORMULAS = st.recursive(LEAVES, _deeper, max_leaves=8)


def evaluated(text: str, x: float, y: float) -> float:
    """Python's own opinion; NaN where it has none, or only a complex one."""
    try:
        value = eval(text, {"__builtins__": {}}, {**MATHS, "x": x, "y": y, "pi": math.pi})
        return float(value)
    except (ArithmeticError, ValueError, TypeError):
        return math.nan


@given(FORMULAS, st.floats(0.3, 2.0), st.floats(0.3, 2.0))
@example("(max(2, x - x))**2", 1.0, 1.0)
@example("abs(y - y - 3)**0.5*x", 1.0, 1.0)
@example("1 / (max(x/x, 2) - 3)", 1.0, 1.0)
@example("((y)**0.5 - (max(x, y))**0.5)**0.5", 0.3, 0.7)
@settings(max_examples=150)
def test_values_are_those_of_python_and_gradients_those_of_differences(
    text: str, x: float, y: float
) -> None:
    try:
        read = parse(text)
    except OptionError as error:
        assert any(word in str(error) for word in ("finite", "exponent", "zero"))
        return
    # A little off round numbers; tests/test_kinks.py is about kinks.
    x, y = 1.0000123 * x, 1.0000717 * y
    wanted = evaluated(text, x, y)
    h = 1e-6
    around = [evaluated(text, x + i * h, y + j * h) for i in range(-2, 3) for j in range(-2, 3)]
    if not all(abs(value) < 1e4 for value in [wanted, *around]):
        return
    f = compiled([read.value, *read.partials("xy")], "xy")
    value, *gradient = f.at(x, y)
    assert value == pytest.approx(wanted, rel=1e-7, abs=1e-7)
    for slope, (i, j) in zip(gradient, ((1, 0), (0, 1)), strict=True):
        halves = [
            (evaluated(text, x + s * i * h, y + s * j * h) - wanted) / (s * h) for s in (1, -1)
        ]
        # A kink or a pole is near where the two sides disagree.
        if max(map(abs, halves)) < 1e3 and abs(halves[0] - halves[1]) < 1e-2:
            assert slope == pytest.approx(sum(halves) / 2, rel=1e-2, abs=1e-2)


@uses_torch
def test_gradients_are_those_of_torch() -> None:
    import torch

    known = {
        name: getattr(torch, name) for name in ("sin", "exp", "log", "sqrt", "tanh", "sigmoid")
    }
    for text in ["sin(x*y)*exp(-x/y)", "log(x + sqrt(y))**3", "sigmoid(3*x - y)/tanh(x*y)",
                 "(x**2 + y - 11)**2 + (x + y**2 - 7)**2", "x**0.3*y**-1.7"]:  # fmt: skip
        w = torch.tensor([1.3, 0.6], dtype=torch.float64, requires_grad=True)
        eval(text, {}, {**known, "x": w[0], "y": w[1]}).backward()
        ours = expression(expr=text).gradient(np.array([1.3, 0.6]))
        assert ours == pytest.approx(w.grad.numpy(), rel=1e-10)


@given(st.text("xyk0123456789+-*/^()|., \n=[]{}'\"sincoexplgabt²π−√", max_size=40))
@settings(max_examples=300)
def test_any_text_is_a_formula_or_refused_with_its_place(text: str) -> None:
    try:
        assert isinstance(parse(text), Expression)
    except OptionError as error:
        assert str(error) and error.span is not None
        start, length = error.span
        assert 0 <= start < max(1, len(text)) and length >= 1
        if error.help.startswith("write ") and "(x" not in error.help and error.help[6:].isascii():
            try:
                parse(error.help[6:])  # what is advised has no further slip
            except OptionError as again:
                assert not again.help.startswith("write ")


@given(st.text(max_size=30))
def test_any_unicode_is_a_formula_or_refused(text: str) -> None:
    try:
        parse(text)
    except OptionError as error:
        assert str(error).isprintable()


# What is typed: the column (from 0) and length of the carets, a part of the message, and the help.
WRONG: dict[str, tuple[int, int, str, str]] = {
    "x^2 + 2*y^2": (1, 1, "'^' does not raise to a power", "write x**2 + 2*y**2"),
    "2x": (0, 2, "a '*' is missing between 2 and x", "write 2*x"),
    "2(x + 1)": (0, 2, "a '*' is missing", "write 2*(x + 1)"),
    "(x+1)(y-1)": (4, 2, "a '*' is missing", "write (x+1)*(y-1)"),
    "x y": (0, 3, "a '*' is missing", "write x*y"),
    "k(y - x)": (0, 2, "a '*' is missing", "write k*(y - x)"),
    "1 + |x - |y||": (4, 1, "an absolute value is written abs", "write 1 + abs(x - abs(y))"),
    "sin x + y": (0, 3, "'sin' is a function", "write sin(x) + y"),
    "cos 2x": (0, 3, "'cos' is a function", "write cos(2*x)"),
    "sin^2(x)": (0, 3, "'sin' is a function", "write sin(x)**2"),
    "x + sin": (4, 3, "'sin' is a function", "write sin(x)"),
    "x² + 3y³": (1, 1, "'²' is written **2", "write x**2 + 3*y**3"),
    "x⁻¹⁰": (1, 3, "is written **-10", "write x**-10"),
    "x − 1": (2, 1, "'−' (minus sign) is written -", "write x - 1"),
    "2×x·y÷3": (1, 1, "'×'", "write 2*x*y/3"),
    "2πx": (0, 2, "a '*' is missing", "write 2*pi*x"),
    "θ**2": (0, 1, "greek small letter theta", "write theta**2"),
    "х**2": (0, 1, "'х' (cyrillic small letter ha) is written x", "write x**2"),
    "y + ｘ": (4, 1, "'ｘ' (fullwidth latin small letter x)", "write y + x"),
    "√x": (0, 1, "'√' U+221A", "square roots are written sqrt(x)"),
    "경사 + x": (0, 1, "U+ACBD (hangul syllable gyeong)", ""),
    "x\u200b + y": (1, 1, "U+200B (zero width space)", ""),
    "np.sin(x)": (0, 3, "functions are written without 'np.'", "write sin(x)"),
    "[x + 1]*{y}": (0, 1, "brackets are written as ( )", "write (x + 1)*(y)"),
    "sinn(x)": (0, 4, "no function is called 'sinn'", "did you mean 'sin'?"),
    "pow(x, 2)": (0, 3, "no function is called 'pow'", "write x**2"),
    "f(x, y)": (0, 1, "no function is called 'f'", ""),
    "f(x,y) = x**2": (7, 1, "to the right of the '='", "write x**2"),
    "y = 2x": (2, 1, "to the right of the '='", "write 2*x"),
    "max(x, key=y)": (10, 1, "no named arguments", ""),
    "x == y": (2, 2, "a comparison is not a loss", ""),
    "x <= y": (2, 1, "a comparison is not a loss", ""),
    "x.real": (1, 1, "there are no attributes", ""),
    "x[0]": (1, 1, "there are no subscripts", ""),
    "lambda x: x": (0, 6, "'lambda' is a keyword of Python", ""),
    "[y for y in x]": (3, 3, "'for' is a keyword of Python", ""),
    "(x := 3)": (3, 1, "a colon", ""),
    "f'{x}'": (1, 1, "quoted text", ""),
    "'x' + 1": (0, 1, "quoted text", ""),
    "__import__('os')": (0, 10, "a name begins with a letter", ""),
    "x.__class__": (1, 1, "no attributes", ""),
    "().__class__": (2, 1, "no attributes", ""),
    "max(*x)": (4, 1, "'*' in place of a number", ""),
    "9**9**9": (3, 4, "an exponent of 3.8742e+08, the limit is 100", ""),
    "(x**99)**99": (0, 11, "an exponent of 9801", ""),
    "x**-101": (3, 4, "an exponent of -101", ""),
    "1/(1 - 1)": (0, 9, "a division by zero", ""),
    "x + (-8)**0.5": (4, 9, "no finite real value", ""),
    "exp(999)*x": (0, 8, "no finite real value", ""),
    "(" * 10_000 + "x": (0, 10_001, "a formula of 10001 characters", ""),
    "(" * 900 + "x" + ")" * 900: (24, 1, "nested deeper than 24 levels", ""),
    "-" * 1900 + "x": (23, 1, "nested deeper than 24 levels", ""),
    "**".join("x" * 600): (70, 2, "nested deeper than 24 levels", ""),
    "+".join("x" * 900): (400, 1, "more than 200 numbers and names", ""),
    "=".join("x" * 900): (1, 1, "to the right of the '='", ""),
    "x + " + "9" * 31: (4, 31, "a number of 31 digits", ""),
    "x + 1e999": (4, 5, "1e999 is too large", ""),
    "0x10": (0, 4, "not a decimal number", "write 16"),
    "1_000*x": (0, 5, "numbers are written without '_'", "write 1000"),
    "2j*x": (0, 2, "complex number", ""),
    "x + True": (4, 4, "'True' is not a number", ""),
    "": (0, 1, "the formula is empty", ""),
    "   ": (0, 3, "the formula is empty", ""),
    "x # y": (2, 1, "a comment", ""),
    "x + \\": (4, 1, "a backslash", ""),
    "x\0": (1, 1, "the control character U+0000", ""),
    "x +": (2, 1, "something is missing after '+'", ""),
    "(x + 1": (0, 1, "this bracket is not closed", ""),
    "|x + 1": (0, 1, "this bar is not closed", ""),
    "x + 1)": (5, 1, "this bracket was not opened", ""),
    "()": (1, 1, "empty brackets", ""),
    "0,5*x": (1, 1, "a comma", "write 0.5*x"),
    "atan(x, y)": (0, 4, "atan takes 1 argument, got 2", ""),
    "max(x)": (0, 3, "max takes 2 arguments, got 1", ""),
    "2 3": (2, 1, "an operator is missing between two numbers", ""),
    "x % 2": (2, 1, "'%' is not allowed", ""),
    "x // 2": (3, 1, "'/' in place of a number", ""),
    "w" * 41: (0, 41, "a name of 41 letters", ""),
}


@pytest.mark.parametrize("text", WRONG, ids=lambda text: ascii(text)[:24])
def test_a_mistake_is_refused_at_its_place(text: str) -> None:
    start, length, message, help = WRONG[text]
    began = time.process_time()
    with pytest.raises(OptionError) as caught:
        parse(text)
    assert time.process_time() - began < 1
    assert message in str(caught.value) and caught.value.help.startswith(help)
    assert caught.value.span == (start, length)


# What is typed without a '*', and what a person means by it; several if that is not clear.
MEANT: dict[str, tuple[str, ...]] = {
    "2x^2 + 3xy": ("2*x**2 + 3*x*y",),
    "2xy": ("2*x*y",),
    "xy": ("x*y",),
    "xx + yy": ("x*x + y*y",),
    "x + xy": ("x + x*y",),
    "xy^2": ("x*y**2",),
    "2xy^2": ("2*x*y**2",),
    "x²y": ("x**2*y",),
    "3x2": ("3*x**2",),
    "x2 + y2": ("x**2 + y**2",),
    "x2y": ("x**2*y",),
    "x2 + 3xy + y2": ("x**2 + 3*x*y + y**2",),
    "x^2y^3": ("x**2*y**3",),
    "2^xy": ("2**(x*y)",),
    "1/xy": ("1/(x*y)",),
    "1/2x": ("x/2", "1/(2*x)"),
    "x/2y": ("x/2*y", "x/(2*y)"),
    "1/2 x": ("x/2",),
    "1/2(x + y)": ("(x + y)/2", "1/(2*(x + y))"),
    "x(y+1)": ("x*(y + 1)",),
    "(x+1)y": ("(x + 1)*y",),
    "(x+y)(x-y)": ("(x + y)*(x - y)",),
    "xcos(y)": ("x*cos(y)",),
    "xycos(y)": ("x*y*cos(y)",),
    "2xsin(y)cos(x)": ("2*x*sin(y)*cos(x)",),
    "sinx": ("sin(x)",),
    "xsiny": ("x*sin(y)",),
    "sin2x": ("sin(2*x)",),
    "sinx + cosy": ("sin(x) + cos(y)",),
    "2sinx": ("2*sin(x)",),
    "sin x cos y": ("sin(x)*cos(y)",),
    "sin^2 x": ("sin(x)**2",),
    "cos^2 y + sin²x": ("cos(y)**2 + sin(x)**2",),
    "cos^2(x + y)": ("cos(x + y)**2",),
    "sin²2x": ("sin(2*x)**2",),
    "sin(xy)": ("sin(x*y)",),
    "sin xy": ("sin(x*y)",),
    "lnx": ("log(x)",),
    "xlnx": ("x*log(x)",),
    "sqrtx": ("sqrt(x)",),
    "absx": ("abs(x)",),
    "tanhx": ("tanh(x)",),
    "log2x": ("log(2*x)",),
    "|x|": ("abs(x)",),
    "|x|y": ("abs(x)*y",),
    "2|x - y|": ("2*abs(x - y)",),
    "|xy|": ("abs(x*y)",),
    "e^-x": ("exp(-x)",),
    "e^-x^2": ("exp(-x**2)",),
    "e^2x": ("exp(2)*x", "exp(2*x)"),
    "e^-2x": ("exp(-2)*x", "exp(-2*x)"),
    "e^xy": ("exp(x*y)",),
    "exp-x": ("exp(-x)",),
    "exp -x + y": ("exp(-x) + y",),
    "exp(-x)y": ("exp(-x)*y",),
    "2πx": ("2*pi*x",),
    "2pix": ("2*pi*x",),
    "cospix": ("cos(pi*x)",),
    "ex + ey": ("e*x + e*y",),
    "-x^2": ("-x**2",),
    "x^2^y": ("x**(2**y)",),
    "x×y": ("x*y",),
    "uv": ("u*v",),
    "wb": ("w*b",),
    "w1w2": ("w1*w2",),
    "2w1 + w2": ("2*w1 + w2",),
    "3ab": ("3*a*b",),
}


@pytest.mark.parametrize("text", MEANT)
def test_what_is_suggested_means_what_the_author_means(text: str) -> None:
    with pytest.raises(OptionError) as caught:
        expression(expr=text)
    help = caught.value.help
    asked = re.fullmatch(r"did you mean (.*?)(?:, or (.*))?\?(?: .*)?", help)
    suggestions = [part for part in asked.groups() if part] if asked else [help[len("write ") :]]
    assert asked or help.startswith("write ")
    assert len(suggestions) == len(MEANT[text])
    names = {name: getattr(np, name) for name in "sin cos exp log sqrt tanh pi e".split()}
    rng = np.random.default_rng(3)
    for suggestion, meant in zip(suggestions, MEANT[text], strict=True):
        surface = expression(expr=suggestion)
        for point in rng.uniform(0.3, 2, (5, surface.dimensions)):
            own = dict(zip(surface.axes, point, strict=True))
            value = eval(meant, {}, {**names, "abs": abs, **own})
            assert surface.value(point) == pytest.approx(value, rel=1e-12)


@pytest.mark.parametrize(
    "text",
    ["theta*alpha", "mu + nu", "x1*x2", "x1**2 + x2**2", "w_1*w_2", "TV*x", "hours + 2*loss"],
)
def test_what_is_a_name_is_no_product(text: str) -> None:
    assert expression(expr=text).dimensions == 2


def test_a_declared_name_is_no_product() -> None:
    assert expression(expr="xy**2 + x", axes=("xy", "x")).axes == ("xy", "x")
    assert expression(expr="ab*x**2", params={"ab": 2.0}).axes == ("x",)


LARGE = [
    "sqrt(y+" * 22 + "x" + ")" * 22, "1/(x+" * 22 + "y" + ")" * 22, "**".join("x" * 23),
    "/".join(f"(x+y-{i})" for i in range(33)), "*".join(f"sin(x+{i})*y" for i in range(25)),
    "+".join(f"exp(-(x-{i})**2)*y" for i in range(20)), "*".join(f"(x+{i})**y" for i in range(66)),
    "max(x," * 22 + "y" + ")" * 22, "sqrt(" + "*".join(["999983*x"] * 99) + ")*y",
]  # fmt: skip
"""Nested as deep as a formula may be, and wide; one has as many names as it may."""


@pytest.mark.parametrize("text", LARGE, ids=lambda text: text[:12])
def test_the_largest_formulas_do_not_hang(text: str) -> None:
    began = time.process_time()  # which does not count what else the machine does
    surface = expression(expr=text, axes=None)
    surface.gradient(np.full(surface.dimensions, 1.1))
    assert time.process_time() - began < 10  # about one: a bound against hanging, and no benchmark
    MathTextParser("path").parse(surface_equation(surface))


@pytest.mark.parametrize(
    ("text", "tex"),
    [
        ("x**2 + 2*y**2", "x^2 + 2 y^2"),
        ("(1 - x)**2 + k*(y - x**2)**2", "(1 - x)^2 + 100 (y - x^2)^2"),
        ("y + x + one*x - minus*y", "y + x + x + y"),
        ("-x**2*y/3", "-x^2 y / 3"), ("1/2*x**2", r"\frac{1}{2} x^2"), ("2*3*x", r"2 \cdot 3 x"),
        ("sin(x)**2*exp(-y)", r"\sin^2(x) \exp(-y)"), ("x**(y + 1)", "x^{y + 1}"),
        ("(x*y)**2/(2*x)", "(x y)^2 / (2 x)"), ("x - (y - 1)", "x - (y - 1)"),
        ("x + minus", "x - 1"), ("x*minus", "-x"), ("0.00001*x", r"10^{-5} x"),
        ("abs(w1)*theta_2", r"\left|w_{1}\right| \theta_{2}"),
        ("2*pi*loss", r"2 \pi \,\mathrm{loss}"),
        ("ln(x) + arctan(y)", r"\ln(x) + \arctan(y)"), ("(x/y)*x", "(x / y) x"),
    ],
)  # fmt: skip
def test_tex_is_as_typed(text: str, tex: str) -> None:
    read = parse(text)
    given = {"k": 100, "one": 1, "minus": -1}
    read = read.given({name: given[name] for name in read.names if name in given})
    assert read.tex == tex
    MathTextParser("path").parse(f"${read.tex}$")


def test_a_formula_too_long_for_a_caption_is_cut_after_an_operator() -> None:
    long, nested = parse("+".join("x" * 100)), parse("**".join("x" * 7))
    assert not readable(long.tex) and not readable(nested.tex)
    assert shortened("x + y") == "x + y" and shortened(nested.tex) == r"\ldots"
    equation = surface_equation(expression(expr=" + ".join(["x*y"] * 60)))
    assert equation.startswith("$f(x, y) = x y + x y") and equation.endswith(r"+ \ldots$")
    assert 100 < len(equation) < 300
    inner = "(" + " + ".join("xy" * 70) + ")"
    assert shortened(parse(f"sin(x) + 2*{inner}").tex).endswith(r") + \ldots")


@given(FORMULAS)
@settings(max_examples=60)
def test_every_formula_can_be_set(text: str) -> None:
    try:
        tex = parse(text).tex
    except OptionError:
        return
    if readable(tex):
        MathTextParser("path").parse(f"${tex}$")


def test_infinities_come_out_as_in_numpy() -> None:
    f = compiled([parse(text).value for text in ("exp(x)", "log(x)", "x**0.5", "1/x", "x**3")], "x")
    assert f.at(1e3)[0] == math.inf and f.at(1e200)[4] == math.inf
    assert np.isnan(f.at(-1.0)[1:3]).all() and f.at(0.0)[3] == math.inf
    with np.errstate(all="ignore"):
        for x in (-1.0, 0.0, 1e3, 1e200, 0.3):
            assert np.array(f.at(x)) == pytest.approx(
                f(np.array([x]))[:, 0], rel=1e-14, nan_ok=True
            )


def test_a_model_over_columns_is_broadcast() -> None:
    """As a regression needs it: parameters on a grid, data along an axis of their own."""
    model = parse("w*x + b")
    names = ("w", "b", "x")
    f = compiled([model.value, *model.partials(("w", "b"))], names)
    w, b = np.meshgrid(np.arange(4.0), np.arange(3.0))
    x = np.array([1.0, 2.0, 5.0])
    out = f(w[..., None], b[..., None], x)
    assert out.shape == (3, 3, 4, 3)
    assert np.array_equal(out[0], w[..., None] * x + b[..., None])
    assert np.array_equal(out[1], np.broadcast_to(x, (3, 4, 3))) and (out[2] == 1).all()


def test_axes_domain_and_minima() -> None:
    assert expression(expr="b**2 + a").axes == ("a", "b")
    turned = expression(expr="b**2 + a", axes=("b", "a"))
    assert turned.axes == ("b", "a") and turned.value(np.array([3.0, 1.0])) == 10
    assert expression(expr="x + y").domain == ((-5, 5), (-4, 4))
    far = expression(expr="(x - 30)**2 + y**2", minima=((30.0, 0.0),))
    assert far.domain == ((25, 35), (-4, 4)) and far.minima == ((30.0, 0.0),)
    assert expression(expr="x**2", domain=((-1.0, 2.0),)).domain == ((-1, 2),)


@pytest.mark.parametrize(
    ("text", "minimum"),
    [("abs(3*x - 1) + y**2", (0.3333, 0.0)), ("sqrt(x**2 + y**2)", (0.0, 0.0)),
     ("(x**2 + y - 11)**2 + (x + y**2 - 7)**2", (3.584, -1.848)), ("(x - y)**2", (7.0, 7.0)),
     ("(1 - x)**2 + 100*(y - x**2)**2", (1.0, 1.0))],
)  # fmt: skip
def test_rounded_kinked_and_flat_minima_are_minima(text: str, minimum: tuple[float, ...]) -> None:
    assert expression(expr=text, minima=(minimum,)).minima == (minimum,)


CONFIG = "surface: {%s}\nstart: [-4, 3]\noptimizer: adam\n"


@pytest.mark.parametrize(
    ("surface", "message"),
    [
        ("expr: x**2 + »2y", "a '*' is missing between 2 and y\n"
         " 1 | surface: {expr: x**2 + 2y}\n   |                        ^^\n"
         "   = help: write x**2 + 2*y"),
        ("expr: 'x + »é'", "'é' U+00E9"),
        ('expr: »"x + \\u00e9"', "'é' U+00E9"),
        ("expr: »k*x + y", "the formula has 3 free names: k, x, y; a picture has two axes\n"
         " 1 | surface: {expr: k*x + y}\n   |                 ^\n"
         "   = help: give k a number: surface: {expr: k*x + y, params: {k: 1}}"),
        ("expr: x + y + »xy", "'xy' is one name, and would be an axis\n"
         " 1 | surface: {expr: x + y + xy}\n   |                         ^^\n"
         "   = help: did you mean x + y + x*y? If it is an axis, add axes: [xy, x, y]"),
        ("expr: »2 + 3", "the formula has no free name"),
        ("expr: »2", "the formula has no free name"),
        ("expr: »[x]", "surface.expr must be a formula, got ['x']"),
        ("expr: »true", "surface.expr must be a formula, got true"),
        ("»name: expression", "surface.expr is missing"),
        ("»params: {k: 1}", "surface has no name"),
        ("expr: x + y, params: {»k: 1}", "the formula has no 'k'"),
        ("expr: x + y, params: {»sin: 1}", "'sin' is the name of a function"),
        ("expr: x + y, params: {»e: 1}", "'e' is the name of a function or constant"),
        ("expr: k*x + y, params: {k: »a}", "surface.params.k must be a number, got 'a'"),
        ("expr: x**»k + y, params: {k: 999}", "an exponent of 999, the limit is 100"),
        ("expr: x + »y/(k-1), params: {k: 1}", "a division by zero"),
        ("expr: x + y*»log(k), params: {k: 0}", "this part has no finite real value"),
        ("expr: x + y, axes: [x, »z]", "'z' is not a free name"),
        ("expr: x + y, axes: »[x]", "axes must have each free name once: x, y"),
        ("expr: x + y, axes: »[x, x]", "axes must have each free name once: x, y"),
        ("expr: x + y, domain: »[[1, 2]]", "the number of ranges in domain must be 2, got 1"),
        ("expr: x + y, domain: »[-2, 2]", "the number of ranges in domain must be 2, got 1\n"),
        ("expr: x + y, domain: [»[2, 1], [0, 1]]", "surface.domain[0] must go up"),
        ("expr: x**2 + y**2, minima: [»[0]]", "the number of coordinates of a minimum must be 2"),
        ("expr: x**2 + y**2, minima: [[0, 0], »[1, 0]]",
         "[1.0, 0.0] is not a minimum: the value is 1 there\n"),
        ("expr: x**2 - y**2, minima: [»[0, 0]]", "[0.0, 0.0] is not a minimum"),
        ("expr: log(-x) + y, minima: [»[0, 0]]", "the formula has no finite value at [0.0, 0.0]"),
        ("name: quadratic, »expr: x", "quadratic has no option 'expr'"),
    ],
)  # fmt: skip
def test_a_wrong_surface_is_shown_its_place(surface: str, message: str) -> None:
    config = CONFIG % surface
    column = config.index("»") + 1
    if surface[0] == "»":
        column -= 1  # of the whole mapping
    with pytest.raises(ConfigError) as caught:
        optanim.loads(config.replace("»", ""), source="c.yaml")
    assert str(caught.value).startswith(f"c.yaml:1:{column}: error: {message}")
    assert len(caught.value.problems) == 1


def test_a_range_alone_is_that_of_one_parameter() -> None:
    text = "surface: {expr: x**2, domain: [-2, 3]}\nstart: 1\noptimizer: adam\n"
    assert optanim.loads(text).surface.domain == ((-2, 3),)
    with pytest.raises(ConfigError, match=r"each axis: domain: \[\[-2, 3\], \[-2, 3\]\]"):
        optanim.loads(CONFIG % "expr: x**2 + y**2, domain: [-2, 3]")


def test_a_start_where_the_formula_has_no_value() -> None:
    with pytest.raises(ConfigError) as caught:
        optanim.loads("surface: {expr: log(x) + y}\nstart: [0, 1]\noptimizer: gd\n")
    assert "stdin:2:8: error: the surface has no finite value and gradient at [0, 1]" in str(
        caught.value
    ).replace(".0", "")


def test_the_place_in_a_text_over_lines_is_that_of_the_text() -> None:
    with pytest.raises(ConfigError) as caught:
        optanim.loads("surface:\n  expr: >\n    x**2 +\n    2y\nstart: [1, 1]\noptimizer: gd\n")
    (problem,) = caught.value.problems
    assert isinstance(problem.place, Place) and problem.place.line == 2
    run = optanim.loads("surface:\n  expr: |\n    x**2\n    + 2*y\nstart: [1, 1]\noptimizer: gd\n")
    assert run.surface.value(np.array([3.0, 1.0])) == 11


@pytest.mark.parametrize(
    ("config", "help"),
    [
        ("surface: {expr: |x| + y}\n", "quote a value that begins with '|'"),
        ("surface:\n  expr: |x| + y\n", "write expr: abs(x) + y"),
        ("surface:\n  expr: '|x| + y'\n", "write abs(x) + y"),
    ],
)
def test_a_bar_that_yaml_stumbles_over(config: str, help: str) -> None:
    with pytest.raises(ConfigError, match=re.escape(help)):
        optanim.loads(config)


def test_set_shows_the_place_in_the_flag() -> None:
    with pytest.raises(ConfigError) as caught:
        optanim.loads(CONFIG % "expr: x + y", set=["surface.expr=x + 2y"])
    assert str(caught.value).startswith("--set surface.expr=x + 2y:1:18: error: a '*' is missing")


def test_a_required_option_names_its_entry() -> None:
    short = Choice("surfaces").choose({"expr": "x + y"})
    assert short == Choice("surfaces").choose({"name": "expression", "expr": "x + y"})


def test_a_surface_is_shown_as_a_config_that_says_the_same() -> None:
    text = "expr: (1 - x)**2 + k*(y - x**2)**2, params: {k: 100}, minima: [[1, 1]]"
    run = optanim.loads(CONFIG % (text + ", axes: [y, x], domain: [[-1, 3], [-2, 2]]"))
    assert as_yaml(optanim.loads(as_yaml(run))) == as_yaml(run)
    assert "expr: (1 - x)**2 + k*(y - x**2)**2" in as_yaml(run)
    assert run.surface.formula == "(1 - x)^2 + 100 (y - x^2)^2"


PROCESS = """
import sys, optanim
def loaded(surface):
    try:
        return optanim.loads("surface: {%s}\\nstart: [-4, 3]\\noptimizer: adam\\n" % surface)
    except optanim.ConfigError as e:
        print(len(e.problems), end=" ")
for surface in sys.argv[1:]:
    r = loaded(surface)
    print("sympy" in sys.modules, "matplotlib" in sys.modules)
t = optanim.simulate(r.surface, r.trials[0].optimizer, [1.5, 0.3], steps=50)
print(t.points.tobytes().hex())
"""


def test_no_formula_imports_sympy_and_the_hash_seed_changes_no_number(
    tmp_path: Path,
) -> None:
    formula = "expr: sin(a*b)*exp(-a/9)*(b + cos(a)*b**2) + tanh(b - a)**2"
    # What a help says to write is read for the rest of the config; these have no such help.
    surfaces = ("name: beale", "expr: sinn(x) + y", "expr: x + y + z", formula)
    said = [
        subprocess.run([sys.executable, "-c", PROCESS, *surfaces], capture_output=True, text=True,
                       check=True, env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
                       cwd=tmp_path).stdout.splitlines()
        for seed in "12"
    ]  # fmt: skip
    refused, fine = "1 False False", "False False"
    assert said[0][:-1] == [fine, refused, refused, fine]
    assert said[0] == said[1] and len(said[0][-1]) > 1000


def test_linear_is_what_is_written_as_a_sum_of_names_with_factors() -> None:
    for text in ("w*x + b", "-w*(x - 5)/2 + exp(x)", "2*(w + b*x) - w", "x", "w/x", "(w)"):
        assert parse(text).linear_in("wb"), text
    for text in ("w*b", "w**2", "exp(w)", "x/w", "x**w", "abs(w)*x", "sign(w)*x", "w*(w + x)"):
        assert not parse(text).linear_in("wb"), text


def test_a_difference_has_no_needless_brackets() -> None:
    said = {"w*x + b": "y - w x - b", "b - w*x": "y - b + w x", "-w*x": "y + w x", "w": "y - w",
            "-w*x - b": "y + w x + b", "2*(w + x)": "y - 2 (w + x)"}  # fmt: skip
    assert {text: parse(text).taken_from("y").tex for text in said} == said


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("x/log2(y + 1)", lambda x, y: x / np.log2(y + 1)),
        ("log2(lg(x)) + 2y", lambda x, y: np.log2(np.log10(x)) + 2 * y),
        ("2**pow(x, y)", lambda x, y: 2 ** (x**y)),
        ("y - expm1(x)", lambda x, y: y - np.expm1(x)),
        ("square(x + y)", lambda x, y: (x + y) ** 2),
        ("cbrt(x)**2*y", lambda x, y: np.cbrt(x) ** 2 * y),
        ("norm(x - 1, y)**2", lambda x, y: (x - 1) ** 2 + y**2),
        ("hypot(x**2, max(x, y))", lambda x, y: np.hypot(x**2, np.maximum(x, y))),
        ("relu(x - y) + x", lambda x, y: np.maximum(x - y, 0) + x),
        ("cot(x)*y/csc(y)", lambda x, y: y / np.tan(x) * np.sin(y)),
        ("0,5*x + 1,5*y", lambda x, y: 0.5 * x + 1.5 * y),
        ("max(x,5*y) + 0,5*y", lambda x, y: np.maximum(x, 5 * y) + 0.5 * y),
    ],
)
def test_the_whole_formula_that_a_message_writes_has_the_value_that_was_meant(
    typed: str, meant: Callable[[float, float], float]
) -> None:
    with pytest.raises(OptionError) as caught:
        parse(typed)
    assert caught.value.help.startswith("write ")
    formula = parse(caught.value.help.removeprefix("write "))
    value = compiled([formula.value], ("x", "y"))
    for x, y in ((1.7, 2.3), (11.0, 0.4)):
        assert value.at(x, y)[0] == pytest.approx(meant(x, y), rel=1e-12)


@pytest.mark.parametrize("typed", ["pow(x)", "log2(x", "log2()", "square(" * 9 + "x" + ")" * 9])
def test_a_function_of_others_that_is_called_wrongly_is_only_named(typed: str) -> None:
    with pytest.raises(OptionError, match="no function is called") as caught:
        parse(typed)
    assert " is written " in caught.value.help


def test_the_minimum_beside_a_false_one_is_named() -> None:
    """It can be pasted: the minimum itself, and not the next lower point."""
    two = "(x**2 - 1)**2 + 0.5*(y**2 - 1)**2 + 0.3*x*y"
    with pytest.raises(OptionError) as raised:
        expression(expr=two, minima=((-1.05, 1.1),))
    point = [float(number) for number in re.findall(r"-?\d\.\d+", raised.value.help)[1:3]]
    assert np.abs(expression(expr=two).gradient(np.array(point))).max() < 1e-4
    expression(expr=two, minima=(tuple(point),))
    # A slope without an end, and one that ends where there is no value, have none.
    for falls in ("x + y", "log(x) + y**2"):
        with pytest.raises(OptionError) as raised:
            expression(expr=falls, minima=((1.0, 0.0),))
        assert "a lower point" in raised.value.help
