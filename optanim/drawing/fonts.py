"""Fonts: which families draw a text, in any language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from difflib import get_close_matches
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from matplotlib.font_manager import FontEntry, findSystemFonts, fontManager, get_font

from optanim.drawing.scripts import SCRIPTS, Script
from optanim.errors import ConfigError, Problem, quoted
from optanim.schema.figure import is_font_file

DEFAULT = "DejaVu Sans"

FILES = "optanim "
"""How the names begin that fonts of files get."""


def families(texts: Iterable[str], font: str | None = None) -> list[str]:
    """The fonts that draw all the texts; the first that has a letter draws it.

    The one that was asked for, the default, and if these lack letters, as few as possible of those
    here, the best for the language first. A text with maths is set in the first of them alone.

    Raises:
        ConfigError: no font here has some letter, the family is unknown, or the file is no font.
    """
    texts = list(texts)
    first = [_asked(font)] if font else []
    lacking = _lacking(texts, [*first, DEFAULT])
    more = _cover(lacking) if lacking else []
    if left := _lacking(texts, [*first, *more, DEFAULT]):
        raise ConfigError([_unknown(left, lacking)])
    maths = [text for text in texts if is_maths(text)]
    for family in first or [*more, DEFAULT]:
        if not (left := _lacking(maths, [family, DEFAULT])):
            return list(dict.fromkeys([family, *more, DEFAULT]))
    lacks = f"{quoted(font)} lacks" if font else "none here has all of"
    message = f"a text with maths is set in one font, and {lacks} {_shown(left)}"
    help = "figure.font: a font that has them; or write that text without $"
    raise ConfigError([Problem(message, "", help)])


def file_of(family: str) -> str:
    """The file that draws the upright letters of a family; "" if there is none."""
    entry = _entry(family)
    return entry.fname if entry else ""


def is_maths(text: str) -> bool:
    """Whether matplotlib sets the whole of a text as maths: between dollar signs, and beside."""
    dollars = text.replace(r"\$", "").count("$")
    return dollars > 0 and dollars % 2 == 0


def _lacking(texts: Sequence[str], families: Sequence[str]) -> set[str]:
    """The letters of texts that none of the families has."""
    left = {char for text in texts for char in text if not char.isspace()}
    for family in families:
        left -= _covered(family, left)
    return left


def _cover(lacking: set[str]) -> list[str]:
    """The first family that has all of the letters; else several, each with most of the rest."""
    chosen: list[str] = []
    for again in (False, True):
        if again and not _rescanned():
            break
        chosen, left = [], lacking
        while left:
            best: tuple[str, set[str]] = "", set()
            for family in _candidates(lacking):
                has = _covered(family, left)
                if len(has) > len(best[1]):
                    best = family, has
                if len(has) == len(left):
                    break
            if not best[1]:
                break
            chosen.append(best[0])
            left = left - best[1]
        if not left:
            break
    return chosen


def _candidates(lacking: set[str]) -> Iterator[str]:
    """Families by name, those of the letters' own scripts first, installed ones before packages."""
    # The last-resort font has a box for everything: that is what nobody wants to see. Pictures
    # in color cannot be drawn. The file that another figure names is for that figure.
    installed = {
        entry.name for entry in fontManager.ttflist
        if not entry.name.startswith(("Last Resort", FILES)) and "Color" not in entry.name
    }  # fmt: skip
    own = _scripts(lacking)
    for script in [*own, *(script for script in SCRIPTS if script not in own)]:
        yield from (name for name in script.families if name in installed)
        yield from (_of_file(file) for file in _packed(script) if file)
    yield from sorted(installed - {name for script in SCRIPTS for name in script.families})


def _scripts(chars: set[str]) -> list[Script]:
    return [script for script in SCRIPTS if any(map(script.has, chars))]


def _packed(script: Script) -> Iterator[str]:
    """The upright sans font of each installed package of a script; the package is not imported."""
    for package in script.packages:
        spec = find_spec(package)
        folders = spec.submodule_search_locations if spec else None
        files = [file for folder in folders or () for file in Path(folder).rglob("*.[ot]tf")]
        files.sort(key=lambda file: ("Serif" in file.name, "Bold" in file.name, file.name))
        yield from map(str, files[:1])


def _asked(font: str) -> str:
    """The family that `figure.font` means: by name, or of a file."""
    if is_font_file(font):
        return _of_file(font)
    for again in (False, True):
        names = {entry.name.casefold(): entry.name for entry in fontManager.ttflist}
        if font.casefold() in names:
            return names[font.casefold()]
        if again or not _rescanned():
            break
    close = [names[name] for name in get_close_matches(font.casefold(), names, n=3, cutoff=0.5)]
    nearest = "did you mean " + " or ".join(map(quoted, close)) + "? " if close else ""
    help = nearest + "figure.font is a family that is installed here, or a .ttf, .otf or .ttc file"
    raise ConfigError([Problem(f"no font here is called {quoted(font)}", "", help)])


@cache
def _of_file(file: str) -> str:
    """A name for the font of a file that no other has, so that an installed one is not taken."""
    before = len(fontManager.ttflist)
    try:
        fontManager.addfont(file)
    except (OSError, RuntimeError) as error:
        reason = getattr(error, "strerror", None) or "it is not a font"
        raise ConfigError([Problem(f"the font {file} cannot be used: {reason}")]) from None
    face = replace(fontManager.ttflist[before], name=f"{FILES}{before}", weight=400)
    fontManager.ttflist[before:] = [face]
    return face.name


@cache
def _rescanned() -> bool:
    """Add what was installed since matplotlib last looked; it keeps a list. True if there is."""
    known, found = {entry.fname for entry in fontManager.ttflist}, False
    for file in sorted(set(findSystemFonts()) - known):
        try:
            fontManager.addfont(file)
            found = True
        except (OSError, RuntimeError, ValueError):
            continue
    if found:
        _entry.cache_clear()
    return found


def _unknown(chars: set[str], beside: set[str]) -> Problem:
    """What to say of letters that no font has; those beside them tell the language."""
    extras = [script.extra for script in _scripts(chars)]
    if "zh" in extras:  # Han letters, perhaps of another language
        extras = extras[:-1] or [_scripts(beside)[0].extra]
    installs = f"pip install 'optanim[{','.join(extras)}]', or " if extras else ""
    help = f"{installs}figure.font: a font file that has {'them' if len(chars) > 1 else 'it'}"
    return Problem(f"no font here has {_shown(chars)}", "", help)


def _shown(chars: set[str]) -> str:
    """Letters as a message names them: some, with the numbers of those that a terminal may lack."""
    some = sorted(chars)[:12]
    named = [c if any(s.has(c) for s in SCRIPTS) else f"{c} (U+{ord(c):04X})" for c in some]
    return " ".join(named) + (" …" if len(chars) > len(some) else "")


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
