"""A check of this machine: what optanim finds, what is missing, and how to install it."""

from __future__ import annotations

import os
import platform
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import Literal, get_args, get_origin

from packaging.requirements import InvalidRequirement, Requirement

from optanim import __version__
from optanim.drawing.isolation import isolated_import
from optanim.encoding.write import check_format
from optanim.errors import ConfigError
from optanim.extras import NAME, install_packages
from optanim.schema.catalogue import Entry, catalogue

TEST_CONFIG = (
    "surface: quadratic\nstart: [-4, 3]\noptimizer: adam\nsteps: 3\nfigure: {size: [160, 120]}\n"
)

SAMPLES = {"Latin": "Aη", "Hangul": "가", "Kana": "あ", "Kanji and Hanzi": "漢"}


@dataclass(frozen=True)
class Finding:
    """The result of one check.

    Attributes:
        about: kind of the check: versions, render, formats, fonts, extras, cache.
        name: of the package, format, script, … that was checked.
        found: version, file or state, in words.
        state: "ok", "absent" if it is missing but optional, or "wrong".
        help: how to solve the problem.
    """

    about: str
    name: str
    found: str
    state: str = "ok"
    help: str = ""


def findings() -> Iterator[Finding]:
    """All checks, the most important first. matplotlib's list of fonts is built if need be."""
    yield from versions()
    yield from cache()
    yield from render()
    yield from formats()
    yield from fonts()
    yield from extras()


def versions() -> Iterator[Finding]:
    """The versions of optanim, Python, and every package that optanim requires."""
    yield Finding("versions", NAME, __version__)
    yield Finding("versions", "Python", f"{platform.python_version()} on {platform.platform()}")
    if not _requirements(None):
        help = "pip install . in the clone"
        yield Finding("versions", "package", "not installed; runs from its source", "absent", help)
    for requirement in _requirements(""):
        help = install_packages([f"{requirement.name}{requirement.specifier}"])
        yield _package("versions", requirement, help, "wrong")


def extras() -> Iterator[Finding]:
    """The optional dependencies of optanim that are for users."""
    for extra in sorted({_extra(requirement) for requirement in _requirements(None)} - {"", "dev"}):
        requirements = _requirements(extra)
        packages = [_package("", requirement, "", "absent") for requirement in requirements]
        text = ", ".join(f"{package.name} {package.found}" for package in packages)
        if all(package.state == "ok" for package in packages):
            yield Finding("extras", extra, text)
        else:
            missing = [f"{requirement.name}{requirement.specifier}" for requirement in requirements]
            yield Finding("extras", extra, text, "absent", install_packages(missing))


def formats() -> Iterator[Finding]:
    """Whether each format can be written here, and in each of the ways that it needs more for."""
    for entry in catalogue("formats").values():
        yield _format(entry, entry.name, {})
        for option in entry.options.values() if hasattr(entry.function, "needs") else ():
            for value in get_args(option.type) if get_origin(option.type) is Literal else ():
                if value != option.default:
                    yield _format(entry, f"{entry.name}, {value}", {option.name: value})


def _format(entry: Entry, name: str, options: Mapping[str, object]) -> Finding:
    """Whether a format can be written here with some options.

    Args:
        entry: the format.
        name: of the finding.
        options: those that are set.
    """
    try:
        check_format(entry.function, options)
    except ConfigError as error:
        return Finding("formats", name, "not available", "absent", error.problems[0].help)
    return Finding("formats", name, "available")


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
    with isolated_import():
        from optanim.drawing.fonts import font_cache_folder, font_count
    folder = Path(font_cache_folder())
    found = f"{folder}, {font_count()} fonts"
    parents = folder.resolve().parents
    if Path(tempfile.gettempdir()).resolve() in parents and Path.home().resolve() not in parents:
        asked = os.environ.get("MPLCONFIGDIR", "the home folder")
        help = f"lasts as long as that folder: {asked} cannot be written; set MPLCONFIGDIR"
        help = "" if folder.resolve() == Path(asked).resolve() else help
        yield Finding("cache", "fonts", found, "absent" if help else "ok", help)
    else:
        yield Finding("cache", "fonts", found)


def render() -> Iterator[Finding]:
    """A small GIF is rendered."""
    from optanim.config.loader import loads
    from optanim.pipeline.render import render

    with tempfile.TemporaryDirectory(prefix="optanim-") as folder:
        try:
            rendered = render(loads(TEST_CONFIG), output=Path(folder, "test.gif"))
        except ConfigError as error:
            problem = error.problems[0]
            yield Finding("render", "test figure", problem.message, "wrong", problem.help)
        except (OSError, ImportError) as error:
            yield Finding("render", "test figure", str(error), "wrong", "see the versions above")
        else:
            text = f"{rendered.frames} frames in {rendered.took:.2f} s"
            yield Finding("render", "test figure", text)


def _requirements(extra: str | None) -> list[Requirement]:
    """The requirements of an extra, from the metadata of the package.

    Those that are always needed if `extra` is "", all of them if it is None.
    """
    try:
        texts = requires(NAME) or []
    except PackageNotFoundError:
        return []
    requirements = []
    for text in texts:
        try:
            requirement = Requirement(text)
        except InvalidRequirement:
            continue
        marker = requirement.marker
        applies = marker is None or extra is None or marker.evaluate({"extra": extra})
        of_extra = extra is None or _extra(requirement) == extra
        if applies and requirement.name != NAME and of_extra:
            requirements.append(requirement)
    return requirements


def _extra(requirement: Requirement) -> str:
    """The extra that a requirement belongs to; "" if it belongs to none."""
    marker = str(requirement.marker or "")
    return marker.rpartition("extra == ")[2].strip("\"'") if "extra == " in marker else ""


def _package(about: str, requirement: Requirement, help: str, state: str) -> Finding:
    """Whether a package is installed in a version that is required.

    Args:
        about: kind of the check.
        requirement: the package and its versions.
        help: as in `Finding`, if the package is not as required.
        state: likewise.
    """
    name, specifier = requirement.name, requirement.specifier
    try:
        installed = version(name)
    except PackageNotFoundError:
        return Finding(about, name, "not installed", state, help)
    if not specifier.contains(installed, prereleases=True):
        text = f"{installed}, but {specifier} is required"
        return Finding(about, name, text, state, help)
    return Finding(about, name, installed)
