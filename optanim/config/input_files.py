"""Files that a config names, to be read: relative to its folder.

An option that is one has a `Path` for a value, in an entry's options or in a section of them. One
that a base names is relative to the base's folder. One that `--set` names is relative to the
working folder, as whoever typed it sees it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import fields, is_dataclass, replace
from functools import lru_cache
from hashlib import file_digest
from pathlib import Path
from typing import Any

from optanim.config.problems import KeyPath
from optanim.config.yaml_nodes import YamlNode
from optanim.schema.choice import Chosen


class InputFiles:
    """The files of a config.

    Args:
        root: the nodes of the config.
        source: its name in messages.
        folder: where the files are that it names.
        bases: the configs that it extends.

    Attributes:
        found: those that were named so far, the bases first.
        digests: the name of each that is no base, without its folder, and a hash of what it holds.
    """

    def __init__(
        self, root: YamlNode, source: str, folder: Path, bases: tuple[Path, ...] = ()
    ) -> None:
        self.root, self.folder, self.found = root, folder, bases
        self.digests: dict[str, str] = {}
        self._folders = {**{str(base): base.parent for base in bases}, source: folder}

    def opened(self, chosen: Chosen, at: KeyPath) -> dict[str, Any]:
        """The options of an entry that was chosen there, each file as it can be opened."""
        return _with_paths(chosen.options, at, self.joined)

    def kept(self, chosen: Chosen, at: KeyPath) -> Chosen:
        """The same entry, each file as the config would name it."""
        return replace(chosen, options=_with_paths(chosen.options, at, self.named))

    def joined(self, file: Path, at: KeyPath) -> Path:
        """One file that is named there, as it can be opened."""
        file = self._home(at) / file
        self.found += (file,)
        with suppress(OSError):  # that there is none is said by whoever opens it
            self.digests[file.name] = digest(file, file.stat().st_mtime_ns)
        return file

    def named(self, file: Path, at: KeyPath) -> Path:
        """The same, as the config would name it."""
        home = self._home(at)
        away = home != self.folder and not file.is_absolute()
        return Path(os.path.relpath(home / file, self.folder)) if away else file

    def _home(self, at: KeyPath) -> Path:
        """The folder of the config that says the value there; the working folder if none does."""
        return self._folders.get(self.root.find(at).source, Path())


@lru_cache(64)
def digest(file: Path, changed: int) -> str:
    """A hash of what a file holds; many configs may read the same one.

    Raises:
        OSError: it cannot be read.
    """
    with file.open("rb") as opened:
        return file_digest(opened, "sha256").hexdigest()[:16]


def _with_paths(
    options: Mapping[str, Any], at: KeyPath, change: Callable[[Path, KeyPath], Path]
) -> dict[str, Any]:
    def changed(value: Any, at: KeyPath) -> Any:
        if isinstance(value, Path):
            return change(value, at)
        if is_dataclass(value) and not isinstance(value, type | Chosen):
            held = {field.name: getattr(value, field.name) for field in fields(value)}
            return replace(value, **{key: changed(of, (*at, key)) for key, of in held.items()})
        return value

    return {key: changed(value, (*at, key)) for key, value in options.items()}
