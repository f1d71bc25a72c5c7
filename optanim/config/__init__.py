"""Configs: YAML becomes a `Run`, or everything that is wrong with it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from pathlib import Path

from optanim.config.document import Document
from optanim.config.matrix import has_matrix
from optanim.config.nodes import BYTES, Node, parse
from optanim.config.overrides import override, put_output, typed
from optanim.config.pairs import pairs
from optanim.config.run import Run, Runner
from optanim.config.sweeps import runs_of
from optanim.errors import ConfigError, Problem

__all__ = ["Document", "Run", "Runner", "load", "load_pairs", "load_runs", "loads"]


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
    config = _opened(path)
    root = typed(config.root(set, output), matrix or (), layout)
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
    config = _opened(path)
    for_each = [text for text in set if text.startswith("optimizer.")]
    root = config.root([text for text in set if text not in for_each], output)
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
    config = _Text(text, source, name, Path(folder))
    return config.run(config.root(set, output))


@dataclass(frozen=True)
class _Text:
    """A config that was read, and not understood yet: as `loads` has it."""

    text: str
    source: str = "stdin"
    name: str = "optanim"
    folder: Path = Path()
    inputs: tuple[Path, ...] = ()

    def root(self, set: Iterable[str], output: str | None) -> Node:
        """Its nodes, with values put in."""
        root: Node = reduce(override, set, parse(self.text, self.source))
        return root if output is None else put_output(root, output)

    def run(self, root: Node) -> Run:
        """The run that its nodes describe, or others in their place; several are an error."""
        return self.runs(root, one=True)[0]

    def runs(self, root: Node, *, one: bool = False) -> list[Run]:
        """The runs that its nodes describe, or others in their place."""
        found = runs_of(root, self.name, self.source, self.folder, one=one)
        return [replace(run, inputs=(*self.inputs, *run.inputs)) for run in found]


def _opened(path: str | os.PathLike[str]) -> _Text:
    """A config file; `-` is standard input."""
    if str(path) == "-":
        return _Text(_decoded(sys.stdin.buffer.read(BYTES + 1), "stdin"))
    file = Path(path)
    try:
        if file.is_file() and file.stat().st_size > BYTES:
            problem = Problem(f"the config is larger than {BYTES // 10**6} MB", str(file))
            raise ConfigError([problem])
        data = file.read_bytes()
    except IsADirectoryError:
        raise ConfigError([Problem("is a folder, not a config", str(file))]) from None
    except FileNotFoundError:
        raise ConfigError([Problem("there is no such file", str(file))]) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise ConfigError([Problem(f"cannot be read: {reason}", str(file))]) from None
    return _Text(_decoded(data, str(file)), str(file), file.stem, file.parent, (file,))


def _decoded(data: bytes, source: str) -> str:
    encoding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    if b"\0" in data and encoding != "utf-16":
        raise ConfigError([Problem("is not a text file", source)])
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        message = f"line {line} is not UTF-8: byte 0x{data[error.start]:02x}"
        raise ConfigError([Problem(message, source, "save the file as UTF-8")]) from None
