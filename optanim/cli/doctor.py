"""A diagnosis of this machine: what optanim finds, what is missing, and what to do about it."""

from __future__ import annotations

import os
import platform
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement

from optanim import __version__
from optanim.drawing.isolation import undisturbed
from optanim.encoding.write import possible
from optanim.errors import ConfigError
from optanim.schema.catalogue import catalogue

NAME = "optanim"

TRIAL = (
    "surface: quadratic\nstart: [-4, 3]\noptimizer: adam\nsteps: 3\nfigure: {size: [160, 120]}\n"
)

SAMPLES = {"Latin": "Aη", "Hangul": "가", "Kana": "あ", "Kanji and Hanzi": "漢"}


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        about: the kind: versions, render, formats, fonts, extras, cache.
        name: of the thing.
        found: what there is, in words.
        state: "ok", "absent" where optanim does without, or "wrong".
        help: what to do.
    """

    about: str
    name: str
    found: str
    state: str = "ok"
    help: str = ""


def findings() -> Iterator[Finding]:
    """Everything, in the order in which a person would ask. Builds matplotlib's list of fonts."""
    yield from versions()
    yield from cache()
    yield from render()
    yield from formats()
    yield from fonts()
    yield from extras()


def versions() -> Iterator[Finding]:
    """optanim, Python, and every package that optanim requires."""
    yield Finding("versions", NAME, __version__)
    yield Finding("versions", "Python", f"{platform.python_version()} on {platform.platform()}")
    if not _needs(None):
        help = "pip install . in the clone"
        yield Finding("versions", "package", "runs from its source, uninstalled", "absent", help)
    for need in _needs(""):
        yield _package("versions", need, f"pip install '{_plain(need)}'", "wrong")


def extras() -> Iterator[Finding]:
    """The extras of optanim that a user may want."""
    for extra in sorted({_extra(need) for need in _needs(None)} - {"", "dev"}):
        parts = [_package("", need, "", "absent") for need in _needs(extra)]
        found = ", ".join(f"{part.name} {part.found}" for part in parts)
        if all(part.state == "ok" for part in parts):
            yield Finding("extras", extra, found)
        else:
            yield Finding("extras", extra, found, "absent", f"pip install '{NAME}[{extra}]'")


def formats() -> Iterator[Finding]:
    """Each format, and what it lacks here."""
    for entry in catalogue("formats").values():
        try:
            possible(entry.function)
        except ConfigError as error:
            yield Finding("formats", entry.name, "not available", "absent", error.problems[0].help)
        else:
            yield Finding("formats", entry.name, "available")


def fonts() -> Iterator[Finding]:
    """The font that draws each script."""
    from optanim.drawing.fonts import families, file_of

    for script, sample in SAMPLES.items():
        state = "wrong" if script == "Latin" else "absent"
        try:
            first = families([sample])[0]
        except ConfigError as error:
            yield Finding("fonts", script, "none", state, error.problems[0].help)
        else:
            yield Finding("fonts", script, f"{first}, {file_of(first)}")


def cache() -> Iterator[Finding]:
    """Where matplotlib keeps its list of fonts, so that it is not made anew each time."""
    with undisturbed():
        from optanim.drawing.fonts import font_cache_folder, font_count
    folder = Path(font_cache_folder())
    found = f"{folder}, {font_count()} fonts"
    if Path(tempfile.gettempdir()).resolve() in folder.resolve().parents:
        asked = os.environ.get("MPLCONFIGDIR", "the home folder")
        help = f"lasts as long as that folder: {asked} cannot be written; set MPLCONFIGDIR"
        help = "" if folder.resolve() == Path(asked).resolve() else help
        yield Finding("cache", "fonts", found, "absent" if help else "ok", help)
    else:
        yield Finding("cache", "fonts", found)


def render() -> Iterator[Finding]:
    """The main job: a small GIF."""
    from optanim.config.loader import loads
    from optanim.pipeline.render import render

    with tempfile.TemporaryDirectory(prefix="optanim-") as folder:
        try:
            made = render(loads(TRIAL), output=Path(folder, "trial.gif"))
        except ConfigError as error:
            problem = error.problems[0]
            yield Finding("render", "a trial", problem.message, "wrong", problem.help)
        except (OSError, ImportError) as error:
            yield Finding("render", "a trial", str(error), "wrong", "see the versions above")
        else:
            found = f"{made.frames} frames in {made.took:.2f} s"
            yield Finding("render", "a trial", found)


def _needs(extra: str | None) -> list[Requirement]:
    """What the package's own metadata require: of an extra, "" for always, None for everything."""
    try:
        texts = requires(NAME) or []
    except PackageNotFoundError:
        return []
    found = []
    for text in texts:
        try:
            need = Requirement(text)
        except InvalidRequirement:
            continue
        marker = need.marker
        applies = marker is None or extra is None or marker.evaluate({"extra": extra})
        if applies and need.name != NAME and (extra is None or _extra(need) == extra):
            found.append(need)
    return found


def _extra(need: Requirement) -> str:
    """The extra that a requirement is of; "" if it is of none."""
    marker = str(need.marker or "")
    return marker.rpartition("extra == ")[2].strip("\"'") if "extra == " in marker else ""


def _plain(need: Requirement) -> str:
    return f"{need.name}{need.specifier}"


def _package(about: str, need: Requirement, help: str, state: str) -> Finding:
    """Whether a package is here, in a version that is wanted."""
    try:
        found = version(need.name)
    except PackageNotFoundError:
        return Finding(about, need.name, "not installed", state, help)
    if not need.specifier.contains(found, prereleases=True):
        return Finding(about, need.name, f"{found}, not {need.specifier}", state, help)
    return Finding(about, need.name, found)
