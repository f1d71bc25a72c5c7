from __future__ import annotations

import io
from struct import pack
from typing import BinaryIO
from xml.sax.saxutils import escape

import numpy as np
import numpy.typing as npt

from optanim.encoding.film import Film
from optanim.encoding.frame_diff import FrameBox, FrameBoxes
from optanim.encoding.palette import Palette
from optanim.encoding.write import Writer

XMP = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/">'
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:description>'
    '<rdf:Alt><rdf:li xml:lang="x-default">{}</rdf:li></rdf:Alt>'
    "</dc:description></rdf:Description></rdf:RDF></x:xmpmeta>"
)


def webp(film: Film, file: BinaryIO) -> Writer:
    """WebP: a third smaller than GIF, in every browser; the same palette and rectangles, lossless.

    A still keeps all of its colors.

    Reference: RFC 9649, "WebP Image Format", compressed by libwebp through Pillow.
    """
    frame = yield
    assert frame
    xmp = XMP.format(escape(film.comment)).encode() if film.comment else b""
    if len(film) == 1:
        file.write(_riff(frame.pixels[..., :3].copy(), xmp))
        yield
        return
    boxes, height, width = FrameBoxes(film, ticks=1000, max_delay=0xFFFFFF), *frame.pixels.shape[:2]
    start = file.tell()
    # The length of the file is known at the end. It is written to this place then.
    file.write(b"RIFF" + bytes(4) + b"WEBP")
    size = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    # Flags: animated, transparent, and with a text if there is one.
    file.write(_chunk(b"VP8X", pack("<I", 0x02 | 0x10 | (0x04 if xmp else 0)) + size))
    file.write(_chunk(b"ANIM", pack("<IH", 0, min(film.loop, 65_535))))
    while frame:
        for box in boxes.show(frame):
            file.write(_image(box, boxes.palette))
        frame = yield
    for box in boxes.finish():
        file.write(_image(box, boxes.palette))
    if xmp:
        file.write(_chunk(b"XMP ", xmp))
    length = file.tell() - start - 8
    file.seek(start + 4)
    file.write(pack("<I", length))


def _image(box: FrameBox, palette: Palette) -> bytes:
    """A frame. It can start at even places only, so a row or column "as before" may be added."""
    indices = np.pad(box.indices, ((box.top % 2, 0), (box.left % 2, 0)))
    colors = np.zeros((len(palette.colors) + 1, 4), np.uint8)
    colors[1:, :3], colors[1:, 3] = palette.colors, 255
    sides = (box.left // 2, box.top // 2, indices.shape[1] - 1, indices.shape[0] - 1, box.delay)
    header = b"".join(side.to_bytes(3, "little") for side in sides) + b"\0"
    return _chunk(b"ANMF", header + _riff(colors[indices])[12:])


def _riff(pixels: npt.NDArray[np.uint8], xmp: bytes = b"") -> bytes:
    """A WebP of one picture. A higher method takes a hundred times as long and saves 3 %."""
    from PIL import Image  # a config is checked without it

    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "WEBP", lossless=True, quality=75, method=4, xmp=xmp)
    return file.getvalue()


def _chunk(kind: bytes, data: bytes) -> bytes:
    return kind + pack("<I", len(data)) + data + b"\0" * (len(data) % 2)
