"""The JSON Schema of a config (draft-07), for completion and checks in an editor.

It is derived from the keys of `Document` and of its sections, the catalogues, and the annotated
types of options, which also check a config. Most rules between several keys are not in the schema;
`optanim check` checks them.
"""

from __future__ import annotations

import json
from typing import Any

from optanim.config.extends import EXTENDS
from optanim.config.json_schema.keys import SchemaWriter
from optanim.config.json_schema.types import Schema
from optanim.config.merge import OPTIMIZERS
from optanim.schema.document import Document

DRAFT = "http://json-schema.org/draft-07/schema#"

SCHEMA_FILE = "optanim.schema.json"
"""Usual name of the schema, in the folder of the configs."""


def schema() -> Schema:
    """The schema of a config, complete or extending another config."""
    definitions: dict[str, Schema] = {}
    whole, part = SchemaWriter(definitions), SchemaWriter(definitions, "part.")
    definitions["config"] = whole.section(Document)
    del definitions["config"]["required"]
    definitions["config"]["allOf"] += _required_keys()
    definitions["part.config"] = part.section(Document)
    return {
        "$schema": DRAFT,
        "description": "A config of optanim.",
        "type": "object",
        "if": {"required": [EXTENDS], "properties": {EXTENDS: {"type": "string"}}},
        "then": {"$ref": "#/definitions/part.config"},
        "else": {"$ref": "#/definitions/config"},
        "definitions": definitions,
    }


def as_json() -> str:
    """The schema as text, a line for each definition."""
    parts = schema()
    definitions = parts.pop("definitions")
    lines = ",\n".join(f"{_line(name)}: {_line(part)}" for name, part in definitions.items())
    return f'{_line(parts)[:-1]}, "definitions": {{\n{lines}\n}}}}\n'


def _line(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _required_keys() -> list[Schema]:
    """The rules that a config has optimizers, and a surface and a start for each."""
    one, many = OPTIMIZERS
    rules: list[Schema] = [{"anyOf": [{"required": [one]}, {"required": [many]}]}]
    for key in ("surface", "start"):
        own: Schema = {"type": "object", "required": [key]}
        one_has = {"required": [one], "properties": {one: own}}
        all_have = {"required": [many], "properties": {many: {"items": own}}}
        rules.append({"if": {"anyOf": [one_has, all_have]}, "else": {"required": [key]}})
    return rules
