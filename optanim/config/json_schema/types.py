"""Annotated types as JSON Schema.

`None` is not in a schema, as a config leaves out the key instead. An unknown type gets an empty
schema, which allows every value.
"""

from __future__ import annotations

from itertools import chain
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, Protocol, Union, get_args, get_origin

from optanim.schema.choice import Choice
from optanim.schema.option import Pattern, WrittenAs
from optanim.schema.validation import Section

Schema = dict[str, Any]

PLAIN_TYPES: dict[Any, Schema] = {
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    float: {"type": "number"},
    str: {"type": "string"},
    Path: {"type": "string", "minLength": 1},
    NoneType: {"type": "null"},
}

BOUND_KEYWORDS = {
    "gt": "exclusiveMinimum",
    "ge": "minimum",
    "lt": "exclusiveMaximum",
    "le": "maximum",
}

LENGTH_KEYWORDS = {"string": "Length", "array": "Items", "object": "Properties"}


class ChoiceSchema(Protocol):
    """Returns the schema of a choice or of a section, which may be an item of a list."""

    def __call__(self, choice: Choice | Section, listed: bool) -> Schema: ...


def schema_of(kind: Any, choice_schema: ChoiceSchema, listed: bool = False) -> Schema:
    """The schema of a type.

    Args:
        kind: an annotated type, but not a dataclass, which is a section.
        choice_schema: returns the schema of a `Choice` or a `Section`.
        listed: whether the type is that of the items of a list.
    """
    base, metadata = getattr(kind, "__origin__", kind), getattr(kind, "__metadata__", ())
    schema = _schema_of_base(base if metadata else kind, choice_schema, listed)
    # A `Field` of pydantic has metadata of its own.
    for item in chain.from_iterable(getattr(item, "metadata", None) or [item] for item in metadata):
        if isinstance(item, Choice | Section):
            schema = choice_schema(item, listed)
        elif isinstance(item, WrittenAs):
            schema = schema_of(item.kind, choice_schema, listed)
        elif isinstance(item, Pattern):
            message = {"patternErrorMessage": f"must be text such as {item.example}"}
            schema = {**schema, "pattern": f"^(?:{item.regex})$", **message}
        else:
            schema = {**schema, **_bounds(item, schema)}
    return schema


def _schema_of_base(kind: Any, choice_schema: ChoiceSchema, listed: bool) -> Schema:
    """The schema of a type without annotations."""
    origin, parts = get_origin(kind), get_args(kind)
    if origin is Literal:
        return {"enum": [*parts]}
    if origin in (Union, UnionType):
        schemas = [schema_of(part, choice_schema, listed) for part in parts if part is not NoneType]
        return {"anyOf": schemas} if len(schemas) > 1 else schemas[0]
    if origin is list or (origin is tuple and parts[-1:] == (...,)):
        return {"type": "array", "items": schema_of(parts[0], choice_schema, True)}
    if origin is tuple:
        items = [schema_of(part, choice_schema, True) for part in parts]
        same = all(item == items[0] for item in items)
        lengths = {"minItems": len(items), "maxItems": len(items)}
        return {"type": "array", "items": items[0] if same else items, **lengths}
    if origin is dict:
        return {"type": "object", "additionalProperties": schema_of(parts[1], choice_schema)}
    return PLAIN_TYPES.get(kind, {})


def _bounds(item: Any, schema: Schema) -> Schema:
    """The keywords for an annotation of the package annotated_types."""
    keywords = {
        word: getattr(item, name) for name, word in BOUND_KEYWORDS.items() if hasattr(item, name)
    }
    minimum, maximum = getattr(item, "min_length", 0), getattr(item, "max_length", None)
    for kind in _types_with_length(schema):
        keywords |= {f"min{LENGTH_KEYWORDS[kind]}": minimum} if minimum else {}
        keywords |= {} if maximum is None else {f"max{LENGTH_KEYWORDS[kind]}": maximum}
    return keywords


def _types_with_length(schema: Schema) -> set[str]:
    """The types with a length that a schema allows."""
    return {part.get("type") for part in schema.get("anyOf", [schema])} & {*LENGTH_KEYWORDS}
