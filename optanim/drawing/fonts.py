"""The font families that draw a text in any language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from difflib import get_close_matches
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import matplotlib
from matplotlib.font_manager import FontEntry, findSystemFonts, fontManager, get_font

from optanim.drawing.scripts import SCRIPTS, Script
from optanim.errors import ConfigError, Problem, quoted
from optanim.extras import install_extras
from optanim.files import FONT, read_file
from optanim.schema.figure import is_font_file

DEFAULT = "DejaVu Sans"

FILE_FAMILY_PREFIX = "optanim "
"""Prefix of the family names given to fonts loaded from a file."""

MAX_NAMED_CHARS = 12
"""The largest number of characters that a message names."""


def families(texts: Iterable[str], font: str | None = None) -> list[str]:
    """The font families for texts; each character is drawn by the first family that has it.

    They are the one asked for, the default, and, if these lack characters, as few installed ones
    as possible, the best for the language first. A text with maths uses the first family alone.

    Args:
        texts: all texts of a figure.
        font: the family asked for, or a font file.

    Raises:
        ConfigError: no font has some character, the family is unknown, or the file is no font.
    """
    texts = list(texts)
    first = [_requested_family(font)] if font else []
    missing = _missing_chars(texts, [*first, DEFAULT])
    more = _covering_families(missing) if missing else []
    if left := _missing_chars(texts, [*first, *more, DEFAULT]):
        raise ConfigError([_missing_chars_problem(left, missing)])
    maths = [text for text in texts if is_maths(text)]
    for family in first or [*more, DEFAULT]:
        if not (left := _missing_chars(maths, [family, DEFAULT])):
            return list(dict.fromkeys([family, *more, DEFAULT]))
    lacks = f"{quoted(font)} lacks" if font else "none here has all of"
    message = f"a text with maths is set in one font, and {lacks} {_named_chars(left)}"
    help = "set figure.font to a font that has them, or write that text without $"
    raise ConfigError([Problem(message, "", help)])


def file_of(family: str) -> str:
    """The path of the font file of a family; "" if there is none."""
    entry = _font_entry(family)
    return entry.fname if entry else ""


def public_name(family: str) -> str:
    """The name that other programs know a family by, also if its font was loaded from a file."""
    if family.startswith(FILE_FAMILY_PREFIX) and (file := file_of(family)):
        return str(get_font(file).family_name)
    return family


def has_true_type_outlines(family: str) -> bool:
    """Whether the letters of a family are outlines of TrueType, and not those of PostScript."""
    if not (file := file_of(family)):
        return False
    table = get_font(file).get_sfnt_table("maxp")
    # The version is 1 only for outlines of TrueType.
    return table is not None and table["version"][0] == 1


def font_cache_folder() -> str:
    """The folder where matplotlib keeps its list of fonts."""
    return matplotlib.get_cachedir()


def font_count() -> int:
    """The number of fonts in matplotlib's list."""
    return len(fontManager.ttflist)


def is_maths(text: str) -> bool:
    """Whether matplotlib sets a text as maths: all of it, even outside of the dollar signs."""
    dollars = text.replace(r"\$", "").count("$")
    return dollars > 0 and dollars % 2 == 0


def _missing_chars(texts: Sequence[str], families: Sequence[str]) -> set[str]:
    """The characters of texts that none of the families has."""
    missing = {char for text in texts for char in text if not char.isspace()}
    for family in families:
        missing -= _covered_chars(family, missing)
    return missing


def _covering_families(missing: set[str]) -> list[str]:
    """The first family that has all characters; otherwise several that together have most.

    If some are still missing, fonts that were installed since matplotlib made its list are added.
    """
    chosen: list[str] = []
    for again in (False, True):
        if again and not _add_new_fonts():
            break
        chosen, left = [], missing
        while left:
            best: tuple[str, set[str]] = "", set()
            for family in _candidates(missing):
                covered = _covered_chars(family, left)
                if len(covered) > len(best[1]):
                    best = family, covered
                if len(covered) == len(left):
                    break
            if not best[1]:
                break
            chosen.append(best[0])
            left = left - best[1]
        if not left:
            break
    return chosen


def _candidates(missing: set[str]) -> Iterator[str]:
    """Families by name: first those of the characters' scripts, installed before packaged ones."""
    # Not the last-resort font, which has a box for every character; not fonts of color pictures,
    # which cannot be drawn; and not the font file of another figure.
    installed = {
        entry.name for entry in fontManager.ttflist
        if not entry.name.startswith(("Last Resort", FILE_FAMILY_PREFIX))
        and "Color" not in entry.name
    }  # fmt: skip
    own = _scripts_of(missing)
    for script in [*own, *(script for script in SCRIPTS if script not in own)]:
        yield from (name for name in script.families if name in installed)
        yield from (_family_of_file(file) for file in _packaged_files(script) if file)
    yield from sorted(installed - {name for script in SCRIPTS for name in script.families})


def _scripts_of(chars: set[str]) -> list[Script]:
    return [script for script in SCRIPTS if any(map(script.contains, chars))]


def _packaged_files(script: Script) -> Iterator[str]:
    """The upright sans font file of each installed package of a script.

    The package is not imported.
    """
    for package in script.packages:
        spec = find_spec(package)
        folders = spec.submodule_search_locations if spec else None
        files = [file for folder in folders or () for file in Path(folder).rglob("*.[ot]tf")]
        files.sort(key=lambda file: ("Serif" in file.name, "Bold" in file.name, file.name))
        yield from map(str, files[:1])


def _requested_family(font: str) -> str:
    """The family that `figure.font` names, or that of its file."""
    if is_font_file(font):
        return _family_of_file(font)
    for again in (False, True):
        names = {entry.name.casefold(): entry.name for entry in fontManager.ttflist}
        if font.casefold() in names:
            return names[font.casefold()]
        if again or not _add_new_fonts():
            break
    close = [names[name] for name in get_close_matches(font.casefold(), names, n=3, cutoff=0.5)]
    nearest = "did you mean " + " or ".join(map(quoted, close)) + "? " if close else ""
    help = nearest + "figure.font is a family that is installed here, or a .ttf, .otf or .ttc file"
    raise ConfigError([Problem(f"no font here is called {quoted(font)}", "", help)])


@cache
def _family_of_file(file: str) -> str:
    """Load a font file; the name that it is given, which no installed font has."""
    index = len(fontManager.ttflist)
    try:
        # matplotlib opens whatever has the name; it may have changed since the config was checked.
        read_file(file, FONT)
        fontManager.addfont(file)
    except (OSError, RuntimeError) as error:
        reason = getattr(error, "strerror", None) or "it is not a font"
        raise ConfigError([Problem(f"the font {file} cannot be used: {reason}")]) from None
    name = f"{FILE_FAMILY_PREFIX}{index}"
    face = replace(fontManager.ttflist[index], name=name, weight=400)
    fontManager.ttflist[index:] = [face]
    return face.name


@cache
def _add_new_fonts() -> bool:
    """Add the fonts installed since matplotlib made its list; whether there are any."""
    files, added = {entry.fname for entry in fontManager.ttflist}, False
    for file in sorted(set(findSystemFonts()) - files):
        try:
            fontManager.addfont(file)
            added = True
        except (OSError, RuntimeError, ValueError):
            continue
    if added:
        _font_entry.cache_clear()
    return added


def _missing_chars_problem(chars: set[str], context: set[str]) -> Problem:
    """The problem that no font has some characters.

    Args:
        chars: that no font has.
        context: all characters that the default font lacks; they tell the language.
    """
    extras = [script.extra for script in _scripts_of(chars)]
    if "zh" in extras:  # Han letters, perhaps of another language
        extras = extras[:-1] or [_scripts_of(context)[0].extra]
    installs = f"{install_extras(*extras)}, or " if extras else ""
    help = f"{installs}set figure.font to a font file that has {'them' if len(chars) > 1 else 'it'}"
    return Problem(f"no font here has {_named_chars(chars)}", "", help)


def _named_chars(chars: set[str]) -> str:
    """Some of the characters, with the code points of those that a terminal may not show."""
    some = sorted(chars)[:MAX_NAMED_CHARS]
    names = [
        char if any(script.contains(char) for script in SCRIPTS) else f"{char} (U+{ord(char):04X})"
        for char in some
    ]
    return " ".join(names) + (" …" if len(chars) > len(some) else "")


def _covered_chars(family: str, chars: set[str]) -> set[str]:
    """Those of the characters that a family has."""
    entry = _font_entry(family)
    if entry is None:
        return set()
    try:
        font = get_font(entry.fname)
    except (OSError, RuntimeError):
        return set()
    return {char for char in chars if font.get_char_index(ord(char))}


@cache
def _font_entry(family: str) -> FontEntry | None:
    """The upright, regular face of a family."""
    faces = [entry for entry in fontManager.ttflist if entry.name == family]
    faces.sort(key=lambda entry: (entry.style != "normal", abs(_weight(entry) - 400), entry.fname))
    return faces[0] if faces else None


def _weight(entry: FontEntry) -> int:
    return entry.weight if isinstance(entry.weight, int) else 400
