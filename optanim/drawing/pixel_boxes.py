"""The boxes of pixels that marks draw in: only these are restored and compared.

A frame is the one before it, where the marks that moved are wiped out and drawn again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import astuple, dataclass
from math import ceil, floor, inf
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from optanim.surfaces import Array

if TYPE_CHECKING:
    from matplotlib.transforms import Bbox


class PixelBox(NamedTuple):
    """A box in pixels from the bottom left; it may reach out of the picture."""

    left: float
    bottom: float
    right: float
    top: float


NO_PIXELS = PixelBox(inf, inf, -inf, -inf)
"""The box of a mark that draws nothing."""

ALL_PIXELS = PixelBox(-inf, -inf, inf, inf)
"""The box of a mark that may draw anywhere."""


@dataclass(frozen=True)
class Rect:
    """A rectangle of whole pixels, from the bottom left of the picture."""

    left: int
    bottom: int
    width: int
    height: int

    def scaled(self, factor: int) -> Rect:
        """The same rectangle of a picture with more pixels."""
        return Rect(*(factor * side for side in astuple(self)))


class Band(NamedTuple):
    """Rows and columns of a picture, from the top left; `bottom` and `right` are excluded."""

    top: int
    bottom: int
    left: int
    right: int

    @property
    def part(self) -> tuple[slice, slice]:
        """The index of its pixels."""
        return slice(self.top, self.bottom), slice(self.left, self.right)


class Repainted(NamedTuple):
    """A picture that takes the place of the one before.

    Attributes:
        pixels: (height, width, 4), opaque; the next picture is painted into them.
        changes: where they may differ from an earlier picture; None is everywhere.
        number: of this picture.
    """

    pixels: npt.NDArray[np.uint8]
    changes: tuple[Band, ...] | None
    number: int


def box_around(points: Array, reach: float, clip: Bbox | None = None) -> PixelBox:
    """The box of all that is within a reach of points, (n, 2) in pixels, as far as a clip shows it.

    NaN is a gap.
    """
    if not len(points):
        return NO_PIXELS
    left, bottom = np.fmin.reduce(points) - reach
    right, top = np.fmax.reduce(points) + reach
    if clip is not None:
        # Agg rounds the edges of a clip.
        x0, y0, x1, y1 = clip.extents
        left, bottom = max(left, x0 - 1), max(bottom, y0 - 1)
        right, top = min(right, x1 + 1), min(top, y1 + 1)
    return PixelBox(left, bottom, right, top)


def bands_of(boxes: Iterable[PixelBox], height: int, width: int) -> tuple[Band, ...]:
    """The bands of a picture that contain all boxes, from the top; none shares a row with another.

    Args:
        boxes: in pixels.
        height: of the picture.
        width: of the picture.
    """
    bands = []
    for left, bottom, right, top in boxes:
        left, right = max(left, 0), min(right, width)
        top, bottom = max(height - top, 0), min(height - bottom, height)
        # A comparison with NaN, of a mark that has no place, is false.
        if left < right and top < bottom:
            bands.append(Band(floor(top), ceil(bottom), floor(left), ceil(right)))
    return merged(bands)


def merged(bands: Iterable[Band]) -> tuple[Band, ...]:
    """The bands that contain all of these, from the top; none shares a row with another."""
    apart: list[Band] = []
    for band in sorted(bands):
        if apart and band.top < apart[-1].bottom:
            top, bottom, left, right = apart[-1]
            apart[-1] = Band(
                top, max(bottom, band.bottom), min(left, band.left), max(right, band.right)
            )
        else:
            apart.append(band)
    return tuple(apart)
