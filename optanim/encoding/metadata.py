"""The comment of a file, read back from every format."""

from __future__ import annotations

import re
from codecs import BOM_UTF16_BE
from collections.abc import Iterator
from html import unescape
from pathlib import Path

from optanim.files import CONFIG, PICTURE, read_file, read_start

MAX_HEAD = 10_000_000
"""Bytes at the beginning of a page in which its stamp is looked for."""

MAX_TEXT = 10 * CONFIG
"""Bytes of a comment in XML, in which each character may be escaped."""

MAX_BLOCKS = 1_000_000
"""Number of blocks of a GIF's image or comment that are read."""


def read_comment(path: Path | str) -> str:
    """The comment of the film that was written to a file; "" if the file has none.

    Files of other programs are read, too. A broken file is read up to the first error.

    Raises:
        OSError: the file cannot be read.
    """
    return comment_in(read_file(path, PICTURE))


def is_picture(path: Path | str) -> bool:
    """Whether a file exists and begins as a file of one of the formats does."""
    try:
        start = read_start(path, 64)
    except OSError:
        return False
    return any(start[at : at + len(signature)] == signature for signature, at, _ in _FORMATS)


def comment_in(data: bytes) -> str:
    """The comment in the bytes of a file; "" if there is none."""
    for signature, offset, parse in _FORMATS:
        if data[offset : offset + len(signature)] == signature:
            return parse(data).decode("utf-8", "replace")
    return ""


def _gif(data: bytes) -> bytes:
    """The first comment extension."""
    place = 13 + (3 << (data[10] & 7) + 1 if len(data) > 10 and data[10] & 0x80 else 0)
    while place < len(data):
        kind = data[place : place + 2]
        if kind[:1] == b"\x21":
            place += 2
        elif kind[:1] == b"\x2c" and place + 9 < len(data):
            flags = data[place + 9]
            place += 11 + (3 << (flags & 7) + 1 if flags & 0x80 else 0)
        else:
            break
        blocks = []
        while place < len(data) and data[place]:
            blocks.append(data[place + 1 : place + 1 + data[place]])
            place += 1 + data[place]
            if len(blocks) > MAX_BLOCKS:
                return b""
        place += 1
        if kind == b"\x21\xfe":
            return b"".join(blocks)
    return b""


def _png(data: bytes) -> bytes:
    """The uncompressed iTXt chunk with the keyword "Comment"."""
    place = 8
    while place + 8 <= len(data):
        length, kind = int.from_bytes(data[place : place + 4]), data[place + 4 : place + 8]
        chunk = data[place + 8 : place + 8 + length]
        if kind == b"iTXt" and chunk.startswith(b"Comment\0\0"):
            return chunk.split(b"\0", 5)[-1] if chunk.count(b"\0") >= 5 else b""
        place += length + 12
    return b""


def _webp(data: bytes) -> bytes:
    """The description in the XMP chunk."""
    place = 12
    while place + 8 <= len(data):
        length = int.from_bytes(data[place + 4 : place + 8], "little")
        if data[place : place + 4] == b"XMP ":
            return _description(data[place + 8 : place + 8 + length])
        place += 8 + length + length % 2
    return b""


def _description(xmp: bytes) -> bytes:
    """The text of the first item of the description. Each part is looked for once: linear time."""
    item = xmp.partition(b"<dc:description>")[2].partition(b"<rdf:li")[2].partition(b">")[2]
    text, end, _ = item.partition(b"</rdf:li>")
    return _unescaped(text) if end else b""


def _unescaped(text: bytes) -> bytes:
    """The text of XML without its escapes; nothing if it is too long, or one of them is."""
    try:
        return unescape(text.decode("utf-8", "replace")).encode() if len(text) < MAX_TEXT else b""
    except ValueError:  # the number of a character has thousands of digits
        return b""


def _mp4(data: bytes) -> bytes:
    """The comment in the atoms that iTunes uses: moov, udta, meta, ilst, ©cmt, data."""
    for name, offset in ((b"moov", 0), (b"udta", 0), (b"meta", 0), (b"ilst", 4), (b"\xa9cmt", 0)):
        data = next((body for kind, body in _atoms(data[offset:]) if kind == name), b"")
    return next((body[8:] for kind, body in _atoms(data) if kind == b"data"), b"")


def _atoms(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield the name and the body of each atom of an MP4."""
    place = 0
    while place + 8 <= len(data):
        length, header = int.from_bytes(data[place : place + 4]), 8
        if length == 1:
            length, header = int.from_bytes(data[place + 8 : place + 16]), 16
        length = length or len(data) - place
        if length < header:
            return
        yield data[place + 4 : place + 8], data[place + header : place + length]
        place += length


SEGMENT, TAGS, TAG, SIMPLE_TAG = b"\x18\x53\x80\x67", b"\x12\x54\xc3\x67", b"\x73\x73", b"\x67\xc8"
NAME, STRING = b"\x45\xa3", b"\x44\x87"


def _webm(data: bytes) -> bytes:
    """The tag COMMENT of Matroska: Segment, Tags, Tag, SimpleTag."""
    for _, segment in (e for e in _elements(data) if e[0] == SEGMENT):
        for _, tags in (e for e in _elements(segment) if e[0] == TAGS):
            for _, tag in (e for e in _elements(tags) if e[0] == TAG):
                for _, simple in (e for e in _elements(tag) if e[0] == SIMPLE_TAG):
                    fields = dict(_elements(simple))
                    if fields.get(NAME, b"").upper() == b"COMMENT":
                        return fields.get(STRING, b"")
    return b""


def _elements(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield the identifier and the body of each EBML element.

    The leading zeros of the first byte of an identifier, or of a length, tell its size in bytes.
    """
    start = 0
    while start < len(data):
        length_start = start + 9 - data[start].bit_length()
        if length_start >= len(data):
            return
        length_size = 9 - data[length_start].bit_length()
        body_start = length_start + length_size
        unknown = (1 << 7 * length_size) - 1  # a length of ones only: up to the end
        length = int.from_bytes(data[length_start:body_start]) & unknown
        end = len(data) if length == unknown else body_start + length
        yield data[start:length_start], data[body_start:end]
        start = end


def _html(data: bytes) -> bytes:
    """The content of the meta element of our own name, in the head of the page."""
    found = re.search(rb'<meta name="optanim" content="([^"]*)">', data[:MAX_HEAD])
    return _unescaped(found[1]) if found else b""


def _svg(data: bytes) -> bytes:
    """The text of the first element `metadata`."""
    text, end, _ = data.partition(b"<metadata>")[2].partition(b"</metadata>")
    return _unescaped(text) if end else b""


MAX_PDF_COMMENT = 4 * CONFIG
"""Bytes of a comment of a PDF that are read: a letter has two, and each may be escaped."""

_PDF_COMMENT = re.compile(rb"/Comment \(((?:[^\\()]++|\\.)*+)\)", re.DOTALL)
"""An entry of a dictionary, in whose text all parentheses are escaped, as we write them."""

_PDF_ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def _pdf(data: bytes) -> bytes:
    """The text of the key "Comment" of the information dictionary, which is near the end."""
    # Within a string there is a backslash before each parenthesis.
    start = max(0, data.rfind(b"/Comment ("))
    match = _PDF_COMMENT.match(data[start : start + MAX_PDF_COMMENT])
    if not match:
        return b""
    text = re.sub(rb"\\(.)", lambda escape: _PDF_ESCAPES.get(escape[1], escape[1]), match[1],
                  flags=re.DOTALL)  # fmt: skip
    if not text.startswith(BOM_UTF16_BE):
        return text
    return text[2:].decode("utf-16-be", "replace").encode("utf-8", "replace")


_FORMATS = (
    (b"GIF8", 0, _gif),
    (b"\x89PNG\r\n\x1a\n", 0, _png),
    (b"WEBP", 8, _webp),
    (b"ftyp", 4, _mp4),
    (b"\x1a\x45\xdf\xa3", 0, _webm),
    (b"<!doctype html><!-- A figure of optanim -->", 0, _html),
    (b"<svg", 0, _svg),
    (b"%PDF-", 0, _pdf),
)
"""For each format its signature, the offset of the signature, and the function that reads it."""
