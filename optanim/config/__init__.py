"""Configs: YAML becomes a `Run`, or everything that is wrong with it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from optanim.config.document import Document
from optanim.config.matrix import has_matrix
from optanim.config.nodes import BYTES, Node, parse
from optanim.config.overrides import override, put, typed
from optanim.config.run import Run, Runner
from optanim.config.sweeps import runs_of
from optanim.errors import ConfigError, Place, Problem

__all__ = ["Document", "Run", "Runner", "load", "load_runs", "loads"]


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

    def runs(text: str, source: str, name: str, folder: Path) -> list[Run]:
        root = typed(_root(text, source, set, output), matrix or (), layout)
        if matrix is not None and not has_matrix(root):
            help = "-x optimizer.lr=1e-3,1e-2, or matrix: in the config"
            raise ConfigError([Problem("there is nothing to sweep", source, help)])
        return runs_of(root, name, source, folder, one=one)

    if str(path) == "-":
        return runs(_decoded(sys.stdin.buffer.read(BYTES + 1), "stdin"), "stdin", "optanim", Path())
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
    found = runs(_decoded(data, str(file)), str(file), file.stem, file.parent)
    return [replace(run, inputs=(file, *run.inputs)) for run in found]


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
    root = _root(text, source, set, output)
    return runs_of(root, name, source, Path(folder), one=True)[0]


def _root(text: str, source: str, set: Iterable[str], output: str | None) -> Node:
    root: Node = parse(text, source)
    for assignment in set:
        root = override(root, assignment)
    if output is not None:
        place = Place(f"-o {output}", 1, 1, output, len(output))
        root = put(root, ("output",), Node(output, place), place)
    return root


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
