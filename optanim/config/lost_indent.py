"""Lines that should be indented below an empty key: the key and they are one mistake."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from optanim.config.yaml_nodes import KeyPath, YamlNode
from optanim.errors import Problem
from optanim.schema.key_index import key_homes
from optanim.schema.readings import flow

MAX_LINE = 90
"""Number of characters of a suggested line; a longer one is not written out."""


def lost_indents(
    root: YamlNode, unknown: Collection[KeyPath]
) -> Iterator[tuple[Problem, set[KeyPath]]]:
    """Yield the problem of each empty key that unknown keys follow which stand below it.

    Args:
        root: nodes of the config.
        unknown: the paths of its unknown keys.

    Yields:
        The problem, and the paths of the empty key and of the keys that it explains.
    """
    for parent in dict.fromkeys(path[:-1] for path in unknown):
        mapping = root.get(parent)
        keys = list(mapping.value) if mapping and isinstance(mapping.value, dict) else []
        for i, key in enumerate(keys):
            node = root.get((*parent, key))
            if node is None or node.value is not None or (*parent, key) in unknown:
                continue
            section = tuple(str(step).removesuffix("s") if step == "optimizers" else str(step)
                            for step in (*parent, key) if isinstance(step, str))  # fmt: skip
            below = dict[str, Any]()
            for other in keys[i + 1 :]:
                path = (*parent, other)
                inner = root.get(path)
                if path not in unknown or inner is None or not _stands_in(section, other):
                    break
                below[other] = inner.plain()
            if below:
                help = _help(key, below, is_list=section[-1] != key)
                place = root.find((*parent, key), key=True)
                message = f"the lines below '{key}:' are not indented"
                yield Problem(message, place, help), {(*parent, name) for name in (key, *below)}


def _stands_in(section: tuple[str, ...], key: str) -> bool:
    """Whether a key belongs in a section, or in an entry of that section."""
    homes = key_homes().get(key, ())
    if key == "name":
        homes = tuple(home for found in key_homes().values() for home in found if home.kind)
    return any(home.path == section for home in homes)


def _help(key: str, below: dict[str, Any], *, is_list: bool) -> str:
    value = flow(below["name"] if list(below) == ["name"] else below)
    line = f"{key}: {f'[{value}]' if is_list else value}"
    lines = "the line" if len(below) == 1 else f"the {len(below)} lines"
    help = f"indent {lines} below it by two spaces"
    if len(line) > MAX_LINE:
        return help + ", the first one after '- '" * is_list
    return f"make it a list: {line}" if is_list else f"{help}, or write {line}"
