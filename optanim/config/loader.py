"""Configs: YAML becomes a `Run`, or everything that is wrong with it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from itertools import filterfalse
from pathlib import Path

from optanim.config.extends import extended
from optanim.config.matrix import has_matrix
from optanim.config.matrix_runs import runs_of
from optanim.config.overrides import of_base, override, put_output, typed
from optanim.config.run import Run
from optanim.config.source import decoded, text_of
from optanim.config.variants import pairs
from optanim.config.yaml_nodes import BYTES, YamlNode, parse
from optanim.errors import ConfigError, Problem


def load(
    path: str | os.PathLike[str], *, set: Iterable[str] = (), output: str | None = None
) -> Run:
    """The run that a config file describes; `-` is standard input.

    Args:
        path: a YAML file.
        set: values put into it first, each as `KEY=VALUE`, e.g. `optimizer.lr=0.3`.
        output: in place of the config's own `output`; braces as there.

    Raises:
        ConfigError: with everything that is wrong, each at its line and column; or the config has
            a matrix of several files, for `load_runs`.
    """
    return load_runs(path, set=set, output=output, one=True)[0]


def load_runs(
    path: str | os.PathLike[str], *, set: Iterable[str] = (), output: str | None = None,
    matrix: Iterable[str] | None = None, layout: str | None = None, one: bool = False,
) -> list[Run]:  # fmt: skip
    """The runs that a config file describes: one, or with a `matrix` of files one for each.

    Args:
        path: a YAML file; `-` is standard input.
        set: values put into it first, each as `KEY=VALUE`.
        output: in place of the config's own `output`.
        matrix: in place of the config's own `matrix`, each as `KEY=VALUE,VALUE`; with none of
            them the config must have one.
        layout: in place of the config's own `layout`.
        one: several are an error.

    Raises:
        ConfigError: with everything that is wrong, each at its line and column.
    """
    config = _opened(path, set, output)
    root = typed(config.root, matrix or (), layout)
    if matrix is not None and not has_matrix(root):
        help = "-x optimizer.lr=1e-3,1e-2, or matrix: in the config"
        raise ConfigError([Problem("there is nothing to sweep", config.source, help)])
    return config.runs(root, one=one)


def load_pairs(
    path: str | os.PathLike[str], optimizers: Sequence[str], surfaces: Sequence[str] = (), *,
    set: Iterable[str] = (), output: str | None = None,
) -> list[Run | ConfigError]:  # fmt: skip
    """A run, or what is wrong with it, for each optimizer on each surface: see `pairs`.

    Args:
        path, set: as for `load`; what begins with `optimizer.` is put into each of the runs.
        optimizers: names of the catalogue.
        surfaces: names of the catalogue; none is the config's own surface.
        output: as for `load`; by default the config's own where its braces tell the runs apart,
            else `output/{config}-{optimizer}.gif`, with {surface} in place of {config} for several.

    Raises:
        ConfigError: the config itself is wrong, or all runs would write the same file.
    """
    for_each = [text for text in set if text.startswith("optimizer.")]
    config = _opened(path, [text for text in set if text not in for_each], output)
    root = config.root
    if has_matrix(root):
        root = root.without("matrix", "layout")
    run = config.run(root)
    apart = ["{optimizer}"] * (len(optimizers) > 1) + ["{surface}"] * (len(surfaces) > 1)
    said = root.value.get("output")
    if lacks := [brace for brace in apart if not said or brace not in said.value]:
        if output is not None:
            help = f"put {' and '.join(lacks)} into it"
            raise ConfigError([Problem("all runs would write this file", f"-o {output}", help)])
        stem = "{surface}" if len(surfaces) > 1 else "{config}"
        output = f"output/{stem}-{{optimizer}}{run.outputs[0].suffix}"
        root = put_output(root, output)
    made: list[Run | ConfigError] = []
    for pair in pairs(root, run, optimizers, surfaces):
        try:
            made.append(config.run(reduce(override, for_each, pair)))
        except ConfigError as error:
            made.append(error)
    return made


def loads(
    text: str, *, source: str = "stdin", name: str = "optanim", set: Iterable[str] = (),
    output: str | None = None, folder: str | os.PathLike[str] = "",
) -> Run:  # fmt: skip
    """The run that a config's text describes.

    Args:
        text: YAML.
        source: its name in messages.
        name: what `{config}` stands for in the name of the output.
        set: values put into it first, each as `KEY=VALUE`.
        output: in place of the config's own `output`.
        folder: where the files are that it names; by default the working folder.

    Raises:
        ConfigError: with everything that is wrong, each at its line and column.
    """
    return _Config.of(text, source, name, Path(folder), set, output).run()


@dataclass(frozen=True)
class _Config:
    """A config that was read, and not understood yet.

    Attributes:
        root: its nodes, over those of the configs that it extends.
        source: its name in messages.
        name: what `{config}` stands for.
        folder: where the files are that it names.
        bases: the configs that it extends.
        file: itself; none if it was not read from one.
    """

    root: YamlNode
    source: str
    name: str
    folder: Path
    bases: tuple[Path, ...]
    file: tuple[Path, ...] = ()

    @classmethod
    def of(
        cls, text: str, source: str, name: str, folder: Path, set: Iterable[str],
        output: str | None,
    ) -> _Config:  # fmt: skip
        """A config by its text, with what is set and its output put in."""
        set = list(set)
        root = reduce(override, filter(of_base, set), parse(text, source))
        root, bases = extended(root, {source: folder})
        root = reduce(override, filterfalse(of_base, set), root)
        return cls(put_output(root, output), source, name, folder, bases)

    def run(self, root: YamlNode | None = None) -> Run:
        """The run that the nodes describe, or others in their place; several are an error."""
        return self.runs(root or self.root, one=True)[0]

    def runs(self, root: YamlNode, *, one: bool = False) -> list[Run]:
        """The runs that some nodes describe."""
        found = runs_of(root, self.name, self.source, self.folder, self.bases, one=one)
        return [replace(run, inputs=(*self.file, *run.inputs)) for run in found]


def _opened(path: str | os.PathLike[str], set: Iterable[str], output: str | None) -> _Config:
    """A config file; `-` is standard input."""
    if str(path) == "-":
        text = decoded(sys.stdin.buffer.read(BYTES + 1), "stdin")
        return _Config.of(text, "stdin", "optanim", Path(), set, output)
    file = Path(path)
    config = _Config.of(text_of(file), str(file), file.stem, file.parent, set, output)
    return replace(config, file=(file,))
