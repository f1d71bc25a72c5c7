from collections.abc import Iterator
from typing import Literal

import numpy as np

from optanim.optimizers._line_search import LineSearch
from optanim.surfaces import Array, Surface


def conjugate_gradient(
    f: Surface,
    w: Array,
    *,
    beta: Literal["FR", "PR+", "HS", "DY"] = "PR+",
    search: Literal["exact", "wolfe"] = "exact",
) -> Iterator[Array]:
    """Conjugate gradients: each direction keeps what the one before has won; two steps in a bowl.

        p ← −g + βp, at first p = −g
        y = g − g₋, with the gradient g₋ before
        FR: β = gᵀg/g₋ᵀg₋; PR+: β = max(0, gᵀy/g₋ᵀg₋); HS: β = gᵀy/pᵀy; DY: β = gᵀg/pᵀy
        w ← w + tp, with t by the search

    Names: ko 켤레기울기법.

    Family: line search.

    Reference: Hestenes & Stiefel 1952 (HS); Fletcher & Reeves 1964 (FR); Polak & Ribière 1969, with
    Powell's max(0, β) (PR+); Dai & Yuan 1999 (DY). It begins again with −g where p would climb. The
    strong Wolfe search has c₁ = 1e-4, c₂ = 0.1 (Nocedal & Wright 2006, chapter 5).
    """
    line = LineSearch(f, search, c2=0.1)
    g = f.gradient(w)
    p = -g
    while True:
        t = line.step(w, p, g)
        if t is None:
            return
        w = w + t * p
        yield w
        before, g = g, f.gradient(w)
        p = -g + _beta(beta, g, before, p) * p
        if not p @ g < 0 or t == 0:
            p = -g


def _beta(name: str, g: Array, before: Array, p: Array) -> float:
    y = g - before
    above = g @ g if name in ("FR", "DY") else g @ y
    below = before @ before if name in ("FR", "PR+") else p @ y
    beta = float(above / below) if below else 0.0
    return max(0.0, beta) if name == "PR+" else float(np.nan_to_num(beta, posinf=0.0, neginf=0.0))
