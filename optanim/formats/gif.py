from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

import numpy as np
import numpy.typing as npt
from PIL import Image

from optanim.palette import bare, choose, nearest, packed, rgb
from optanim.timeline import Film

Indices = npt.NDArray[np.uint8]

UNCHANGED = 0
"""The transparent index: the pixel stays as it was. Colors have the indices from 1 on."""

LONGEST = 65_535
"""Hundredths of a second that one frame can stay."""


def gif(film: Film, file: BinaryIO) -> None:
    """GIF: plays everywhere; one palette, changed rectangles, delays in hundredths of a second.

    Reference: CompuServe 1990, "Graphics Interchange Format, Version 89a", with Netscape's
    extension for loops. Disposal 1 only: decoders disagree on the others.
    """
    palette = choose(film, film.colors)
    height, width = film[0].pixels.shape[:2]
    # A table of 2ⁿ entries, as many as the palette and "unchanged" need.
    depth = max(1, len(palette).bit_length())
    table = np.zeros((1 << depth, 3), np.uint8)
    table[1 : len(palette) + 1] = rgb(palette)
    size = width.to_bytes(2, "little") + height.to_bytes(2, "little")
    file.write(b"GIF89a" + size + bytes([0xF0 | depth - 1, 0, 0]) + table.tobytes())
    if film.loop != 1:
        # Browsers play a count of N once more; without the extension once.
        plays = max(0, film.loop - 1).to_bytes(2, "little")
        file.write(b"\x21\xff\x0bNETSCAPE2.0\x03\x01" + plays + b"\0")
    for patch in _patches(film, _Mapper(palette)):
        file.write(patch.encoded())
    file.write(b"\x3b")


@dataclass
class _Patch:
    """A rectangle of indices and how long the picture then stays, in hundredths."""

    left: int
    top: int
    indices: Indices
    whole: Indices | None
    delay: int = 0

    def encoded(self) -> bytes:
        """Its blocks; a delay beyond the longest is carried on by frames that change nothing."""
        data = _lzw(self.indices)
        if self.whole is not None:
            other = _lzw(self.whole)
            data = other if len(other) < len(data) else data
        height, width = self.indices.shape
        block = self._block(self.left, self.top, width, height, min(self.delay, LONGEST), data)
        left = self.delay - LONGEST
        while left > 0:
            # At least 2 hundredths: browsers turn less into 10.
            part = min(left, LONGEST) if left != LONGEST + 1 else LONGEST - 1
            block += self._block(0, 0, 1, 1, max(part, 2), _lzw(np.zeros((1, 1), np.uint8)))
            left -= part
        return block

    @staticmethod
    def _block(left: int, top: int, width: int, height: int, delay: int, data: bytes) -> bytes:
        control = b"\x21\xf9\x04\x05" + delay.to_bytes(2, "little") + bytes([UNCHANGED, 0])
        box = b"".join(side.to_bytes(2, "little") for side in (left, top, width, height))
        return control + b"\x2c" + box + b"\0" + data


def _patches(film: Film, mapper: _Mapper) -> Iterator[_Patch]:
    """What changes from frame to frame; equal frames become one that stays longer."""
    pending: _Patch | None = None
    elapsed, shown_until = 0.0, 0
    before = shown = None
    for frame in film:
        now = packed(frame.pixels)
        elapsed += frame.seconds
        # Differences of rounded end times: what is rounded never adds up.
        until = round(100 * elapsed)
        delay, shown_until = until - shown_until, until
        if before is None or shown is None:
            shown = mapper(now)
            pending = _Patch(0, 0, shown.copy(), None, delay)
        elif patch := _difference(before, now, shown, mapper):
            if pending:
                yield pending
            pending = patch
            pending.delay = delay
        elif pending:
            pending.delay += delay
        before = now
    if pending:
        yield pending


def _difference(
    before: npt.NDArray[np.uint32], now: npt.NDArray[np.uint32], shown: Indices, mapper: _Mapper
) -> _Patch | None:
    """The smallest rectangle that turns what is shown into the frame, which is then shown."""
    box = _bounds(before != now)
    if box is None:
        return None
    fresh = mapper(now[box])
    tight = _bounds(fresh != shown[box])
    if tight is None:
        return None
    fresh, old = fresh[tight], shown[box][tight]
    sparse = np.where(fresh != old, fresh, np.uint8(UNCHANGED))
    old[:] = fresh
    # Where most of the box changes, the picture itself may be the shorter.
    whole = fresh if np.count_nonzero(sparse) * 4 > sparse.size else None
    top, left = box[0].start + tight[0].start, box[1].start + tight[1].start
    return _Patch(left, top, sparse, whole)


def _bounds(mask: npt.NDArray[np.bool_]) -> tuple[slice, slice] | None:
    rows = np.flatnonzero(mask.any(axis=1))
    if not len(rows):
        return None
    columns = np.flatnonzero(mask[rows[0] : rows[-1] + 1].any(axis=0))
    return slice(int(rows[0]), int(rows[-1]) + 1), slice(int(columns[0]), int(columns[-1]) + 1)


def _lzw(indices: Indices) -> bytes:
    """Code size, sub-blocks and terminator; Pillow compresses."""
    bits = max(2, int(indices.max()).bit_length())
    data: bytes = Image.fromarray(indices).tobytes("gif", ("L", bits, 0))
    return bytes([bits]) + data + b"\0"


class _Mapper:
    """Colors to indices by a table over all colors, filled as they are met.

    Untouched pages of the table take no memory; 0 says that a color has not been met.
    """

    def __init__(self, palette: npt.NDArray[np.uint32]) -> None:
        self._points = rgb(palette).astype(np.float32)
        self._table = np.zeros(1 << 24, np.uint8)
        self._table[palette] = np.arange(1, len(palette) + 1)

    def __call__(self, colors: npt.NDArray[np.uint32]) -> Indices:
        colors = bare(colors)
        indices = self._table.take(colors)
        if not indices.all():
            new = np.unique(colors[indices == 0])
            self._table[new] = nearest(rgb(new), self._points) + 1
            indices = self._table.take(colors)
        return indices
