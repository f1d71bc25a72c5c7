"""`matrix:` in a config: keys with several values each, and their combinations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product
from math import prod
from typing import Any

from optanim.config.file_names import file_name_part, names_in, safe_name, short_names
from optanim.config.overrides import parse_path, set_value
from optanim.config.problems import MAX_KEYS, path_text
from optanim.config.value_range import expanded
from optanim.config.yaml_nodes import KeyPath, YamlNode
from optanim.errors import ConfigError, Place, Problem, quoted

MAX_COMBINATIONS = {"files": 1_000, "overlay": 10_000, "grid": 36}
"""Maximum number of combinations for each layout."""

TRIAL_KEYS = {"start", "steps", "stop", "seed", "noise", "optimizer", "optimizers"}
"""Keys that may differ between the trials of one picture."""


@dataclass(frozen=True)
class MatrixKey:
    """A key of a matrix and its values.

    Attributes:
        path: path of the key in the config.
        name: shortest end of the path that no other key has.
        place: place of the key in the matrix.
        values: nodes of its values, at least one.
    """

    path: KeyPath
    name: str
    place: Place
    values: tuple[YamlNode, ...]


@dataclass(frozen=True)
class Matrix:
    """A matrix that is checked.

    Attributes:
        layout: `files`, `overlay` or `grid`.
        keys: its keys; the first changes slowest.
        place: place of the matrix.
        root: the config without the matrix.
    """

    layout: str
    keys: tuple[MatrixKey, ...]
    place: Place
    root: YamlNode

    @property
    def count(self) -> int:
        """Number of combinations."""
        return prod(len(key.values) for key in self.keys)

    @cached_property
    def values(self) -> dict[str, list[Any]]:
        """The values of each key, by its path."""
        return {path_text(key.path): [v.plain() for v in key.values] for key in self.keys}

    def combinations(self) -> Iterator[tuple[YamlNode, ...]]:
        """Yield each combination: a value for each key. The first key changes slowest."""
        return product(*(key.values for key in self.keys))

    def config(self, values: Sequence[YamlNode]) -> YamlNode:
        """The config with one value for each key.

        Raises:
            ConfigError: a path leads into a value that has no keys.
        """
        root = self.root
        for key, value in zip(self.keys, values, strict=True):
            root = set_value(root, key.path, value, key.place)
        return root

    def name(self, config: str, values: Sequence[YamlNode]) -> str:
        """The name of a combination: that of the config, and all values."""
        return f"{config}-{_joined(self._texts(values))}"

    def placeholders(self, config: str, values: Sequence[YamlNode]) -> dict[str, str]:
        """The texts for names in the braces of `output`: each key, `values` for all, `config`.

        `config` is the name of the config and the values that `output` does not name itself, so
        that it has no value twice.
        """
        texts = self._texts(values)
        rest = {key.name: texts[key.name] for key in self.unnamed_keys}
        config = f"{config}-{_joined(rest)}" if rest else config
        return {"values": _joined(texts), "config": config} | texts

    @property
    def unnamed_keys(self) -> tuple[MatrixKey, ...]:
        """The keys whose values `output` does not name, neither alone nor with `{values}`."""
        node = self.root.value.get("output")
        named = names_in(str(node.value)) if node else set()
        return tuple(k for k in self.keys if k.name not in named and "values" not in named)

    def _texts(self, values: Sequence[YamlNode]) -> dict[str, str]:
        return {k.name: safe_name(v.plain()) for k, v in zip(self.keys, values, strict=True)}


def _joined(texts: Mapping[str, str]) -> str:
    return "-".join(file_name_part(*pair) for pair in texts.items())


def has_matrix(root: YamlNode) -> bool:
    """Whether a config has a matrix, with or without problems."""
    return isinstance(root.value, dict) and (
        "matrix" in root.value and root.value["matrix"].value is not None
    )


def matrix_of(root: YamlNode) -> Matrix | None:
    """The matrix of a config; None if it has none.

    Raises:
        ConfigError: all problems of the matrix.
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
    values = {key: expanded(node) for key, node in matrix.value.items()}
    matrix = replace(matrix, value=values)
    paths = {key: parse_path(key) for key in matrix.value}
    if len(paths) > MAX_KEYS:
        message = f"matrix must have at most {MAX_KEYS} keys, got {len(paths)}"
        problems.append(Problem(message, matrix.place))
    earlier: set[KeyPath] = set()
    for key, path in paths.items():
        if path and path in earlier:
            problems.append(Problem(f"{key} is swept twice", matrix.keys[key]))
        earlier.add(path)
        problems += _key_problems(rest, key, path, matrix.keys[key], layout, paths.values())
        problems += _value_problems(key, matrix.value[key])
    if not problems:
        problems += _count_problems(matrix, layout)
    if problems:
        raise ConfigError(problems)
    names = short_names(list(paths.values()))
    keys = tuple(
        MatrixKey(path, name, matrix.keys[key], tuple(matrix.value[key].value))
        for (key, path), name in zip(paths.items(), names, strict=True)
    )
    return Matrix(layout, keys, matrix.place, rest)


def _layout(root: YamlNode) -> tuple[str, YamlNode]:
    """The layout of the matrix of a config, and the config with the layout of one combination."""
    node = root.value.get("layout")
    layout = node.value if node else None
    if not isinstance(layout, str) or layout not in MAX_COMBINATIONS:
        # The layout is `row`, missing, or wrong; then the check of the document reports it.
        return "files", root
    return layout, root if layout == "grid" else root.without("layout")


def _count_problems(matrix: YamlNode, layout: str) -> Iterator[Problem]:
    """Yield a problem if there are too many combinations for the layout."""
    count, limit = prod(len(n.value) for n in matrix.value.values()), MAX_COMBINATIONS[layout]
    if count > limit:
        message = f"layout: {layout} allows {limit:,} combinations, the matrix has {count:,}"
        help = {
            "files": "layout: overlay shows up to 10,000 trials in one picture",
            "overlay": "",
            "grid": "use fewer values, or layout: overlay",
        }
        yield Problem(message, matrix.place, help[layout])


def _key_problems(
    root: YamlNode, key: str, path: KeyPath, place: Place, layout: str, others: Iterable[KeyPath]
) -> Iterator[Problem]:
    """Yield the problems of a key of a matrix.

    Args:
        root: the config without the matrix.
        key: the key as it is written.
        path: its path; empty if it is not a path.
        place: its place.
        layout: layout of the matrix.
        others: paths of all keys.
    """
    if not path:
        help = "a path as in --set: optimizer.lr, optimizers[0].lr, surface.b, start"
        yield Problem(f"{quoted(key)} is not the path of a key", place, help)
        return
    if any(other != path and other[: len(path)] == path for other in others):
        help = f"name them by {key}.name" if key in ("optimizer", "surface") else "keep one of them"
        yield Problem(f"{key} is swept, and so is a key inside it", place, help)
    if path[0] in ("matrix", "layout"):
        yield Problem(f"{path[0]} cannot be swept", place)
        return
    for node in _nodes_at(root, path):
        if node.place.source.startswith("--set "):
            message = f"{path_text(path)} is swept by the matrix, which would override this"
            yield Problem(message, node.place, "leave out one of them")
    yield from _layout_problems(key, path, place, layout)


def _layout_problems(key: str, path: KeyPath, place: Place, layout: str) -> Iterator[Problem]:
    """Yield the problem of a key that the layout of the matrix cannot show."""
    is_own_surface = "surface" in path[1:]
    if layout == "files" or (path[0] in TRIAL_KEYS and not is_own_surface):
        if layout == "overlay" and path[-1] in ("color", "marker"):
            message = f"{path[-1]} cannot be swept in an overlay: colors show the values"
            yield Problem(message, place)
        return
    if layout == "grid" and path[0] == "surface":
        return
    help = "layout: files makes a picture of each"
    if path[0] == "surface" or is_own_surface:
        message = f"an overlay has one surface: {key} cannot be swept"
        help = help if is_own_surface else f"layout: grid has a cell for each, {help}"
    else:
        kind = "an overlay" if layout == "overlay" else "a grid"
        message = f"{kind} is one picture: {key} cannot be swept"
    yield Problem(message, place, help)


def _nodes_at(root: YamlNode, path: KeyPath) -> Iterator[YamlNode]:
    """Yield the node at a path, if there is one, and all nodes inside it."""
    node = root
    for step in path:
        value = node.value
        steps = range(len(value)) if isinstance(value, list) else value
        if not isinstance(steps, dict | range) or step not in steps:
            return
        node = value[step]
    yield from nodes_in(node)


def nodes_in(node: YamlNode) -> Iterator[YamlNode]:
    """Yield a node and all nodes inside it."""
    yield node
    children = node.value.values() if isinstance(node.value, dict) else node.value
    for child in children if isinstance(node.value, dict | list) else ():
        yield from nodes_in(child)


def _value_problems(key: str, node: YamlNode) -> Iterator[Problem]:
    """Yield the problems of the values of a key."""
    if not isinstance(node.value, list):
        help = f"[{quoted(node.plain()).strip(chr(39))}]" if node.value is not None else "[…]"
        yield Problem(f"{key} needs a list of values, got {quoted(node.plain())}", node.place, help)
    elif not node.value:
        yield Problem(f"{key} has no values", node.place)
    else:
        earlier: set[str] = set()
        for item in node.value:
            # 1, 1.0 and true are equal in Python, but true is not the same value as 1 here.
            text = repr(_normalized(item.plain()))
            if text in earlier:
                message = f"{quoted(item.plain())} is twice in the values of {key}"
                yield Problem(message, item.place)
            earlier.add(text)


def _normalized(value: Any) -> Any:
    """A value in which equal numbers have one type, and mappings one order."""
    if isinstance(value, dict):
        return sorted((key, _normalized(item)) for key, item in value.items())
    if isinstance(value, list):
        return [_normalized(item) for item in value]
    return float(value) if type(value) is int and abs(value) < 2**53 else value
