from collections import deque
from collections.abc import Iterator
from typing import Annotated, Literal

import numpy as np
from annotated_types import Le

from optanim.optimizers._line_search import LineSearch
from optanim.optimizers._schedule import schedule
from optanim.schema.types import Count, Rate
from optanim.surfaces import Array, Surface

History = Annotated[Count, Le(1000)]


def lbfgs(
    f: Surface,
    w: Array,
    *,
    lr: Rate = 1.0,
    history: History = 10,
    search: Literal["wolfe", "fixed"] = "wolfe",
) -> Iterator[Array]:
    """L-BFGS: BFGS that remembers a few steps in place of a matrix.

        p = −Bg, with B ≈ H⁻¹ from the last pairs s = w − w₋, y = g − g₋, at first p = −g
        w ← w + tp
        fixed: t = η; wolfe: t by a strong Wolfe search that begins at η

    Names: ko L-BFGS.

    Family: second order.

    Reference: Liu & Nocedal 1989, "On the limited memory BFGS method for large scale optimization",
    Mathematical Programming 45; the first step is at most η min(1, 1/‖g‖₁), pairs with yᵀs ≤ 1e-10
    are left out. PyTorch: LBFGS with max_iter=1, tolerances of 0, and history_size = `history`.
    """
    line = LineSearch(f, "wolfe")
    pairs = deque[tuple[Array, Array]](maxlen=history)
    last: tuple[Array, Array] | None = None
    for k, eta in schedule(lr):
        g = f.gradient(w)
        if not g.any():
            return
        if last is not None:
            s, y = last[0], g - last[1]
            if y @ s > 1e-10:
                pairs.append((s, y))
        p = _direction(g, pairs)
        t: float | None = min(1.0, 1 / float(np.abs(g).sum())) * eta if k == 1 else eta
        if search == "wolfe":
            t = line.step(w, p, g, first=t)
        if t is None:
            return
        last = t * p, g
        w = w + last[0]
        yield w


def _direction(g: Array, pairs: deque[tuple[Array, Array]]) -> Array:
    """−Bg by the two loops over the pairs."""
    q, parts = -g, list[float]()
    for s, y in reversed(pairs):
        parts.append(float(s @ q) / float(y @ s))
        q = q - parts[-1] * y
    if pairs:
        s, y = pairs[-1]
        q = q * (float(y @ s) / float(y @ y))
    for (s, y), part in zip(pairs, reversed(parts), strict=True):
        q = q + s * (part - float(y @ q) / float(y @ s))
    return q
