"""Merging a config with the config that it extends."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

from optanim.config.yaml_nodes import KeyPath, YamlNode
from optanim.schema.catalogue import catalogue
from optanim.schema.start import EXAMPLES, SWARM_KEYS

OPTIMIZERS: tuple[str, str] = "optimizer", "optimizers"

ALTERNATIVES: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
    (OPTIMIZERS[:1], OPTIMIZERS[1:]),
    (("animation", "steps_per_second"), ("animation", "duration")),
    (("themes",), ("figure", "theme")),
)
"""The paths of two keys of which only one can be set: a later one removes the other."""


def merge(base: YamlNode, own: YamlNode) -> YamlNode:
    """A config merged with its base.

    Mappings are merged key by key; `null` removes a key of the base. A mapping that names another
    entry replaces the whole mapping of the base, with its options. Other values are replaced.
    """
    return _merged(without_alternatives(base, own), own)


def _merged(base: YamlNode, own: YamlNode) -> YamlNode:
    """A value of a config merged with the value of its base at the same path."""
    if not isinstance(own.value, dict):
        return own
    if isinstance(base.value, str):
        base = base.as_mapping()
    if not isinstance(base.value, dict) or _is_another(base, own):
        return own
    nodes, keys = dict(base.value), {**base.keys, **own.keys}
    for key, node in own.value.items():
        if node.value is None and key in base.value:
            del nodes[key], keys[key]
        else:
            nodes[key] = _merged(base.value[key], node) if key in base.value else node
    return YamlNode(nodes, own.place, keys)


def without_alternatives(root: YamlNode, own: YamlNode, at: KeyPath = ()) -> YamlNode:
    """A config without the alternatives to the keys that are about to be set.

    Args:
        root: the config.
        own: the new value; `null` removes nothing.
        at: the path of the new value.
    """
    for first, second in ALTERNATIVES:
        for key, other in ((first, second), (second, first)):
            node = own.get(key[len(at) :]) if key[: len(at)] == at else None
            if node is not None and node.value is not None:
                root = _without(root, other)
    return root


def _without(root: YamlNode, path: tuple[str, ...]) -> YamlNode:
    """A config without the key at a path."""
    step, *rest = path
    if not isinstance(root.value, dict) or step not in root.value:
        return root
    if not rest:
        return root.without(step)
    inner = _without(root.value[step], tuple(rest))
    return replace(root, value={**root.value, step: inner})


def _is_another(base: YamlNode, own: YamlNode) -> bool:
    """Whether a mapping replaces the whole mapping of the base."""
    return _names_another_entry(base, own) or _is_another_start(base, own)


def _is_another_start(base: YamlNode, own: YamlNode) -> bool:
    """Whether one of two starts is a swarm, and the other is a swarm of another kind, or a point.

    A mapping with a further key of a swarm alone, as `{radius: 2}`, is the same swarm.
    """
    kinds = [EXAMPLES.keys() & node.value.keys() for node in (base, own)]
    same = kinds[1] <= kinds[0] and own.value.keys() <= {*SWARM_KEYS}
    return any(kinds) and not same


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
