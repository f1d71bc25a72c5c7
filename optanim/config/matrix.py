"""`matrix:` in a config: which keys take which values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import Any

from optanim.config.file_names import ends_of, piece, safe_name
from optanim.config.overrides import path_of, put
from optanim.config.problems import KeyPath, spoken
from optanim.config.yaml_nodes import YamlNode
from optanim.errors import ConfigError, Place, Problem, quoted

KEYS = 4
MOST = {"files": 1_000, "overlay": 10_000, "grid": 36}
"""Combinations of a layout."""
WALKED = {"start", "steps", "seed", "noise", "optimizer", "optimizers"}
"""The keys that trials of one picture may differ in."""


@dataclass(frozen=True)
class Axis:
    """A key of a matrix, and its values.

    Attributes:
        path: where it leads.
        name: the end of the path, as much of it as no other key has.
        place: where the key stands.
        values: at least one.
    """

    path: KeyPath
    name: str
    place: Place
    values: tuple[YamlNode, ...]


@dataclass(frozen=True)
class Matrix:
    """A matrix, checked.

    Attributes:
        layout: `files`, `overlay` or `grid`.
        axes: its keys, the first slowest.
        place: where it stands.
        root: the config without it.
    """

    layout: str
    axes: tuple[Axis, ...]
    place: Place
    root: YamlNode

    @property
    def count(self) -> int:
        """How many combinations there are."""
        return prod(len(axis.values) for axis in self.axes)

    def combinations(self) -> Iterator[tuple[YamlNode, ...]]:
        """A value for each key, in every way, the first key slowest."""
        return product(*(axis.values for axis in self.axes))

    def config(self, values: Sequence[YamlNode]) -> YamlNode:
        """The config with one value for each key.

        Raises:
            ConfigError: a path leads nowhere.
        """
        root = self.root
        for axis, value in zip(self.axes, values, strict=True):
            root = put(root, axis.path, value, axis.place)
        return root

    def braces(self, values: Sequence[YamlNode]) -> dict[str, str]:
        """What names in `output` stand for: each key's, and `values` for all of them."""
        safe = {a.name: safe_name(v.plain()) for a, v in zip(self.axes, values, strict=True)}
        return {"values": "-".join(piece(*pair) for pair in safe.items())} | safe


def has_matrix(root: YamlNode) -> bool:
    """Whether a config has a matrix, right or wrong."""
    return isinstance(root.value, dict) and (
        "matrix" in root.value and root.value["matrix"].value is not None
    )


def matrix_of(root: YamlNode) -> Matrix | None:
    """The matrix of a config; None without one.

    Raises:
        ConfigError: with everything that is wrong with it.
    """
    if not has_matrix(root):
        return None
    matrix = root.value["matrix"]
    problems: list[Problem] = []
    if not isinstance(matrix.value, dict) or not matrix.value:
        help = "for example matrix: {optimizer.lr: [1e-3, 1e-2]}"
        problem = Problem("matrix must have keys, each with a list of values", matrix.place, help)
        raise ConfigError([problem])
    layout, rest = _layout(root.without("matrix"))
    paths = {key: path_of(key) for key in matrix.value}
    if len(paths) > KEYS:
        problems.append(Problem(f"matrix has {len(paths)} keys, up to {KEYS} can be", matrix.place))
    met: set[KeyPath] = set()
    for key, path in paths.items():
        if path and path in met:
            problems.append(Problem(f"{key} is swept twice", matrix.keys[key]))
        met.add(path)
        problems += _wrong_key(rest, key, path, matrix.keys[key], layout, paths.values())
        problems += _wrong_values(key, matrix.value[key])
    if not problems:
        count = prod(len(node.value) for node in matrix.value.values())
        most = MOST[layout]
        if count > most:
            what = {"files": "files", "overlay": "trials", "grid": "cells"}[layout]
            message = f"matrix has {count:,} combinations, up to {most:,} {what} can be made"
            problems.append(Problem(message, matrix.place, _fewer(layout)))
    if problems:
        raise ConfigError(problems)
    names = ends_of(list(paths.values()))
    axes = tuple(
        Axis(path, name, matrix.keys[key], tuple(matrix.value[key].value))
        for (key, path), name in zip(paths.items(), names, strict=True)
    )
    return Matrix(layout, axes, matrix.place, rest)


def _layout(root: YamlNode) -> tuple[str, YamlNode]:
    """How a matrix is drawn, and the config as it is for one combination."""
    asked = root.value.get("layout")
    layout = asked.value if asked else None
    if layout in (None, "row"):
        return "files", root
    # What is no layout at all is said by the rules of the document.
    return (layout, root if layout == "grid" else root.without("layout")) if (
        isinstance(layout, str) and layout in MOST
    ) else ("files", root)  # fmt: skip


def _wrong_key(
    root: YamlNode, key: str, path: KeyPath, place: Place, layout: str, others: Iterable[KeyPath]
) -> Iterator[Problem]:
    if not path:
        help = "a path as in --set: optimizer.lr, optimizers[0].lr, surface.b, start"
        yield Problem(f"{quoted(key)} is no path of a key", place, help)
        return
    if any(other != path and other[: len(path)] == path for other in others):
        help = f"name them by {key}.name" if key in ("optimizer", "surface") else "keep one of them"
        yield Problem(f"{key} is swept, and so is a key inside it", place, help)
    if path[0] in ("matrix", "layout"):
        yield Problem(f"{path[0]} cannot be swept", place)
        return
    for node in _along(root, path):
        if node.place.source.startswith("--set "):
            message = f"{spoken(path)} is swept by the matrix, which would override this"
            yield Problem(message, node.place, "leave one of them out")
    own = "surface" in path[1:]
    if layout == "files" or (path[0] in WALKED and not own):
        if layout == "overlay" and path[-1] in ("color", "marker"):
            yield Problem(
                f"{path[-1]} cannot be swept in an overlay: colors tell the values", place
            )
        return
    if layout == "grid" and path[0] == "surface":
        return
    pictures = "layout: files makes a picture of each"
    if path[0] == "surface" or own:
        message = f"an overlay has one surface, {key} makes it several"
        help = f"layout: grid has a cell for each, {pictures}" if not own else pictures
        yield Problem(message, place, help)
    else:
        kind = "an overlay" if layout == "overlay" else "a grid"
        yield Problem(f"{kind} is one picture, {key} makes it several", place, pictures)


def _along(root: YamlNode, path: KeyPath) -> Iterator[YamlNode]:
    """The node at a path, if there is one, and all that stand in it."""
    node = root
    for step in path:
        held = node.value
        inside = range(len(held)) if isinstance(held, list) else held
        if not isinstance(inside, dict | range) or step not in inside:
            return
        node = held[step]
    yield from nodes_in(node)


def nodes_in(node: YamlNode) -> Iterator[YamlNode]:
    """A node and all that stand in it."""
    yield node
    inner = node.value.values() if isinstance(node.value, dict) else node.value
    for held in inner if isinstance(node.value, dict | list) else ():
        yield from nodes_in(held)


def _wrong_values(key: str, node: YamlNode) -> Iterator[Problem]:
    if not isinstance(node.value, list):
        help = f"[{quoted(node.plain()).strip(chr(39))}]" if node.value is not None else "[…]"
        yield Problem(f"{key} needs a list of values, got {quoted(node.plain())}", node.place, help)
    elif not node.value:
        yield Problem(f"{key} has no values", node.place)
    else:
        met: set[str] = set()
        for item in node.value:
            # 1, 1.0 and true are equal to Python, and only two of them mean the same here.
            said = repr(_alike(item.plain()))
            if said in met:
                message = f"{quoted(item.plain())} stands among the values of {key} twice"
                yield Problem(message, item.place)
            met.add(said)


def _alike(value: Any) -> Any:
    if isinstance(value, dict):
        return sorted((key, _alike(held)) for key, held in value.items())
    if isinstance(value, list):
        return [_alike(held) for held in value]
    return float(value) if type(value) is int and abs(value) < 2**53 else value


def _fewer(layout: str) -> str:
    more = {"files": "layout: overlay shows up to 10,000 in one picture", "overlay": "",
            "grid": "fewer values, or layout: overlay"}  # fmt: skip
    return more[layout]
