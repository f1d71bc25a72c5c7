"""A decoder of GIF images that forgives nothing: each code has the width that the format says."""

from __future__ import annotations

from collections.abc import Iterator


def images(data: bytes) -> Iterator[tuple[int, bytes]]:
    """For each image of a GIF the minimum code size in bits, and its codes."""
    at = 13 + (3 << (data[10] & 7) + 1)
    while data[at] != 0x3B:
        if data[at] == 0x21:
            _, at = _blocks(data, at + 2)
        else:
            codes, end = _blocks(data, at + 11)
            yield data[at + 10], codes
            at = end


def indices(bits: int, codes: bytes) -> bytes:
    """The pixels of an image as indices.

    Args:
        bits: the minimum code size.
        codes: of variable width, the lowest bit first.

    Raises:
        ValueError: the codes end before the end code, or one is not in the table.
    """
    clear = 1 << bits
    stream, length, at, width = int.from_bytes(codes, "little"), 8 * len(codes), 0, bits + 1
    table, previous, pixels = list[bytes](), b"", bytearray()
    while at + width <= length:
        code = stream >> at & (1 << width) - 1
        at += width
        if code == clear + 1:
            return bytes(pixels)
        if code == clear:
            table, previous, width = [bytes([i]) for i in range(clear)] + [b"", b""], b"", bits + 1
            continue
        if code > len(table) or (code == len(table) and not previous):
            raise ValueError(f"code {code} at bit {at} is not in the table")
        known = table[code] if code < len(table) else previous + previous[:1]
        if previous and len(table) < 4096:
            table.append(previous + known[:1])
            width += len(table) == 1 << width and width < 12
        pixels += known
        previous = known
    raise ValueError(f"the codes end at bit {length}, before the end code")


def _blocks(data: bytes, at: int) -> tuple[bytes, int]:
    """The content of the blocks that begin at an index, and the index after them."""
    parts = []
    while size := data[at]:
        parts.append(data[at + 1 : at + 1 + size])
        at += 1 + size
    return b"".join(parts), at + 1
