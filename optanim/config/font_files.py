"""The font of a config: a font file is checked here, a font family when the figure is drawn."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from optanim.config.input_files import InputFiles
from optanim.config.problems import Report
from optanim.errors import quoted
from optanim.files import ADDRESS_HELP, FONT, is_address, read_file, reason
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
    if is_address(figure.font):
        report(f"figure.font is the address {quoted(figure.font)}", at, ADDRESS_HELP)
        return figure, None
    file = Path(figure.font)
    relative, path = files.relative(file, at), files.resolved(file, at)
    if message := _font_problem(path):
        report(message, at)
    return replace(figure, font=str(relative)), str(path)


def _font_problem(path: Path) -> str:
    """The reason why a file cannot be a font; "" if it looks like a font."""
    if path.suffix.lower() not in FONT_FILES:
        return f"a font file ends in {', '.join(FONT_FILES)}, not in '{path.suffix}'"
    try:
        content = read_file(path, FONT)
    except FileNotFoundError:
        return f"there is no font file {path}"
    except OSError as error:
        return f"the font file {path} {reason(error)}"
    return "" if content[:4] in SIGNATURES else f"{path} is not a font"
