"""A font that a config names: a family is looked up when it is drawn, a file is looked at here."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from optanim.config.input_files import InputFiles
from optanim.config.problems import Say
from optanim.schema.figure import FONT_FILES, Figure, is_font_file

BEGINNINGS = (b"\0\1\0\0", b"OTTO", b"ttcf", b"true")
"""The first four bytes of TrueType and OpenType fonts, and of collections of them."""


def font_of(figure: Figure, files: InputFiles, say: Say) -> tuple[Figure, str | None]:
    """A figure with its font as the config would name it, and the font as it can be found.

    Args:
        figure: as it was written.
        files: those of the config; a font is one that is read.
        say: told what is wrong.
    """
    if figure.font is None or not is_font_file(figure.font):
        return figure, figure.font
    at = ("figure", "font")
    named, path = files.named(Path(figure.font), at), files.joined(Path(figure.font), at)
    if wrong := _unusable(path):
        say(wrong, at)
    return replace(figure, font=str(named)), str(path)


def _unusable(path: Path) -> str:
    """Why a file cannot be a font; "" if it looks like one."""
    if path.suffix.lower() not in FONT_FILES:
        return f"a font file ends in {', '.join(FONT_FILES)}, not in '{path.suffix}'"
    if not path.is_file():
        return f"there is no font file {path}"
    try:
        with path.open("rb") as file:
            beginning = file.read(4)
    except OSError as error:
        return f"the font file {path} cannot be read: {error.strerror}"
    return "" if beginning in BEGINNINGS else f"{path} is not a font"
