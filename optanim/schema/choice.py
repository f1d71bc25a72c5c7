"""The value of a key that names an entry of a catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from optanim.errors import did_you_mean, quoted
from optanim.schema.catalogue import Entry, catalogue
from optanim.schema.validation import validate


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
