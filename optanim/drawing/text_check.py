"""The texts of a config that a figure cannot show: TeX that is wrong, and characters of no font.

`optanim check` looks for them without drawing, and `optanim render` names them by their places.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from matplotlib.font_manager import FontProperties
from matplotlib.mathtext import MathTextParser

from optanim.drawing.fonts import families, is_maths
from optanim.drawing.isolation import figure_settings, forbid_missing_glyphs
from optanim.errors import ConfigError, Place, Problem, nearest

PlacedText = tuple[str, Place | str]
"""A text and its place in the config."""

MAX_HEIGHT = 40
"""Of a text, in font sizes: a taller one is smaller than a pixel when it fits into a figure, and a
wrong size in TeX, such as that of a rule, may ask for more memory than there is.
"""

_AT = re.compile(r"\(at char ([0-9]+)\)")
_SYMBOL = re.compile(r"[Uu]nknown symbol: \\?(\\[A-Za-z]+)")
_COMMAND = re.compile(r"\\[A-Za-z]+")


def text_problems(
    texts: Sequence[PlacedText], font: str | None, font_place: Place | str
) -> list[Problem]:
    """The problems of texts that are drawn, each at its place.

    Args:
        texts: the texts of a config, with their places.
        font: a family or a font file; None for the default.
        font_place: the place of the font in the config.
    """
    try:
        families([], font)
    except ConfigError as error:
        return [replace(problem, place=font_place) for problem in error.problems]
    return [
        _named(problem, text)
        for text, place in texts
        for problem in _problems_of(text, place, font)
    ]


def _named(problem: Problem, text: str) -> Problem:
    """A problem that names its text, where that is one of a file and not at its place."""
    if isinstance(problem.place, Place) and "$" in text and "$" not in problem.place.text:
        return replace(problem, message=f"{text}: {problem.message}")
    return problem


def _problems_of(text: str, place: Place | str, font: str | None) -> Iterator[Problem]:
    try:
        names = families([text], font)
    except ConfigError as error:
        for problem in error.problems:
            chars = [
                i for i, char in enumerate(text) if char in problem.message and not char.isascii()
            ]
            spot = part_of(place, text, chars[0], 1) if len(chars) == 1 else place
            yield replace(problem, place=spot)
        return
    if not is_maths(text):
        return
    try:
        with figure_settings(names), forbid_missing_glyphs():
            height = MathTextParser("path").parse(text).height / FontProperties().get_size()
    except ConfigError as error:
        yield from (replace(problem, place=place) for problem in error.problems)
    except ValueError as error:
        yield _tex_problem(text, place, str(error))
    except (RecursionError, RuntimeError, OverflowError) as error:
        # FreeType refuses letters of sizes such as that of \genfrac with a rule of 99999999.
        reason = "nested too deep" if isinstance(error, RecursionError) else str(error)
        yield Problem(f"this is no TeX: {reason}", place)
    else:
        if height > MAX_HEIGHT:
            yield Problem(f"this TeX is {height:,.0f} lines high; the limit is {MAX_HEIGHT}", place)


def _tex_problem(text: str, place: Place | str, reason: str) -> Problem:
    """The problem of wrong TeX, at the command or the character where the parser stopped."""
    line, at = reason.strip().splitlines()[-1], _AT.search(reason)
    start = min(int(at[1]), len(text) - 1) if at else 0
    known = _commands()
    unknown = [match for match in _COMMAND.finditer(text) if match[0][1:] not in known]
    if _SYMBOL.search(reason) and unknown:
        word = unknown[0][0]
        near = nearest(word[1:], sorted(known))
        help = f"did you mean \\{near}?" if near else "symbols are those of matplotlib's mathtext"
        spot = part_of(place, text, unknown[0].start(), len(word))
        return Problem(f"TeX has no symbol {word}", spot, help)
    message = re.sub(r"^\w+:\s*|\s*\(at char.*$", "", line)
    help = "each '{' needs its '}', and a dollar sign that is none is written \\$"
    return Problem(f"this is no TeX: {message}", part_of(place, text, start, 1), help)


def _commands() -> frozenset[str]:
    """The names of symbols, functions and commands of matplotlib's TeX, without the backslash."""
    from matplotlib import _mathtext, _mathtext_data

    parser, names = _mathtext.Parser, set(_mathtext_data.tex2uni)
    for group in ("_function_names", "_accent_map", "_fontnames", "_overunder_functions"):
        names |= {str(name) for name in getattr(parser, group, ())}
    names |= {f"math{name}" for name in getattr(parser, "_fontnames", ())}
    names |= set("frac dfrac sqrt binom genfrac left right overline operatorname text".split())
    names |= set("substack overset underset middle boldsymbol quad qquad hspace".split())
    return frozenset(name.lstrip("\\") for name in names if len(name) > 1)


def part_of(place: Place | str, text: str, start: int, length: int) -> Place | str:
    """The place of a part of a text; of the whole text if it is written with escapes."""
    if isinstance(place, Place):
        for quote in (0, 1):
            first = place.column - 1 + quote
            if place.text[first : first + len(text)] == text:
                return replace(place, column=first + 1 + start, length=max(1, length))
    return place
