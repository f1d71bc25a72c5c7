"""The font of a config: a font file is checked here, a font family when the figure is drawn."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from optanim.config.input_files import InputFiles
from optanim.config.problems import Report
from optanim.schema.figure import FONT_FILES, Figure, is_font_file

SIGNATURES = (b"\0\1\0\0", b"OTTO", b"ttcf", b"true")
"""First four bytes of TrueType fonts, OpenType fonts and font collections."""


def font_of(figure: Figure, files: InputFiles, report: Report) -> tuple[Figure, str | None]:
    """The figure with its font file relative to the config, and the font to draw with.

    Args:
        figure: section `figure` of the config.
        files: input files of the config; a font file is added to them.
        report: called with each problem.
    """
    if figure.font is None or not is_font_file(figure.font):
        return figure, figure.font
    at = ("figure", "font")
    file = Path(figure.font)
    relative, path = files.relative(file, at), files.resolved(file, at)
    if message := _font_problem(path):
        report(message, at)
    return replace(figure, font=str(relative)), str(path)


def _font_problem(path: Path) -> str:
    """The reason why a file cannot be a font; "" if it looks like a font."""
    if path.suffix.lower() not in FONT_FILES:
        return f"a font file ends in {', '.join(FONT_FILES)}, not in '{path.suffix}'"
    if not path.is_file():
        return f"there is no font file {path}"
    try:
        with path.open("rb") as file:
            signature = file.read(4)
    except OSError as error:
        return f"the font file {path} cannot be read: {error.strerror}"
    return "" if signature in SIGNATURES else f"{path} is not a font"
