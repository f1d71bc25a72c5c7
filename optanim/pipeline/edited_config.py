"""A config that a page edits: its values, the files that it may read, and where it is saved."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from optanim.config.loader import load, loads, read_merged
from optanim.config.run import Run
from optanim.config.source import has_comments, head_comment, read_config
from optanim.config.yaml_nodes import YamlNode
from optanim.errors import ConfigError, Problem, quoted
from optanim.files import CONFIG, is_stream, only_files, read_file, real_path
from optanim.pipeline.atomic_file import CONFIG_SUFFIXES, atomic_write, unwritable_reason

SOURCE = "config"
"""The name of the edited config in messages."""

DEFAULT: Mapping[str, Any] = {
    "surface": {"name": "rosenbrock", "b": 20},
    "start": [-1.2, 1],
    "optimizers": [
        {"name": "gd", "lr": 0.004},
        {"name": "momentum", "lr": 0.001},
        {"name": "adam", "lr": 0.1},
    ],
    "steps": 100,
}
"""The config if none is opened."""

DEFAULT_NAME = "explored"

FILE_NAME = re.compile(r'[^\s./\\:*?"<>|][^/\\:*?"<>|]*')
"""The name of a file in the folder itself, which no system reads as a path."""


class EditedConfig:
    """A config file, or the default config without a file.

    Args:
        file: the config; None for the default one.
        set: values that replace those of the config, each as `KEY=VALUE`.
        plugins: the files of Python that are used.

    Attributes:
        file: the config that was opened; None for the default one.
        folder: the folder of it, where versions are saved.
        values: the config as a dict, merged with those that it extends.
        language: the language of its figure.

    Raises:
        ConfigError: the config has problems, or makes several pictures.
    """

    def __init__(
        self, file: Path | None = None, set: Iterable[str] = (), plugins: Iterable[str] = ()
    ) -> None:
        self.file, self.folder = file, file.parent if file else Path()
        self.values: dict[str, Any] = dict(DEFAULT)
        self._readable = frozenset(map(real_path, plugins))
        self._head = ""
        self._written: dict[Path, bytes] = {}
        self.language = "en"
        if file is None:
            return
        if str(file) == "-" or is_stream(file):
            raise ConfigError([Problem("a pipe cannot be explored", str(file), "name a file")])
        set = list(set)
        opened, root = load(file, set=set), read_merged(file, set=set)
        inputs = frozenset(map(real_path, opened.inputs))
        self.values = _with_listed_start(self._relative(root, inputs), opened.surface.axes)
        self._readable |= inputs
        self.language = opened.lang
        text = read_config(file)
        self._head = head_comment(text)
        # A config with more than its values is not replaced unasked.
        if not has_comments(text.removeprefix(self._head)) and "extends" not in self._keys(file):
            self._written[real_path(file)] = read_file(file, CONFIG)

    def run(self, text: str) -> Run:
        """The run of a version of the config. It reads no other files than the config does.

        Args:
            text: the version as YAML.

        Raises:
            ConfigError: all problems; the lines of their places are those of the text.
        """
        name = self.file.stem if self.file else DEFAULT_NAME
        with only_files(self._readable):
            return loads(text, source=SOURCE, name=name, folder=self.folder)

    def save(self, text: str, name: str | None, *, overwrite: bool) -> dict[str, str]:
        """Write a version to a file in the folder of the config.

        Comments above the first key stay. A file is replaced unasked if it is the one that was
        opened or written here, has not changed since, and loses nothing.

        Args:
            text: the version as YAML.
            name: of the file; None is the file that was opened, or a new one.
            overwrite: whether any config may be replaced.

        Returns:
            `saved` with the name of the file, or `exists` if it was not written for that.

        Raises:
            ConfigError: the file cannot be written.
        """
        name = name or (self.file.name if self.file else self._free_name())
        target = self.folder / name
        opened = self.file is not None and name == self.file.name
        if reason := _refused_name(name) or _refused_target(target, opened=opened):
            raise ConfigError([Problem(f"{quoted(name)} {reason}", "file")])
        if target.exists() and not (overwrite or self._is_own(target)):
            return {"exists": name}
        data = (self._head + text).encode()
        with atomic_write(target) as stream:
            stream.write(data)
        self._written[real_path(target)] = data
        return {"saved": name}

    def _is_own(self, target: Path) -> bool:
        """Whether a file is as it was opened or written here."""
        expected = self._written.get(real_path(target))
        return expected is not None and read_file(target, CONFIG) == expected

    def _free_name(self) -> str:
        """The name of a new file in the folder."""
        number, name = 1, f"{DEFAULT_NAME}.yaml"
        while os.path.lexists(self.folder / name):
            number += 1
            name = f"{DEFAULT_NAME}-{number}.yaml"
        return name

    def _relative(self, root: YamlNode, inputs: frozenset[Path]) -> Any:
        """The values of a config, with files of its bases relative to its own folder."""

        def plain(node: YamlNode) -> Any:
            value = node.value
            if isinstance(value, dict):
                return {key: plain(inner) for key, inner in value.items()}
            if isinstance(value, list):
                return [plain(inner) for inner in value]
            if isinstance(value, str) and node.place.source != str(self.file):
                source = Path(node.place.source)
                path = (source.parent if source.exists() else Path()) / value
                if real_path(path) in inputs and real_path(self.folder / value) != real_path(path):
                    return Path(os.path.relpath(path, self.folder)).as_posix()
            return value

        return plain(root)

    @staticmethod
    def _keys(file: Path) -> set[str]:
        """The keys at the top of a config file itself."""
        from optanim.config.yaml_nodes import parse_yaml

        value = parse_yaml(read_config(file), str(file)).value
        return {*value} if isinstance(value, dict) else set()


def _with_listed_start(values: dict[str, Any], axes: Sequence[str]) -> dict[str, Any]:
    """The values of a config with the start as a list, if it names the axes, or is a number."""
    start = values.get("start")
    if isinstance(start, Mapping) and {*start} == {*axes}:
        start = [start[name] for name in axes]
    elif isinstance(start, int | float):
        start = [start]
    return {**values, "start": start} if "start" in values else values


def _refused_name(name: str) -> str:
    """Why this is no name of a config in a folder; "" if it is."""
    if Path(name).suffix not in CONFIG_SUFFIXES:
        return f"must end in {' or '.join(CONFIG_SUFFIXES)}"
    if not FILE_NAME.fullmatch(name) or not name.isprintable():
        return "is no name of a file in the folder of the config"
    return ""


def _refused_target(target: Path, *, opened: bool) -> str:
    """Why a file cannot be written; "" if it can.

    Args:
        target: the file.
        opened: whether it is the config that the command line names, which may be a link.
    """
    reason = unwritable_reason(target)
    return "is a link" if not reason and not opened and target.is_symlink() else reason
