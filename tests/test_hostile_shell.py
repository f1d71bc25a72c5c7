"""Completion in folders of others: no name of a file is ever run, no config stops the tab key."""

from __future__ import annotations

import os
import select
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
import typer

from optanim.cli.app import _add_commands, app
from optanim.cli.completion import (
    assignments,
    comma_list_of,
    config_files,
    is_safe,
    one_of,
    plain_help,
)
from tests.needs import uses_bash, uses_posix, uses_zsh
from tests.test_completion import PROGRAM, asked

HOSTILE = [
    "$(touch HIT)", "\\$(touch HIT)", "\\\\$(touch HIT)", "`touch HIT`", "\\`touch HIT`", "$HOME",
    "${HOME}", "$'x'", ";touch HIT;", "|touch HIT", "&touch HIT&", "&&x", ">HIT", "<HIT", "<(x)",
    "(x)", "a\nb", "a\tb", "a\rb", "a b", "*", "?", "[ab]", "a[0]", "!", "!!", "{a,b}", "{}", "a~b",
    "#a", "^a^b", "'", '"', "''", "a'b", 'a"b', "\\", "a\\", "a:b", "a\\:b", "\x1b[2J", "\x07",
    "\x7f", "\x9b2J", "\u202eb", "\u2066b", "\u200b", "\u2028", "\u00a0", "\udcff",
]  # fmt: skip
LEADING = ["-rf", "--output=x", "~", "~root", "=ls", "-"]
HONEST = ["a", "a-b", "a_b.c", "v1.0+2", "a=b", "a,b", "100%", "me@home", "한글", "été", "e\u0301"]


def made(folder: Path, name: str, is_folder: bool = False) -> None:
    try:
        (folder / name).mkdir() if is_folder else (folder / name).touch()
    except (OSError, ValueError):
        pytest.skip("this system has no such names")


@pytest.mark.parametrize("name", HOSTILE + LEADING, ids=ascii)
def test_a_hostile_name_is_not_offered(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert not is_safe(name) and one_of(lambda: [name, "ok"])("") == ["ok"]
    made(tmp_path, f"{name}.yaml")
    made(tmp_path, f"{name}.d", is_folder=True)
    made(tmp_path, "ok.yaml")
    assert config_files("") == ["ok.yaml"] and config_files(name) == []


@pytest.mark.parametrize("name", HOSTILE, ids=ascii)
def test_a_hostile_word_on_the_line_is_not_offered_again(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    made(tmp_path, f"x{name}", is_folder=True)
    (tmp_path / f"x{name}" / "ok.yaml").touch()
    assert config_files(f"x{name}/") == config_files("x") == []
    assert comma_list_of("optimizers")(f"x{name},g") == []
    assert assignments(f"view.{name}=") == assignments(f"{name}=") == []


@pytest.mark.parametrize("name", HONEST, ids=ascii)
def test_an_honest_name_is_offered(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    made(tmp_path, f"{name}.yaml")
    assert len(config_files("")) == 1 and is_safe(name)
    for start in ("./-", "./="):  # after a folder, it is neither an option nor a program
        assert is_safe(start + name)


def test_letters_that_the_terminal_cannot_code_are_not_offered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made(tmp_path, "한글.yaml")
    made(tmp_path, "ok.yaml")
    monkeypatch.setenv("PYTHONIOENCODING", "shift_jis")
    assert asked(tmp_path, "optanim", "render", "") == ["ok.yaml"]


def test_no_parameter_offers_what_was_typed() -> None:
    if not app.registered_commands:
        _add_commands()
    group = typer.main.get_command(app)
    for name, command in group.commands.items():  # type: ignore[attr-defined]
        context = typer.Context(command, info_name=name)
        for parameter in command.params:
            for word in ("\\$(touch HIT)", "`x`", ";x"):
                assert parameter.shell_complete(context, word) == [], (name, parameter.name)


@pytest.mark.parametrize(
    "text",
    ["\\$(touch HIT)", "\\`touch HIT`", "'$(touch HIT)'", '"; touch HIT"', "[/bold]", "a\x1b[2Jb"],
)
def test_help_texts_are_not_evaluated(text: str) -> None:
    assert not {*plain_help(text)} & {*"\\$`\"'[]\x1b"}
    if not app.registered_commands:
        _add_commands()
    group = typer.main.get_command(app)
    for command in group.commands.values():  # type: ignore[attr-defined]
        command.short_help = text
    context = typer.Context(group, info_name="optanim")
    assert {item.help for item in group.shell_complete(context, "")} == {plain_help(text)}


@uses_posix
@pytest.mark.parametrize(
    "text",
    ["FIFO", "HUGE", "LINK", "extends: b.yaml", "extends: [a.yaml]", "a: &a [*a]", "[" * 5000,
     "extends: pipe.yaml", "extends: /dev/zero", "extends: '\\0'", 'extends: "\\0"', "surface: 5",
     "optimizers: {a: 1}", "optimizers: [[1]]", "surface: {name: [1]}", "\x00", "\udcff",
     "? {a: b}"],
    ids=ascii,
)  # fmt: skip
def test_a_hostile_config_stops_no_tab_key(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "a.yaml"
    os.mkfifo(tmp_path / "pipe.yaml")
    if text == "FIFO":
        os.mkfifo(file)
    elif text == "LINK":
        file.symlink_to("a.yaml")
    else:
        file.write_bytes(text.encode(errors="surrogateescape"))
    if text == "HUGE":
        os.truncate(file, 40_000_000_000)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COMP_WORDS", "optanim render a.yaml -s")
    assert "figure.theme=dark" in assignments("figure.theme=")
    assert all(is_safe(word.replace("[0]", "")) for word in assignments("opt"))
    assert capfd.readouterr().err == ""


NAMES = [
    "a$(touch HIT).yaml", "b\\$(touch HIT).yaml", "c;touch HIT;.yaml", "d`touch HIT`.yaml",
    "e\\`touch HIT`.yaml", "f|touch HIT|.yaml", "ok.yaml",
]  # fmt: skip
STUB = """#!/bin/sh
if [ -n "$_OPTANIM_COMPLETE" ]; then exec "{python}" -c "{program}" "$@"; fi
printf '%s\\n' "$2" >>"{log}"
"""


def run_in_terminal(
    shell: list[str], setup: str, folder: Path, names: Sequence[str] = NAMES
) -> list[str]:
    """The names that `optanim render` gets when the first letter, tab and Enter are pressed."""
    import pty

    (folder / "work").mkdir()
    for name in NAMES:
        (folder / "work" / name).touch()
    (folder / "bin").mkdir()
    log, program = folder / "log", folder / "bin" / "optanim"
    log.touch()
    program.write_text(STUB.format(python=sys.executable, program=PROGRAM, log=log))
    program.chmod(0o755)
    (folder / "setup").write_text(setup)
    environ = os.environ | {"PATH": f"{program.parent}{os.pathsep}{os.environ['PATH']}"}
    environ |= {"HOME": str(folder), "ZDOTDIR": str(folder), "TERM": "dumb", "LC_ALL": "C.UTF-8"}
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(folder / "work")
        os.execvpe(shell[0], shell, environ)

    def until(done: Callable[[bytes], bool]) -> None:
        seen, end = b"", time.monotonic() + 30
        while not done(seen):
            assert time.monotonic() < end, seen[-2000:]
            if select.select([terminal], [], [], 0.05)[0]:
                seen += os.read(terminal, 65536)

    def has_run(count: int) -> Callable[[bytes], bool]:
        return lambda seen: b"READY>" in seen and len(log.read_text().splitlines()) == count

    try:
        os.write(terminal, f". {folder}/setup; PS1='REA''DY>'\r".encode())
        until(has_run(0))
        for count, name in enumerate(names, 1):
            os.write(terminal, f"optanim render {name[0]}\t\r".encode())
            until(has_run(count))
    finally:
        os.kill(child, 9)
        os.waitpid(child, 0)
        os.close(terminal)
    assert not (folder / "work" / "HIT").exists()
    return log.read_text().splitlines()


@uses_bash
def test_bash_runs_no_file_name(tmp_path: Path) -> None:
    setup = 'eval "$(_OPTANIM_COMPLETE=source_bash optanim)"'
    assert run_in_terminal(["bash", "--norc", "--noprofile", "-i"], setup, tmp_path) == NAMES


@uses_zsh
def test_zsh_runs_no_file_name(tmp_path: Path) -> None:
    setup = (
        "autoload -Uz compinit; compinit -u -D; _OPTANIM_COMPLETE=source_zsh optanim >~/script\n"
        "source ~/script"
    )
    assert run_in_terminal(["zsh", "-f", "-i"], setup, tmp_path) == NAMES


@uses_zsh
def test_the_first_tab_of_a_session_of_zsh_completes(tmp_path: Path) -> None:
    """As `--install-completion` sets it up: the script is in a folder of `fpath`."""
    setup = (
        "mkdir ~/.zfunc; _OPTANIM_COMPLETE=source_zsh optanim | sed 1d >~/.zfunc/_optanim\n"
        "fpath=(~/.zfunc $fpath); autoload -Uz compinit; compinit -u -D"
    )
    names = NAMES[:2]
    assert run_in_terminal(["zsh", "-f", "-i"], setup, tmp_path, names) == names
