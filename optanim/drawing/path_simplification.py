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


def without_gaps(path: Path) -> Path:
    """A path of lines without its gaps, points that are not finite, after each of which it moves.

    matplotlib draws a line from the point after a gap to itself, and SVG and PDF its round ends.
    """
    vertices = np.asarray(path.vertices)
    finite = np.isfinite(vertices).all(axis=1)
    codes = np.full(len(vertices), Path.LINETO, Path.code_type)
    codes[:] = Path.LINETO if path.codes is None else path.codes
    if finite.all() or not np.isin(codes, (Path.MOVETO, Path.LINETO)).all():
        return path
    codes[np.flatnonzero(~finite[:-1]) + 1] = Path.MOVETO
    codes[0] = Path.MOVETO
    vertices, codes = vertices[finite], codes[finite]
    repeats = np.zeros(len(vertices), bool)
    repeats[1:] = (vertices[1:] == vertices[:-1]).all(axis=1) & (codes[1:] == Path.LINETO)
    return Path(vertices[~repeats], codes[~repeats])
