from collections.abc import Iterator
from typing import Annotated

import numpy as np
from annotated_types import Gt

from optanim.optimizers._schedule import schedule
from optanim.schema.option import Minor, Symbol
from optanim.schema.types import Fraction, Range, Rate, Real
from optanim.surfaces import Array, Surface


def rprop(
    f: Surface,
    w: Array,
    *,
    lr: Rate = 0.1,
    shrink: Annotated[Fraction, Symbol(r"\eta^{-}")] = 0.5,
    grow: Annotated[Real, Gt(1), Symbol(r"\eta^{+}")] = 1.2,
    sizes: Annotated[Range, Symbol(r"\Delta"), Minor()] = (1e-6, 50.0),
) -> Iterator[Array]:
    """Rprop: steps of a size for each coordinate, which ask the gradient for its sign only.

        Δ ← η⁺Δ where g has the sign of the step before, η⁻Δ where it has the other
        g ← 0 where it has the other
        w ← w − sign(g)Δ, Δ within the sizes, at first η

    Names: ko Rprop.

    Family: sign.

    Many at once: yes.

    Reference: Riedmiller & Braun 1993, "A direct adaptive method for faster backpropagation
    learning", in the form iRprop− of Igel & Hüsken 2000, which takes no step back, as in PyTorch's
    Rprop. A schedule of η scales Δ.
    """
    size, before = np.ones_like(w), np.zeros_like(w)
    for _, eta in schedule(lr):
        g = f.gradient(w)
        turn = np.sign(g * before)
        size = size * np.where(turn > 0, grow, np.where(turn < 0, shrink, 1.0))
        size = np.clip(size, sizes[0] / eta, sizes[1] / eta)
        before = np.where(turn < 0, 0.0, g)
        w = w - eta * size * np.sign(before)
        yield w
