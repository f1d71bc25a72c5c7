"""Problems of a config, at their places in the file."""

from __future__ import annotations

from typing import Protocol

from pydantic import ValidationError

from optanim.config.yaml_nodes import YamlNode
from optanim.errors import OptionError, Problem

KeyPath = tuple[str | int, ...]
"""The keys and indices from the top of a config to a value."""


class Report(Protocol):
    """A callback for a problem of the value at a path; with `key`, of the key at the path."""

    def __call__(self, message: str, path: KeyPath, help: str = "", key: bool = False) -> None: ...


def validation_problems(error: ValidationError, root: YamlNode) -> list[Problem]:
    """The problems of a validation, each at its place."""
    problems = []
    for detail in error.errors(include_url=False):
        context = detail.get("ctx", {})
        path = tuple(detail["loc"])
        name = f"{path_text(path) or 'the config'} " if context.get("named") else ""
        place = root.find(path, key=bool(context.get("key")), span=context.get("span"))
        if detail["type"] == "unknown_name":
            place = root.find((*path, "name"))
        problems.append(Problem(name + detail["msg"], place, context.get("help", "")))
    return problems


def option_problem(error: ValueError, path: KeyPath, root: YamlNode) -> Problem:
    """The problem of an entry at a path that refused its options, at the place of the option."""
    if not isinstance(error, OptionError):
        return Problem(str(error), root.find(path))
    place = root.find((*path, *error.path), key=error.key, span=error.span)
    return Problem(str(error), place, error.help)


def path_text(path: KeyPath) -> str:
    """A path as `--set` has it: optimizers[0].lr"""
    return "".join(f"[{p}]" if isinstance(p, int) else f".{p}" for p in path).removeprefix(".")
