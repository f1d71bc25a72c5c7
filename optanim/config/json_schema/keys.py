"""Sections and entries as JSON Schema: their keys, and what each is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from optanim.config.json_schema import descriptions as words
from optanim.config.json_schema.types import Schema, schema_of
from optanim.config.merge import RIVALS
from optanim.config.problems import KeyPath
from optanim.schema.catalogue import Entry, catalogue
from optanim.schema.choice import Choice
from optanim.schema.option import Option
from optanim.schema.validation import options_of

POINTER = "#/definitions/"

ANY: Schema = {"anyOf": [{}]}
"""Any value; an editor that completes a key with an empty schema leaves out its colon."""


class Keys:
    """Writes the schemas of one kind of config.

    Args:
        definitions: where those of entries go, each once.
        part: stands before the names of definitions for a config that extends another. There,
            nothing is required, and `null` takes a key of the base away.
    """

    def __init__(self, definitions: dict[str, Schema], part: str = "") -> None:
        self.definitions, self.part = definitions, part

    def section(self, kind: Any, at: KeyPath = ()) -> Schema:
        """A mapping of the keys of a dataclass, which stands at a path in the config."""
        told = words.attributes(kind)
        held = {o.name: self._key(o, told.get(o.name, ""), at) for o in options_of(kind).values()}
        schema = self._mapping(held, [o.name for o in options_of(kind).values() if o.required])
        if pair := RIVALS.get(at):
            schema["allOf"] = [self._instead(*pair)]
        return schema

    def _instead(self, key: str, rival: str) -> Schema:
        """That one of two keys is enough."""
        said = {"required": [key], "properties": {key: {"not": {"type": "null"}}}}
        return {
            "if": said,
            "then": {"properties": {rival: {"type": "null"} if self.part else False}},
        }

    def _key(self, option: Option, told: str, at: KeyPath = ()) -> Schema:
        """The value of a key, with what there is to say of it."""
        if is_dataclass(option.type):
            schema = self.section(option.type, (*at, option.name))
        else:
            schema = schema_of(option.type, self._choice)
        default = words.default_of(option)
        known = {} if default is None else {"default": default}
        schema = {**schema, "description": words.of_option(option, told), **known}
        return _or_null(schema) if self.part else schema

    def _mapping(self, held: Mapping[str, Schema], required: list[str]) -> Schema:
        schema: Schema = {"type": "object", "properties": dict(held), "additionalProperties": False}
        return {**schema, "required": required} if required and not self.part else schema

    def _choice(self, choice: Choice, listed: bool) -> Schema:
        """A bare name, or a mapping; one in a list stands for itself, whatever it extends."""
        keys = Keys(self.definitions) if listed else self
        what = choice.kind.removesuffix("s")
        beside = f"-{choice.beside.__name__}" if choice.beside else ""
        name = f"{keys.part}{what}{beside}"
        if name not in self.definitions:
            self.definitions[name] = {}  # an optimizer may have a surface, and so on
            self.definitions[name] |= keys._entries(choice, name)
        bare = [entry for entry in catalogue(choice.kind).values() if not entry.lead]
        self.definitions[f"name-of-{what}"] = _names(bare)
        either = [{"$ref": f"{POINTER}name-of-{what}"}, {"type": "object"}]
        # The mapping apart from the alternatives: an editor then says what is wrong inside of it.
        return {"anyOf": either, "if": {"type": "object"}, "then": {"$ref": f"{POINTER}{name}"}}

    def _entries(self, choice: Choice, at: str) -> Schema:
        """A mapping that names an entry of a catalogue, or has the key that stands for its name."""
        entries = [*catalogue(choice.kind).values()]
        cases, leads = [], {entry.lead: entry for entry in entries if entry.lead}
        for entry in entries:
            self.definitions[f"{at}.{entry.name}"] = self._entry(entry, choice)
            then = {"$ref": f"{POINTER}{at}.{entry.name}"}
            by_name = {"required": ["name"], "properties": {"name": {"const": entry.name}}}
            cases.append({"if": by_name, "then": then})
        for lead, entry in leads.items():
            by_lead = {"required": [lead], "not": {"required": ["name"]}}
            cases.append({"if": by_lead, "then": {"$ref": f"{POINTER}{at}.{entry.name}"}})
        named = [{"required": [key]} for key in ("name", *leads)]
        first = {"name": _names(entries)} | dict.fromkeys(leads, ANY)
        schema: Schema = {"type": "object", "properties": first}
        if not self.part:
            return {**schema, "anyOf": named, "allOf": cases}
        known: dict[str, Schema] = {
            key: {} for entry in entries for key in (*entry.options, *_beside(choice))
        }
        nameless = {"properties": known, "additionalProperties": False}
        return {**schema, "allOf": [*cases, {"if": {"anyOf": named}, "else": nameless}]}

    def _entry(self, entry: Entry, choice: Choice) -> Schema:
        """The keys of one entry, and of what may stand beside them."""
        held: dict[str, Schema] = {"name": {"const": entry.name, **words.of_entry(entry)}}
        held |= {option.name: self._key(option, "") for option in entry.options.values()}
        if choice.beside:
            told = words.attributes(choice.beside)
            beside = options_of(choice.beside).values()
            held |= {option.name: self._key(option, told.get(option.name, "")) for option in beside}
        needed = [option.name for option in entry.options.values() if option.required]
        return {"title": entry.title, **self._mapping(held, needed)}


def _beside(choice: Choice) -> list[str]:
    return [field.name for field in fields(choice.beside)] if choice.beside else []


def _names(entries: list[Entry]) -> Schema:
    told = [words.of_entry(entry)["description"] for entry in entries]
    return {"enum": [entry.name for entry in entries], "enumDescriptions": told}


def _or_null(schema: Schema) -> Schema:
    """What a schema allows, or null; a mapping of any keys may have null for each."""
    if isinstance(held := schema.get("additionalProperties"), dict):
        schema = {**schema, "additionalProperties": _or_null(held)}
    if "anyOf" in schema:
        parts = [_or_null(part) if "additionalProperties" in part else part
                 for part in schema["anyOf"]]  # fmt: skip
        return {**schema, "anyOf": [*parts, {"type": "null"}]}
    if "enum" in schema:
        return {**schema, "enum": [*schema["enum"], None]}
    return {**schema, "type": [schema["type"], "null"]} if "type" in schema else schema
