from __future__ import annotations

from dataclasses import dataclass
from struct import pack
from typing import BinaryIO

import numpy as np
import numpy.typing as npt
from PIL import Image

from optanim.palette import Indices, Packed, Palette, choose, packed
from optanim.timeline import Film

SHORTEST, LONGEST = 2, 65_535
"""Hundredths of a second that a frame stays: browsers turn less into 10, and more has no room."""

GAP = 12
"""So many pixels between new ones are written too, if that continues a color."""


def gif(film: Film, file: BinaryIO) -> None:
    """GIF: plays everywhere; one palette, changed rectangles, delays in hundredths of a second.

    Reference: CompuServe 1990, "Graphics Interchange Format, Version 89a", with Netscape's
    extension for loops. Disposal 1 only: decoders disagree on the others.
    """
    palette = choose(film, film.colors)
    frames = iter(film)
    frame = next(frames)
    screen = _Screen(palette, packed(frame.pixels))
    box, clock, elapsed = screen.whole(), 0, frame.seconds
    file.write(_header(box, palette))
    if film.loop != 1:
        # Browsers play a count of N once more; without the extension once.
        file.write(b"\x21\xff\x0bNETSCAPE2.0" + pack("<BBHB", 3, 1, max(0, film.loop - 1), 0))
    for frame in frames:
        # How long a box stays is known when the next one comes.
        if change := screen.show(packed(frame.pixels)):
            clock = _write(file, box, clock, elapsed)
            box = change
        elapsed += frame.seconds
    _write(file, box, clock, elapsed)
    file.write(b"\x3b")


@dataclass(frozen=True)
class _Box:
    """Indices to lay over the screen from (left, top) on; 0 is "as before"."""

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

    def whole(self) -> _Box:
        """All of it, without a hole."""
        return _Box(0, 0, self._shown.copy())

    def show(self, pixels: Packed) -> _Box | None:
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
        return _Box(left, top, above)


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


def _write(file: BinaryIO, box: _Box, clock: int, until: float) -> int:
    """Write a box that stays from the clock, in hundredths, until a second; the clock after it.

    Delays are differences of rounded end times: what is rounded never adds up.
    """
    delay = max(SHORTEST, round(100 * until) - clock)
    clock += delay
    while delay > LONGEST:
        part = min(LONGEST, delay - SHORTEST)
        file.write(_image(box, part))
        delay -= part
        # It is carried on by frames that change nothing.
        box = _Box(0, 0, np.zeros((1, 1), np.uint8))
    file.write(_image(box, delay))
    return clock


def _header(box: _Box, palette: Palette) -> bytes:
    """Signature, size and color table, of 2ⁿ colors: "as before", the palette, and unused ones."""
    height, width = box.indices.shape
    bits = len(palette.colors).bit_length()
    table = bytes(3) + palette.colors.tobytes()
    screen = pack("<HHBBB", width, height, 0xF0 | bits - 1, 0, 0)
    return b"GIF89a" + screen + table.ljust(3 << bits, b"\0")


def _image(box: _Box, delay: int) -> bytes:
    """Control extension and image; Pillow compresses, with codes as short as the indices allow."""
    height, width = box.indices.shape
    hole = not box.indices.all()
    bits = max(2, int(box.indices.max()).bit_length())
    control = pack("<BBBBHBB", 0x21, 0xF9, 4, 1 << 2 | hole, delay, 0, 0)
    image = pack("<BHHHHBB", 0x2C, box.left, box.top, width, height, 0, bits)
    codes: bytes = Image.fromarray(box.indices).tobytes("gif", ("L", bits, 0))
    return control + image + codes + b"\0"
