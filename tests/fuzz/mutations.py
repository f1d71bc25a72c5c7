"""Inputs for a target, made of its seeds: for machines without a fuzzer that measures coverage."""

from __future__ import annotations

from hypothesis import strategies as st

from tests.fuzz.targets import seeds

PIECES = [
    b"\0",
    b"\x1b[2J",
    b"\n",
    b"\r\n",
    b"\t",
    b"  ",
    b"'",
    b'"',
    b"#",
    b": ",
    b"- ",
    b"{",
    b"}",
    b"[",
    b"]",
    b"(",
    b")",
    b",",
    b";",
    b"&a ",
    b"*a ",
    b"!!python/object ",
    b"<<: ",
    b"%",
    b"$",
    b"\\",
    b"^",
    b"**",
    b"1e999",
    b"-0",
    b".nan",
    b"null",
    b"true",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    "\u202e".encode(),
    "\u2028".encode(),
    "\ud55c".encode(),
    b"\\frac{",
    b"\\sqrt{",
    b"exp(",
    b"sin(",
    b"{config}",
    b"../",
    b"/",
    b"extends: ",
    b"matrix: ",
    b"lr: auto",
    b"\xff\xff\xff\xff",
    b"\0\0\0\1",
]
"""Parts of inputs that parsers treat in some way of their own."""


@st.composite
def inputs(draw: st.DrawFn, target: str) -> bytes:
    """A seed of a target with up to eight changes: bytes removed, inserted, or repeated."""
    known = [content for _, content in seeds(target)]
    data = draw(st.sampled_from(known))
    for _ in range(draw(st.integers(0, 8))):
        start = draw(st.integers(0, len(data)))
        end = min(len(data), start + draw(st.integers(0, 40)))
        other = draw(st.sampled_from(known))
        at = draw(st.integers(0, len(other)))
        new = draw(
            st.sampled_from(PIECES)
            | st.binary(max_size=8)
            | st.just(data[start:end])
            | st.just(other[at : at + 40])
        )
        data = data[:start] + new * draw(st.sampled_from((1, 1, 1, 2, 60, 3000))) + data[end:]
    return data[:200_000]
