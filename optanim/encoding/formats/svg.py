from __future__ import annotations

from typing import BinaryIO, Literal
from xml.sax.saxutils import escape

from optanim.encoding.film import Film
from optanim.encoding.write import Writer, still, without_frames
from optanim.schema.size_types import Length

SVG = """\
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" \
width="{}" height="{}" viewBox="0 0 {} {}" preserveAspectRatio="none" role="img">
<title>{}</title>
<desc>{}</desc>
<metadata>{}</metadata>
<g stroke-linejoin="round">{}</g>
</svg>
"""
"""It begins with `<svg`, by which it is recognized: without a declaration XML is UTF-8."""


@still
@without_frames
def svg(film: Film, file: BinaryIO, *, text: Literal["paths", "text"] = "paths") -> Writer:
    """SVG: vectors of one step, for the web and for vector editors; sharp at any size.

    With `text: text`, letters can be selected and edited. They need the font of the figure on
    the machine of the reader; another font is stretched to the same width.

    Reference: W3C 2018, "Scalable Vector Graphics (SVG) 2".
    """
    # A config is checked without matplotlib.
    from optanim.drawing.vector_page import svg_elements

    assert film.painter
    scene = film.painter.scene
    elements = svg_elements(film.painter, film.moments[-1].step, text_as_paths=text == "paths")
    # A length in cm or in is written as such, and is not quite a whole number of pixels.
    texts = (film.title, film.alt, film.comment)
    size = (side.text if isinstance(side, Length) else side for side in scene.size)
    file.write(SVG.format(*size, *scene.pixels, *map(escape, texts), elements).encode())
    return
    yield
