"""Paths with fewer points, for files of vectors."""

from __future__ import annotations

import numpy as np
from matplotlib.path import Path

MIN_POINTS = 32
"""Points of a path from which on it is simplified."""


def simplified(path: Path, max_offset: float) -> Path:
    """A path of straight lines without the points that are closer than an offset to its lines.

    A path with few points, with curves or with a point that is not finite stays as it is.
    """
    if len(path) < MIN_POINTS or not np.isfinite(path.vertices).all():
        return path
    codes = np.full(len(path), Path.LINETO, Path.code_type)
    codes[0] = Path.MOVETO
    if path.codes is not None:
        codes[:] = path.codes
    if not np.isin(codes, (Path.MOVETO, Path.LINETO, Path.CLOSEPOLY)).all():
        return path
    thin = Path(path.vertices, codes)
    thin.simplify_threshold = max_offset
    thin = thin.cleaned(simplify=True)
    # The last code ends the path.
    vertices, kinds = np.asarray(thin.vertices)[:-1], np.asarray(thin.codes)[:-1]
    starts, all_starts = np.flatnonzero(kinds == Path.MOVETO), np.flatnonzero(codes == Path.MOVETO)
    if len(starts) != len(all_starts):
        return path
    # The lines that close a part are ordinary ones now, without a joint at their end.
    closed = codes[np.append(all_starts[1:], len(codes)) - 1] == Path.CLOSEPOLY
    ends = np.append(starts[1:], len(kinds))[closed]
    vertices = np.insert(vertices, ends, vertices[starts[closed]], axis=0)
    return Path(vertices, np.insert(kinds, ends, Path.CLOSEPOLY))
