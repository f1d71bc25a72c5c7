from collections.abc import Iterator
from typing import Literal

import numpy as np

from optanim.optimizers._line_search import LineSearch
from optanim.optimizers._state import State
from optanim.surfaces import Array, Surface


def bfgs(f: Surface, w: Array, *, search: Literal["wolfe", "exact"] = "wolfe") -> Iterator[State]:
    """BFGS: Newton's method with a Hessian that is learned from the gradients on the way.

        p = −Bg, with B ≈ H⁻¹, at first B = I
        w ← w + tp, with t by the search
        s = tp, y = g₊ − g, with the new gradient g₊
        B ← (I − syᵀ/yᵀs)B(I − ysᵀ/yᵀs) + ssᵀ/yᵀs

    After two exact steps in a bowl, B is the inverse of its Hessian. The ellipse is that of B.

    Names: ko BFGS.

    Family: second order.

    Reference: Broyden, Fletcher, Goldfarb, Shanno 1970; Nocedal & Wright 2006, Algorithm 6.1, with
    B = (yᵀs/yᵀy)I before the first update (6.20). Pairs with yᵀs ≤ 0 are left out. The strong Wolfe
    search has c₁ = 1e-4, c₂ = 0.9.
    """
    line = LineSearch(f, search)
    eye = np.eye(len(w))
    inverse, learned = eye, False
    yield State(w, shape=inverse, initial=True)
    g = f.gradient(w)
    while True:
        p = -inverse @ g
        t = line.step(w, p, g, first=1.0 if learned else None)
        if t is None:
            return
        w = w + t * p
        before, g = g, f.gradient(w)
        s, y = t * p, g - before
        if y @ s > 0:
            if not learned:
                inverse, learned = (y @ s) / (y @ y) * eye, True
            left = eye - np.outer(s, y) / (y @ s)
            inverse = left @ inverse @ left.T + np.outer(s, s) / (y @ s)
        yield State(w, shape=inverse)
