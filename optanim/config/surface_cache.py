"""A cache of surfaces: runs of a matrix that share a surface create it once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from optanim.config.input_files import InputFiles
from optanim.config.yaml_nodes import KeyPath, YamlNode
from optanim.schema.choice import Chosen
from optanim.surfaces import Surface


class SurfaceCache:
    """The surfaces of some runs, by their nodes.

    Runs of a matrix share the nodes that it does not sweep: the same node is the same surface.
    """

    def __init__(self) -> None:
        self._surfaces: dict[int, tuple[YamlNode, Chosen, Surface, tuple[Path, ...]]] = {}

    def plain(self, root: YamlNode) -> Any:
        """The values of a config, with the `Chosen` of each surface in the cache."""
        if not isinstance(root.value, dict):
            return root.plain()
        cached = self._surfaces
        return {
            key: cached[id(node)][1] if id(node) in cached else node.plain()
            for key, node in root.value.items()
        }

    def surface(
        self, root: YamlNode, path: KeyPath, chosen: Chosen, files: InputFiles, *, ascend: bool
    ) -> Surface:
        """The surface at a path of a config, from the cache or new.

        Args:
            root: nodes of the config.
            path: of the surface.
            chosen: its entry and options.
            files: the files that its options name.
            ascend: whether it is climbed.

        Raises:
            ConfigError: a file of its options has problems.
            ValueError: the surface refuses its options.
        """
        node = root
        for step in path:
            node = node.value[step]
        if id(node) not in self._surfaces:
            count = len(files.paths)
            surface = chosen.entry.function(**files.resolved_options(chosen, path))
            surface = surface.climbed if ascend else surface
            self._surfaces[id(node)] = node, chosen, surface, files.paths[count:]
            return surface
        _, _, surface, paths = self._surfaces[id(node)]
        files.paths += paths
        return surface
