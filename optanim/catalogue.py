"""The catalogues: a folder is the registry, a file is an entry, a signature is its options.

A file of a catalogue holds one function with the file's own name. The function's keyword-only
parameters are its keys in YAML; the type of each carries its rule. Its docstring is a sentence
`Title: what it is`, an indented equation, and a paragraph `Reference:`. Nothing is listed twice.
Every option has a default, but for one that the entry cannot do without. Where entries are data,
as themes are, the folder's own `read` makes the function of a file.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, is_dataclass
from functools import cache, cached_property
from importlib.metadata import entry_points
from pathlib import Path
from types import SimpleNamespace
from typing import Annotated, Any, get_type_hints

from optanim.errors import did_you_mean, quoted
from optanim.option import Option
from optanim.wording import reword


@dataclass(frozen=True)
class Entry:
    """One file of a catalogue."""

    kind: str
    name: str
    function: Callable[..., Any]

    @cached_property
    def options(self) -> Mapping[str, Option]:
        return options_of(self.function)

    @property
    def lead(self) -> str:
        """The first option without a default, whose key may stand for the name; "" if none."""
        return next((option.name for option in self.options.values() if option.required), "")

    @cached_property
    def _paragraphs(self) -> list[str]:
        return inspect.cleandoc(self.function.__doc__ or self.name).split("\n\n")

    @property
    def title(self) -> str:
        """The name as people write it: what stands before the colon of the first sentence."""
        return self._paragraphs[0].partition(":")[0]

    @property
    def summary(self) -> str:
        return " ".join(self._paragraphs[0].partition(":")[2].split())

    @property
    def equation(self) -> str:
        blocks = [block for block in self._paragraphs[1:] if block.startswith("    ")]
        return "\n\n".join(inspect.cleandoc("\n" + block) for block in blocks)

    @property
    def reference(self) -> str:
        for block in self._paragraphs[1:]:
            if block.startswith("Reference:"):
                return " ".join(block.removeprefix("Reference:").split())
        return ""


class Catalogue(Mapping[str, Entry]):
    """The entries of `optanim/KIND/` and of the entry points `optanim.KIND`, by name."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        package = importlib.import_module(f"optanim.{kind}")
        modules = [module.name for module in pkgutil.iter_modules(package.__path__)]
        self._read = getattr(package, "read", None)
        folders = map(Path, package.__path__ if self._read else ())
        self._data = {file.stem: file for folder in folders for file in folder.glob("*.yaml")}
        self._files = sorted([*modules, *self._data])

    def __iter__(self) -> Iterator[str]:
        yield from self._files
        yield from sorted(point.name for point in self._points if point.name not in self._files)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __getitem__(self, name: str) -> Entry:
        if name in self._data and self._read:
            return Entry(self.kind, name, self._read(self._data[name]))
        if name in self._files:
            module = importlib.import_module(f"optanim.{self.kind}.{name}")
            return Entry(self.kind, name, getattr(module, name))
        for point in self._points:
            if point.name == name:
                return Entry(self.kind, name, point.load())
        raise KeyError(name)

    @cached_property
    def _points(self) -> Any:
        return entry_points(group=f"optanim.{self.kind}")


@cache
def catalogue(kind: str) -> Catalogue:
    """The catalogue of a kind: surfaces, optimizers, schedules, panels, formats, themes, …"""
    return Catalogue(kind)


def options_of(function: Callable[..., Any]) -> dict[str, Option]:
    """The keyword-only parameters of a function or dataclass, with their annotated types."""
    owner: Any = function.__init__ if inspect.isclass(function) else function
    parameters = {
        name: parameter
        for name, parameter in inspect.signature(function).parameters.items()
        if parameter.kind is parameter.KEYWORD_ONLY
    }
    # Only these hints are looked up: the others may name what is not imported.
    annotated = SimpleNamespace(
        __annotations__={name: owner.__annotations__.get(name, Any) for name in parameters}
    )
    hints = get_type_hints(annotated, owner.__globals__, include_extras=True)
    return {name: Option(name, hints[name], p.default) for name, p in parameters.items()}


@cache
def model_of(function: Callable[..., Any], *beside: Callable[..., Any]) -> Any:
    """A pydantic model of the options of a function, and of others that stand beside them."""
    from pydantic import ConfigDict, PlainValidator, create_model

    def section(kind: Any) -> Any:
        def made(data: Any) -> Any:
            return data if isinstance(data, kind) else kind(**validate(data, kind))

        return Annotated[Any, PlainValidator(made)]

    fields: dict[str, Any] = {}
    for option in (o for f in (function, *beside) for o in options_of(f).values()):
        kind = section(option.type) if is_dataclass(option.type) else option.type
        fields[option.name] = (kind, ... if option.required else option.default)
    rules = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)
    return create_model(getattr(function, "__name__", "options"), __config__=rules, **fields)


def validate(
    data: Any, function: Callable[..., Any], *beside: Callable[..., Any], what: str = ""
) -> dict[str, Any]:
    """The options that the data sets, checked.

    Args:
        data: what was written.
        function: whose options they are; `beside` are functions whose options may stand there too.
        what: the name of an entry, "" for a section of a config.

    Raises:
        pydantic.ValidationError: with every problem, each at its path in the data.
    """
    from pydantic import ValidationError

    model = model_of(function, *beside)
    try:
        checked = model.model_validate(data)
    except ValidationError as error:
        raise reword(error, what, list(model.model_fields)) from None
    return {name: getattr(checked, name) for name in checked.model_fields_set}


@dataclass(frozen=True)
class Chosen:
    """An entry with the options that were set, and what else stood beside its name."""

    entry: Entry
    options: Mapping[str, Any] = field(default_factory=dict)
    beside: Any = None


@dataclass(frozen=True)
class Choice:
    """A mark in an annotated type: the value names an entry, bare or with its options.

    An option that an entry cannot do without names it, too: `{expr: x**2}` is short for
    `{name: expression, expr: x**2}`.

    `beside` is a dataclass of keys that may stand there too and are not the entry's own; `also` are
    words that may stand in place of a name, for whoever mistypes one.
    """

    kind: str
    beside: type | None = None
    also: tuple[str, ...] = ()

    def choose(self, data: Any) -> Chosen:
        """A `Chosen` from `adam`, from `{name: adam, lr: 0.1}`, or from `{expr: x**2}`."""
        from pydantic_core import PydanticCustomError

        if isinstance(data, Chosen):
            return data
        what = self.kind.removesuffix("s")
        known = catalogue(self.kind)
        if isinstance(data, str):
            data = {"name": data}
        if not isinstance(data, dict):
            rule = f"must be the name of {'an' if what[0] in 'aeiou' else 'a'} {what}"
            context = {"message": f"{rule}, got {quoted(data)}", "named": 1}
            raise PydanticCustomError("choice", "{message}", context)
        name = data.get("name")
        if name is None:
            leads = {entry.lead: entry.name for entry in known.values() if entry.lead}
            named = [leads[key] for key in data if key in leads]
            name = named[0] if len(named) == 1 else None
            if len(named) > 1:
                context = {"message": f"names more than one {what}: {', '.join(named)}", "named": 1}
                raise PydanticCustomError("names", "{message}", context)
        if name is None:
            short = "".join(f", or {lead}: …" for lead in leads if lead not in known)
            help = f"known: {', '.join(known)}{short}"
            context = {"message": "has no name", "named": 1, "help": help}
            if set(leads) == set(known):  # nothing here has a name but its lead
                help = did_you_mean(next(iter(data), ""), known, self.kind)
                context |= {"message": f"is no {what}", "help": help}
            raise PydanticCustomError("nameless", "{message}", context)
        if not isinstance(name, str) or name not in known:
            help = did_you_mean(
                str(name), [*known, *self.also], "known" if self.also else self.kind
            )
            context = {"message": f"no {what} is called {quoted(name)}", "help": help}
            raise PydanticCustomError("unknown_name", "{message}", context)
        entry = known[name]
        options = {key: value for key, value in data.items() if key != "name"}
        beside = (self.beside,) if self.beside else ()
        options = validate(options, entry.function, *beside, what=name)
        apart = {key: value for key, value in options.items() if key not in entry.options}
        own = {key: value for key, value in options.items() if key in entry.options}
        return Chosen(entry, own, self.beside(**apart) if self.beside else None)

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> Any:
        from pydantic_core import core_schema

        return core_schema.no_info_plain_validator_function(self.choose)
