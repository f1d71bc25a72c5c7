"""`extends: base.yaml`: a config takes the keys that it does not set from another config."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from optanim.config.merge import OPTIMIZERS, merge
from optanim.config.source import read_config
from optanim.config.yaml_nodes import YamlNode, parse_yaml
from optanim.errors import ConfigError, Problem, quoted
from optanim.files import ADDRESS_HELP, is_address, is_inside, is_stream, real_path

MAX_BASES = 8
"""Maximum number of configs in a chain in which each extends the next."""

EXTENDS = "extends"


def merge_bases(root: YamlNode, folders: Mapping[str, Path]) -> tuple[YamlNode, tuple[Path, ...]]:
    """A config merged with the configs that it extends, and the files of these configs.

    Args:
        root: nodes of the config; each value keeps its place in its file.
        folders: folder of each source; the working folder for other sources.

    Raises:
        ConfigError: a base cannot be read, or the chain of bases is a circle or too long.
    """
    files: list[Path] = []
    chain = [root]
    while isinstance(chain[-1].value, dict) and EXTENDS in chain[-1].value:
        name = chain[-1].value[EXTENDS]
        chain[-1] = chain[-1].without(EXTENDS)
        if name.value is None:
            break
        folder = Path(files[-1]).parent if files else folders.get(name.place.source, Path())
        file = folder / _file_name(name)
        if circle := _circle(files, file):
            problem = Problem(f"extends goes round in a circle: {circle}", name.place)
            raise ConfigError([problem])
        if len(files) == MAX_BASES:
            message = f"more than {MAX_BASES} configs extend one another"
            raise ConfigError([Problem(message, name.place)])
        foreign = not is_inside(file, "", *folders.values())
        base = parse_yaml(read_config(file, name.place), str(file), foreign=foreign)
        if not isinstance(base.value, dict):
            message = f"the config must be a mapping of its keys, got {quoted(base.plain())}"
            raise ConfigError([Problem(message, base.place)])
        files.append(file)
        chain.append(base)
    config = chain.pop()
    while chain:
        config = merge(config, chain.pop())
    return config, tuple(files)


def figure_configs(names: Iterable[str]) -> list[str]:
    """The configs that describe figures, without incomplete configs that others extend.

    A config that cannot be read is kept, so that `load` reports the reason.
    """
    names = list(names)
    if len(names) < 2:
        return names
    all_bases, incomplete = set[Path](), set[str]()
    for name in names:
        if name == "-" or is_stream(name):
            continue
        try:
            root, bases = merge_bases(
                parse_yaml(read_config(Path(name)), name), {name: Path(name).parent}
            )
        except ConfigError:
            continue
        all_bases |= {real_path(base) for base in bases}
        if _is_incomplete(root):
            incomplete.add(name)
    return [n for n in names if n not in incomplete or real_path(n) not in all_bases]


def _is_incomplete(root: YamlNode) -> bool:
    """Whether a config has no surface, no optimizer, or no start."""
    if not isinstance(root.value, dict):
        return False
    keys = {key for key, node in root.value.items() if node.value is not None}
    optimizers = [root.value[key] for key in OPTIMIZERS if key in keys]
    if not optimizers:
        return True
    return any(
        key not in keys and not _all_have(key, optimizers[0]) for key in ("surface", "start")
    )


def _all_have(key: str, optimizers: YamlNode) -> bool:
    """Whether each optimizer has a key of its own."""
    nodes = optimizers.value if isinstance(optimizers.value, list) else [optimizers]
    return all(isinstance(node.value, dict) and key in node.value for node in nodes)


def _file_name(node: YamlNode) -> Path:
    """The value of `extends`."""
    if isinstance(node.value, str) and is_address(node.value):
        message = f"extends must be the name of a file, got {quoted(node.value)}"
        raise ConfigError([Problem(message, node.place, ADDRESS_HELP)])
    if isinstance(node.value, str) and node.value.strip():
        return Path(node.value)
    help = "one file, which may extend another" if isinstance(node.value, list) else ""
    message = f"extends must be the name of a file, got {quoted(node.plain())}"
    raise ConfigError([Problem(message, node.place, help)])


def _circle(files: list[Path], file: Path) -> str:
    """The files of a circle that the next file closes, as text; "" if it closes no circle."""
    real_paths = [real_path(path) for path in files]
    if real_path(file) not in real_paths:
        return ""
    return " → ".join(map(str, [*files[real_paths.index(real_path(file)) :], file]))
