from collections.abc import Iterator

import numpy as np

from optanim.optimizers._line_search import LineSearch
from optanim.surfaces import Array, Surface


def coordinate_descent(f: Surface, w: Array) -> Iterator[Array]:
    """Coordinate descent: to the lowest point along one axis, then along the next.

        i = 1, 2, …, d, 1, …
        w ← w − tgᵢeᵢ, with the t of the lowest f, by an exact search

    In a bowl it is the method of Gauss and Seidel. Where the axes of the bowl are those of the
    plane, one round is enough; in a turned ravine it takes small stairs.

    Names: ko 좌표하강법.

    Family: line search.

    Reference: Wright 2015, "Coordinate descent algorithms", Mathematical Programming 151, with the
    cyclic order; an axis along which no point is lower is passed over.
    """
    d, axis = len(w), 0
    lines = [LineSearch(f, "exact") for _ in range(d)]
    while True:
        ended = 0
        for _ in range(d):
            along = np.where(np.arange(d) == axis, f.gradient(w), 0.0)
            t = lines[axis].step(w, -along, along)
            axis = (axis + 1) % d
            if t:
                w = w - t * along
                break
            ended += t is None
        if ended == d:
            return
        yield w.copy()
