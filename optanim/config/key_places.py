"""The key of a config that a problem is about, as a page or a program needs it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from optanim.config.yaml_nodes import KeyPath, YamlNode
from optanim.errors import Place, Problem

KEY = re.compile(r"[a-z]\w*(\[\d+\]|\.\w+)*")
"""A key as `optimizers[0].lr`."""


def key_of(problem: Problem, root: YamlNode | None) -> str:
    """The key that a problem is about, as `optimizers[0].lr`; "" if it is about none.

    Args:
        problem: its place is in the text of the nodes, or names a key.
        root: the nodes of the config; None if it has none.
    """
    place = problem.place
    if not isinstance(place, Place):
        return place if KEY.fullmatch(place) else ""
    here = [
        (other.column, len(path), path)
        for path, other in _places(root, ())
        if other.line == place.line and other.column <= place.column
    ] if root else []  # fmt: skip
    return key_in_words(max(here)[2]) if here else ""


def key_in_words(path: KeyPath) -> str:
    """A path as `optimizers[0].lr`."""
    words = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return "".join(words).removeprefix(".")


def _places(node: YamlNode, path: KeyPath) -> Iterator[tuple[KeyPath, Place]]:
    """Yield the paths of a node and of those in it with the places of their values and keys."""
    yield path, node.place
    if isinstance(node.value, dict):
        for key, inner in node.value.items():
            yield (*path, key), node.keys[key]
            yield from _places(inner, (*path, key))
    elif isinstance(node.value, list):
        for i, inner in enumerate(node.value):
            yield from _places(inner, (*path, i))
