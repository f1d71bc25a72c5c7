"""Configs: YAML becomes a `Run`, or everything that is wrong with it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from optanim.config.document import Document
from optanim.config.nodes import BYTES, Node, parse
from optanim.config.overrides import override, put
from optanim.config.run import Run, Runner, resolve
from optanim.errors import ConfigError, Place, Problem

__all__ = ["Document", "Run", "Runner", "load", "loads"]


def load(
    path: str | os.PathLike[str], *, set: Iterable[str] = (), output: str | None = None
) -> Run:
    """The run that a config file describes; `-` is standard input.

    Args:
        path: a YAML file.
        set: values put into it first, each as `KEY=VALUE`, e.g. `optimizer.lr=0.3`.
        output: in place of the config's own `output`; braces as there.

    Raises:
        ConfigError: with everything that is wrong, each at its line and column.
    """
    if str(path) == "-":
        text = _decoded(sys.stdin.buffer.read(BYTES + 1), "stdin")
        return loads(text, set=set, output=output)
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
    text = _decoded(data, str(file))
    run = loads(text, source=str(file), name=file.stem, set=set, output=output, folder=file.parent)
    return replace(run, inputs=(file, *run.inputs))


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
    root: Node = parse(text, source)
    for assignment in set:
        root = override(root, assignment)
    if output is not None:
        place = Place(f"-o {output}", 1, 1, output, len(output))
        root = put(root, ("output",), Node(output, place), place)
    return resolve(root, name, source, Path(folder))


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
