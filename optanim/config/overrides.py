"""`--set KEY=VALUE`: one value put into a config, through the same reading and checks."""

from __future__ import annotations

import re

from optanim.config.bases import KEY
from optanim.config.explain import Steps, spoken
from optanim.config.merging import without_rival
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
    root = without_rival(root, path, value)
    return put(root, path, value, whole)


def of_base(assignment: str) -> bool:
    """Whether an assignment names the config to extend, which the others go on top of."""
    return _path(assignment.partition("=")[0]) == (KEY,)


def put(root: Node, path: Steps, value: Node, place: Place) -> Node:
    """A copy of a config with a value at a path.

    Raises:
        ConfigError: the path leads nowhere.
    """
    try:
        return root.with_value(path, value, place)
    except KeyError:
        raise ConfigError([Problem(f"the config has no {spoken(path)} to set", place)]) from None


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
