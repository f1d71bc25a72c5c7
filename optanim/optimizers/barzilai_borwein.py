from collections import deque
from collections.abc import Iterator
from typing import Annotated, Literal

import numpy as np
from annotated_types import Ge, Le

from optanim.optimizers._line_search import MAX_SHRINKS
from optanim.schema.types import Positive
from optanim.surfaces import Array, Surface

Memory = Annotated[int, Ge(0), Le(1000)]


def barzilai_borwein(
    f: Surface,
    w: Array,
    *,
    variant: Literal[1, 2] = 1,
    first: Positive = 0.1,
    memory: Memory = 10,
) -> Iterator[Array]:
    """Barzilai–Borwein: gradient descent whose rate is a secant through the last two gradients.

        s = w − w₋, y = g − g₋
        1: η = sᵀs/|sᵀy|; 2: η = |sᵀy|/yᵀy; at first η is given
        w ← w − ηg, and η is halved until f(w − ηg) ≤ max f − 1e-4 ηgᵀg over the last losses

    The loss is not monotone: it may rise above that of the last step, not above those in memory.
    With a memory of 0 no step is refused; then it flies away where the curvature changes fast.

    Names: ko 바질라이–보어웨인.

    Family: line search.

    Reference: Barzilai & Borwein 1988, "Two-point step size gradient methods", IMA Journal of
    Numerical Analysis 8; Raydan 1997, "The Barzilai and Borwein gradient method for the large scale
    unconstrained minimization problem", SIAM Journal on Optimization 7, for the memory. The size
    of sᵀy counts where the curvature is negative.
    """
    eta, before, losses = first, None, deque[float](maxlen=memory or 1)
    while True:
        g = f.gradient(w)
        if not g.any():
            return
        if before is not None:
            s, y = w - before[0], g - before[1]
            curvature = abs(float(s @ y))
            if curvature:
                eta = float(s @ s) / curvature if variant == 1 else curvature / float(y @ y)
        if memory:
            losses.append(float(f.value(w)))
            eta = _shortened(f, w, g, eta, max(losses))
        before = w, g
        w = w - eta * g
        yield w


def _shortened(f: Surface, w: Array, g: Array, eta: float, highest: float) -> float:
    """The rate, halved until the loss is below the highest one in memory."""
    square = float(g @ g)
    for _ in range(MAX_SHRINKS):
        if not np.isfinite(square) or f.value(w - eta * g) <= highest - 1e-4 * eta * square:
            break
        eta /= 2
    return eta
