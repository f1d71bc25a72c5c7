"""Sections and entries of a config as JSON Schema, with a description of each key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import is_dataclass
from typing import Any

from optanim.config.json_schema import descriptions
from optanim.config.json_schema.types import Schema, schema_of
from optanim.config.merge import ALTERNATIVES
from optanim.config.yaml_nodes import KeyPath
from optanim.schema.catalogue import Entry, catalogue
from optanim.schema.choice import Choice
from optanim.schema.option import Option
from optanim.schema.validation import Section, options_of

POINTER = "#/definitions/"

ANY: Schema = {"anyOf": [{}]}
"""Allows any value. With an empty schema, editors complete the key without its colon."""


class SchemaWriter:
    """Writes the schemas of complete configs, or of configs that extend another config.

    Args:
        definitions: receives the schema of each entry, once.
        part: prefix of the names of definitions; "" for complete configs. In a config that extends
            another, no key is required, and `null` removes a key of the base.
    """

    def __init__(self, definitions: dict[str, Schema], part: str = "") -> None:
        self.definitions, self.part = definitions, part

    def section(self, kind: Any, at: KeyPath = ()) -> Schema:
        """The schema of the mapping of a dataclass, at a path in the config."""
        texts, options = descriptions.attributes(kind), options_of(kind).values()
        schemas = {o.name: self._key(o, texts.get(o.name, ""), at) for o in options}
        schema = self._mapping(schemas, [o.name for o in options if o.required])
        pairs = [pair for pair in ALTERNATIVES if _section_of(*pair) == at]
        rules = [self._excludes(*(path[len(at) :] for path in pair)) for pair in pairs]
        return {**schema, "allOf": rules} if rules else schema

    def _excludes(self, key: tuple[str, ...], other: tuple[str, ...]) -> Schema:
        """The rule that the key at another path is not set if the key at a path is set."""
        is_set: Schema = {"not": {"type": "null"}}
        for step in reversed(key):
            is_set = {"required": [step], "properties": {step: is_set}}
        is_not_set: Schema | bool = {"type": "null"} if self.part else False
        for step in reversed(other):
            is_not_set = {"properties": {step: is_not_set}}
        return {"if": is_set, "then": is_not_set}

    def _key(self, option: Option, text: str, at: KeyPath = ()) -> Schema:
        """The schema of the value of a key, with its description and default."""
        if is_dataclass(option.type):
            schema = self.section(option.type, (*at, option.name))
        else:
            schema = schema_of(option.type, self._choice)
        schema = {**schema, "description": descriptions.of_option(option, text)}
        default = descriptions.default_of(option)
        if default is not None:
            schema["default"] = default
        return _or_null(schema) if self.part else schema

    def _mapping(self, keys: Mapping[str, Schema], required: list[str]) -> Schema:
        """The schema of a mapping with these keys and no others."""
        schema: Schema = {"type": "object", "properties": dict(keys), "additionalProperties": False}
        return {**schema, "required": required} if required and not self.part else schema

    def _choice(self, choice: Choice | Section, listed: bool) -> Schema:
        """The schema of a choice, a name or a mapping; or of a section in a list.

        An item of a list is always complete, as a list replaces the whole list of the base.
        """
        writer = SchemaWriter(self.definitions) if listed else self
        if isinstance(choice, Section):
            # Once for all keys that may have such a section, as the start of each optimizer.
            name = f"{writer.part}section-{choice.keys.__name__}"
            if name not in self.definitions:
                text = descriptions.summary(choice.keys)
                self.definitions[name] = {**writer.section(choice.keys), "description": text}
            return {"$ref": f"{POINTER}{name}"}
        noun = choice.kind.removesuffix("s")
        suffix = f"-{choice.beside.__name__}" if choice.beside else ""
        name = f"{writer.part}{noun}{suffix}"
        if name not in self.definitions:
            self.definitions[name] = {}  # so that a nested choice of the same kind ends here
            self.definitions[name] |= writer._entries(choice, name)
        if f"name-of-{noun}" not in self.definitions:
            nameable = [entry for entry in catalogue(choice.kind).values() if not entry.lead]
            self.definitions[f"name-of-{noun}"] = _names(nameable)
        either: list[Schema] = [{"$ref": f"{POINTER}name-of-{noun}"}, {"type": "object"}]
        if pattern := catalogue(choice.kind).pattern:
            either.append({"type": "string", "pattern": pattern})
        # Outside `anyOf`, an editor shows the problems inside the mapping.
        return {"anyOf": either, "if": {"type": "object"}, "then": {"$ref": f"{POINTER}{name}"}}

    def _entries(self, choice: Choice, at: str) -> Schema:
        """The schema of a mapping that names an entry of a catalogue, or has its lead key."""
        entries = [*catalogue(choice.kind).values()]
        cases, leads = [], {entry.lead: entry for entry in entries if entry.lead}
        beside = self._keys_beside(choice)
        for entry in entries:
            self.definitions[f"{at}.{entry.name}"] = self._entry(entry, beside)
            then = {"$ref": f"{POINTER}{at}.{entry.name}"}
            by_name = {"required": ["name"], "properties": {"name": {"const": entry.name}}}
            cases.append({"if": by_name, "then": then})
        for lead, entry in leads.items():
            # An option of another entry may have the name of a lead, as `arrives` of `share`.
            others = [key for key, other in leads.items() if key != lead and lead in other.options]
            names = [{"required": [key]} for key in ("name", *others)]
            by_lead = {"required": [lead], "not": {"anyOf": names} if others else names[0]}
            cases.append({"if": by_lead, "then": {"$ref": f"{POINTER}{at}.{entry.name}"}})
        has_name = [{"required": [key]} for key in ("name", *leads)]
        if pattern := catalogue(choice.kind).pattern:
            cases.append(self._provided(pattern, beside))
        name_keys = {"name": _any_of(_names(entries), choice.kind)} | dict.fromkeys(leads, ANY)
        schema: Schema = {"type": "object", "properties": name_keys}
        if not self.part:
            return {**schema, "anyOf": has_name, "allOf": cases}
        all_keys: dict[str, Schema] = {
            key: {} for entry in entries for key in (*entry.options, *beside)
        }
        nameless = {"properties": all_keys, "additionalProperties": False}
        return {**schema, "allOf": [*cases, {"if": {"anyOf": has_name}, "else": nameless}]}

    def _provided(self, pattern: str, beside: Mapping[str, Schema]) -> Schema:
        """The rule for an entry of another package: its options are known to that package only."""
        name: Schema = {"type": "string", "pattern": pattern}
        is_provided = {"required": ["name"], "properties": {"name": name}}
        return {"if": is_provided, "then": {"properties": beside}}

    def _keys_beside(self, choice: Choice) -> dict[str, Schema]:
        """The keys that may stand beside the options of each entry."""
        if not choice.beside:
            return {}
        texts, options = descriptions.attributes(choice.beside), options_of(choice.beside)
        return {o.name: self._key(o, texts.get(o.name, "")) for o in options.values()}

    def _entry(self, entry: Entry, beside: Mapping[str, Schema]) -> Schema:
        """The schema of the mapping of one entry: its options, and the keys beside them."""
        # Once for all choices of its kind: it has the equation and the reference.
        what = f"{entry.kind}.{entry.name}"
        self.definitions[what] = {"const": entry.name, **descriptions.of_entry(entry)}
        name: Schema = {"$ref": f"{POINTER}{what}"}
        keys = {"name": name} | {o.name: self._key(o, "") for o in entry.options.values()}
        # An option of the entry itself stands for a key of its name beside it.
        keys |= {key: schema for key, schema in beside.items() if key not in keys}
        required = [option.name for option in entry.options.values() if option.required]
        return {"title": entry.title, **self._mapping(keys, required)}


def _any_of(names: Schema, kind: str) -> Schema:
    """The schema of a name, which may be one that another package has."""
    pattern = catalogue(kind).pattern
    return {"anyOf": [names, {"type": "string", "pattern": pattern}]} if pattern else names


def _names(entries: list[Entry]) -> Schema:
    """The schema of the name of one of these entries."""
    texts = [descriptions.of_entry(entry)["description"] for entry in entries]
    return {"enum": [entry.name for entry in entries], "enumDescriptions": texts}


def _or_null(schema: Schema) -> Schema:
    """A schema that also allows null; in a mapping of any keys, null is allowed for each key."""
    if isinstance(values := schema.get("additionalProperties"), dict):
        schema = {**schema, "additionalProperties": _or_null(values)}
    if "anyOf" in schema:
        parts = [_or_null(part) if "additionalProperties" in part else part
                 for part in schema["anyOf"]]  # fmt: skip
        return {**schema, "anyOf": [*parts, {"type": "null"}]}
    if "enum" in schema:
        return {**schema, "enum": [*schema["enum"], None]}
    return {**schema, "type": [schema["type"], "null"]} if "type" in schema else schema


def _section_of(first: tuple[str, ...], second: tuple[str, ...]) -> KeyPath:
    """The path of the section that has both keys, or sections with them."""
    return tuple(one for one, other in zip(first[:-1], second[:-1], strict=False) if one == other)
