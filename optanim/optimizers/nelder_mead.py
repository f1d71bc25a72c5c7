from collections.abc import Iterator
from typing import Annotated

import numpy as np

from optanim.optimizers._population import loss_at, losses
from optanim.optimizers._state import State
from optanim.schema.option import Minor
from optanim.schema.types import Positive
from optanim.surfaces import Array, Surface

Size = Annotated[Positive, Minor()]


def nelder_mead(f: Surface, w: Array, *, size: Size = 0.05) -> Iterator[State]:
    """Nelder–Mead: a triangle that flips, stretches and shrinks its way down, without a gradient.

        corners w₀ to w_d in the order of their losses, c the mean of all but the last
        reflect: r = 2c − w_d; expand, if r is the best: e = 3c − 2w_d
        contract, if r is no better than w_d₋₁: (c + r)/2 or (c + w_d)/2
        shrink, if that is no better: wᵢ ← (w₀ + wᵢ)/2

    The first corners are the start, and the start with one coordinate longer by `size`, 0.05 of it;
    a coordinate of 0 becomes 0.00025. The point is the best corner, which may stand still.

    Names: ko 넬더–미드.

    Family: without gradients.

    Reference: Nelder & Mead 1965, "A simplex method for function minimization", The Computer
    Journal 7; Lagarias et al. 1998. SciPy: minimize(method="Nelder-Mead"), not adaptive.
    """
    d = len(w)
    corners = np.repeat(w[:, None], d + 1, axis=1)
    for i in range(d):
        corners[i, i + 1] = (1 + size) * w[i] if w[i] else 0.00025
    yield State(w, crowd=corners[:, 1:], kind="simplex", initial=True)
    corners, values = _sorted(corners, losses(f, corners))
    while np.ptp(corners, axis=1).any():
        center, worst = corners[:, :-1].sum(axis=1) / d, corners[:, -1]
        point = 2 * center - worst
        value = loss_at(f, point)
        fits = value < values[-2]
        if value < values[0]:
            further = 3 * center - 2 * worst
            if (there := loss_at(f, further)) < value:
                point, value = further, there
        elif not fits and value < values[-1]:
            outside = 1.5 * center - 0.5 * worst
            there = loss_at(f, outside)
            fits = there <= value
            point, value = outside, there
        elif not fits:
            point = 0.5 * center + 0.5 * worst
            value = loss_at(f, point)
            fits = value < values[-1]
        if fits:
            corners[:, -1], values[-1] = point, value
        else:
            best = corners[:, :1]
            corners[:, 1:] = best + 0.5 * (corners[:, 1:] - best)
            values[1:] = losses(f, corners[:, 1:])
        corners, values = _sorted(corners, values)
        yield State(corners[:, 0].copy(), crowd=corners[:, 1:], kind="simplex")


def _sorted(corners: Array, values: Array) -> tuple[Array, Array]:
    order = np.argsort(values)
    return corners[:, order], values[order]
