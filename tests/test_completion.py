"""Completion as shells ask for it: at every press of the tab key, the program itself."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from unittest.mock import patch

import pytest

from optanim.cli import app as cli
from optanim.cli.commands.list import KINDS
from optanim.cli.completion import assignments, config_files, rejoin
from optanim.schema.animation import Animation
from optanim.schema.catalogue import catalogue
from optanim.schema.document import Document
from optanim.schema.validation import options_of
from optanim.schema.view import Camera
from optanim.schema.warm_up import WarmUp
from tests.needs import uses_bash

PROGRAM = "import sys; sys.argv[0] = 'optanim'; from optanim.cli.app import main; main()"

ADA = [name for name in catalogue("optimizers") if name.startswith("ada")]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "configs" / "more").mkdir(parents=True)
    (tmp_path / "race.yaml").write_text(
        "extends: configs/base.yaml\noptimizers: [gd, {name: adam, lr: {name: cosine}}]\n"
    )
    (tmp_path / "configs" / "base.yaml").write_text("surface: {expr: x**2, params: {}}\nstart: 1\n")
    (tmp_path / "configs" / "one.yml").write_text("surface: beale\noptimizer: {name: gd}\n")
    (tmp_path / "notes.txt").touch()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def asked(folder: Path, *words: str, shell: str = "bash", joined: str = "\n") -> list[str]:
    """What the program answers to a shell whose line ends in the last word."""
    # zsh and fish hand over the line as it is; in it, nothing follows a blank at the end.
    line = {"COMP_WORDS": joined.join(words), "COMP_CWORD": str(len(words) - 1)}
    line = line if shell == "bash" else {"_TYPER_COMPLETE_ARGS": " ".join(words)}
    env = os.environ | line | {"_OPTANIM_COMPLETE": f"complete_{shell}"}
    env |= {"_TYPER_COMPLETE_FISH_ACTION": "get-args"}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], cwd=folder, env=env, capture_output=True, text=True
    )
    assert done.stderr == ""
    return done.stdout.split("\n")[:-1] if done.stdout.strip() else []


def answered(folder: Path, *words: str, shell: str = "bash", joined: str = "\n") -> list[str]:
    """The same, by `main` in this process, whose start takes longer than the answer."""
    line = {"COMP_WORDS": joined.join(words), "COMP_CWORD": str(len(words) - 1)}
    line = line if shell == "bash" else {"_TYPER_COMPLETE_ARGS": " ".join(words)}
    line |= {"_OPTANIM_COMPLETE": f"complete_{shell}", "_TYPER_COMPLETE_FISH_ACTION": "get-args"}
    out, err = io.StringIO(), io.StringIO()
    with (
        patch.dict(os.environ, line),
        patch.object(sys, "argv", ["optanim"]),
        patch.object(sys.modules["__main__"], "__package__", ""),  # else Click says `-m pytest`
        patch.object(cli, "_open_standard_streams"),
        patch.object(cli, "stop_on_signals"),
        patch.object(cli.app, "registered_commands", []),
        patch("gc.freeze"),
        patch("gc.set_threshold"),
        redirect_stdout(out),
        redirect_stderr(err),
        pytest.raises(SystemExit),
    ):
        cli.main()
    assert err.getvalue() == ""
    return out.getvalue().split("\n")[:-1] if out.getvalue().strip() else []


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        (("optanim", "em"), ["embed"]),
        (("optanim", "render", ""), ["race.yaml", "configs/"]),
        (("optanim", "show", "ada"), ADA),
        (("optanim", "show", "rac"), ["race.yaml"]),
        (("optanim", "list", ""), [*KINDS]),
        (("optanim", "init", "--template", "r"), ["race", "regression"]),
        (("optanim", "check", "--format", ""), ["human", "short", "json", "github"]),
        (("optanim", "check", "--format", "=", "js"), ["json"]),
        (("optanim", "embed", "--format", "m"), ["markdown", "mdx"]),
        (("optanim", "embed", "--lang", ""), [*catalogue("languages")]),
        (("optanim", "render", "--frame", "l"), ["last"]),
        (("optanim", "render", "-o", ""), []),  # any file: bash completes it
        (("optanim", "embed", "race.yaml", "-s", "figure.theme", "=", "d"), ["dark"]),
        (("optanim", "render", "race.yaml", "--set", "=", "view.scale", "="),
         ["linear", "log", "sqrt"]),
    ],
)  # fmt: skip
def test_bash_is_answered(words: tuple[str, ...], answer: list[str], folder: Path) -> None:
    assert answered(folder, *words) == answer


def test_a_process_of_its_own_answers_the_same(folder: Path) -> None:
    assert asked(folder, "optanim", "show", "ada") == ADA


def test_other_shells_are_answered(folder: Path) -> None:
    line = ("optanim", "render", "race.yaml", "-s", "figure.theme=d")
    assert answered(folder, *line, shell="fish") == ["figure.theme=dark"]
    assert "figure.theme=dark" in answered(folder, *line, shell="zsh")[0]
    assert answered(folder, *line, joined=" ") == [
        "figure.theme=dark"
    ]  # a bash that splits nothing


@uses_bash
def test_the_script_works_in_bash(folder: Path) -> None:
    program = folder / "bin" / "optanim"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -c "{PROGRAM}" "$@"\n')
    program.chmod(0o755)
    script = (
        'eval "$(_OPTANIM_COMPLETE=source_bash optanim)"\n'
        "COMP_WORDS=(optanim render race.yaml -s layout = g); COMP_CWORD=6\n"
        '_optanim_completion optanim; echo "${COMPREPLY[*]}"; complete -p optanim\n'
    )
    env = os.environ | {"PATH": f"{program.parent}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(
        ["bash", "--norc", "-c", script], cwd=folder, env=env, capture_output=True, text=True
    )
    assert done.stdout.split("\n")[:2] == [
        "grid", "complete -o default -F _optanim_completion optanim"
    ], done.stderr  # fmt: skip


def keys(line: str, typed: str, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setenv("COMP_WORDS", line)
    return assignments(typed)


def test_the_keys_of_set_are_those_of_the_config(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def of(typed: str, line: str = "optanim render race.yaml -s") -> list[str]:
        return keys(line, typed, monkeypatch)

    assert {key.rstrip("=.") for key in of("")} == {*options_of(Document)} | {
        "optimizers[0]", "optimizers[1]"
    }  # fmt: skip
    assert of("optimizers[1].l") == [
        "optimizers[1].lr=", "optimizers[1].lr.", "optimizers[1].label="
    ]  # fmt: skip
    assert of("optimizers[1].lr.") == [
        f"optimizers[1].lr.{key}="
        for key in (*catalogue("schedules")["cosine"].options, *options_of(WarmUp))
    ]
    assert of("optimizers[0].lr.") == [] and of("optimizers[2]") == []
    # the surface is that of the base
    assert of("surface.p") == ["surface.params=", "surface.params={}"]
    one = "optanim render configs/one.yml -s"
    assert of("surface.", one) == [] and of("optimizer.m", one) == [
        "optimizer.marker=", *(f"optimizer.marker={mark}" for mark in "os^DvPXh")
    ]  # fmt: skip


def test_without_a_config_the_keys_are_those_of_all_entries(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for line in ("optanim render -s", "optanim render notes.yaml -s", "optanim 'render -s"):
        found = keys(line, "optimizer.", monkeypatch)
        options = {o for entry in catalogue("optimizers").values() for o in entry.options}
        assert {f"optimizer.{option}=" for option in options} <= {*found}
        assert keys(line, "surface.b", monkeypatch) == ["surface.b=", "surface.batch_size="]


def test_keys_come_by_segments_and_values_where_they_are_words(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def of(typed: str) -> list[str]:
        return keys("optanim render race.yaml -s", typed, monkeypatch)

    assert of("animat") == [f"animation.{name}=" for name in options_of(Animation)]
    assert {"view.contours=", "view.camera."} <= {*of("view.c")}
    assert of("view.camera") == [f"view.camera.{name}=" for name in options_of(Camera)]
    # two words, so that no shell puts a blank behind the first
    assert of("animation.fp") == ["animation.fps=", "animation.fps=20.0"]
    assert of("view.lev") == ["view.levels=", "view.levels=null"]
    assert of("animation.tr") == ["animation.trail=", "animation.trail=all", "animation.trail=none"]
    assert of("view.minimum=") == ["view.minimum=true", "view.minimum=false"]
    assert of("layout=g") == ["layout=grid"] and of("view.levels=") == [] and of("no=") == []
    assert of("optimizer=ada") == [f"optimizer={name}" for name in ADA]


def test_configs_are_completed_with_their_folders(folder: Path) -> None:
    assert config_files("") == ["race.yaml", "configs/"]
    assert config_files("con") == [
        "configs/", "configs/base.yaml", "configs/one.yml", "configs/more/"
    ]  # fmt: skip
    assert config_files("configs/o") == ["configs/one.yml"]
    assert config_files(f"{folder}/ra") == [f"{folder}/race.yaml"]
    assert config_files("nothing/") == [] and config_files("notes") == []


@pytest.mark.parametrize(
    ("words", "kept", "key"),
    [
        (["optanim", "render", "a.yaml"], None, None),
        (["optanim", "render", "-s", "a", "=", "b"], ["optanim", "render", "-s", "b"], "a"),
        (["optanim", "render", "-s", "a", "="], ["optanim", "render", "-s", ""], "a"),
        (["optanim", "--x", "=", "-s", "a", "=", ""], ["optanim", "--x", "-s", ""], "a"),
        (["optanim", "check", "--format", "="], ["optanim", "check", "--format", ""], None),
        (["optanim", "-s", "a", "=", "b", "c"], None, None),
        (["optanim", "="], ["optanim", ""], None),
        ([""], None, None),
    ],
)
def test_what_bash_has_split_is_joined(
    words: list[str], kept: list[str] | None, key: str | None
) -> None:
    line = {"COMP_WORDS": "\n".join(words), "COMP_CWORD": str(len(words) - 1)}
    environ = {**line, "_OPTANIM_COMPLETE": "complete_bash"}
    before = dict(environ)
    rejoin(environ)
    if kept is None:
        assert environ == before
    else:
        assert environ["COMP_WORDS"].split("\n") == kept and environ.get("_OPTANIM_KEY") == key
        assert int(environ["COMP_CWORD"]) == len(kept) - 1
    other = {**line, "_OPTANIM_COMPLETE": "complete_zsh"}
    rejoin(other)
    assert other == {**line, "_OPTANIM_COMPLETE": "complete_zsh"}


@pytest.mark.parametrize("words", [["optanim", "show", ""], ["optanim", "render", "-s", ""]])
def test_the_tab_key_waits_for_no_picture(words: list[str], folder: Path) -> None:
    code = f"import atexit, sys\natexit.register(lambda: print('LOADED', *sys.modules))\n{PROGRAM}"
    env = os.environ | {"COMP_WORDS": "\n".join(words), "COMP_CWORD": str(len(words) - 1)}
    env |= {"_OPTANIM_COMPLETE": "complete_bash"}
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True)
    loaded = done.stdout.split("LOADED")[1].split()
    assert "optanim.cli.completion" in loaded and not {*loaded} & {"matplotlib", "sympy", "PIL"}


def test_lists_of_names_and_the_keys_of_a_sweep() -> None:
    from optanim.cli.completion import comma_list_of

    assert comma_list_of("optimizers")("gd,ada") == [f"gd,{name}" for name in ADA]
    names = comma_list_of("optimizers")("a")
    assert names[0] == "all" and {*ADA} < {*names}
    assert comma_list_of("surfaces")("beale,boo") == ["beale,booth"]
