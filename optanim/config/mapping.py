"""A config that is a dict of Python, as the text of a config."""

from __future__ import annotations

import os
from collections.abc import Mapping
from io import StringIO
from math import inf, isfinite
from typing import Any

import numpy as np
import yaml

from optanim.config.yaml_nodes import MAX_NODES, TOO_MANY
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
        ConfigError: a value or a key is none of these, or there are too many.
    """
    data = _plain(config, ())
    # PyYAML needs a second for some ten thousand.
    if _count(data) > MAX_NODES:
        raise ConfigError([Problem(TOO_MANY, SOURCE)])
    layout: dict[str, Any] = {
        "sort_keys": False,
        "allow_unicode": True,
        "width": inf,
        "default_flow_style": None,
    }
    text = yaml.dump(data, Dumper=_Dumper, **layout)
    return printable(text)


MAX_LINE = 88
"""Columns of a line of a config, unless a value in it is longer."""


class _PageDumper(_Dumper):
    """A dumper that indents the items of a list below its key."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


def _represent_number(dumper: _PageDumper, number: float) -> yaml.ScalarNode:
    if not isfinite(number):
        return dumper.represent_float(number)
    text = repr(number).replace("e-0", "e-").replace("e+", "e")
    # In YAML 1.1, which PyYAML writes, 1e-5 is a text: as one it gets neither a tag nor quotes.
    tag = dumper.resolve(yaml.ScalarNode, text, (True, False))  # type: ignore[no-untyped-call]
    return dumper.represent_scalar(tag, text)


_PageDumper.add_representer(float, _represent_number)


def mapping_as_page(config: Mapping[str, Any]) -> str:
    """The YAML of a config as people write it: a line for each key, and for each optimizer.

    Raises:
        ConfigError: as `mapping_as_text` does.
    """
    data = _plain(config, ())
    return printable("".join(_lines_of(key, value) for key, value in data.items()))


def _lines_of(key: str, value: Any) -> str:
    """The lines of one key: a single one if it fits, and has at most one mapping in a list."""
    line = _yaml_of(key, value, flow=True)
    several = isinstance(value, list) and len(value) > 1
    has_mappings = several and any(isinstance(item, dict) for item in value)
    is_long = isinstance(value, dict | list) and len(line) > MAX_LINE
    return _yaml_of(key, value, flow=False) if is_long or has_mappings else line


def _yaml_of(key: str, value: Any, *, flow: bool) -> str:
    """The YAML of one key; what is inside of its value is in braces and brackets.

    Args:
        key: the key.
        value: its value.
        flow: whether the value itself is, too.
    """
    layout: dict[str, Any] = {"allow_unicode": True, "width": inf}
    dumper = _PageDumper(StringIO(), default_flow_style=True, sort_keys=False)
    node: Any = dumper.represent_data({key: value})
    node.flow_style = False
    node.value[0][1].flow_style = flow
    return str(yaml.serialize(node, Dumper=_PageDumper, **layout))


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


def _count(data: Any) -> int:
    """The number of values in plain data."""
    inner = data.values() if isinstance(data, dict) else data if isinstance(data, list) else ()
    return 1 + sum(map(_count, inner))


def _not_in_yaml(message: str, path: tuple[str, ...]) -> ConfigError:
    help = "use dicts, lists, texts, numbers, true, false and None"
    place = f"{SOURCE}: {'.'.join(path)}" if path else SOURCE
    return ConfigError([Problem(message, place, help)])
