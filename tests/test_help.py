"""The help: it fits a terminal, nothing in it is cut, and every command has its group."""

from __future__ import annotations

import inspect
import re
from collections.abc import Sequence
from dataclasses import fields

import pytest

from optanim.cli import app
from optanim.cli.options import RenderOptions
from optanim.schema.catalogue import catalogue
from tests.command import optanim_

COMMANDS = tuple(catalogue("commands"))


def help_of(*command: str, columns: int = 80) -> str:
    done = optanim_(*command, "--help", COLUMNS=str(columns))
    assert done.returncode == 0, done.stderr
    return done.stdout.decode()


@pytest.mark.parametrize("command", [(), *((name,) for name in COMMANDS)])
def test_the_help_fits_80_columns(command: Sequence[str]) -> None:
    lines = help_of(*command).splitlines()
    assert [line for line in lines if len(line) > 80] == []
    # Typer marks a summary that it has cut, and `configs...` an argument that may be repeated.
    assert [line for line in lines[1:] if re.search(r"\w\.\.\.$", line)] == []
    assert not re.search(r"<\w", "".join(lines))  # no Python type such as <list[str]>


@pytest.mark.parametrize("name", COMMANDS)
def test_the_summary_of_a_command_is_short(name: str) -> None:
    summary = (inspect.getdoc(catalogue("commands")[name].function) or "").split("\n\n")[0]
    assert summary.endswith(".") and "\n" not in summary and len(summary) < 60


@pytest.mark.parametrize("columns", [40, 80])
def test_the_help_has_every_summary_in_full_and_every_command_once(columns: int) -> None:
    text = help_of(columns=columns)
    words = " ".join(text.split())
    for name in COMMANDS:
        summary = (catalogue("commands")[name].function.__doc__ or "").split("\n")[0]
        assert words.count(f" {name} {summary}") == 1
    groups = [line.removesuffix(":") for line in text.splitlines() if re.match(r"\w.*:$", line)]
    assert groups == ["Options", *app.GROUPS]


def test_a_command_without_a_group_is_under_the_last_heading() -> None:
    groups = app.grouped(["sing", *COMMANDS, "dance"])
    assert [*groups] == [*app.GROUPS, app.OTHERS] and groups[app.OTHERS] == ["sing", "dance"]
    assert sum(map(len, groups.values())) == len(COMMANDS) + 2


def test_three_commands_have_the_same_options_for_rendering() -> None:
    names = [field.name for field in fields(RenderOptions)]
    for name in ("render", "batch", "sweep"):
        parameters = inspect.signature(catalogue("commands")[name].function).parameters
        assert [*parameters][-len(names) :] == names and "options" not in parameters
