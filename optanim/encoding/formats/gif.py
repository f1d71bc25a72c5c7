from __future__ import annotations

from struct import pack
from typing import BinaryIO

from optanim.encoding.film import Film
from optanim.encoding.frame_diff import MAX_FPS, FrameBox, FrameBoxes, split_box
from optanim.encoding.palette import Palette
from optanim.encoding.write import Writer

TICKS = 100
"""Ticks per second."""

MIN_DELAY = TICKS // MAX_FPS
"""The shortest delay that every browser keeps, in ticks."""


def gif(film: Film, file: BinaryIO, *, compact: bool = False) -> Writer:
    """GIF: plays everywhere; one palette, changed rectangles, delays in hundredths of a second.

    Reference: CompuServe 1990, "Graphics Interchange Format, Version 89a", with Netscape's
    extension for loops. Frames use disposal 1 only: decoders disagree on the others.
    With `compact`, a frame of at least 0.04 s may be two images, the first of 0.02 s, where they
    have fewer bytes than one that spans both.
    """
    boxes = FrameBoxes(film, ticks=TICKS, max_delay=65_535)
    encode = _images if compact else _image
    frame = yield
    assert frame
    file.write(_header(boxes.palette, *frame.pixels.shape[:2]))
    if film.loop != 1:
        # With a count of N browsers play N + 1 times; without the extension they play once.
        file.write(b"\x21\xff\x0bNETSCAPE2.0" + pack("<BBHB", 3, 1, max(0, film.loop - 1), 0))
    if film.comment:
        file.write(_comment(film.comment.encode()))
    while frame:
        for box in boxes.show(frame):
            file.write(encode(box))
        frame = yield
    for box in boxes.finish():
        file.write(encode(box))
    file.write(b"\x3b")


def _comment(text: bytes) -> bytes:
    """A comment extension: blocks of at most 255 bytes."""
    parts = [text[i : i + 255] for i in range(0, len(text), 255)]
    return b"\x21\xfe" + b"".join(bytes([len(part)]) + part for part in parts) + b"\0"


def _header(palette: Palette, height: int, width: int) -> bytes:
    """Signature, size and color table. The table has 2ⁿ entries: "as before", palette, unused."""
    bits = len(palette.colors).bit_length()
    table = bytes(3) + palette.colors.tobytes()
    screen = pack("<HHBBB", width, height, 0xF0 | bits - 1, 0, 0)
    return b"GIF89a" + screen + table.ljust(3 << bits, b"\0")


def _images(box: FrameBox) -> bytes:
    """One image, or two images that change the same pixels in fewer bytes.

    The codes of a run of n pixels "as before" grow with √n, and between a head and the step in the
    corner there is much room.
    """
    one = _image(box)
    parts = split_box(box, MIN_DELAY) if box.delay >= 2 * MIN_DELAY else None
    two = b"".join(map(_image, parts)) if parts else one
    return min(one, two, key=len)


def _image(box: FrameBox) -> bytes:
    """Control extension and image, compressed by Pillow with the shortest codes for the indices."""
    from PIL import Image  # a config is checked without it

    height, width = box.indices.shape
    transparent = not box.indices.all()
    bits = max(2, int(box.indices.max()).bit_length())
    control = pack("<BBBBHBB", 0x21, 0xF9, 4, 1 << 2 | transparent, box.delay, 0, 0)
    image = pack("<BHHHHBB", 0x2C, box.left, box.top, width, height, 0, bits)
    codes: bytes = Image.fromarray(box.indices).tobytes("gif", ("L", bits, 0))
    padding = b"\1\0" if _may_end_short(bits, codes) else b""
    return control + image + codes + padding + b"\0"


def _may_end_short(bits: int, codes: bytes) -> bool:
    """Whether the end code may lack its last bit, which is zero.

    Codes begin with `bits` + 1 bits. Pillow clears the table when it is full, so the number of
    codes of each width is known: 2ʷ⁻¹ of w bits, the code that clears the table among them. A
    decoder makes one more entry of the last pixels than Pillow does. Where that entry is the last
    of its width w, the decoder reads an end code of w + 1 bits, and Pillow writes w. The rest of
    the last byte is zero and stands for the missing bit, unless the end code fills the byte.
    """
    length, ends = 0, set[int]()
    for width in range(bits + 1, 13):
        length += width << width - 1
        if width < 12:
            ends.add(length + width)
    period = length + 12 - (bits + 1)  # later codes that clear the table have 12 bits
    blocks = (len(codes) + 255) // 256
    return 8 * (len(codes) - blocks) % period in ends
