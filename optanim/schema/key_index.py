"""Where a key stands: every section and entry of a config that knows it, read from the schema."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, is_dataclass
from functools import cache
from typing import Any, get_args

from optanim.schema.catalogue import catalogue
from optanim.schema.choice import Choice
from optanim.schema.document import Document
from optanim.schema.option import WrittenAs
from optanim.schema.validation import error_paths, options_of


@dataclass(frozen=True)
class Home:
    """A mapping of a config that a key can stand in.

    Attributes:
        path: the keys from the top of a config to the mapping; () is the top.
        kind: the kind of the entry that the mapping names; "" for a section.
        entry: the name of that entry; "" if each entry of the kind can have the key.
        owner: the function or dataclass that has the key.
    """

    path: tuple[str, ...]
    kind: str
    entry: str
    owner: Callable[..., Any]

    @property
    def in_list(self) -> bool:
        """Whether the mapping is in a list that has no other form."""
        return self.path[-1:] in (("panels",), ("formats",), ("claims",))

    def dotted(self, key: str, names: Sequence[str]) -> str:
        """The path of the key, as `--set` has it.

        Args:
            key: a key of the mapping.
            names: the entries in the list that the mapping is in.
        """
        index = names.index(self.entry) if self.entry in names else 0
        return ".".join((*self.path, key)) if not self.in_list else f"{self.path[0]}[{index}].{key}"

    def accepts(self, key: str, value: Any) -> bool:
        """Whether the key can have a value here."""
        return not error_paths(self.owner, (), key, value)


@cache
def key_homes() -> dict[str, tuple[Home, ...]]:
    """The homes of each key: sections first, then entries, in the order of the schema."""
    homes: dict[str, list[Home]] = {}
    for key, home in (*_sections(Document, ()), *_entries(Document, (), set())):
        homes.setdefault(key, []).append(home)
    return {key: tuple(found) for key, found in homes.items()}


def _sections(kind: Any, path: tuple[str, ...]) -> Iterator[tuple[str, Home]]:
    """Yield the keys of a dataclass and of the dataclasses in it."""
    options = options_of(kind)
    for name in options:
        yield name, Home(path, "", "", kind)
    for name, option in options.items():
        if is_dataclass(option.type):
            yield from _sections(option.type, (*path, name))


def _entries(owner: Any, path: tuple[str, ...], kinds: set[str]) -> Iterator[tuple[str, Home]]:
    """Yield the options of the entries that a function or dataclass lets a config choose.

    Args:
        owner: the function or dataclass.
        path: its path.
        kinds: the kinds that were passed on the way; they are not passed again.
    """
    for name, option in options_of(owner).items():
        here = (*path, name)
        if is_dataclass(option.type):
            yield from _entries(option.type, here, kinds)
        for choice in _choices(option.type):
            if choice.kind in kinds:
                continue
            kinds.add(choice.kind)
            entries = list(catalogue(choice.kind).values())
            for entry in entries:
                for key, option_of_entry in entry.options.items():
                    yield key, Home(here, choice.kind, entry.name, entry.function)
                    if is_dataclass(option_of_entry.type):
                        yield from _sections(option_of_entry.type, (*here, key))
            if choice.beside:
                for key in options_of(choice.beside):
                    yield key, Home(here, choice.kind, "", choice.beside)
            for entry in entries:
                yield from _entries(entry.function, here, kinds)


def _choices(kind: Any) -> Iterator[Choice]:
    """Yield the choices in a type."""
    for mark in getattr(kind, "__metadata__", ()):
        if isinstance(mark, Choice):
            yield mark
        elif isinstance(mark, WrittenAs):
            yield from _choices(mark.kind)
    inner = [getattr(kind, "__origin__", None)] if hasattr(kind, "__metadata__") else []
    for part in (*inner, *get_args(kind)):
        if part is not None and part is not kind:
            yield from _choices(part)
