"""The input files that a config names.

The value of such an option is a `Path`. It is relative to the folder of the file that names it: the
config or one of its bases. A path from `--set` is relative to the working folder.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import fields, is_dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from optanim.config.yaml_nodes import KeyPath, YamlNode
from optanim.errors import Problem
from optanim.files import DATA, is_inside, read_file
from optanim.schema.choice import Chosen


class InputFiles:
    """The files of a config.

    Args:
        root: nodes of the config.
        source: name of the config in messages.
        folder: folder of the config, which its input files are relative to.
        bases: configs that it extends.

    Attributes:
        paths: bases and input files so far.
        digests: name without folder and hash of each input file.
        foreign: names of the input files whose text no message may quote.
    """

    def __init__(
        self, root: YamlNode, source: str, folder: Path, bases: tuple[Path, ...] = ()
    ) -> None:
        self.root, self.folder, self.paths = root, folder, bases
        self.digests: dict[str, str] = {}
        self.foreign: set[str] = set()
        self._folders = {**{str(base): base.parent for base in bases}, source: folder}

    def resolved_options(self, chosen: Chosen, at: KeyPath) -> dict[str, Any]:
        """The options of the entry at a path, with files that can be opened."""
        return _with_paths(chosen.options, at, self.resolved)

    def relative_options(self, chosen: Chosen, at: KeyPath) -> Chosen:
        """The entry at a path, with files relative to the folder of the config."""
        return replace(chosen, options=_with_paths(chosen.options, at, self.relative))

    def resolved(self, file: Path, at: KeyPath) -> Path:
        """The file that is named at a path, so that it can be opened."""
        file = self._folder_of(at) / file
        self.paths += (file,)
        if not is_inside(file, "", self.folder):
            self.foreign.add(str(file))
        with suppress(OSError, ValueError):  # a missing file is reported when it is opened
            self.digests[file.name] = file_digest(file, file.stat().st_mtime_ns)
        return file

    def add_plugin(self, chosen: Chosen) -> None:
        """Add the Python file that an entry is from, if `--plugin` named it."""
        if name := getattr(chosen.entry.function, "plugin_file", None):
            file = Path(name)
            self.paths += (file,)
            with suppress(OSError, ValueError):
                self.digests[file.name] = file_digest(file, file.stat().st_mtime_ns)

    def problem(self, problem: Problem) -> Problem:
        """A problem of a file, without its text if that must not be quoted."""
        quoted = {problem.source, problem.quotes}
        return problem.without_text() if self.foreign & quoted else problem

    def relative(self, file: Path, at: KeyPath) -> Path:
        """The file that is named at a path, relative to the folder of the config."""
        folder = self._folder_of(at)
        if folder == self.folder or file.is_absolute():
            return file
        return Path(os.path.relpath(folder / file, self.folder))

    def _folder_of(self, at: KeyPath) -> Path:
        """The folder of the config or base with the value at a path, or the working folder."""
        return self._folders.get(self.root.find(at).source, Path())


@lru_cache(64)
def file_digest(file: Path, modified: int) -> str:
    """A hash of the content of a file, cached because many configs may read the same file.

    Args:
        file: the file.
        modified: time of the last modification, as a part of the key of the cache.

    Raises:
        OSError: it cannot be read.
    """
    return hashlib.sha256(read_file(file, DATA)).hexdigest()[:16]


def _with_paths(
    options: Mapping[str, Any], at: KeyPath, change: Callable[[Path, KeyPath], Path]
) -> dict[str, Any]:
    """Options with `change(path, key path)` in place of each path, also inside sections."""

    def with_paths(value: Any, at: KeyPath) -> Any:
        if isinstance(value, Path):
            return change(value, at)
        if is_dataclass(value) and not isinstance(value, type | Chosen):
            names = [field.name for field in fields(value)]
            return replace(value, **{n: with_paths(getattr(value, n), (*at, n)) for n in names})
        return value

    return {key: with_paths(value, (*at, key)) for key, value in options.items()}
