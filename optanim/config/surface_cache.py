"""Surfaces that were made already: what the runs of a matrix share is read and made once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from optanim.config.input_files import InputFiles
from optanim.config.problems import KeyPath
from optanim.config.yaml_nodes import YamlNode
from optanim.schema.choice import Chosen
from optanim.surfaces import Surface


class SurfaceCache:
    """The surfaces of some runs, by the nodes that say them.

    Runs of a matrix share the nodes that it does not sweep; a node that is the same object stands
    for the same surface.
    """

    def __init__(self) -> None:
        self._known: dict[int, tuple[YamlNode, Chosen, Surface, tuple[Path, ...]]] = {}

    def plain(self, root: YamlNode) -> Any:
        """The values of a config, a surface that was made before as what was chosen then."""
        if not isinstance(root.value, dict):
            return root.plain()
        known = self._known
        return {
            key: known[id(node)][1] if id(node) in known else node.plain()
            for key, node in root.value.items()
        }

    def surface(self, root: YamlNode, path: KeyPath, chosen: Chosen, files: InputFiles) -> Surface:
        """The surface that a config chooses at a path.

        Raises:
            ConfigError: a file that it names is wrong.
            ValueError: so are its options.
        """
        node = root
        for step in path:
            node = node.value[step]
        if id(node) not in self._known:
            before = len(files.found)
            surface = chosen.entry.function(**files.opened(chosen, path))
            self._known[id(node)] = node, chosen, surface, files.found[before:]
            return surface
        _, _, surface, read = self._known[id(node)]
        files.found += read
        return surface
