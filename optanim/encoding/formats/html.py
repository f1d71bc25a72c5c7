from __future__ import annotations

from typing import BinaryIO

from optanim.encoding.film import Film
from optanim.encoding.write import Writer, without_frames


@without_frames
def html(film: Film, file: BinaryIO) -> Writer:
    """HTML: a page on which one can play, stop and ask the figure; one file, drawn as vectors.

    Reference: WHATWG, "HTML Living Standard". It asks for nothing else, and needs JavaScript.
    """
    assert film.page  # as whoever renders a run gives it
    file.write(film.page(film.comment).encode())
    return
    yield
