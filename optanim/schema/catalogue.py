"""The catalogues: a folder is a registry, each file in it is an entry.

A file has one function, with the name of the file. The keyword-only parameters of the function are
the options of the entry, and their annotated types are the rules. The docstring is a sentence
`Title: summary`, an indented equation, and paragraphs `Names:`, with the title in other languages,
`Family:`, of an optimizer, and `Reference:`. At most one option has no default. If entries are
data, as themes are, the function `entry_from_file` of the folder's package returns the function of
a file. The file `verified.json` of a folder says which oracles its entries were compared with; the
tests write it. The function
`entry_of_package` returns the function of `package.NAME`, an entry that another package has.
"""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import json
import pkgutil
import re
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any

from optanim.errors import ConfigError, Place, Problem, did_you_mean, quoted
from optanim.schema.option import Option
from optanim.schema.validation import options_of

FOLDERS = {
    "claims": "experiment.claims",
    "commands": "cli.commands",
    "formats": "encoding.formats",
    "languages": "scene.languages",
    "optimizers": "optimizers",
    "panels": "drawing.panels",
    "schedules": "optimizers.schedules",
    "surfaces": "surfaces",
    "themes": "scene.themes",
}
"""The package of each kind of entry, below `optanim`."""

FAMILIES = (
    "first order",
    "adaptive",
    "sign",
    "second order",
    "line search",
    "without a rate",
    "full matrix",
    "without gradients",
    "by chance",
    "around another",
    "as printed",
    "recorded",
)
"""The families of optimizers, in the order in which they are listed."""

NO_FAMILY = "other"
"""The family of an optimizer of a plug-in that names none of `FAMILIES`."""


class UnknownEntryError(KeyError):
    """A name that is no entry, with the reason and how to correct it."""

    def __init__(self, message: str, help: str) -> None:
        super().__init__(message)
        self.message, self.help = message, help


@dataclass(frozen=True)
class Entry:
    """An entry of a catalogue: its kind, its name and its function."""

    kind: str
    name: str
    function: Callable[..., Any]

    def __repr__(self) -> str:
        return f"<Entry {self.name} of {self.kind}>"

    @cached_property
    def options(self) -> Mapping[str, Option]:
        """The options by name."""
        return options_of(self.function)

    @property
    def lead(self) -> str:
        """The name of the option without a default, "" if there is none.

        Where this option is set, a config can leave out the name of the entry.
        """
        return next((option.name for option in self.options.values() if option.required), "")

    @cached_property
    def _paragraphs(self) -> list[str]:
        return inspect.cleandoc(self.function.__doc__ or self.name).split("\n\n")

    @property
    def title(self) -> str:
        """The name in texts: the first sentence up to its colon."""
        return self._paragraphs[0].partition(":")[0]

    @property
    def summary(self) -> str:
        """The first sentence after its colon."""
        return " ".join(self._paragraphs[0].partition(":")[2].split())

    @property
    def equation(self) -> str:
        """The indented paragraphs, without their indent."""
        blocks = [block for block in self._paragraphs[1:] if block.startswith("    ")]
        return "\n\n".join(inspect.cleandoc("\n" + block) for block in blocks)

    @property
    def reference(self) -> str:
        """The paragraph `Reference:`, "" if there is none."""
        return self._paragraph("Reference:")

    @property
    def family(self) -> str:
        """One of `FAMILIES`, otherwise `NO_FAMILY`; "" if this is no optimizer."""
        if self.kind != "optimizers":
            return ""
        family = self._paragraph("Family:").removesuffix(".")
        return family if family in FAMILIES else NO_FAMILY

    @property
    def many_at_once(self) -> frozenset[str] | None:
        """The options that may differ from point to point if an optimizer is handed (d, R) points.

        They are numbers, not whole ones. None if it cannot be: it has no paragraph `Many at once:`,
        which says "yes." or, of options that all points must share, "yes, with one rho, eps."
        """
        head, _, shared = (
            self._paragraph("Many at once:").removesuffix(".").partition(", with one ")
        )
        if head != "yes":
            return None
        numbers = {name for name, option in self.options.items() if type(option.default) is float}
        return frozenset(numbers - set(shared.split(", ")))

    @property
    def verified(self) -> Mapping[str, Any]:
        """What the entry was compared with; empty if it is of a kind, or a plug-in, without that.

        `oracles` is a list of mappings: the `oracle`, its `version`, the number of `cases`, their
        `surfaces`, the largest relative `difference`. `special` and `properties` are sentences.
        """
        facts: Mapping[str, Any] = _verified(self.kind).get(self.name, {})
        return facts if self.function.__module__.startswith("optanim.") else {}

    @property
    def hessian(self) -> str:
        """How a surface computes its Hessian; "" if that is not known.

        It is "exact." or "by differences of the gradient." A surface with a required option has a
        paragraph `Hessian:`.
        """
        if self.kind != "surfaces" or self.lead:
            return self._paragraph("Hessian:")
        return "exact." if self.function().has_exact_hessian else "by differences of the gradient."

    @cached_property
    def names(self) -> Mapping[str, str]:
        """The titles in other languages: of the paragraph `Names: ko 모멘텀; fr moment.`"""
        names = self._paragraph("Names:").removesuffix(".").split(";")
        pairs = (name.strip().partition(" ") for name in names)
        return {language: title.strip() for language, _, title in pairs if title}

    def _paragraph(self, head: str) -> str:
        """The paragraph that begins with a head, in one line; "" if there is none."""
        for block in self._paragraphs[1:]:
            if block.startswith(head):
                return " ".join(block.removeprefix(head).split())
        return ""


class Catalogue(Mapping[str, Entry]):
    """The entries of a kind by name: the files of its folder, and the entry points `optanim.KIND`.

    Subfolders, and files whose names begin with `_`, are not entries.
    """

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self._package = f"optanim.{FOLDERS[kind]}"
        package = importlib.import_module(self._package)
        self._folder = Path(package.__path__[0])
        modules = [
            module.name
            for module in pkgutil.iter_modules(package.__path__)
            if not module.ispkg and not module.name.startswith("_")
        ]
        self._read = getattr(package, "entry_from_file", None)
        self._added: dict[str, Callable[..., Any]] = {}
        self._provide = getattr(package, "entry_of_package", None)
        folders = map(Path, package.__path__ if self._read else ())
        self._data_files = {file.stem: file for folder in folders for file in folder.glob("*.yaml")}
        self._names = sorted([*modules, *self._data_files])

    def __iter__(self) -> Iterator[str]:
        yield from self._names
        yield from self._added
        yield from sorted(point.name for point in self._points if point.name not in self._names)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __getitem__(self, name: str) -> Entry:
        if name in self._data_files and self._read:
            return Entry(self.kind, name, self._data_of(name))
        if name in self._names:
            own = EntryPoint(name, f"{self._package}.{name}:{name}", "")
            return Entry(self.kind, name, self._load(own))
        if name in self._added:
            return Entry(self.kind, name, self._added[name])
        for point in self._points:
            if point.name == name:
                return Entry(self.kind, name, self._load(point))
        if self._provide and "." in name:
            return Entry(self.kind, name, self._provide(name))
        raise KeyError(name)

    def with_option(self, keys: Set[str]) -> Iterator[Entry]:
        """Yield the entries that may have an option of one of some names.

        A file that has none of the words need not be imported to tell that it has no such option.
        """
        for name in self:
            file = self._folder / f"{name}.py"
            if name in self._names and file.is_file():
                words = re.findall(r"\w+", file.read_text("utf-8"))
                if keys.isdisjoint(words):
                    continue
            yield self[name]

    @property
    def pattern(self) -> str:
        """The pattern of the names of entries of other packages; "" if there are none."""
        return getattr(importlib.import_module(self._package), "PACKAGE_NAMES", "")

    def provided(self, start: str) -> list[str]:
        """The entries of the package that a name begins with, such as `torch.NA`; or none."""
        package, dot, _ = start.partition(".")
        names = getattr(importlib.import_module(self._package), "names_of_package", None)
        return names(package) if dot and names else []

    def add(self, name: str, function: Callable[..., Any]) -> None:
        """Add an entry of a file of the user's, or replace the one that it had before."""
        self._added[name] = function

    def unknown(self, name: str, also: Iterable[str] = ()) -> tuple[str, str]:
        """Why a name is no entry, and what may be meant.

        Args:
            name: not in the catalogue.
            also: other words that are allowed in its place.
        """
        try:
            self[name]
        except UnknownEntryError as error:
            return error.message, error.help
        except KeyError:
            pass
        known = [*self, *also]
        help = did_you_mean(name, known, "known" if also else self.kind)
        return f"no {self.kind.removesuffix('s')} is called {quoted(name)}", help

    def _data_of(self, name: str) -> Callable[..., Any]:
        """The function that a file of data stands for.

        Raises:
            ConfigError: the file cannot be read; it is the place.
        """
        try:
            return self._read(self._data_files[name])  # type: ignore[misc]
        except Exception as error:
            reason = " ".join(str(error).split())
            message = f"{self.kind.removesuffix('s')} '{name}' cannot be read: {reason}"
            raise ConfigError([Problem(message, str(self._data_files[name]))]) from error

    def _load(self, point: EntryPoint) -> Callable[..., Any]:
        """The function of an entry.

        Raises:
            ConfigError: its module cannot be imported, or has no such function; the place is the
                line where it fails, as far as that is known.
        """
        what = f"{self.kind.removesuffix('s')} '{point.name}'"
        group = f"the entry point {point.name} = {point.value} of optanim.{self.kind}"
        help = f"{group} is in {point.dist.name} {point.dist.version}" if point.dist else ""
        try:
            module = importlib.import_module(point.module)
        except Exception as error:
            reason = error.msg if isinstance(error, SyntaxError) else str(error)
            message = f"{what} cannot be imported: {type(error).__name__}: {reason}"
            raise ConfigError([Problem(message, _place(point.module, error), help)]) from error
        function: Any = module
        for attribute in point.attr.split("."):
            function = getattr(function, attribute, None)
        if not callable(function):
            message = f"{what} cannot be used: this file has no function '{point.attr}'"
            raise ConfigError([Problem(message, module.__file__ or point.module, help)])
        return function

    @cached_property
    def _points(self) -> Any:
        return entry_points(group=f"optanim.{self.kind}")


def _place(module: str, error: Exception) -> Place | str:
    """The line of a module's file where its import fails; otherwise its file, or its name."""
    try:
        spec = importlib.util.find_spec(module)
    except Exception:
        spec = None
    file = spec.origin if spec and spec.origin else ""
    return place_of_error(file, error) or module


def place_of_error(file: str, error: BaseException) -> Place | str:
    """The last line of a file that an error passed through; the file if there is none."""
    if isinstance(error, SyntaxError) and error.filename and error.lineno:
        column, text = error.offset or 1, (error.text or "").rstrip("\n")
        return Place(error.filename, error.lineno, column, text)
    lines = [line for line in traceback.extract_tb(error.__traceback__) if line.filename == file]
    if not lines:
        return file
    number, text = lines[-1].lineno or 1, lines[-1].line or ""
    return Place(file, number, 1, text, len(text))


def verified_file(kind: str) -> Path:
    """The file `verified.json` of a kind; not every kind has one."""
    folder = importlib.import_module(f"optanim.{FOLDERS[kind]}").__path__[0]
    return Path(folder) / "verified.json"


@cache
def _verified(kind: str) -> Mapping[str, Any]:
    file = verified_file(kind)
    return json.loads(file.read_text("utf-8")) if file.exists() else {}


def by_family(entries: Iterable[Entry]) -> dict[str, list[Entry]]:
    """The entries of each family that has one, in the order of `FAMILIES`; `NO_FAMILY` last."""
    families: dict[str, list[Entry]] = {family: [] for family in (*FAMILIES, NO_FAMILY, "")}
    for entry in entries:
        families[entry.family].append(entry)
    return {family: group for family, group in families.items() if group}


@cache
def catalogue(kind: str) -> Catalogue:
    """The catalogue of a kind: surfaces, optimizers, schedules, panels, formats, themes, …"""
    return Catalogue(kind)
