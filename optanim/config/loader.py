"""From a YAML file or text to its `Run`, or to all of its problems."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from itertools import filterfalse
from pathlib import Path
from typing import Any

from optanim.config.extends import merge_bases
from optanim.config.mapping import SOURCE, mapping_as_text
from optanim.config.matrix import has_matrix
from optanim.config.matrix_runs import runs_of
from optanim.config.overrides import override, set_output, sets_base, with_matrix
from optanim.config.run import Run
from optanim.config.source import decode, read_config
from optanim.config.variants import variant_configs
from optanim.config.yaml_nodes import KeyPath, YamlNode, parse_yaml
from optanim.errors import ConfigError, Problem
from optanim.files import ADDRESS_HELP, CONFIG, is_address, is_inside, read_stream, real_path
from optanim.schema.choice import Chosen

ConfigSource = str | os.PathLike[str] | Mapping[str, Any]
"""A YAML file, `-` for standard input, or a config as a dict."""


def load(path: ConfigSource, *, set: Iterable[str] = (), output: str | None = None) -> Run:
    """The run that a config describes.

    Args:
        path: a YAML file, `-` for standard input, or the config itself as a dict.
        set: values that replace those of the config, each as `KEY=VALUE`, e.g.
            `optimizer.lr=0.3`.
        output: replaces `output` of the config.

    Raises:
        ConfigError: all problems, each at its line and column. A matrix with `layout: files` and
            several combinations is one, as `load_runs` is for these.
    """
    return load_runs(path, set=set, output=output, one=True)[0]


def load_runs(
    path: ConfigSource, *, set: Iterable[str] = (), output: str | None = None,
    matrix: Iterable[str] | None = None, layout: str | None = None, one: bool = False,
) -> list[Run]:  # fmt: skip
    """The runs of a config: one, or one for each combination of a matrix of files.

    Args:
        path: as for `load`.
        set: values that replace those of the config, each as `KEY=VALUE`.
        output: replaces `output` of the config.
        matrix: replaces `matrix` of the config, each key as `KEY=VALUE,VALUE`. If it is empty, the
            config must have a matrix.
        layout: replaces `layout` of the config.
        one: whether more than one run is an error.

    Raises:
        ConfigError: all problems, each at its line and column.
    """
    config = _read_config(path, set, output)
    root = with_matrix(config.root, matrix or (), layout)
    if matrix is not None and not has_matrix(root):
        help = "-x optimizer.lr=1e-3,1e-2, or matrix: in the config"
        raise ConfigError([Problem("there is nothing to sweep", config.source, help)])
    return config.runs(root, one=one)


def load_pairs(
    path: str | os.PathLike[str], optimizers: Sequence[str], surfaces: Sequence[str] = (), *,
    set: Iterable[str] = (), output: str | None = None,
) -> list[Run | ConfigError]:  # fmt: skip
    """The run of each optimizer on each surface, or its problems: see `variant_configs`.

    Args:
        path: as for `load`.
        optimizers: names in the catalogue.
        surfaces: names in the catalogue; if empty, the surface of the config.
        set: as for `load`; `optimizer.KEY=VALUE` applies to each of the runs.
        output: as for `load`. The default is `output` of the config if its braces make the names
            differ, otherwise `output/{config}-{optimizer}.gif`, for several surfaces with
            `{surface}` in place of `{config}`.

    Raises:
        ConfigError: the config has problems, or all runs would write the same file.
    """
    set = list(set)
    for_each = [text for text in set if text.startswith("optimizer.")]
    config = _read_config(path, [text for text in set if text not in for_each], output)
    root = config.root
    if has_matrix(root):
        root = root.without("matrix", "layout")
    run = config.run(root)
    needed = ["{optimizer}"] * (len(optimizers) > 1) + ["{surface}"] * (len(surfaces) > 1)
    own = root.value.get("output")
    if missing := [brace for brace in needed if not own or brace not in own.value]:
        if output is not None:
            help = f"put {' and '.join(missing)} into it"
            raise ConfigError([Problem("all runs would write this file", f"-o {output}", help)])
        stem = "{surface}" if len(surfaces) > 1 else "{config}"
        output = f"output/{stem}-{{optimizer}}{run.outputs[0].suffix}"
        root = set_output(root, output)
    results: list[Run | ConfigError] = []
    for variant in variant_configs(root, run, optimizers, surfaces):
        try:
            results.append(config.run(reduce(override, for_each, variant)))
        except ConfigError as error:
            results.append(error)
    return results


def loads(
    text: str, *, source: str = "stdin", name: str = "optanim", set: Iterable[str] = (),
    output: str | None = None, folder: str | os.PathLike[str] = "",
) -> Run:  # fmt: skip
    """The run that the text of a config describes.

    Args:
        text: YAML.
        source: name of the text in messages.
        name: value of `{config}` in the name of the output.
        set: values that replace those of the config, each as `KEY=VALUE`.
        output: replaces `output` of the config.
        folder: folder that input files are relative to; by default the working folder.

    Raises:
        ConfigError: all problems, each at its line and column.
    """
    return _Config.of(text, source, name, Path(folder), set, output).run()


def load_values(config: Mapping[str, Any], values: Mapping[KeyPath, Chosen]) -> Run:
    """The run of a config as a dict, with entries that no name stands for.

    Args:
        config: the config; an entry that is replaced has any name in its place.
        values: the entry at a path.

    Raises:
        ConfigError: all problems.
    """
    parsed = _Config.of(mapping_as_text(config), SOURCE, "optanim", Path(), (), None)
    root = parsed.root
    for path, chosen in values.items():
        place = root.find(path)
        root = root.with_value(path, YamlNode(chosen, place), place)
    return parsed.run(root)


def read_merged(path: str | os.PathLike[str], *, set: Iterable[str] = ()) -> YamlNode:
    """The nodes of a config file, merged with the configs that it extends.

    Args:
        path: a YAML file.
        set: values that replace those of the config, each as `KEY=VALUE`.

    Raises:
        ConfigError: a file cannot be read, or is not YAML.
    """
    return _read_config(path, set, None).root


@dataclass(frozen=True)
class _Config:
    """A config that is parsed but not yet checked.

    Attributes:
        root: its nodes, merged with those of the configs that it extends.
        source: its name in messages.
        name: value of `{config}`.
        folder: folder that input files are relative to.
        bases: configs that it extends.
        file: the file that it was read from; empty if there is none.
        output_named: as in `Run`.
    """

    root: YamlNode
    source: str
    name: str
    folder: Path
    bases: tuple[Path, ...]
    file: tuple[Path, ...] = ()
    output_named: bool = False

    @classmethod
    def of(
        cls, text: str, source: str, name: str, folder: Path, set: Iterable[str],
        output: str | None, *, foreign: bool = False,
    ) -> _Config:  # fmt: skip
        """A config from its text, with its overrides and its output."""
        set = list(set)
        root = reduce(override, filter(sets_base, set), parse_yaml(text, source, foreign=foreign))
        root, bases = merge_bases(root, {source: folder})
        root = reduce(override, filterfalse(sets_base, set), root)
        root = set_output(root, output)
        return cls(root, source, name, folder, bases, output_named=output is not None)

    def run(self, root: YamlNode | None = None) -> Run:
        """The one run of this config, or of other nodes in place of its own."""
        return self.runs(root or self.root, one=True)[0]

    def runs(self, root: YamlNode, *, one: bool = False) -> list[Run]:
        """The runs of nodes in place of its own."""
        runs = runs_of(root, self.name, self.source, self.folder, self.bases, one=one)
        return [
            replace(run, inputs=(*self.file, *run.inputs), output_named=self.output_named)
            for run in runs
        ]


def _read_config(path: ConfigSource, set: Iterable[str], output: str | None) -> _Config:
    """The config in a file or a dict, or from standard input if the path is `-`."""
    if isinstance(path, Mapping):
        return _Config.of(mapping_as_text(path), SOURCE, "optanim", Path(), set, output)
    if "\n" in str(path) and ":" in str(path) and not Path(path).exists():
        help = "optanim.loads reads the text of a config, optanim.load a file or a dict"
        raise ConfigError([Problem("is not the name of a file", str(path), help)])
    if str(path) == "-":
        text = decode(_standard_input(), "stdin")
        return _Config.of(text, "stdin", "optanim", Path(), set, output)
    if is_address(str(path)):
        raise ConfigError([Problem("is an address, not a file", str(path), ADDRESS_HELP)])
    file = Path(path)
    # A link in a folder of somebody else may lead to any file.
    foreign = not is_inside(file, "", real_path(file.parent))
    config = _Config.of(
        read_config(file), str(file), file.stem, file.parent, set, output, foreign=foreign
    )
    return replace(config, file=(file,))


def _standard_input() -> bytes:
    """All of standard input.

    Raises:
        ConfigError: it is closed, too large, or cannot be read.
    """
    try:
        if sys.stdin is None:
            raise OSError(0, "is closed")
        return read_stream(sys.stdin.buffer, CONFIG)
    except OSError as error:
        raise ConfigError([Problem(error.strerror or str(error), "stdin")]) from None
