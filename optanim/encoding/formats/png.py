from __future__ import annotations

from struct import pack
from typing import BinaryIO
from zlib import compressobj, crc32

import numpy as np

from optanim.encoding.film import Film
from optanim.encoding.frame_diff import FrameBox, FrameBoxes
from optanim.encoding.palette import Indices
from optanim.encoding.write import Writer

COMMENT = "Comment"
"""The keyword of the text chunk, registered in the standard."""


def png(film: Film, file: BinaryIO) -> Writer:
    """PNG: exact stills, e.g. the poster of an animation; an animation becomes an APNG.

    An APNG has one palette and changed rectangles. Programs without APNG show its first frame.

    Reference: W3C 2025, "Portable Network Graphics (PNG) Specification (Third Edition)".
    """
    frame = yield
    assert frame
    if len(film) == 1:
        from PIL import Image, PngImagePlugin  # a config is checked without it

        info = PngImagePlugin.PngInfo()
        if film.comment:
            info.add_itxt(COMMENT, film.comment)
        picture = Image.fromarray(frame.pixels[..., :3].copy())
        picture.save(file, "PNG", optimize=True, pnginfo=info)
        yield
        return
    boxes, height, width = FrameBoxes(film, ticks=1000, max_delay=65_535), *frame.pixels.shape[:2]
    file.write(
        b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0))
    )
    count_place, images, chunks = file.tell(), 0, 0
    # The number of images is known at the end. It is written to this place then.
    file.write(_count(0, film.loop))
    # Index 0, "as before", is the only transparent index.
    file.write(_chunk(b"PLTE", bytes(3) + boxes.palette.colors.tobytes()) + _chunk(b"tRNS", b"\0"))
    if film.comment:
        file.write(_chunk(b"iTXt", COMMENT.encode() + bytes(5) + film.comment.encode()))

    def add(box: FrameBox) -> None:
        nonlocal images, chunks
        place = (box.indices.shape[1], box.indices.shape[0], box.left, box.top)
        # The first image is also the still of the file; the others are blended over it.
        blend, number = (1, pack(">I", chunks + 1)) if images else (0, b"")
        control = pack(">IIIIIHHBB", chunks, *place, box.delay, 1000, 0, blend)
        file.write(_chunk(b"fcTL", control))
        file.write(_chunk(b"fdAT" if number else b"IDAT", number + _deflate(box.indices)))
        images, chunks = images + 1, chunks + (2 if number else 1)

    while frame:
        for box in boxes.show(frame):
            add(box)
        frame = yield
    for box in boxes.finish():
        add(box)
    file.write(_chunk(b"IEND", b""))
    file.seek(count_place)
    file.write(_count(images, film.loop))


def _count(images: int, loop: int) -> bytes:
    """The chunk with the number of images and of plays."""
    return _chunk(b"acTL", pack(">II", images, loop))


def _chunk(kind: bytes, data: bytes) -> bytes:
    return pack(">I", len(data)) + kind + data + pack(">I", crc32(kind + data))


def _deflate(indices: Indices) -> bytes:
    """The rows, compressed without a filter: filters make indices compress worse."""
    compressor = compressobj(9, memLevel=9)
    return compressor.compress(np.pad(indices, ((0, 0), (1, 0))).tobytes()) + compressor.flush()
