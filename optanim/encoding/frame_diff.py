"""Frame differences: the box of the screen that each frame changes, and its duration."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt

from optanim.drawing.pixel_boxes import Band
from optanim.drawing.pixels import PackedColors, pack_rgb
from optanim.encoding.film import Film, Frame
from optanim.encoding.palette import Indices, Palette, choose_palette

MAX_FPS = 50
"""Browsers slow down faster animations."""

MAX_GAP = 12
"""Unchanged pixels between two changed ones are written again if there are at most this many and
they continue a color."""

_palettes: WeakKeyDictionary[Film, Palette] = WeakKeyDictionary()


@dataclass(frozen=True)
class FrameBox:
    """A rectangle of palette indices that is laid over the screen.

    Attributes:
        left: column of its first pixel.
        top: row of its first pixel.
        indices: (height, width) uint8; 0 means "as before". The first box of a film has no 0.
        delay: how long it is shown, in ticks.
    """

    left: int
    top: int
    indices: Indices
    delay: int


class FrameBoxes:
    """The boxes that show a film, in one palette.

    Args:
        film: sampled for the palette, once for all formats.
        ticks: number of ticks per second; every delay is a whole number of ticks.
        max_delay: the longest delay that the format can store, in ticks.
    """

    def __init__(self, film: Film, *, ticks: int, max_delay: int) -> None:
        if film not in _palettes:
            _palettes[film] = choose_palette(film, film.colors)
        self.palette = _palettes[film]
        self._ticks, self._min_delay, self._max_delay = ticks, ticks // MAX_FPS, max_delay
        self._screen: _Screen | None = None
        self._clock, self._elapsed = 0, 0.0

    def show(self, frame: Frame) -> Iterator[FrameBox]:
        """Yield the boxes whose duration is known now that this frame has come."""
        pixels = pack_rgb(frame.pixels)
        if self._screen is None:
            self._screen = _Screen(self.palette, pixels)
            self._change = self._screen.whole()
        elif change := self._screen.update(pixels, frame.changes):
            yield from self.finish()
            self._change = change
        self._elapsed += frame.seconds

    def finish(self) -> Iterator[FrameBox]:
        """Yield the boxes that are shown until now.

        A delay is the difference of two rounded end times, so that rounding errors do not add up.
        """
        change = self._change
        delay = max(self._min_delay, round(self._ticks * self._elapsed) - self._clock)
        self._clock += delay
        while delay > self._max_delay:
            part = min(self._max_delay, delay - self._min_delay)
            yield FrameBox(change.left, change.top, change.indices, part)
            delay -= part
            # Boxes that change nothing fill the rest of the time.
            change = _Change(0, 0, np.zeros((1, 1), np.uint8))
        yield FrameBox(change.left, change.top, change.indices, delay)


@dataclass(frozen=True)
class _Change:
    """A `FrameBox` whose delay is not known yet."""

    left: int
    top: int
    indices: Indices


class _Screen:
    """The picture on the screen. It copies the pixels, so that the frames can be freed."""

    def __init__(self, palette: Palette, pixels: PackedColors) -> None:
        self._palette = palette
        self._pixels = pixels.ravel().copy()
        self._indices = palette.index(pixels)

    def whole(self) -> _Change:
        """The whole screen; no index is 0."""
        return _Change(0, 0, self._indices.copy())

    def _differences(
        self, pixels: PackedColors, bands: tuple[Band, ...] | None
    ) -> npt.NDArray[np.intp]:
        """The pixels that differ from the screen, ascending."""
        height, width = pixels.shape
        screen, places = self._pixels.reshape(height, width), [np.zeros(0, np.intp)]
        for band in (Band(0, height, 0, width),) if bands is None else bands:
            inside = np.flatnonzero(pixels[band.part] != screen[band.part])
            rows, columns = np.divmod(inside, band.right - band.left)
            places.append((rows + band.top) * width + columns + band.left)
        return np.concatenate(places)

    def update(self, pixels: PackedColors, bands: tuple[Band, ...] | None = None) -> _Change | None:
        """The change that turns the screen into a picture; None if nothing changes.

        Args:
            pixels: of the picture.
            bands: that may differ, from the top; None is everywhere.
        """
        now = pixels.ravel()
        places = self._differences(pixels, bands)
        if not len(places):
            return None
        colors = now[places]
        self._pixels[places] = colors
        indices = self._palette.with_short_codes(self._palette.index(colors))
        screen = self._indices.reshape(-1)
        visible = indices != screen[places]
        places, indices = places[visible], indices[visible]
        if not len(places):
            return None
        screen[places] = indices
        rows, columns = np.divmod(places, self._indices.shape[1])
        top, left = int(rows[0]), int(columns.min())
        beneath = self._indices[top : int(rows[-1]) + 1, left : int(columns.max()) + 1].copy()
        above = np.zeros_like(beneath)
        inside = (rows - top) * beneath.shape[1] + columns - left
        above.reshape(-1)[inside] = indices
        _fill_gaps(above.reshape(-1), beneath.reshape(-1), inside)
        return _Change(left, top, above)


def _fill_gaps(above: Indices, beneath: Indices, places: npt.NDArray[np.intp]) -> None:
    """Fill short gaps between changed pixels, where the gap has the color of one of its ends.

    LZW writes a run of one color in fewer codes than the same run with holes.

    Args:
        above: the box, flat; changed in place.
        beneath: the screen with the change, flat.
        places: the changed pixels in both, ascending.
    """
    gaps = np.diff(places) - 1
    short = np.flatnonzero((gaps > 0) & (gaps <= MAX_GAP))
    before, after = places[short, None], places[short + 1, None]
    within = before + np.arange(1, MAX_GAP + 1)
    outside = within >= after
    colors = beneath.take(within, mode="clip")
    same = ((colors == beneath[before]) | outside).all(axis=1)
    same |= ((colors == beneath[after]) | outside).all(axis=1)
    filled = within[same[:, None] & ~outside]
    above[filled] = beneath[filled]


def split_box(box: FrameBox, delay: int) -> tuple[FrameBox, FrameBox] | None:
    """Two boxes that change the same pixels one after the other, in the least area.

    They lie on the two sides of a row or of a column. What one box must span between marks that are
    far apart is in none of them.

    Args:
        box: any box.
        delay: how long the first of the two is shown, in ticks. The second one has the rest.

    Returns:
        None if two boxes have no less area, as where every pixel changes.
    """
    cuts = [_best_cut(box.indices), _best_cut(box.indices.T)]
    area, place = min(cuts)
    if area >= box.indices.size:
        return None
    if cuts[0] <= cuts[1]:
        parts = box.indices[:place], box.indices[place:]
        places = (box.left, box.top), (box.left, box.top + place)
    else:
        parts = box.indices[:, :place], box.indices[:, place:]
        places = (box.left, box.top), (box.left + place, box.top)
    first, second = map(_without_margins, parts, places)
    return (
        FrameBox(first.left, first.top, first.indices, delay),
        FrameBox(second.left, second.top, second.indices, box.delay - delay),
    )


def _best_cut(indices: Indices) -> tuple[int, int]:
    """The row before which a cut leaves the least area of changed pixels, after that area.

    The area is that of a box around the changed pixels on each side, in pixels.
    """
    changed = indices != 0
    rows = np.flatnonzero(changed.any(axis=1))
    if len(rows) < 2:
        return indices.size, 0
    left = changed[rows].argmax(axis=1)
    right = indices.shape[1] - changed[rows, ::-1].argmax(axis=1)
    above = np.maximum.accumulate(right) - np.minimum.accumulate(left)
    below = np.maximum.accumulate(right[::-1]) - np.minimum.accumulate(left[::-1])
    areas = (rows[:-1] + 1 - rows[0]) * above[:-1] + (rows[-1] + 1 - rows[1:]) * below[-2::-1]
    best = int(areas.argmin())
    return int(areas[best]), int(rows[best + 1])


def _without_margins(indices: Indices, place: tuple[int, int]) -> _Change:
    """The part of a box from its first changed row and column to its last.

    Args:
        indices: with at least one changed pixel.
        place: its column and row on the screen.
    """
    rows, columns = (np.flatnonzero((indices != 0).any(axis=axis)) for axis in (1, 0))
    part = indices[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1].copy()
    return _Change(place[0] + int(columns[0]), place[1] + int(rows[0]), part)
