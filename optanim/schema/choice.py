"""The value of a key that names an entry of a catalogue."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, NoReturn

from optanim.errors import did_you_mean, quoted
from optanim.schema.catalogue import Catalogue, Entry, catalogue
from optanim.schema.validation import is_guessing, validate


@dataclass(frozen=True)
class Chosen:
    """An entry and its options.

    Attributes:
        entry: the entry.
        options: the options that are set.
        beside: the further keys, an instance of `Choice.beside`; None if it is None.
    """

    entry: Entry
    options: Mapping[str, Any] = field(default_factory=dict)
    beside: Any = None

    def __repr__(self) -> str:
        options = "".join(f", {name}={quoted(value)}" for name, value in self.options.items())
        return f"<Chosen {self.entry.name}{options}>"


@dataclass(frozen=True)
class Choice:
    """A mark in an annotated type: the value is an entry, by its name or with its options.

    The option without a default can replace the name: `{expr: x**2}` is short for
    `{name: expression, expr: x**2}`.

    Attributes:
        kind: the kind of the catalogue.
        beside: a dataclass of further keys, which do not belong to the entry.
        also_allowed: words that are allowed in place of a name; for the help of an error.
    """

    kind: str
    beside: type | None = None
    also_allowed: tuple[str, ...] = ()

    def names(self) -> list[str]:
        """The names of the entries that need no option."""
        return [entry.name for entry in catalogue(self.kind).values() if not entry.lead]

    @property
    def words(self) -> str:
        """The rule in words."""
        return f"a name from `optanim list {self.kind}`"

    def choose(self, data: Any) -> Chosen:
        """The entry in `adam`, in `{name: adam, lr: 0.1}`, or in `{expr: x**2}`.

        Raises:
            PydanticCustomError: the data name no entry.
            pydantic.ValidationError: an option is wrong.
        """
        if isinstance(data, Chosen):
            return data
        entries = catalogue(self.kind)
        if isinstance(data, str):
            data = {"name": data}
        if not isinstance(data, dict):
            rule = f"must be the name of {'an' if self._noun[0] in 'aeiou' else 'a'} {self._noun}"
            _fail("choice", message=f"{rule}, got {quoted(data)}", named=1)
        name = data.get("name")
        if name is None:
            name = self._name_of_option(data, entries)
        if not isinstance(name, str) or name not in entries:
            # A list may have thousands of names, and each slip in it is tried in several readings.
            if is_guessing():
                _fail("unknown_name", message="", help="")
            message, help = entries.unknown(str(name), self.also_allowed)
            message = message.replace(quoted(str(name)), quoted(name))
            _fail("unknown_name", message=message, help=help)
        entry = entries[name]
        # An option may have a second name, that of the package which the entry is from.
        spellings: Mapping[str, str] = getattr(entry.function, "spellings", {})
        values = {spellings.get(key, key): data[key] for key in data if key != "name"}
        keys = {spellings[key]: key for key in data if key in spellings}
        with renamed(keys):
            values = validate(values, entry.function, *filter(None, [self.beside]), what=name)
        options = {key: value for key, value in values.items() if key in entry.options}
        others = {key: value for key, value in values.items() if key not in entry.options}
        return Chosen(entry, options, self.beside(**others) if self.beside else None)

    @property
    def _noun(self) -> str:
        return self.kind.removesuffix("s")

    def _name_of_option(self, data: Mapping[str, Any], entries: Catalogue) -> str:
        """The name of the entry whose required option is in the data."""
        leads = {entry.lead: entry.name for entry in entries.with_option(data.keys()) if entry.lead}
        names = [leads[key] for key in data if key in leads]
        # An entry may have an option whose name is that of another: {share: adam, arrives: 0.6}.
        whole = [n for n in names if all(entries[m].lead in entries[n].options for m in names)]
        if len(whole) == 1:
            return whole[0]
        if names:
            message = f"names more than one {self._noun}: {', '.join(names)}"
            _fail("names", message=message, named=1)
        leads = {entry.lead: entry.name for entry in entries.values() if entry.lead}
        if set(leads) == set(entries):  # each entry has an option of its own name
            help = did_you_mean(next(iter(data), ""), entries, self.kind)
            _fail("nameless", message=f"is no {self._noun}", named=1, help=help)
        short = "".join(f", or {lead}: …" for lead in leads if lead not in entries)
        help = f"known: {', '.join(entries)}{short}"
        _fail("nameless", message="has no name", named=1, help=help)

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> Any:
        from pydantic_core import core_schema

        return core_schema.no_info_plain_validator_function(self.choose)


@contextmanager
def renamed(keys: Mapping[str, str]) -> Iterator[None]:
    """A context whose errors are at the keys that the data have, by the names of the options."""
    from pydantic import ValidationError
    from pydantic_core import InitErrorDetails, PydanticCustomError

    try:
        yield
    except ValidationError as error:
        details = [
            InitErrorDetails(
                type=PydanticCustomError(item["type"], "{message}", item.get("ctx", {})),
                loc=(keys.get(str(item["loc"][0]), item["loc"][0]), *item["loc"][1:]),
                input=item["input"],
            )
            for item in error.errors(include_url=False)
        ]
        raise (
            ValidationError.from_exception_data(error.title, details) if keys else error
        ) from None


def _fail(kind: str, **context: Any) -> NoReturn:
    """Raise an error with the context that `optanim.schema.messages.reword` describes."""
    from pydantic_core import PydanticCustomError

    raise PydanticCustomError(kind, "{message}", context)
