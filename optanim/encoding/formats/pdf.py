from __future__ import annotations

from typing import BinaryIO

from optanim.encoding.film import Film
from optanim.encoding.write import Writer, still, without_frames
from optanim.schema.size_types import points_of


@still
@without_frames
def pdf(film: Film, file: BinaryIO) -> Writer:
    """PDF: vectors of one step on a page of the size of the figure, for LaTeX and for print.

    Text can be selected and searched; the fonts are in the file.

    Reference: ISO 32000-1:2008, "Portable document format", version 1.4 of it.
    """
    # A config is checked without matplotlib.
    from optanim.drawing.vector_page import pdf_page

    assert film.painter
    scene = film.painter.scene
    texts = {
        "Title": film.title, "Subject": film.alt, "Creator": "optanim",
        "Comment": film.comment,
    }  # fmt: skip
    width, height = map(points_of, scene.size)
    info = {key: text for key, text in texts.items() if text}
    file.write(pdf_page(film.painter, film.moments[-1].step, (width, height), info))
    return
    yield
