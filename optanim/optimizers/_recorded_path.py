"""A path that another program walked."""

from __future__ import annotations

from collections.abc import Iterator

from optanim.surfaces import Array, Surface


class RecordedPath:
    """An optimizer that walks along points (d, T + 1); its start is the first of them."""

    def __init__(self, points: Array) -> None:
        self.points = points
        self.start = tuple(points[:, 0].tolist())

    def __call__(self, f: Surface, w: Array) -> Iterator[Array]:
        yield from self.points.T[1:]
