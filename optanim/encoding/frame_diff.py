"""What each frame changes on the screen: a box of palette indices, and how long it stays."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt

from optanim.drawing.pixels import Packed, packed
from optanim.encoding.film import Film, Frame
from optanim.encoding.palette import Indices, Palette, choose

FASTEST = 50
"""Frames a second: browsers slow down what is faster."""

GAP = 12
"""So many pixels between new ones are written too, if that continues a color."""

_palettes: WeakKeyDictionary[Film, Palette] = WeakKeyDictionary()


@dataclass(frozen=True)
class FrameBox:
    """Indices to lay over the screen from (left, top) on, and for how many ticks they stay.

    An index of 0 is "as before"; the first box of a film has none.
    """

    left: int
    top: int
    indices: Indices
    delay: int


class FrameBoxes:
    """The boxes that show a film, in its one palette.

    Args:
        film: sampled for the palette, once for all formats.
        ticks: a second has so many; every delay is a whole number of them.
        longest: a delay has at most so many ticks.
    """

    def __init__(self, film: Film, *, ticks: int, longest: int) -> None:
        if film not in _palettes:
            _palettes[film] = choose(film, film.colors)
        self.palette = _palettes[film]
        self._ticks, self._shortest, self._longest = ticks, ticks // FASTEST, longest
        self._screen: _Screen | None = None
        self._clock, self._elapsed = 0, 0.0

    def show(self, frame: Frame) -> Iterator[FrameBox]:
        """What is known of the boxes with this frame: how long those before it stay."""
        pixels = packed(frame.pixels)
        if self._screen is None:
            self._screen = _Screen(self.palette, pixels)
            self._change = self._screen.whole()
        elif change := self._screen.show(pixels):
            yield from self.rest()
            self._change = change
        self._elapsed += frame.seconds

    def rest(self) -> Iterator[FrameBox]:
        """The boxes that stay until now.

        Delays are differences of rounded end times: what is rounded never adds up.
        """
        change = self._change
        delay = max(self._shortest, round(self._ticks * self._elapsed) - self._clock)
        self._clock += delay
        while delay > self._longest:
            part = min(self._longest, delay - self._shortest)
            yield FrameBox(change.left, change.top, change.indices, part)
            delay -= part
            # It is carried on by frames that change nothing.
            change = _Change(0, 0, np.zeros((1, 1), np.uint8))
        yield FrameBox(change.left, change.top, change.indices, delay)


@dataclass(frozen=True)
class _Change:
    left: int
    top: int
    indices: Indices


class _Screen:
    """What is shown so far; each picture changes it in a few places.

    It holds one picture of its own, whatever becomes of the arrays that it is given.
    """

    def __init__(self, palette: Palette, pixels: Packed) -> None:
        self._palette = palette
        self._pixels = pixels.ravel().copy()
        self._shown = palette.index(pixels)

    def whole(self) -> _Change:
        """All of it, without a hole."""
        return _Change(0, 0, self._shown.copy())

    def show(self, pixels: Packed) -> _Change | None:
        """What turns the screen into this picture; nothing, if it looks so already."""
        now = pixels.ravel()
        places = np.flatnonzero(now != self._pixels)
        if not len(places):
            return None
        changed = now[places]
        self._pixels[places] = changed
        indices = self._palette.shorter(self._palette.index(changed))
        shown = self._shown.reshape(-1)
        seen = indices != shown[places]
        places, indices = places[seen], indices[seen]
        if not len(places):
            return None
        shown[places] = indices
        rows, columns = np.divmod(places, self._shown.shape[1])
        top, left = int(rows[0]), int(columns.min())
        beneath = self._shown[top : int(rows[-1]) + 1, left : int(columns.max()) + 1].copy()
        above = np.zeros_like(beneath)
        inside = (rows - top) * beneath.shape[1] + columns - left
        above.reshape(-1)[inside] = indices
        _bridge(above.reshape(-1), beneath.reshape(-1), inside)
        return _Change(left, top, above)


def _bridge(above: Indices, beneath: Indices, places: npt.NDArray[np.intp]) -> None:
    """Close short gaps between new pixels with what is beneath, where it is as one of its ends.

    LZW writes a run of one color shorter than the same run with holes.
    """
    gaps = np.diff(places) - 1
    short = np.flatnonzero((gaps > 0) & (gaps <= GAP))
    before, after = places[short, None], places[short + 1, None]
    within = before + np.arange(1, GAP + 1)
    outside = within >= after
    colors = beneath.take(within, mode="clip")
    same = ((colors == beneath[before]) | outside).all(axis=1)
    same |= ((colors == beneath[after]) | outside).all(axis=1)
    closed = within[same[:, None] & ~outside]
    above[closed] = beneath[closed]
