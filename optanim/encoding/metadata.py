"""Provenance: the text that a file carries about itself, read back from any format."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path


def read(path: Path | str) -> str:
    """The text that was written into a file as the comment of its film; "" if it has none.

    Files of other programs are read, too, and broken ones up to where they break.

    Raises:
        OSError: the file cannot be read.
    """
    return text_in(Path(path).read_bytes())


def text_in(data: bytes) -> str:
    """The text in the bytes of a file."""
    for signature, at, find in _KINDS:
        if data[at : at + len(signature)] == signature:
            return find(data).decode("utf-8", "replace")
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
        place += 1
        if kind == b"\x21\xfe":
            return b"".join(blocks)
    return b""


def _png(data: bytes) -> bytes:
    """The text chunk that is called a comment, and not compressed."""
    place = 8
    while place + 8 <= len(data):
        length, kind = int.from_bytes(data[place : place + 4]), data[place + 4 : place + 8]
        held = data[place + 8 : place + 8 + length]
        if kind == b"iTXt" and held.startswith(b"Comment\0\0"):
            return held.split(b"\0", 5)[-1] if held.count(b"\0") >= 5 else b""
        place += length + 12
    return b""


def _webp(data: bytes) -> bytes:
    """The description in the XMP."""
    place = 12
    while place + 8 <= len(data):
        length = int.from_bytes(data[place + 4 : place + 8], "little")
        if data[place : place + 4] == b"XMP ":
            held = data[place + 8 : place + 8 + length]
            found = re.search(rb"<dc:description>.*?<rdf:li[^>]*>(.*?)</rdf:li>", held, re.DOTALL)
            return unescape(found[1].decode("utf-8", "replace")).encode() if found else b""
        place += 8 + length + length % 2
    return b""


def _mp4(data: bytes) -> bytes:
    """The comment as iTunes has it: moov, udta, meta, ilst, ©cmt, data."""
    for name, before in ((b"moov", 0), (b"udta", 0), (b"meta", 0), (b"ilst", 4), (b"\xa9cmt", 0)):
        data = next((held for kind, held in _atoms(data[before:]) if kind == name), b"")
    return next((held[8:] for kind, held in _atoms(data) if kind == b"data"), b"")


def _atoms(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    place = 0
    while place + 8 <= len(data):
        length, head = int.from_bytes(data[place : place + 4]), 8
        if length == 1:
            length, head = int.from_bytes(data[place + 8 : place + 16]), 16
        length = length or len(data) - place
        if length < head:
            return
        yield data[place + 4 : place + 8], data[place + head : place + length]
        place += length


SEGMENT, TAGS, TAG, SIMPLE_TAG = b"\x18\x53\x80\x67", b"\x12\x54\xc3\x67", b"\x73\x73", b"\x67\xc8"
NAME, STRING = b"\x45\xa3", b"\x44\x87"


def _webm(data: bytes) -> bytes:
    """Matroska's COMMENT: Segment, Tags, Tag, SimpleTag."""
    for _, segment in (e for e in _elements(data) if e[0] == SEGMENT):
        for _, tags in (e for e in _elements(segment) if e[0] == TAGS):
            for _, tag in (e for e in _elements(tags) if e[0] == TAG):
                for _, simple in (e for e in _elements(tag) if e[0] == SIMPLE_TAG):
                    said = dict(_elements(simple))
                    if said.get(NAME, b"").upper() == b"COMMENT":
                        return said.get(STRING, b"")
    return b""


def _elements(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """EBML: an identifier and a length, each as long as its first byte's leading zeros say."""
    place = 0
    while place < len(data):
        named = 9 - data[place].bit_length()
        sized = place + named
        if sized >= len(data):
            return
        wide = 9 - data[sized].bit_length()
        begin, most = sized + wide, (1 << 7 * wide) - 1
        length = int.from_bytes(data[sized:begin]) & most
        end = len(data) if length == most else begin + length
        yield data[place:sized], data[begin:end]
        place = end


_KINDS = (
    (b"GIF8", 0, _gif),
    (b"\x89PNG\r\n\x1a\n", 0, _png),
    (b"WEBP", 8, _webp),
    (b"ftyp", 4, _mp4),
    (b"\x1a\x45\xdf\xa3", 0, _webm),
)
