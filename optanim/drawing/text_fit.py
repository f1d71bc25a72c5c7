"""Lettering: a line of text in the room there is, smaller at first and then cut short."""

from __future__ import annotations

import re
from collections.abc import Iterator

from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.text import Text

from optanim.drawing.fonts import is_maths

_AFTER = re.compile(r"[-+=] ?")


def length(text: Text, renderer: RendererAgg) -> float:
    """The width of a text in pixels.

    Raises:
        ValueError: its TeX is wrong.
    """
    return text.get_window_extent(renderer).width


def fit(text: Text, renderer: RendererAgg, room: float, height: float, least: float) -> None:
    """Put a text into so many pixels: smaller, for its width down to a size; then shorter, with …

    Raises:
        ValueError: its TeX is wrong.
    """
    box = text.get_window_extent(renderer)
    if box.width <= room and box.height <= height:
        return
    size = float(text.get_fontsize()) * min(1, height / box.height)
    # Hinting and rounding make a width that does not quite grow with the size.
    narrow = 0.98 * float(text.get_fontsize()) * max(room, 0) / box.width
    text.set_fontsize(min(size, max(narrow, least)))
    if length(text, renderer) <= room:
        return
    cuts = ["", *cuts_of(text.get_text())]
    low, high = 0, len(cuts)
    while high - low > 1:
        middle = (low + high) // 2
        text.set_text(cuts[middle])
        low, high = (middle, high) if length(text, renderer) <= room else (low, middle)
    text.set_text(cuts[low])


def cuts_of(words: str) -> Iterator[str]:
    """A text cut short at each place where it can be, the shortest first; maths stays whole TeX."""
    maths = is_maths(words)
    parts = re.split(r"(?<!\\)\$", words) if maths else [words]
    before = ""
    for i, part in enumerate(parts):
        if i % 2:
            for end in _operators(part):
                yield f"{before}${part[:end].rstrip()} \\ldots$"
            before += f"${part}$"
            continue
        for end in range(1, len(part) + 1):
            cut = f"{(before + part[:end]).rstrip(' ,;:.–-')}…"
            # Half of an escape is no text, and two of three dollars would be maths.
            if part[end - 1] != "\\" and is_maths(cut) == ("$" in before):
                yield cut
        before += part


def _operators(formula: str) -> Iterator[int]:
    """Where a formula may end: after a sign that stands in no braces or tall brackets."""
    for match in _AFTER.finditer(formula):
        left = formula[: match.start()]
        tall = len(re.findall(r"\\left\b", left)) - len(re.findall(r"\\right\b", left))
        whole = left.count("{") == left.count("}") and tall == 0
        if whole and left[-1:] not in ("^", "_", "\\", ""):
            yield match.end()
