"""A font that a config names: a family is looked up when it is drawn, a file is looked at here."""

from __future__ import annotations

from pathlib import Path

from optanim.config.explain import Say
from optanim.scene import Figure
from optanim.scripts import FONT_FILES, is_font_file

BEGINNINGS = (b"\0\1\0\0", b"OTTO", b"ttcf", b"true")
"""The first four bytes of TrueType and OpenType fonts, and of collections of them."""


def font_file(figure: Figure, folder: Path, say: Say) -> Path | None:
    """The font file of a figure, absolute; None if it names a family, or no font.

    Args:
        figure: as it was written.
        folder: that of the config, which the file is relative to.
        say: told what is wrong.
    """
    if figure.font is None or not is_font_file(figure.font):
        return None
    path, at = folder / figure.font, ("figure", "font")
    if path.suffix.lower() not in FONT_FILES:
        say(f"a font file ends in {', '.join(FONT_FILES)}, not in '{path.suffix}'", at)
        return None
    if not path.is_file():
        say(f"there is no font file {path}", at, "a file is looked for beside the config")
        return None
    try:
        with path.open("rb") as file:
            beginning = file.read(4)
    except OSError as error:
        say(f"the font file {path} cannot be read: {error.strerror}", at)
        return None
    if beginning not in BEGINNINGS:
        say(f"{path} is not a font", at)
    return path.absolute()
