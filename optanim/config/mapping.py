"""A config that is a dict of Python, as the text of a config."""

from __future__ import annotations

import os
from collections.abc import Mapping
from math import inf
from typing import Any

import numpy as np
import yaml

from optanim.errors import ConfigError, Problem, quoted
from optanim.printable import printable

SOURCE = "config"
"""The name of the text in messages, which show its lines."""

MAX_DEPTH = 50
"""Number of levels of a dict. One that contains itself has no end."""


class _Dumper(yaml.SafeDumper):
    """A dumper that quotes text which looks like a number, and repeats what is named twice."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _represent_text(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    style = "'" if text[:1] in "0123456789+-." else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style)


_Dumper.add_representer(str, _represent_text)


def mapping_as_text(config: Mapping[str, Any]) -> str:
    """The YAML of a config: of mappings, lists, tuples, arrays, texts, paths, numbers and None.

    Raises:
        ConfigError: a value or a key is none of these.
    """
    data = _plain(config, ())
    layout: dict[str, Any] = {
        "sort_keys": False,
        "allow_unicode": True,
        "width": inf,
        "default_flow_style": None,
    }
    text = yaml.dump(data, Dumper=_Dumper, **layout)
    return printable(text)


def _plain(value: Any, path: tuple[str, ...]) -> Any:
    """The value as YAML has it. The path has the keys that lead to it."""
    if len(path) > MAX_DEPTH:
        raise _not_in_yaml(f"has more than {MAX_DEPTH} levels", path[:3])
    if isinstance(value, np.ndarray | np.generic):
        value = value.tolist()
    if isinstance(value, Mapping):
        if wrong := [key for key in value if not isinstance(key, str)]:
            raise _not_in_yaml(f"a key must be a text, got {quoted(wrong[0])}", path)
        return {key: _plain(item, (*path, key)) for key, item in value.items()}
    if isinstance(value, list | tuple | range):
        return [_plain(item, (*path, str(i))) for i, item in enumerate(value)]
    if isinstance(value, os.PathLike):
        return os.fspath(value)
    # A subclass, as a member of an enumeration, is its value.
    for kind in (bool, int, float, str):
        if isinstance(value, kind):
            return kind(value)
    if value is None:
        return None
    raise _not_in_yaml(f"a config cannot hold a {type(value).__name__}", path)


def _not_in_yaml(message: str, path: tuple[str, ...]) -> ConfigError:
    help = "use dicts, lists, texts, numbers, true, false and None"
    place = f"{SOURCE}: {'.'.join(path)}" if path else SOURCE
    return ConfigError([Problem(message, place, help)])
