"""`--set KEY=VALUE`: one value put into a config, through the same reading and checks."""

from __future__ import annotations

import re

from optanim.config.explain import Steps, spoken
from optanim.config.nodes import Node, parse
from optanim.errors import ConfigError, Place, Problem

_STEP = re.compile(r"\.?([A-Za-z_][A-Za-z0-9_]*)|\[([0-9]{1,4})\]")


def override(root: Node, assignment: str) -> Node:
    """A copy of a config with one value set, e.g. by `optimizers[0].lr=1e-3`.

    Raises:
        ConfigError: it is not an assignment, not YAML, or its path leads nowhere.
    """
    source = f"--set {assignment}"
    key, equals, text = assignment.partition("=")
    whole = Place(source, 1, 1, assignment, max(1, len(key)))
    path = _path(key)
    if not equals or not path:
        help = "for example --set optimizer.lr=0.3, or --set 'optimizers[0].lr=0.3'"
        raise ConfigError([Problem("not of the form KEY=VALUE", whole, help)])
    # Blanks before the value keep its columns those of the assignment.
    blank = " " * (len(key) + 1)
    value = parse(blank + text, source, [assignment]) if text.strip() else Node(None, whole)
    if path == ("optimizers",) and "optimizer" in root.value:
        root = root.without("optimizer")
    if path == ("optimizer",) and "optimizers" in root.value:
        root = root.without("optimizers")
    return put(root, path, value, whole)


def put(root: Node, path: Steps, value: Node, place: Place) -> Node:
    """A copy of a config with a value at a path.

    Raises:
        ConfigError: the path leads nowhere.
    """
    try:
        return root.with_value(path, value, place)
    except KeyError:
        raise ConfigError([Problem(f"the config has no {spoken(path)} to set", place)]) from None


def put_output(root: Node, output: str) -> Node:
    """A copy of a config with the output that was asked for."""
    place = Place(f"-o {output}", 1, 1, output, len(output))
    return put(root, ("output",), Node(output, place), place)


def _path(key: str) -> Steps:
    path: list[str | int] = []
    at = 0
    while at < len(key):
        match = _STEP.match(key, at)
        if not match or (at == 0 and key.startswith((".", "["))):
            return ()
        path.append(match[1] or int(match[2]))
        at = match.end()
    return tuple(path)
