"""`extends: base.yaml`: what a config leaves unsaid is said by another one."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from optanim.config.merge import RIVALS, merged
from optanim.config.source import text_of
from optanim.config.yaml_nodes import YamlNode, parse
from optanim.errors import ConfigError, Problem, quoted

LONGEST = 8
"""How many configs may extend one another, each the next."""

KEY = "extends"


def extended(root: YamlNode, folders: Mapping[str, Path]) -> tuple[YamlNode, tuple[Path, ...]]:
    """A config over the one that it extends, that over the next, and these configs' files.

    Args:
        root: the config; every value keeps its place, in whichever file that is.
        folders: where the files are that a source names; the working folder for any other source.

    Raises:
        ConfigError: a base cannot be read, or they go round in a circle, or are too many.
    """
    found: list[Path] = []
    chain = [root]
    while isinstance(chain[-1].value, dict) and KEY in chain[-1].value:
        named = chain[-1].value[KEY]
        chain[-1] = chain[-1].without(KEY)
        if named.value is None:
            break
        folder = Path(found[-1]).parent if found else folders.get(named.place.source, Path())
        file = folder / _name(named)
        if ring := _ring(found, file):
            problem = Problem(f"extends goes round in a circle: {ring}", named.place)
            raise ConfigError([problem])
        if len(found) == LONGEST:
            message = f"more than {LONGEST} configs extend one another"
            raise ConfigError([Problem(message, named.place)])
        base = parse(text_of(file, named.place), str(file))
        if not isinstance(base.value, dict):
            message = f"the config must be a mapping of its keys, got {quoted(base.plain())}"
            raise ConfigError([Problem(message, base.place)])
        found.append(file)
        chain.append(base)
    whole = chain.pop()
    while chain:
        whole = merged(whole, chain.pop())
    return whole, tuple(found)


def figures(names: Iterable[str]) -> list[str]:
    """The configs among several that are figures: bases of others that lack what one needs are not.

    What cannot be read stays, for `load` to say why.
    """
    names = list(names)
    if len(names) < 2:
        return names
    extends, partial = set[Path](), set[str]()
    for name in names:
        if name == "-":
            continue
        try:
            root, bases = extended(parse(text_of(Path(name)), name), {name: Path(name).parent})
        except ConfigError:
            continue
        extends |= {base.resolve() for base in bases}
        if _lacks(root):
            partial.add(name)
    return [name for name in names if name not in partial or Path(name).resolve() not in extends]


def _lacks(root: YamlNode) -> bool:
    """Whether a config says no surface, no optimizer, or no start."""
    if not isinstance(root.value, dict):
        return False
    said = {key for key, node in root.value.items() if node.value is not None}
    optimizers = [root.value[key] for key in RIVALS[()] if key in said]
    return (
        "surface" not in said or not optimizers or not ("start" in said or _starts(optimizers[0]))
    )


def _starts(optimizers: YamlNode) -> bool:
    """Whether every optimizer has a start of its own."""
    each = optimizers.value if isinstance(optimizers.value, list) else [optimizers]
    return all(isinstance(one.value, dict) and "start" in one.value for one in each)


def _name(named: YamlNode) -> Path:
    if isinstance(named.value, str) and named.value.strip():
        return Path(named.value)
    help = "one file, which may extend another" if isinstance(named.value, list) else ""
    message = f"extends must be the name of a file, got {quoted(named.plain())}"
    raise ConfigError([Problem(message, named.place, help)])


def _ring(found: list[Path], file: Path) -> str:
    """The files of a circle that closes with the last; "" if it closes none."""
    real = [os.path.realpath(path) for path in found]
    if os.path.realpath(file) not in real:
        return ""
    return " → ".join(map(str, [*found[real.index(os.path.realpath(file)) :], file]))
