"""A figure as vectors: the elements of an SVG, and the page of a PDF.

A unit of both is a pixel of the picture that the painter paints. matplotlib takes widths of lines
and sizes of letters in points, and its renderers of vectors have 72 of them per inch. Here a point
is `scene.unit` pixels, as in the picture.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from io import BytesIO, StringIO
from types import MappingProxyType
from typing import Any

import matplotlib
from matplotlib.backend_bases import GraphicsContextBase, RendererBase
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.backends.backend_pdf import GraphicsContextPdf, Op, PdfFile, RendererPdf
from matplotlib.backends.backend_svg import RendererSVG
from matplotlib.font_manager import FontProperties
from matplotlib.path import Path
from matplotlib.transforms import IdentityTransform

from optanim.drawing.fonts import has_true_type_outlines, public_name
from optanim.drawing.isolation import figure_settings
from optanim.drawing.painter import Painter
from optanim.drawing.path_simplification import simplified, without_gaps

POINTS_PER_INCH = 72

MAX_OFFSET = 0.05
"""Pixels that a line may move because it has fewer points."""

MEASURED_LETTERS = 64
"""Letters of a text whose width is measured, at least: that of a few letters is rounded."""

MATHS_SIZE = 100
"""Units of the font in which maths is set for a PDF."""

TRUE_TYPE, TYPE_3 = 42, 3
"""How a PDF embeds a font. Programs refuse other outlines than those of TrueType in the first."""

_LONG_NUMBER = re.compile(r"-?\d+\.\d{4,}")

_NONE: Mapping[str, str] = MappingProxyType({})


def svg_elements(painter: Painter, step: float, *, text_as_paths: bool) -> str:
    """The elements of an SVG that draw a step, from the top left, in pixels of the picture.

    Args:
        painter: of the figure.
        step: fractional between two updates.
        text_as_paths: whether letters are outlines, which look the same everywhere.
    """
    file = StringIO()
    with _settings(painter):
        renderer = _SvgRenderer(painter.scene.pixels, file, painter.scene.unit, text_as_paths)
        start = file.tell()
        painter.draw_still(renderer)
        painter.draw_marks(renderer, step)
        renderer.finalize()
    return file.getvalue()[start:].rstrip().removesuffix("</svg>")


def pdf_page(
    painter: Painter, step: float, size: tuple[float, float], info: Mapping[str, str]
) -> bytes:
    """A PDF of one page that shows a step. Its text can be selected, and it has the fonts.

    Args:
        painter: of the figure.
        step: fractional between two updates.
        size: the width and height of the page in points.
        info: the texts of its information dictionary.
    """
    file, unit, (width, height) = BytesIO(), painter.scene.unit, painter.scene.pixels
    with _settings(painter):
        page = _Page(file, unit)
        page.infoDict.update(info)
        page.newPage(size[0] / POINTS_PER_INCH, size[1] / POINTS_PER_INCH)
        page.output(size[0] / width, 0, 0, size[1] / height, 0, 0, Op.concat_matrix)
        # The renderer leaves out what is not on the page, whose size it takes in pixels.
        page.width, page.height = width / POINTS_PER_INCH, height / POINTS_PER_INCH
        renderer = _PdfRenderer(page, unit, matplotlib.rcParams["pdf.fonttype"])
        painter.draw_still(renderer)
        painter.draw_marks(renderer, step)
        renderer.finalize()
        page.finalize()
        page.close()
    return file.getvalue()


@contextmanager
def _settings(painter: Painter) -> Iterator[None]:
    """A context with the settings of a file of vectors, around those of its drawing."""
    # It tells of each table of a font that no PDF needs.
    logger = logging.getLogger("fontTools")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        with figure_settings(painter.families):
            true_type = all(map(has_true_type_outlines, painter.families))
            matplotlib.rcParams["pdf.fonttype"] = TRUE_TYPE if true_type else TYPE_3
            yield
    finally:
        logger.setLevel(level)


class _PixelUnits(GraphicsContextBase):
    """A graphics context that is given points, and keeps units of the picture.

    Attributes:
        unit: units per point.
    """

    unit = 1.0

    def set_linewidth(self, w: float) -> None:
        """Set the width of lines, in points."""
        super().set_linewidth(w * self.unit)

    def set_dashes(self, dash_offset: float, dash_list: Any) -> None:
        """Set the lengths of dashes and gaps, in points."""
        dashes = dash_list if dash_list is None else [length * self.unit for length in dash_list]
        super().set_dashes(dash_offset * self.unit, dashes)


class _PdfUnits(_PixelUnits, GraphicsContextPdf):
    """The same for a PDF."""


class _PixelRenderer(RendererBase):
    """What renderers of vectors share with the renderer of the picture: points and text sizes.

    Attributes:
        unit: units per point.
    """

    unit: float

    def points_to_pixels(self, points: Any) -> Any:
        """Sizes in points as units of the picture."""
        return points * self.unit

    @cached_property
    def _agg(self) -> RendererAgg:
        return RendererAgg(1, 1, POINTS_PER_INCH * self.unit)

    def get_text_width_height_descent(
        self, s: str, prop: FontProperties, ismath: Any
    ) -> tuple[float, float, float]:
        """The size of a text as in the picture, so that texts have the same places."""
        size: tuple[float, float, float] = self._agg.get_text_width_height_descent(s, prop, ismath)
        return size

    def draw_path(self, gc: Any, path: Path, transform: Any, rgbFace: Any = None) -> None:
        """Draw a path without the points that nobody sees."""
        path = simplified(without_gaps(transform.transform_path(path)), MAX_OFFSET)
        super().draw_path(gc, path, IdentityTransform(), rgbFace)

    def _in_units(self, font: FontProperties, text: str, ismath: Any) -> FontProperties:
        """The font of a text with the number of units, in place of points, as its size."""
        own = font.copy()
        # In the picture, FreeType has a whole number of dots per inch.
        own.set_size(font.get_size_in_points() * int(self._agg.dpi) / POINTS_PER_INCH)
        if not ismath and text.strip():
            # And in many fonts letters have a whole number of pixels there.
            many = text * (1 + MEASURED_LETTERS // len(text))
            width: float = self._text2path.get_text_width_height_descent(many, own, False)[0]
            shown = self.get_text_width_height_descent(many, font, False)[0]
            own.set_size(own.get_size_in_points() * shown / width)
        return own


class _SvgRenderer(_PixelRenderer, RendererSVG):
    """A renderer of SVG elements.

    Args:
        size: (width, height) in pixels.
        file: to write to.
        unit: units per point.
        text_as_paths: whether letters are outlines.
    """

    def __init__(
        self, size: tuple[int, int], file: StringIO, unit: float, text_as_paths: bool
    ) -> None:
        super().__init__(*size, file, metadata={"Date": None})
        self.unit, self._text = unit, "path" if text_as_paths else "none"
        self.writer: Any = _AttributeWriter(self.writer)

    def new_gc(self) -> GraphicsContextBase:
        """A graphics context in units of the picture."""
        gc = _PixelUnits()
        gc.unit = self.unit
        return gc

    def open_group(self, s: str, gid: str | None = None) -> None:
        """Nothing: the numbers of groups would be on a page twice."""

    def close_group(self, s: str) -> None:
        """Nothing, as `open_group`."""

    def draw_text(
        self, gc: Any, x: float, y: float, s: str, prop: FontProperties, angle: float,
        ismath: Any = False, mtext: Any = None,
    ) -> None:  # fmt: skip
        """Draw a text."""
        font = self._in_units(prop, s, ismath)
        self.writer.text_length = ""
        if self._text == "none":
            # Another font of the reader must not be wider than the room for it.
            width = self.get_text_width_height_descent(s, prop, ismath)[0]
            self.writer.text_length = f"{width:.2f}"
            if not ismath:  # maths is set with the font file, and names it itself
                font.set_family([public_name(family) for family in font.get_family()])
        matplotlib.rcParams["svg.fonttype"] = self._text
        super().draw_text(gc, x, y, s, font, angle, ismath, mtext)

    def _convert_path(
        self, path: Path, transform: Any = None, clip: Any = None, simplify: Any = None,
        sketch: Any = None,
    ) -> str:  # fmt: skip
        text: str = super()._convert_path(path, transform, clip, simplify, sketch)
        return _LONG_NUMBER.sub(_rounded, text)


class _AttributeWriter:
    """A writer of XML whose styles are attributes, which every Content-Security-Policy allows.

    Attributes:
        text_length: the width of the next text; "" for one that is as wide as its font makes it.

    Args:
        writer: that of the renderer.
    """

    def __init__(self, writer: Any) -> None:
        self._writer, self.text_length = writer, ""

    def __getattr__(self, name: str) -> Any:
        return getattr(self._writer, name)

    def start(self, tag: str, attrib: Mapping[str, str] = _NONE, **extra: str) -> int:
        """Begin an element."""
        number: int = self._writer.start(tag, self._attributes({**attrib, **extra}))
        return number

    def element(
        self, tag: str, text: str | None = None, attrib: Mapping[str, str] = _NONE, **extra: str
    ) -> None:
        """Write an element."""
        attributes = self._attributes({**attrib, **extra})
        if tag == "text" and text and self.text_length:
            attributes |= {"textLength": self.text_length, "lengthAdjust": "spacingAndGlyphs"}
        self._writer.element(tag, text, attributes)

    def comment(self, comment: str) -> None:
        """Nothing: matplotlib repeats each text that it draws as outlines."""

    def _attributes(self, attributes: dict[str, str]) -> dict[str, str]:
        style = attributes.pop("style", "")
        pairs = (part.partition(":") for part in style.split(";") if part.strip())
        return attributes | {name.strip(): value.strip() for name, _, value in pairs}


class _Page(PdfFile):
    """A PDF file whose shapes have room for wide lines.

    Args:
        file: to write to.
        unit: units per point.
    """

    def __init__(self, file: BytesIO, unit: float) -> None:
        super().__init__(file, metadata=dict.fromkeys(("CreationDate", "Creator", "Producer")))
        self._unit = unit

    def pathCollectionObject(  # noqa: N802 (a name of matplotlib)
        self, gc: Any, path: Path, trans: Any, padding: float, *draws: bool
    ) -> Any:  # fmt: skip
        """The object of a shape that is drawn several times."""
        return super().pathCollectionObject(gc, path, trans, padding * self._unit, *draws)


class _PdfRenderer(_PixelRenderer, RendererPdf):
    """A renderer of the page of a PDF.

    Args:
        file: to write to; its size is that of the picture.
        unit: units per point.
        font_type: how fonts are embedded, 3 or 42.
    """

    def __init__(self, file: PdfFile, unit: float, font_type: int) -> None:
        self.unit, self._font_type = unit, font_type
        super().__init__(file, POINTS_PER_INCH, file.height, file.width)

    def new_gc(self) -> GraphicsContextPdf:
        """A graphics context in units of the picture."""
        gc = _PdfUnits(self.file)
        gc.unit = self.unit
        return gc

    def draw_text(
        self, gc: Any, x: float, y: float, s: str, prop: FontProperties, angle: float,
        ismath: Any = False, mtext: Any = None,
    ) -> None:  # fmt: skip
        """Draw a text."""
        matplotlib.rcParams["pdf.fonttype"] = self._font_type
        font = self._in_units(prop, s, ismath)
        if not ismath:
            super().draw_text(gc, x, y, s, font, angle, ismath, mtext)
            return
        # Maths is set in a large font, as for an SVG: the gaps in a small one are rounded.
        scale = font.get_size_in_points() / MATHS_SIZE
        font.set_size(MATHS_SIZE)
        self.check_gc(gc, gc.get_rgb())
        self.file.output(Op.gsave, scale, 0, 0, scale, 0, 0, Op.concat_matrix)
        super().draw_text(gc, x / scale, y / scale, s, font, angle, ismath, mtext)
        self.file.output(Op.grestore)


def _rounded(number: re.Match[str]) -> str:
    return f"{float(number[0]):.3f}".rstrip("0").rstrip(".")
