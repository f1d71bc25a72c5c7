"""An annotated type as JSON Schema: what may be written where the type stands.

`None` is left out: a key is left out instead. A type that is not known here gets an empty schema,
which allows everything.
"""

from __future__ import annotations

from itertools import chain
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, Protocol, Union, get_args, get_origin

from optanim.schema.choice import Choice
from optanim.schema.option import Pattern, WrittenAs

Schema = dict[str, Any]

PLAIN: dict[Any, Schema] = {
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    float: {"type": "number"},
    str: {"type": "string"},
    Path: {"type": "string", "minLength": 1},
    NoneType: {"type": "null"},
}

BOUNDS = {"gt": "exclusiveMinimum", "ge": "minimum", "lt": "exclusiveMaximum", "le": "maximum"}

LENGTHS = {"string": "Length", "array": "Items", "object": "Properties"}


class Chooses(Protocol):
    """Gives the schema of a choice; within a list or not."""

    def __call__(self, choice: Choice, listed: bool) -> Schema: ...


def schema_of(kind: Any, chooses: Chooses, listed: bool = False) -> Schema:
    """The schema of a type.

    Args:
        kind: an annotated type, but for dataclasses, which are sections.
        chooses: gives the schema of a `Choice`.
        listed: whether it is the type of the items of a list.
    """
    base, marks = getattr(kind, "__origin__", kind), getattr(kind, "__metadata__", ())
    schema = _bare(base if marks else kind, chooses, listed)
    # pydantic's `Field` holds marks of its own.
    for mark in chain.from_iterable(getattr(mark, "metadata", None) or [mark] for mark in marks):
        if isinstance(mark, Choice):
            schema = chooses(mark, listed)
        elif isinstance(mark, WrittenAs):
            schema = schema_of(mark.kind, chooses, listed)
        elif isinstance(mark, Pattern):
            told = {"patternErrorMessage": f"must be text such as {mark.example}"}
            schema = {**schema, "pattern": f"^(?:{mark.regex})$", **told}
        else:
            schema = {**schema, **_bounds(mark, schema)}
    return schema


def _bare(kind: Any, chooses: Chooses, listed: bool) -> Schema:
    """The schema of a type without marks."""
    origin, parts = get_origin(kind), get_args(kind)
    if origin is Literal:
        return {"enum": [*parts]}
    if origin in (Union, UnionType):
        each = [schema_of(part, chooses, listed) for part in parts if part is not NoneType]
        return {"anyOf": each} if len(each) > 1 else each[0]
    if origin is list or (origin is tuple and parts[-1:] == (...,)):
        return {"type": "array", "items": schema_of(parts[0], chooses, True)}
    if origin is tuple:
        items = [schema_of(part, chooses, True) for part in parts]
        same = all(item == items[0] for item in items)
        sides = {"minItems": len(items), "maxItems": len(items)}
        return {"type": "array", "items": items[0] if same else items, **sides}
    if origin is dict:
        return {"type": "object", "additionalProperties": schema_of(parts[1], chooses)}
    return PLAIN.get(kind, {})


def _bounds(mark: Any, schema: Schema) -> Schema:
    """What a mark of the package annotated_types says."""
    held = {word: getattr(mark, name) for name, word in BOUNDS.items() if hasattr(mark, name)}
    for kind in _kinds(schema):
        least, most = getattr(mark, "min_length", 0), getattr(mark, "max_length", None)
        held |= {f"min{LENGTHS[kind]}": least} if least else {}
        held |= {} if most is None else {f"max{LENGTHS[kind]}": most}
    return held


def _kinds(schema: Schema) -> set[str]:
    """The types with a length that a schema allows."""
    return {part.get("type") for part in schema.get("anyOf", [schema])} & {*LENGTHS}
