"""`--set KEY=VALUE` and `-x KEY=VALUES`: values that replace those of a config."""

from __future__ import annotations

import re
from collections.abc import Iterable

from optanim.config.extends import EXTENDS
from optanim.config.merge import without_alternatives
from optanim.config.problems import path_text
from optanim.config.yaml_nodes import KeyPath, YamlNode, parse_yaml
from optanim.errors import ConfigError, Place, Problem
from optanim.printable import cut
from optanim.schema.key_index import key_homes
from optanim.schema.readings import flow

_STEP = re.compile(r"\.?([A-Za-z_][A-Za-z0-9_]*)|\[([0-9]{1,4})\]")


def override(root: YamlNode, assignment: str) -> YamlNode:
    """A copy of a config with one value set, e.g. by `optimizers[0].lr=1e-3`.

    Raises:
        ConfigError: it is not an assignment, its value is not YAML, or the path cannot be set.
    """
    source = f"--set {cut(assignment)}"
    key, equals, text = assignment.partition("=")
    place = Place(source, 1, 1, assignment, max(1, len(key)))
    path = parse_path(key)
    if not equals or not path:
        help = f"for example {_example(path)}, or --set 'optimizers[0].lr=0.3'"
        raise ConfigError([Problem("not of the form KEY=VALUE", place, help)])
    # With spaces before the value, its columns are those of the assignment.
    indent = " " * (len(key) + 1)
    value = (
        parse_yaml(indent + text, source, [assignment]) if text.strip() else YamlNode(None, place)
    )
    return set_value(root, path, value, place)


def _example(path: KeyPath) -> str:
    """A `--set` of the key at the end of a path, with a value that it accepts, or of another."""
    for home in key_homes().get(str(path[-1]), ()) if path else ():
        for value in (0.1, 100, "dark", [1, 1], "1s", "text"):
            if home.path == path[:-1] and home.accepts(str(path[-1]), value):
                return f"--set {path_text(path)}={flow(value).replace(' ', '')}"
    return "--set optimizer.lr=0.3"


def sets_base(assignment: str) -> bool:
    """Whether an assignment sets `extends`; it is applied before the others."""
    return parse_path(assignment.partition("=")[0]) == (EXTENDS,)


def set_value(root: YamlNode, path: KeyPath, value: YamlNode, place: Place) -> YamlNode:
    """A copy of a config with a value at a path, and without the alternative to its key.

    Raises:
        ConfigError: the path leads into a value that has no keys.
    """
    root = without_alternatives(root, value, path)
    try:
        return root.with_value(path, value, place)
    except KeyError:
        raise ConfigError([Problem(f"the config has no {path_text(path)} to set", place)]) from None


def set_output(root: YamlNode, output: str | None) -> YamlNode:
    """A copy of a config with another output; unchanged if that is None."""
    if output is None:
        return root
    place = Place(f"-o {cut(output)}", 1, 1, output, len(output))
    return set_value(root, ("output",), YamlNode(output, place), place)


def with_matrix(root: YamlNode, flags: Iterable[str], layout: str | None) -> YamlNode:
    """A copy of a config with the matrix of `-x` flags and with a layout.

    With flags the claims are left out, as they are about the values of the config.

    Args:
        root: nodes of the config.
        flags: keys of the matrix, each as `KEY=VALUE,VALUE`; without flags the config keeps its
            matrix.
        layout: replaces `layout` of the config, unless it is None.

    Raises:
        ConfigError: a flag is not of the form KEY=VALUES, or its values are not YAML.
    """
    nodes, keys = dict[str, YamlNode](), dict[str, Place]()
    for flag in flags:
        source, (key, equals, text) = f"-x {flag}", flag.partition("=")
        place = Place(source, 1, 1, flag, max(1, len(key)))
        if not (key and equals):
            help = "for example -x optimizer.lr=1e-3,1e-2"
            raise ConfigError([Problem("not of the form KEY=VALUES", place, help)])
        if key in nodes:
            raise ConfigError([Problem(f"'{key}' is swept twice", place, "one -x for each key")])
        # The bracket is in the column of the equals sign: columns are those of the flag.
        nodes[key], keys[key] = parse_yaml(f"{' ' * len(key)}[{text}]", source, [flag]), place
    if nodes:
        first = next(iter(keys.values()))
        root = set_value(root.without("claims"), ("matrix",), YamlNode(nodes, first, keys), first)
    if layout is not None:
        place = Place(f"--layout {layout}", 1, 1, layout, len(layout))
        root = set_value(root, ("layout",), YamlNode(layout, place), place)
    return root


def parse_path(key: str) -> KeyPath:
    """The keys and indices of a path such as optimizers[0].lr; empty if the text is not a path."""
    path: list[str | int] = []
    start = 0
    while start < len(key):
        match = _STEP.match(key, start)
        if not match or (start == 0 and key.startswith((".", "["))):
            return ()
        path.append(match[1] or int(match[2]))
        start = match.end()
    return tuple(path)
