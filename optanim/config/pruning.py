"""The rest of a config whose wrong parts are left out: it is searched for further mistakes.

The surface is the hardest part: start, panels and claims depend on it. A surface with a wrong
option is taken without the option, one with a wrong formula has the formula that the message
suggests, or one of the same axes. If nothing of it is known, what depends on it is not judged.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, is_dataclass, replace
from typing import Any

import numpy as np
from pydantic import ValidationError

from optanim.config.yaml_nodes import KeyPath, YamlNode
from optanim.errors import OptionError
from optanim.schema.choice import Choice
from optanim.schema.document import Document
from optanim.schema.validation import validate
from optanim.surfaces import Surface

MAX_PRUNINGS = 3
"""Number of times that keys with errors are left out, to look for further errors in the rest."""

MAX_REFUSALS = 20
"""Number of options that a surface may refuse, one after the other."""


@dataclass(frozen=True)
class Rest:
    """A config without its wrong parts.

    Attributes:
        root: its nodes.
        unknown: paths of surfaces of which nothing is known; there are others in their places.
        partial: paths of surfaces that have lost an option, or have another formula.
    """

    root: YamlNode
    unknown: frozenset[KeyPath] = frozenset()
    partial: frozenset[KeyPath] = frozenset()


def without_errors(root: YamlNode, error: ValidationError) -> Rest | None:
    """The config without the keys that have an error; None if the rest is no config."""
    if not isinstance(root.value, dict):
        return None
    details = error.errors(include_url=False)
    pruned, unknown, partial = root, set[KeyPath](), set[KeyPath]()
    for at in dict.fromkeys(filter(None, map(_surface_path, (item["loc"] for item in details)))):
        own = [item for item in details if tuple(item["loc"])[: len(at)] == at]
        node = root.get(at)
        if all(item["type"] == "extra_forbidden" for item in own):
            continue
        known = _partial_surface(node, at, own) if node else None
        (partial if known else unknown).add(at)
        place = node.place if node else root.place
        name = YamlNode(Choice("surfaces").names()[0], place)
        pruned = pruned.with_value(at, known or name, place)
    paths = [tuple(item["loc"]) for item in details]
    paths = [path for path in paths if _surface_path(path) not in unknown | partial]
    rest = _without_paths(root, pruned, paths)
    return Rest(rest, frozenset(unknown), frozenset(partial)) if rest else None


def _without_paths(root: YamlNode, rest: YamlNode | None, paths: list[KeyPath]) -> YamlNode | None:
    """A config without the keys at some paths; None if the rest is no config."""
    for _ in range(MAX_PRUNINGS):
        names = {str(path[0]) for path in paths if len(path) == 1}
        if rest is None or not isinstance(rest.value, dict) or not names <= rest.value.keys():
            return None
        # All at once: a file may have thousands of wrong keys.
        rest = rest.without(*names)
        for path in paths:
            if len(path) != 1:
                rest = rest and _pruned(rest, path)
        if rest is None or "surface" not in rest.value:
            return None
        lost = {"optimizer", "optimizers"} & root.value.keys() - rest.value.keys()
        rest = rest.without("claims", "panels", "layout") if lost else rest
        if any(path[0] == "map" for path in paths):
            # One key is no map, and its panel needs one.
            rest = rest.without("map", "panels")
        try:
            validate(rest.plain(), Document)
        except ValidationError as again:  # an entry that has lost its name, for example
            paths = [tuple(item["loc"]) for item in again.errors(include_url=False)]
        else:
            return rest
    return None


def _pruned(node: YamlNode, path: KeyPath) -> YamlNode | None:
    """A mapping without the key at a path; None if the whole node must go."""
    if not path or not isinstance(node.value, dict | list) or node.get(path[:1]) is None:
        return None
    inner = node.get(path[:1])
    kept = _pruned(inner, path[1:]) if inner else None
    if isinstance(node.value, dict):
        key = str(path[0])
        return node.without(key) if kept is None else replace(node, value={**node.value, key: kept})
    index = int(path[0])
    items = [*node.value[:index], kept, *node.value[index + 1 :]]
    return None if kept is None else replace(node, value=items)


def _surface_path(path: tuple[str | int, ...]) -> KeyPath:
    """The part of a path that leads to a surface; () if it leads elsewhere."""
    for at in (0, 1, 2):
        if path[at : at + 1] == ("surface",) and (
            at == 0 or path[0] in ("optimizer", "optimizers")
        ):
            return tuple(path[: at + 1])
    return ()


def _partial_surface(node: YamlNode, at: KeyPath, details: list[Any]) -> YamlNode | None:
    """A surface without its wrong options, or with a formula of the same axes; None if unknown."""
    if not isinstance(node.value, dict):
        return None
    wrong = {str(item["loc"][len(at)]) for item in details if len(item["loc"]) > len(at)}
    if not wrong or any(len(item["loc"]) == len(at) for item in details):
        return None
    if "params" in wrong:
        return None  # which names of the formula are axes follows from them
    rest = node.without(*wrong - {"expr"})
    if "expr" in wrong:
        help = next(str(item.get("ctx", {}).get("help", "")) for item in details)
        formula = _formula_like(node, help)
        rest = rest.with_value(("expr",), YamlNode(formula, node.place), node.place)
        if formula and help.removeprefix("write ") != formula:  # these are about another formula
            rest = rest.without("params", "minima", "domain")
    try:
        chosen = Choice("surfaces").choose(rest.plain())
    except (ValidationError, ValueError):
        return None
    # Whether a file can be read depends on each of its keys.
    is_fit = any(is_dataclass(option.type) for option in chosen.entry.options.values())
    return None if is_fit else rest


def _formula_like(node: YamlNode, help: str) -> str:
    """The formula that a help suggests, or one of the axes of a surface; "" if there is none.

    A suggestion may be a part of the formula. Then names are missing in it.
    """
    formula, axes = node.value.get("expr"), node.value.get("axes")
    written = formula.plain() if formula else ""
    suggestion = help.removeprefix("write ") if help.startswith("write ") else ""
    names = set(re.findall(r"[A-Za-z_]\w*(?![\w(])", str(written)))
    if suggestion and names <= set(re.findall(r"[A-Za-z_]\w*", suggestion)):
        return suggestion
    words = axes.plain() if axes else None
    if isinstance(words, list) and all(isinstance(word, str) for word in words):
        return " + ".join(f"{word}**2" for word in words)
    return ""


def refused_options(
    error: ValueError, function: Callable[..., Surface], options: Mapping[str, Any]
) -> tuple[list[ValueError], Surface | None]:
    """All errors of the options of a surface, and the surface without them; None if unknown.

    Args:
        error: the first error.
        function: makes the surface.
        options: its options.
    """
    errors = list[ValueError]()
    for _ in range(MAX_REFUSALS):
        errors += (error, *getattr(error, "others", ()))
        rest = _without_option(options, error) if isinstance(error, OptionError) else None
        if rest is None or rest == options:
            return errors, None
        options = rest
        try:
            return errors, with_a_minimum(function(**options))
        except ValueError as again:
            error = again
    return errors, None


def _without_option(options: Mapping[str, Any], error: OptionError) -> dict[str, Any] | None:
    """Options without the one that an error is about, or without its part; None if all must go."""
    name, *rest = map(str, error.path or ("",))
    value = options.get(name)
    if name not in options or isinstance(value, str) or is_dataclass(value):
        return None
    others = {key: other for key, other in options.items() if key != name}
    if rest and isinstance(value, dict):
        return {**others, name: {key: item for key, item in value.items() if key != rest[0]}}
    if rest and isinstance(value, tuple) and name == "minima":
        return {**others, name: tuple(item for i, item in enumerate(value) if str(i) != rest[0])}
    return others


def with_a_minimum(surface: Surface) -> Surface:
    """A surface that has lost options, for which no claim is wrong for lack of a minimum."""
    origin = tuple(map(float, np.zeros(surface.dimensions)))
    return replace(surface, minima=surface.minima or (origin,))


def surface_of_trials(root: YamlNode) -> YamlNode | None:
    """The surface of a config in which only the optimizers have surfaces: that of the first.

    None if the config has a surface, or an optimizer has none.
    """
    keys = root.value if isinstance(root.value, dict) else {}
    if "surface" in keys:
        return None
    optimizers = keys.get("optimizers") or keys.get("optimizer")
    nodes = optimizers.value if optimizers and isinstance(optimizers.value, list) else [optimizers]
    own = [node.get(("surface",)) if node else None for node in nodes]
    return own[0] if own and None not in own else None
