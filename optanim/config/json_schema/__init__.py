"""The JSON Schema of a config, draft-07: what an editor knows while it is written.

It is made of what checks a config, too: the keys of `Document` and of its sections, the catalogues,
and the annotated types of options. What one value says of another stays to `optanim check`.
"""

from __future__ import annotations

import json

from optanim.config.extends import KEY
from optanim.config.json_schema.keys import Keys
from optanim.config.json_schema.types import Schema
from optanim.config.merge import RIVALS
from optanim.schema.document import Document

DRAFT = "http://json-schema.org/draft-07/schema#"

FILE = "optanim.schema.json"
"""Its usual name, beside the configs."""


def schema() -> Schema:
    """The schema of a config: of one that says all, or of one that extends another."""
    definitions: dict[str, Schema] = {}
    whole, part = Keys(definitions), Keys(definitions, "part.")
    definitions["config"] = whole.section(Document)
    definitions["config"]["allOf"] += _needed()
    definitions["part.config"] = part.section(Document)
    return {
        "$schema": DRAFT,
        "description": "A config of optanim.",
        "type": "object",
        "if": {"required": [KEY], "properties": {KEY: {"type": "string"}}},
        "then": {"$ref": "#/definitions/part.config"},
        "else": {"$ref": "#/definitions/config"},
        "definitions": definitions,
    }


def as_json() -> str:
    """The schema as a text."""
    return json.dumps(schema(), ensure_ascii=False, indent=1) + "\n"


def _needed() -> list[Schema]:
    """What a config needs that no key says alone: an optimizer, and for each a start."""
    one, many = RIVALS[()]
    own: Schema = {"type": "object", "required": ["start"]}
    alone = {"required": [one], "properties": {one: own}}
    each = {"required": [many], "properties": {many: {"items": own}}}
    return [
        {"anyOf": [{"required": [one]}, {"required": [many]}]},
        {"if": {"anyOf": [alone, each]}, "else": {"required": ["start"]}},
    ]
