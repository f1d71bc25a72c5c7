"""The tests' reader of TeX reads as a person does, or says that it cannot."""

from __future__ import annotations

import numpy as np
import pytest

from tests.tex import evaluate


def test_tex_is_read_as_it_is_printed() -> None:
    x, y = 0.7, 2.0
    said = {
        r"2xy^2/4": 2 * x * y**2 / 4,
        r"-\frac{x}{y} + \sqrt{x^2}": -x / y + x,
        r"\sin^2 2\pi x (1 + y)": np.sin(2 * np.pi * x) ** 2 * (1 + y),
        r"\cos x\,\cos y\,e^{-x}": np.cos(x) * np.cos(y) * np.exp(-x),
        r"\sin\left(x + y\right)": np.sin(x + y),
        r"3\left|x - y\right|": 3 * abs(x - y),
        r"s^2t,\ s = x + y,\ t = 2s": (x + y) ** 2 * 2 * (x + y),
    }
    for formula, value in said.items():
        assert evaluate(formula, x=x, y=y) == pytest.approx(value), formula
    for wrong in ("x^12", r"\foo x", "x +", "(x", "x)", "xz", r"\sin(x)^2"):
        with pytest.raises(ValueError):
            evaluate(wrong, x=x, y=y)
