"""Configs: YAML becomes a `Run`, or everything that is wrong with it."""

from __future__ import annotations

import itertools
import os
import sys
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from optanim.config.bases import extended
from optanim.config.document import Document
from optanim.config.nodes import BYTES, Node, parse
from optanim.config.overrides import of_base, override, put
from optanim.config.reading import decoded, text_of
from optanim.config.run import Run, Runner, resolve
from optanim.errors import Place

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
        text = decoded(sys.stdin.buffer.read(BYTES + 1), "stdin")
        return loads(text, set=set, output=output)
    file = Path(path)
    text = text_of(file)
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
    root, assignments = parse(text, source), list(set)
    for assignment in filter(of_base, assignments):
        root = override(root, assignment)
    root, bases = extended(root, {source: Path(folder)})
    for assignment in itertools.filterfalse(of_base, assignments):
        root = override(root, assignment)
    if output is not None:
        place = Place(f"-o {output}", 1, 1, output, len(output))
        root = put(root, ("output",), Node(output, place), place)
    return resolve(root, name, source, Path(folder), bases)
