"""Merging a config with the config that it extends."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

from optanim.config.yaml_nodes import KeyPath, YamlNode
from optanim.schema.catalogue import catalogue

ALTERNATIVES: dict[KeyPath, tuple[str, str]] = {
    (): ("optimizer", "optimizers"),
    ("animation",): ("steps_per_second", "duration"),
}
"""For a path, two keys of which only one can be set: a later one removes the other."""


def merge(base: YamlNode, own: YamlNode, at: KeyPath = ()) -> YamlNode:
    """A value of a config merged with the value of its base at the same path.

    Mappings are merged key by key; `null` removes a key of the base. A mapping that names another
    entry replaces the whole mapping of the base, with its options. Other values are replaced.
    """
    if not isinstance(own.value, dict):
        return own
    if isinstance(base.value, str):
        base = base.as_mapping()
    if not isinstance(base.value, dict) or _names_another_entry(base, own):
        return own
    for key, node in own.value.items():
        base = without_alternative(base, (*at, key), node, at)
    nodes, keys = dict(base.value), {**base.keys, **own.keys}
    for key, node in own.value.items():
        if node.value is None and key in base.value:
            del nodes[key], keys[key]
        else:
            nodes[key] = merge(base.value[key], node, (*at, key)) if key in base.value else node
    return YamlNode(nodes, own.place, keys)


def without_alternative(
    root: YamlNode, path: KeyPath, value: YamlNode, at: KeyPath = ()
) -> YamlNode:
    """A config without the alternative to the key at a path, which is about to be set.

    Args:
        root: the node at `at`.
        path: path from the top of the config.
        value: the new value; `null` removes nothing.
        at: a beginning of the path.
    """
    if not isinstance(root.value, dict) or value.value is None:
        return root
    step = path[len(at)]
    if path[:-1] == at:
        pair = ALTERNATIVES.get(at, ())
        return root.without(pair[1 - pair.index(step)]) if step in pair else root
    if step not in root.value:
        return root
    inner = without_alternative(root.value[str(step)], path, value, (*at, step))
    return replace(root, value={**root.value, step: inner})


def _names_another_entry(base: YamlNode, own: YamlNode) -> bool:
    """Whether a mapping names another entry than the mapping of the base.

    A formula counts as a name: `{expr: x**2}` and `{expr: x**4}` are two surfaces.
    """
    names, formulas = zip(_name_and_formula(base), _name_and_formula(own), strict=True)
    return any(None not in pair and pair[0] != pair[1] for pair in (names, formulas))


def _name_and_formula(node: YamlNode) -> tuple[Any, Any]:
    """The name of an entry, or the entry of its lead key; and the value of that key if a scalar."""
    name = node.value["name"].value if "name" in node.value else None
    for lead, entry in _leads().items():
        if lead in node.value and name in (None, entry):
            value = node.value[lead].value
            return entry, None if isinstance(value, dict) else value
    return name, None


@cache
def _leads() -> dict[str, str]:
    """The lead keys, which stand for the name of a surface, and these names."""
    return {entry.lead: entry.name for entry in catalogue("surfaces").values() if entry.lead}
