"""Names for the keys and the values of a matrix: in braces, and in the names of files."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from optanim.config.problems import KeyPath
from optanim.schema.notation import short_text

BARE = ("name", "optimizer", "surface", "theme")
"""Keys whose values say enough in the name of a file."""


def ends_of(paths: Sequence[KeyPath]) -> list[str]:
    """The shortest ends of paths that tell them apart, e.g. `lr`, or `optimizers_0_lr`."""
    words = [[str(step) for step in path] for path in paths]
    for length in range(1, max(map(len, words)) + 1):
        names = ["_".join(_ending(parts, length)) for parts in words]
        if len(set(names)) == len(names):
            break
    return names


def _ending(parts: list[str], length: int) -> list[str]:
    """The last parts; a number says nothing without what it counts."""
    while length < len(parts) and parts[-length].isdecimal():
        length += 1
    return parts[-length:]


def safe_name(value: Any) -> str:
    """A value as a part of the name of a file, that means nothing to make, a shell or a URL."""
    return re.sub(r"[^\w.-]+", "_", short_text(value)).strip("_")[:40] or "_"


def piece(name: str, value: str) -> str:
    """`lr0.1`; `contours-bands`; `adam`, where the key says nothing new."""
    if name in BARE:
        return value
    return f"{name}-{value}" if value[0].isalpha() else f"{name}{value}"
