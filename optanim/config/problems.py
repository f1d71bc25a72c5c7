"""What is wrong with a config, at its place in the file."""

from __future__ import annotations

from typing import Protocol

from pydantic import ValidationError

from optanim.config.yaml_nodes import YamlNode
from optanim.errors import OptionError, Problem

KeyPath = tuple[str | int, ...]


class Say(Protocol):
    """Called with what is wrong with the value at a path, or with its key."""

    def __call__(self, message: str, path: KeyPath, help: str = "", key: bool = False) -> None: ...


def explain(error: ValidationError, root: YamlNode) -> list[Problem]:
    """Every problem that validation found, each at the place of its path."""
    problems = []
    for found in error.errors(include_url=False):
        context = found.get("ctx", {})
        path = tuple(found["loc"])
        name = f"{spoken(path) or 'the config'} " if context.get("named") else ""
        place = root.find(path, key=bool(context.get("key")), span=context.get("span"))
        if found["type"] == "unknown_name":
            place = root.find((*path, "name"))
        problems.append(Problem(name + found["msg"], place, context.get("help", "")))
    return problems


def refused(error: ValueError, path: KeyPath, root: YamlNode) -> Problem:
    """What an entry at a path says of its options, at the place that it names."""
    if not isinstance(error, OptionError):
        return Problem(str(error), root.find(path))
    place = root.find((*path, *error.path), key=error.key, span=error.span)
    return Problem(str(error), place, error.help)


def spoken(path: KeyPath) -> str:
    """A path as people write it: optimizers[0].lr"""
    return "".join(f"[{p}]" if isinstance(p, int) else f".{p}" for p in path).removeprefix(".")
