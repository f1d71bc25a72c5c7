"""Make rules as GNU make reads them."""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import optanim
from optanim.errors import ConfigError
from optanim.pipeline.make_rules import make_rules
from tests.command import optanim_
from tests.needs import uses_make

CONFIG = "surface: quadratic\nstart: [-4, 3]\noptimizer: gd\nsteps: 2\nformats: [gif, png]\n"
DATA = "surface: {{regression: {{data: '{}', model: w*x}}}}\nstart: 1\noptimizer: gd\nsteps: 2\n"

# Stands for optanim: makes both files of the last argument, and notes it.
STUB = """#!/bin/sh
for config; do :; done
stem=$(basename -- "$config" .yaml)
: > "./$stem.gif"; : > "./$stem.png"
printf '%s\\n' "$*" >> log
"""


class Folder:
    """A folder in which make builds configs of such names with a command that only makes files."""

    def __init__(self, path: Path, names: Iterable[str]) -> None:
        self.path, self.names = path, list(names)
        path.joinpath("stub").write_text(STUB)
        path.joinpath("stub").chmod(0o755)
        for name in self.names:
            path.joinpath(f"{name}.yaml").write_text(CONFIG)

    def rules(self) -> str:
        here = Path.cwd()
        os.chdir(self.path)
        try:
            runs = [optanim.load(f"{name}.yaml", output="{config}.gif") for name in self.names]
            return make_rules(runs, output="{config}.gif")
        finally:
            os.chdir(here)

    def make(self, *arguments: str) -> list[str]:
        """What was rendered by it."""
        log = self.path / "log"
        log.unlink(missing_ok=True)
        done = subprocess.run(
            ["make", "-f", "rules.mk", "OPTANIM=./stub", *arguments], cwd=self.path,
            capture_output=True,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr.decode()
        return sorted(log.read_text("utf-8").splitlines()) if log.exists() else []

    def files(self) -> set[str]:
        return {path.name for path in self.path.iterdir()} - {"log"}


def saved(file: Path) -> None:
    """As if of all the files here this had been saved last, a minute ago."""
    now = time.time()
    for path in file.parent.iterdir():
        os.utime(path, (now - 120, now - 120))
    os.utime(file, (now - 60, now - 60))


LETTERS = st.sampled_from(" #$:%\\=;&|*?[]~-'\"(){}!,<>`\t@^+ab한é.")
NAMES = st.text(LETTERS, min_size=1, max_size=7).filter(lambda name: name.strip("."))


@uses_make
@settings(max_examples=60)
@given(st.lists(NAMES, min_size=1, max_size=4, unique=True))
@example(["$(shell touch pwned)", "a;touch pwned", "a`touch pwned`", "'; touch pwned; '"])
@example(["a b", "a", "b", "경사 하강법"])
@example(["[ab]", "a", "b", "?"])
@example(["a=b", "a:=b", "=", "a\\ b"])
@example(["~", "~root", "-f", "--"])
@example(["a%b", "%", "a\\%", "\\:\\;"])
@example(["a|b", "|", "&", "a&"])
@example(["a\tb", " a", "a ", "\t"])
@example(["a#b", "a\\#b", "a\\\\#", "#"])
@example(["*\\", "\\*", "a\\b*;", "x[1] y"])
def test_make_takes_every_name_as_it_is(names: list[str]) -> None:
    with tempfile.TemporaryDirectory() as path:
        folder = Folder(Path(path), names)
        try:
            text = folder.rules()
        except ConfigError as error:
            assert "'%' beside" in str(error)
            assert any("%" in name and re.search(r"[*?[]|^~", name) for name in names)
            return
        folder.path.joinpath("rules.mk").write_text(
            f"all:\n{text}\nall: $(OPTANIM_OUTPUTS)\n"
            "clean: ; rm -f -- $(OPTANIM_QUOTED)\n.PHONY: all clean\n",
            "utf-8",
        )
        before = folder.files()
        made = {f"{name}{suffix}" for name in names for suffix in (".gif", ".png")}
        said = sorted(
            f"render -q -o {{config}}.gif {'-- ' * name.startswith('-')}{name}.yaml"
            for name in names
        )
        assert folder.make() == said
        assert folder.files() == before | made
        assert folder.make() == []
        saved(folder.path / f"{names[0]}.yaml")
        (again,) = folder.make("-j2")
        assert again.endswith(f" {names[0]}.yaml")
        assert folder.make() == []
        folder.make("clean")
        assert folder.files() == before


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("a\nb.yaml", "contains a control character"),
        ("a\x01.yaml", "contains a control character"),
        ("a\\", "ends in a backslash"),
        ("a(b)", "ends in ')'"),
        ("50%*.yaml", "has a '%' beside '*'"),
        (".PHONY", "is a special target of make"),
    ],
)
def test_a_name_that_no_rule_can_hold(name: str, message: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(CONFIG)
    done = optanim_("deps", name, "-o", "a.gif", cwd=tmp_path)
    assert done.returncode == 2 and done.stdout == b""
    assert message in done.stderr.decode() and b"Traceback" not in done.stderr


def test_rules_say_it_plainly(tmp_path: Path) -> None:
    figures = tmp_path / "figures"
    figures.mkdir()
    (figures / "a.yaml").write_text(CONFIG)
    (figures / "나.yaml").write_text(DATA.format("b.csv"))
    (figures / "b.csv").write_text("x,y\n1,2\n2,4\n")
    done = optanim_("deps", "figures", "-s", "title=$5; it's", cwd=tmp_path)
    assert done.returncode == 0 and done.stderr == b""
    assert done.stdout.decode() == (
        "# Made by `optanim deps`: what each picture is made from.\n"
        "OPTANIM ?= optanim\n"
        "OPTANIM_OUTPUTS := output/a.gif output/a.png output/나.gif\n"
        "# The same for a shell: rm -f -- $(OPTANIM_QUOTED)\n"
        "OPTANIM_QUOTED := output/a.gif output/a.png 'output/나.gif'\n"
        "\n"
        "output/a.gif output/a.png &: figures/a.yaml\n"
        "\t$(OPTANIM) render -q -s 'title=$$5; it'\"'\"'s' figures/a.yaml\n"
        "\n"
        "output/나.gif : figures/나.yaml figures/b.csv\n"
        "\t$(OPTANIM) render -q -s 'title=$$5; it'\"'\"'s' 'figures/나.yaml'\n"
        "\n"
        "figures/a.yaml figures/나.yaml figures/b.csv :\n"
    )


def test_nothing_is_printed_of_what_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(CONFIG)
    (tmp_path / "b.yaml").write_text("surface: beal\n")
    (tmp_path / "c.yaml").write_text(CONFIG)
    done = optanim_("deps", ".", cwd=tmp_path)
    assert done.returncode == 2 and done.stdout == b""
    assert b"b.yaml:1:10: error: no surface is called 'beal'" in done.stderr
    done = optanim_("deps", "a.yaml", "c.yaml", "-o", "x.gif", cwd=tmp_path)
    assert done.returncode == 2 and done.stdout == b"" and b"would write x.gif" in done.stderr
    done = optanim_("deps", "-", cwd=tmp_path)
    assert done.returncode == 2 and b"standard input has no modification time" in done.stderr
    done = optanim_("deps", "a.yaml", "-s", "title=a\nb", cwd=tmp_path)
    assert done.returncode == 2 and b"control character" in done.stderr


def test_a_file_of_somebody_else_stays(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(CONFIG)
    (tmp_path / "Makefile").write_text("all:\n")
    for name in ("Makefile", "a.yaml"):
        before = (tmp_path / name).read_bytes()
        done = optanim_("deps", "a.yaml", "-f", name, cwd=tmp_path)
        assert done.returncode == 2 and b"was not written by `optanim deps`" in done.stderr
        assert (tmp_path / name).read_bytes() == before
    for _ in range(2):
        assert optanim_("deps", ".", "-f", ".optanim.mk", cwd=tmp_path).returncode == 0
    assert "ifeq ($(MAKE_RESTARTS),)\n" in (tmp_path / ".optanim.mk").read_text()
