"""Problems of a config, at their places in the file."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from pydantic import ValidationError

from optanim.config.lost_indent import lost_indents
from optanim.config.misplaced_values import other_key_for, value_before_comma
from optanim.config.unknown_keys import help_for_key
from optanim.config.yaml_nodes import KeyPath, YamlNode
from optanim.errors import MAX_PROBLEMS, OptionError, Problem
from optanim.schema.readings import flow

NOT_SWEPT = ("matrix", "layout", "claims")
"""Keys that a matrix cannot have."""

MAX_KEYS = 4
"""Number of keys that a matrix can have."""


class Report(Protocol):
    """A callback for a problem of the value at a path; with `key`, of the key at the path."""

    def __call__(self, message: str, path: KeyPath, help: str = "", key: bool = False) -> None: ...


def validation_problems(
    error: ValidationError, root: YamlNode, swept: Mapping[str, Any] | None = None
) -> list[Problem]:
    """The problems of a validation, each at its place.

    Args:
        error: of a config.
        root: nodes of the config.
        swept: the values of each key of its matrix, which the nodes do not have.
    """
    details = error.errors(include_url=False)
    unknown = [tuple(detail["loc"]) for detail in details if "known" in detail.get("ctx", {})]
    problems, explained = list[Problem](), set[KeyPath]()
    for problem, paths in lost_indents(root, unknown):
        problems.append(problem)
        explained |= paths
    details = [detail for detail in details if tuple(detail["loc"]) not in explained]
    sweeps = {
        path_text(detail["loc"]): detail["ctx"]["sweep"]
        for detail in details
        if "sweep" in detail.get("ctx", {}) and detail["loc"][0] not in NOT_SWEPT
    }
    cut = {(*path[:-1], whole[0]) for path in unknown if (whole := value_before_comma(path, root))}
    helps = list[str]()
    for detail in details:
        if "known" in (context := detail.get("ctx", {})):
            path = tuple(detail["loc"])
            # More problems are not shown, and each help takes a millisecond.
            searched = len(helps) < MAX_PROBLEMS
            arguments = (path, context["known"], context["owner"], root)
            helps.append(help_for_key(*arguments) if searched else "")
    answers = iter(helps)
    for detail in details:
        context = detail.get("ctx", {})
        path = tuple(detail["loc"])
        if _is_answered(detail, helps):
            continue
        if path in cut:
            continue  # the message about the rest of the number has the whole of it
        name = f"{path_text(path) or 'the config'} " if context.get("named") else ""
        place = root.find(path, key=bool(context.get("key")), span=context.get("span"))
        help = context.get("help", "")
        if "known" in context:
            help = next(answers)
        elif "sweep" in context:
            help = _sweep_help(path, context["sweep"], sweeps, swept or {})
        elif detail["type"] == "model_type" and len(problems) < MAX_PROBLEMS:
            help = other_key_for(path, detail["input"]) or help
        if detail["type"] == "unknown_name":
            place = root.find((*path, "name"))
        problems.append(Problem(name + detail["msg"], place, help))
    return problems


def _sweep_help(
    path: KeyPath, values: list[Any], sweeps: Mapping[str, Any], swept: Mapping[str, Any]
) -> str:
    """The help for a list of values where one is expected.

    Args:
        path: the path of the list.
        values: its items.
        sweeps: all such lists of the config by their paths: a config has one matrix.
        swept: the matrix that the config has.
    """
    text = f"write {path[-1]}: {flow(values[0])}"
    if path_text(path) not in sweeps:
        return text
    matrix = {**swept, **sweeps}
    if len(matrix) > MAX_KEYS:
        return text
    verb = "write" if swept else "add"
    return f"{text}; for a figure of each value, {verb} matrix: {flow(matrix)}"


def _is_answered(detail: Any, helps: list[str]) -> bool:
    """Whether a missing key is in the help for a key that is unknown where it stands."""
    name = detail["loc"][-1] if detail["loc"] else ""
    return detail["type"] == "missing" and _is_named(str(name), helps)


def independent(
    further: Sequence[Problem], problems: Sequence[Problem], error: ValidationError, root: YamlNode
) -> list[Problem]:
    """The problems of a config without its wrong parts that do not follow from leaving these out.

    Args:
        further: the problems of the rest.
        problems: those of the wrong parts.
        error: names the wrong parts.
        root: nodes of the whole config.
    """
    helps = [problem.help for problem in problems]
    # Without its wrong key, a mapping may lack an option: the problem of the key says enough.
    wrong = [tuple(item["loc"]) for item in error.errors(include_url=False)]
    parents = {path[:-1] for path in wrong}
    # A list with a wrong item is left out as a whole.
    parents |= {path[:-2] for path in wrong if path and isinstance(path[-1], int)}
    places = {root.find(path) for path in parents if path}
    return [
        problem for problem in further
        if problem.place not in places and not _is_lost(problem, root, helps)
    ]  # fmt: skip


def _is_lost(problem: Problem, root: YamlNode, helps: Sequence[str]) -> bool:
    """Whether a config lacks a key only because it is left out, or is written in a help."""
    if problem.place != root.place:
        return False
    missing = re.match(r"'(\w+)' is missing", problem.message)
    keys = (missing[1], f"{missing[1]}s") if missing else ()
    return not missing or any(key in root.value or _is_named(key, helps) for key in keys)


def _is_named(key: str, helps: Sequence[str]) -> bool:
    return any(re.search(rf"(?<![\w.]){key}: |(it is called|did you mean) '{key}'", help)
               for help in helps)  # fmt: skip


def option_problem(error: ValueError, path: KeyPath, root: YamlNode) -> Problem:
    """The problem of an entry at a path that refused its options, at the place of the option."""
    if not isinstance(error, OptionError):
        return Problem(str(error), root.find(path))
    place = root.find((*path, *error.path), key=error.key, span=error.span)
    return Problem(str(error), place, error.help, error.quotes)


def path_text(path: KeyPath) -> str:
    """A path as `--set` has it: optimizers[0].lr"""
    return "".join(f"[{p}]" if isinstance(p, int) else f".{p}" for p in path).removeprefix(".")
