"""Fitting a line of text into a width: with smaller letters first, then shortened."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import numpy as np
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.text import Text

from optanim.drawing.fonts import is_maths
from optanim.formulas.tex import OPERATOR, operator_ends

_WIDE = r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]"
_BREAK = re.compile(rf" +|(?<={_WIDE})(?={_WIDE})")
"""Where a line may end: at spaces, and between letters of Chinese and Japanese."""


def text_width(text: Text, renderer: RendererAgg) -> float:
    """The width of a text in pixels.

    Raises:
        ValueError: its TeX is wrong.
    """
    return text.get_window_extent(renderer).width


def fit_text(
    text: Text, renderer: RendererAgg, width: float, height: float, min_size: float
) -> None:
    """Fit a text into a width and a height in pixels.

    Its letters become smaller. If it is still too wide at the smallest size, it is shortened and
    ends in an ellipsis.

    Args:
        text: that is changed.
        renderer: that measures it.
        width: in pixels.
        height: in pixels.
        min_size: the smallest font size that the width may lead to.

    Raises:
        ValueError: its TeX is wrong.
    """
    box = text.get_window_extent(renderer)
    if box.width <= width and box.height <= height:
        return
    size = float(text.get_fontsize()) * min(1, height / box.height)
    # Hinting and rounding: the width is not exactly proportional to the size.
    narrow = 0.98 * float(text.get_fontsize()) * max(width, 0) / box.width
    text.set_fontsize(min(size, max(narrow, min_size)))
    if text_width(text, renderer) <= width:
        return
    candidates = ["", *shortened_texts(text.get_text())]
    low, high = 0, len(candidates)
    while high - low > 1:
        middle = (low + high) // 2
        text.set_text(candidates[middle])
        low, high = (middle, high) if text_width(text, renderer) <= width else (low, middle)
    text.set_text(candidates[low])


def wrapped(
    text: Text, renderer: RendererAgg, rooms: tuple[float, float], min_size: float
) -> list[Text]:
    """A text in one line, in two, or in two of smaller letters; if need be it is shortened.

    Args:
        text: of one line.
        renderer: that measures it.
        rooms: the width of the first and of the second line, in pixels.
        min_size: the smallest font size.

    Raises:
        ValueError: its TeX is wrong.
    """
    if text_width(text, renderer) <= rooms[0]:
        return [text]
    breaks = list(line_breaks(text.get_text()))
    size = float(text.get_fontsize())
    lines = [Text(size=size, figure=text.get_figure(root=True)) for _ in "12"]
    sizes = [size, *(s for s in np.arange(np.ceil(size) - 1, min_size, -1)), min_size]
    for size in sizes:
        for line in lines:
            line.set_fontsize(size)
        low, high = -1, len(breaks)
        while high - low > 1:
            middle = (low + high) // 2
            lines[0].set_text(breaks[middle][0])
            fits = text_width(lines[0], renderer) <= rooms[0]
            low, high = (middle, high) if fits else (low, middle)
        if low < 0:
            continue
        low = _even_break(breaks[: low + 1], lines, renderer)
        for line, part in zip(lines, breaks[low], strict=True):
            line.set_text(part)
        if size == min_size or text_width(lines[1], renderer) <= rooms[1]:
            fit_text(lines[1], renderer, rooms[1], np.inf, min_size)
            return lines
    fit_text(text, renderer, rooms[0], np.inf, min_size)
    return [text]


def _even_break(
    breaks: Sequence[tuple[str, str]], lines: Sequence[Text], renderer: RendererAgg
) -> int:
    """The first break whose first line is not shorter than the second, otherwise the last."""
    low, high = -1, len(breaks) - 1
    while high - low > 1:
        middle = (low + high) // 2
        for line, part in zip(lines, breaks[middle], strict=True):
            line.set_text(part)
        first, second = (text_width(line, renderer) for line in lines)
        low, high = (low, middle) if first >= second else (middle, high)
    return high


def line_breaks(text: str) -> Iterator[tuple[str, str]]:
    """All ways to break a text into two lines, the shortest first line first.

    A line ends at a space, before an operator of a formula, or between letters of a script
    without spaces; formulas stay valid TeX.
    """
    maths = is_maths(text)
    parts = re.split(r"(?<!\\)\$", text) if maths else [text]
    before = ""
    for i, part in enumerate(parts):
        after = "".join(f"${rest}$" if j % 2 else rest for j, rest in enumerate(parts) if j > i)
        if i % 2:
            for end in operator_ends(part):
                operator = OPERATOR.search(part[:end].rstrip()[-1:])
                start = end - len(part[:end]) + len(part[:end].rstrip()) - 1
                inner = part.count("(", 0, start) > part.count(")", 0, start)
                if operator and part[:start].strip() and not inner:
                    # A space: at the beginning, an operator is taken for a sign.
                    rest = rf"{part[start]}\ {part[start + 1 :].lstrip()}"
                    yield f"{before}${part[:start].rstrip()}$", f"${rest}${after}"
            before += f"${part}$"
            continue
        for match in _BREAK.finditer(part):
            first, second = before + part[: match.start()], part[match.end() :] + after
            # Two dollar signs in one line of prices would be maths.
            wrong = not maths and (is_maths(first) or is_maths(second))
            if first.strip() and second.strip() and not wrong:
                yield first.rstrip(), second.lstrip()
        before += part


def keep_apart(
    texts: Sequence[Text], labels: Sequence[str], renderer: RendererAgg, width: float
) -> None:
    """Cut shortened texts anew, in their common beginning, where the cut made them look alike.

    Args:
        texts: that are changed, as `fit_text` left them.
        labels: the whole text of each.
        renderer: that measures them.
        width: in pixels.
    """
    for _ in texts:  # labels may differ in several places
        alike: dict[str, list[int]] = {}
        for i, text in enumerate(texts):
            if text.get_text() != labels[i]:
                alike.setdefault(text.get_text(), []).append(i)
        groups = [group for group in alike.values() if len({labels[i] for i in group}) > 1]
        if not groups:
            return
        for group in groups:
            for i, end in zip(group, _different_ends([labels[i] for i in group]), strict=True):
                texts[i].set_text(f"… {end}")
                fit_text(texts[i], renderer, width, np.inf, float(texts[i].get_fontsize()))


def _different_ends(labels: Sequence[str]) -> list[str]:
    """The ends of labels from where on they differ: at a comma, or else at a word or a letter."""
    for pattern in (r"(?:\$[^$]*\$|[^$])+?(?:, |$)", r"(?:\$[^$]*\$|[^$ ])+ *| +", r"\$[^$]*\$|."):
        parts = [re.findall(pattern, label) for label in labels]
        if any("".join(part) != label for part, label in zip(parts, labels, strict=True)):
            continue  # a dollar sign that begins no maths
        common, shortest = 0, min(map(len, parts))
        while common + 1 < shortest and len({tuple(part[: common + 1]) for part in parts}) == 1:
            common += 1
        if common:
            return ["".join(part[common:]).strip() for part in parts]
    return list(labels)


def shortened_texts(text: str) -> Iterator[str]:
    """All ways to shorten a text, the shortest first; formulas stay valid TeX."""
    maths = is_maths(text)
    parts = re.split(r"(?<!\\)\$", text) if maths else [text]
    before = ""
    for i, part in enumerate(parts):
        if i % 2:
            for end in operator_ends(part):
                yield f"{before}${part[:end].rstrip()} \\ldots$"
            before += f"${part}$"
            continue
        for end in range(1, len(part) + 1):
            shortened = f"{(before + part[:end]).rstrip(' ,;:.–-')}…"
            # Not within an escape, and not so that the remaining dollar signs change the maths.
            if part[end - 1] != "\\" and is_maths(shortened) == ("$" in before):
                yield shortened
        before += part
