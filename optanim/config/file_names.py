"""Names of the keys and values of a matrix, in braces and in the names of files."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from string import Formatter
from typing import Any

from optanim.config.yaml_nodes import KeyPath
from optanim.schema.notation import short_text

KEYS_LEFT_OUT = ("name", "optimizer", "surface", "theme", "lang")
"""Keys that the name of a file leaves out, as their values are clear without them."""


def short_names(paths: Sequence[KeyPath]) -> list[str]:
    """The shortest ends of paths that are different, e.g. `lr`, or `optimizers_0_lr`."""
    words = [[str(step) for step in path] for path in paths]
    for length in range(1, max(map(len, words)) + 1):
        names = ["_".join(_ending(parts, length)) for parts in words]
        if len(set(names)) == len(names):
            break
    return names


def _ending(parts: list[str], length: int) -> list[str]:
    """The last `length` parts of a path, or more: a number is kept with the key before it."""
    while length < len(parts) and parts[-length].isdecimal():
        length += 1
    return parts[-length:]


def safe_name(value: Any) -> str:
    """A value as a part of a file name, without characters special to make, a shell or a URL."""
    return re.sub(r"[^\w.-]+", "_", short_text(value)).strip("_")[:40] or "_"


def file_name_part(name: str, value: str) -> str:
    """A key and its value in a file name: `lr0.1`, `contours-bands`, or `adam`."""
    if name in KEYS_LEFT_OUT:
        return value
    return f"{name}-{value}" if value[0].isalpha() else f"{name}{value}"


def names_in(template: str) -> set[str]:
    """The names in the braces of a template; none if the braces are wrong."""
    try:
        return {name for _, name, _, _ in Formatter().parse(template) if name}
    except ValueError:
        return set()


def filled(template: str, values: Mapping[str, str]) -> str:
    """A template with a value for each name in braces; `{{` is a brace.

    Python's formats are not understood: `{config:>2000000000}` would make a text of two gigabytes.

    Raises:
        ValueError: braces are not closed, or hold something other than a known name.
    """
    text = ""
    for literal, name, form, conversion in Formatter().parse(template):
        text += literal
        if name is not None:
            if name not in values or form or conversion:
                raise ValueError(f"not a known name: {name}")
            text += values[name]
    return text
