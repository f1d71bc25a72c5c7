"""`--set KEY=VALUE`, `-x KEY=VALUES`: put into a config, through the same reading and checks."""

from __future__ import annotations

import re
from collections.abc import Iterable

from optanim.config.extends import KEY
from optanim.config.merge import without_rival
from optanim.config.problems import KeyPath, spoken
from optanim.config.yaml_nodes import YamlNode, parse
from optanim.errors import ConfigError, Place, Problem

_STEP = re.compile(r"\.?([A-Za-z_][A-Za-z0-9_]*)|\[([0-9]{1,4})\]")


def override(root: YamlNode, assignment: str) -> YamlNode:
    """A copy of a config with one value set, e.g. by `optimizers[0].lr=1e-3`.

    Raises:
        ConfigError: it is not an assignment, not YAML, or its path leads nowhere.
    """
    source = f"--set {assignment}"
    key, equals, text = assignment.partition("=")
    whole = Place(source, 1, 1, assignment, max(1, len(key)))
    path = path_of(key)
    if not equals or not path:
        help = "for example --set optimizer.lr=0.3, or --set 'optimizers[0].lr=0.3'"
        raise ConfigError([Problem("not of the form KEY=VALUE", whole, help)])
    # Blanks before the value keep its columns those of the assignment.
    blank = " " * (len(key) + 1)
    value = parse(blank + text, source, [assignment]) if text.strip() else YamlNode(None, whole)
    return put(root, path, value, whole)


def of_base(assignment: str) -> bool:
    """Whether an assignment names the config to extend, which the others go on top of."""
    return path_of(assignment.partition("=")[0]) == (KEY,)


def put(root: YamlNode, path: KeyPath, value: YamlNode, place: Place) -> YamlNode:
    """A copy of a config with a value at a path; what says the same otherwise makes way.

    Raises:
        ConfigError: the path leads nowhere.
    """
    root = without_rival(root, path, value)
    try:
        return root.with_value(path, value, place)
    except KeyError:
        raise ConfigError([Problem(f"the config has no {spoken(path)} to set", place)]) from None


def put_output(root: YamlNode, output: str | None) -> YamlNode:
    """A copy of a config with the output that was asked for, if one was."""
    if output is None:
        return root
    place = Place(f"-o {output}", 1, 1, output, len(output))
    return put(root, ("output",), YamlNode(output, place), place)


def typed(root: YamlNode, flags: Iterable[str], layout: str | None) -> YamlNode:
    """A config with the matrix of `-x` flags in place of its own, and a layout.

    Its claims speak of its own values: with others they are left out.

    Raises:
        ConfigError: a flag is not of the form KEY=VALUES, or not YAML.
    """
    held, keys = dict[str, YamlNode](), dict[str, Place]()
    for flag in flags:
        source, (key, equals, text) = f"-x {flag}", flag.partition("=")
        place = Place(source, 1, 1, flag, max(1, len(key)))
        if not (key and equals):
            help = "for example -x optimizer.lr=1e-3,1e-2"
            raise ConfigError([Problem("not of the form KEY=VALUES", place, help)])
        if key in held:
            raise ConfigError([Problem(f"'{key}' is swept twice", place, "one -x for each key")])
        # The bracket stands where the sign does: columns are those of the flag.
        held[key], keys[key] = parse(f"{' ' * len(key)}[{text}]", source, [flag]), place
    if held:
        first = next(iter(keys.values()))
        root = put(root.without("claims"), ("matrix",), YamlNode(held, first, keys), first)
    if layout is not None:
        place = Place(f"--layout {layout}", 1, 1, layout, len(layout))
        root = put(root, ("layout",), YamlNode(layout, place), place)
    return root


def path_of(key: str) -> KeyPath:
    """The steps of a path as people write it; none if it is not one."""
    path: list[str | int] = []
    at = 0
    while at < len(key):
        match = _STEP.match(key, at)
        if not match or (at == 0 and key.startswith((".", "["))):
            return ()
        path.append(match[1] or int(match[2]))
        at = match.end()
    return tuple(path)
