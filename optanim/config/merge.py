"""One config over another: which keys stay, and which make way."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

from optanim.config.problems import KeyPath
from optanim.config.yaml_nodes import YamlNode
from optanim.schema.catalogue import catalogue

RIVALS: dict[KeyPath, tuple[str, str]] = {
    (): ("optimizer", "optimizers"),
    ("animation",): ("steps_per_second", "duration"),
}
"""Where they stand, and two keys of which one is enough: the one said later drops the other."""


def merged(base: YamlNode, own: YamlNode, at: KeyPath = ()) -> YamlNode:
    """A value over the one that a base has at the same path.

    Mappings merge key by key; `null` takes a key of the base away. An entry that is named anew is
    another one: nothing is left of the options of the first. All else is replaced whole.
    """
    if not isinstance(own.value, dict):
        return own
    if isinstance(base.value, str):
        base = base.named()
    if not isinstance(base.value, dict) or _another(base, own):
        return own
    for key, node in own.value.items():
        base = without_rival(base, (*at, key), node, at)
    held, keys = dict(base.value), {**base.keys, **own.keys}
    for key, node in own.value.items():
        if node.value is None and key in base.value:
            del held[key], keys[key]
        else:
            held[key] = merged(base.value[key], node, (*at, key)) if key in base.value else node
    return YamlNode(held, own.place, keys)


def without_rival(root: YamlNode, path: KeyPath, value: YamlNode, at: KeyPath = ()) -> YamlNode:
    """A config without the key that says the same as the one at a path, which is said anew.

    Args:
        root: what stands at `at`.
        path: from the top of the config.
        value: what is said there; `null` says nothing.
        at: a beginning of the path.
    """
    if not isinstance(root.value, dict) or value.value is None:
        return root
    step = path[len(at)]
    if path[:-1] == at:
        pair = RIVALS.get(at, ())
        return root.without(pair[1 - pair.index(step)]) if step in pair else root
    if step not in root.value:
        return root
    inner = without_rival(root.value[str(step)], path, value, (*at, step))
    return replace(root, value={**root.value, step: inner})


def _another(base: YamlNode, own: YamlNode) -> bool:
    """Whether a mapping names another entry than that of the base.

    A formula is a name, too: `{expr: x**2}` and `{expr: x**4}` are two surfaces.
    """
    names, formulas = zip(_entry(base), _entry(own), strict=True)
    return any(None not in both and both[0] != both[1] for both in (names, formulas))


def _entry(node: YamlNode) -> tuple[Any, Any]:
    """An entry's name, said or by the key that stands for it; and what that key says, if a text."""
    name = node.value["name"].value if "name" in node.value else None
    for lead, entry in _leads().items():
        if lead in node.value and name in (None, entry):
            said = node.value[lead].value
            return entry, None if isinstance(said, dict) else said
    return name, None


@cache
def _leads() -> dict[str, str]:
    """The keys that stand for a name, and which."""
    return {entry.lead: entry.name for entry in catalogue("surfaces").values() if entry.lead}
