"""What a residual r = y − ŷ costs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from optanim.formulas.numbers import number_in_tex
from optanim.surfaces._regression.optimum import least_absolute, least_huber, least_squares
from optanim.surfaces._surface import Array


@dataclass(frozen=True)
class Loss:
    """The cost of one residual.

    Attributes:
        cost: r -> its cost, of the same shape.
        slope: r -> the derivative of the cost after r; 0 where it has none.
        tex: the cost in TeX, `{0}` being the residual.
        lowest: J (n, d), t (n,) -> where the mean cost of t − Jp is lowest; J has full rank. None
            where that is not unique, or was not found.
    """

    cost: Callable[[Array], Array]
    slope: Callable[[Array], Array]
    tex: str
    lowest: Callable[[Array, Array], Array | None]


SQUARED = Loss(lambda r: r * r, lambda r: 2 * r, "({0})^2", least_squares)
ABSOLUTE = Loss(np.abs, np.sign, r"\left|{0}\right|", least_absolute)


def huber(delta: float) -> Loss:
    """½r² up to |r| = δ, and the tangent δ|r| − ½δ² beyond (Huber 1964)."""

    def within(r: Array) -> Array:
        # np.clip takes three times as long on a handful of numbers.
        return np.minimum(np.maximum(r, -delta), delta)

    def cost(r: Array) -> Array:
        c = within(r)
        return c * (r - c / 2)

    # Doubled, as `format` will read it.
    index = f"{{{number_in_tex(delta)}}}".replace("{", "{{").replace("}", "}}")
    tex = f"H_{index}({{0}})"
    return Loss(cost, within, tex, lambda J, t: least_huber(J, t, delta))
