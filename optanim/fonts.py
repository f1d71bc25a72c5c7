"""Fonts: which families draw a text, in any language."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from matplotlib.font_manager import FontEntry, fontManager, get_font

from optanim.errors import ConfigError, Problem

DEFAULT = "DejaVu Sans"

PREFERRED = (
    "Noto Sans KR", "Noto Sans CJK KR", "Noto Sans CJK JP", "NanumGothic", "Nanum Gothic",
    "Malgun Gothic", "Apple SD Gothic Neo", "Noto Sans JP", "Hiragino Sans", "Yu Gothic",
    "Noto Sans SC", "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei",
)  # fmt: skip
"""Families that read well beside maths, the best first."""


def families(texts: Iterable[str]) -> list[str]:
    """The fonts that draw all the texts: the default, after one that has what it lacks.

    Raises:
        ConfigError: no installed font has some character.
    """
    wanted = {char for text in texts for char in text if not char.isspace()}
    lacking = wanted - _covered(DEFAULT, wanted)
    if not lacking:
        return [DEFAULT]
    # The last-resort font has a box for everything: that is what nobody wants to see.
    installed = {e.name for e in fontManager.ttflist if not e.name.startswith("Last Resort")}
    candidates = [name for name in PREFERRED if name in installed]
    candidates += sorted(installed - {*PREFERRED, DEFAULT})
    best, left = "", lacking
    for name in candidates:
        missing = lacking - _covered(name, lacking)
        if len(missing) < len(left):
            best, left = name, missing
        if not left:
            return [best, DEFAULT]
    shown = " ".join(sorted(left))
    help = "install a font that has them, for example Noto Sans KR for Hangul"
    raise ConfigError([Problem(f"no font here has {shown}", "", help)])


def _covered(family: str, chars: set[str]) -> set[str]:
    entry = _entry(family)
    if entry is None:
        return set()
    try:
        font = get_font(entry.fname)
    except (OSError, RuntimeError):
        return set()
    return {char for char in chars if font.get_char_index(ord(char))}


@cache
def _entry(family: str) -> FontEntry | None:
    """The upright, regular face of a family."""
    faces = [entry for entry in fontManager.ttflist if entry.name == family]
    faces.sort(key=lambda entry: (entry.style != "normal", abs(_weight(entry) - 400), entry.fname))
    return faces[0] if faces else None


def _weight(entry: FontEntry) -> int:
    return entry.weight if isinstance(entry.weight, int) else 400
