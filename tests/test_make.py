"""Figures built by GNU make: the Makefile that `init` writes, and that of this repository."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import optanim
from tests.command import optanim_, warm_process
from tests.needs import uses_make
from tests.test_deps import saved
from tests.test_processes import wait_for

HOME = Path(optanim.__file__).parents[1]
CONFIG = (
    "surface: quadratic\nstart: [-4, 3]\noptimizer: {name: adam, lr: 0.1}\nsteps: 3\n"
    "figure: {size: [160, 120]}\nanimation: {hold_end: 0}\n"
)
LINE = (
    "surface: {regression: {data: data.csv, model: w*x + b}}\nstart: [0, 0]\n"
    "optimizer: gd\nsteps: 2\nfigure: {size: [160, 120]}\nformats: [png]\npanels: [loss]\n"
)
ENV = {
    **{key: value for key, value in os.environ.items() if not key.startswith("MAKE")},
    "PYTHONPATH": str(HOME),
    "OPTANIM": f"'{sys.executable}' -m optanim",
}
CLIENT = Path(__file__).with_name("command.py")

pytestmark = uses_make


def warm(environment: dict[str, str]) -> dict[str, str]:
    """The environment with the warm process as the command, where it can be."""
    address = warm_process(dict(os.environ))
    if not address:
        return environment
    return {**environment, "OPTANIM": f"'{sys.executable}' -I -S '{CLIENT}' '{address}'"}


def make(folder: Path, *arguments: str, code: int = 0) -> tuple[list[str], str]:
    """The pictures that make made, and what it said."""
    done = subprocess.run(["make", *arguments], cwd=folder, capture_output=True, env=warm(ENV))
    said = done.stdout.decode() + done.stderr.decode()
    assert done.returncode == code, said
    lines = done.stdout.decode().splitlines()
    return sorted(line for line in lines if line.startswith("output/")), said


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """As somebody has it who has made all figures of two configs, one with data."""
    assert optanim_("init", "--makefile", cwd=tmp_path).returncode == 0
    figures = tmp_path / "figures"
    (figures / "single.yaml").unlink()
    (figures / "나 선.yaml").write_text(LINE)
    (figures / "data.csv").write_text("x,y\n1,2\n2,3\n")
    (figures / "a.yaml").write_text(CONFIG)
    return tmp_path


def test_the_first_five_minutes(tmp_path: Path) -> None:
    done = optanim_("init", "--makefile", cwd=tmp_path)
    assert done.returncode == 0
    assert done.stderr.decode() == (
        "Created Makefile, figures/single.yaml and figures/optanim.schema.json. Next: make\n"
    )
    assert make(tmp_path)[0] == ["output/single.gif"]
    made, said = make(tmp_path)
    assert made == [] and "Nothing to be done" in said
    config, picture = tmp_path / "figures/single.yaml", tmp_path / "output/single.gif"
    before = picture.read_bytes()
    config.write_text(f"{config.read_text('utf-8')}figure: {{size: [160, 120]}}\n", "utf-8")
    assert make(tmp_path)[0] == ["output/single.gif"] and picture.read_bytes() != before
    done = optanim_("init", "--makefile", cwd=tmp_path)
    assert done.returncode == 2 and b"exists already, so it is not overwritten" in done.stderr
    assert b"include .optanim.mk" in done.stderr
    make(tmp_path, "clean")
    assert not picture.exists() and not (tmp_path / ".optanim.mk").exists()


@pytest.mark.parametrize("name", ["GNUmakefile", "makefile"])
def test_no_other_makefile_is_put_aside(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text("all:\n")
    done = optanim_("init", "--makefile", cwd=tmp_path)
    assert done.returncode == 2 and name in done.stderr.decode()
    assert [path.name for path in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize("name", ["$(shell touch pwned)", "a'b", "-x", "a\nb", "Makefile.d"])
def test_a_folder_that_no_makefile_can_name(name: str, tmp_path: Path) -> None:
    (tmp_path / "Makefile.d").write_text("")
    done = optanim_("init", "--makefile", "--", name, cwd=tmp_path)
    assert done.returncode == 2 and b"Traceback" not in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["Makefile.d"]


def test_init_leaves_a_folder_with_configs_as_it_is(tmp_path: Path) -> None:
    folder = tmp_path / "my 그림"
    folder.mkdir()
    (folder / "a.yaml").write_text(CONFIG)
    done = optanim_("init", "--makefile", "my 그림", cwd=tmp_path)
    assert done.stderr.decode() == "Created Makefile. Next: make\n"
    assert [path.name for path in folder.iterdir()] == ["a.yaml"]
    assert make(tmp_path)[0] == ["output/a.gif"] and make(tmp_path)[0] == []


def test_what_changed_is_made_and_nothing_else(folder: Path) -> None:
    line = ["output/나 선.gif", "output/나 선.png"]
    assert make(folder, "-j2")[0] == ["output/a.gif", *line]
    assert make(folder)[0] == []
    saved(folder / "figures/data.csv")
    os.utime(folder / "output/a.gif")
    for name in ("gif", "png"):
        os.utime(folder / f"output/나 선.{name}", (1e9, 1e9))
    assert make(folder)[0] == line and make(folder)[0] == []
    # A data file that nothing names any more does not stop make, nor does a config that is gone.
    (folder / "figures/나 선.yaml").write_text(LINE.replace("data.csv", "more.csv"))
    (folder / "figures/data.csv").rename(folder / "figures/more.csv")
    assert make(folder)[0] == line
    (folder / "figures/나 선.yaml").rename(folder / "line.yaml")
    made, said = make(folder)
    assert made == [] and "Nothing to be done" in said
    # One that comes back with its old date is noticed.
    (folder / "line.yaml").rename(folder / "figures/line.yaml")
    assert make(folder)[0] == ["output/line.gif", "output/line.png"]
    # A data file that is gone and still named is what the config's error says.
    (folder / "figures/more.csv").unlink()
    _, said = make(folder, code=2)
    assert "more.csv" in said and "error:" in said and "No rule to make target" not in said


def test_a_base_and_a_matrix(folder: Path) -> None:
    figures = folder / "figures"
    (figures / "기본.yaml").write_text("surface: quadratic\nstart: [-4, 3]\nsteps: 3\n")
    small = "extends: 기본.yaml\nfigure: {size: [160, 120]}\n"
    (figures / "b.yaml").write_text(f"{small}optimizer: gd\n")
    (figures / "c.yaml").write_text(f"{small}optimizer: gd\nmatrix: {{optimizer.lr: [0.1, 0.2]}}\n")
    both = ["output/c-lr0.1.gif", "output/c-lr0.2.gif"]
    made, said = make(folder, "-j2")
    # One command renders all files of a matrix, and a base is no figure of its own.
    assert said.count("render -q figures/c.yaml") == 1 and not any("기본" in name for name in made)
    assert {"output/a.gif", "output/b.gif", *both} <= {*made}
    assert make(folder)[0] == []
    os.utime(figures / "기본.yaml")
    assert make(folder, "-j2")[0] == ["output/b.gif", *both]
    (folder / "output/c-lr0.2.gif").unlink()
    assert make(folder)[0] == both


def test_a_failure_stays_one(folder: Path) -> None:
    make(folder)
    picture = folder / "output/a.gif"
    before = picture.read_bytes(), picture.stat().st_mtime_ns
    (folder / "figures/a.yaml").write_text(CONFIG.replace("adam", "adma"))
    for _ in range(2):
        assert "no optimizer is called 'adma'" in make(folder, code=2)[1]
    # What only the drawing finds out.
    (folder / "figures/a.yaml").write_text(CONFIG.replace("figure: {", "figure: {font: None, "))
    for _ in range(2):
        assert "no font here is called 'None'" in make(folder, code=2)[1]
    assert (picture.read_bytes(), picture.stat().st_mtime_ns) == before
    (folder / "figures/a.yaml").write_text(CONFIG)
    assert make(folder)[0] == ["output/a.gif"]
    assert picture.read_bytes() == before[0]


def test_an_interruption_leaves_the_old_file(folder: Path) -> None:
    picture = folder / "output/a.gif"
    picture.parent.mkdir()
    picture.write_bytes(b"old")
    os.utime(picture, (1e9, 1e9))
    (folder / "figures/a.yaml").write_text(CONFIG.replace("steps: 3", "steps: 2000"))
    running = subprocess.Popen(
        ["make", "output/a.gif"], cwd=folder, env=ENV, start_new_session=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    wait_for(lambda: list(picture.parent.glob(".a.gif.*.tmp")) or running.poll() is not None)
    # As a terminal does on Ctrl-C: to make, and to what it runs.
    os.killpg(running.pid, signal.SIGINT)
    _, said = running.communicate()
    assert running.returncode != 0 and b"Traceback" not in said
    assert picture.read_bytes() == b"old" and list(picture.parent.iterdir()) == [picture]
    (folder / "figures/a.yaml").write_text(CONFIG)
    assert make(folder, "output/a.gif")[0] == ["output/a.gif"]
    assert picture.read_bytes()[:6] == b"GIF89a"


def test_the_figures_of_this_repository(tmp_path: Path) -> None:
    """`make figures` in one go, with a Python that makes a virtual environment of nothing."""
    shutil.copy(HOME / "Makefile", tmp_path)
    (tmp_path / "pyproject.toml").write_text("")
    for name in ("optanim", "configs/gallery", "configs/ko"):
        (tmp_path / name).mkdir(parents=True)
    source = tmp_path / "optanim/a.py"
    source.write_text("")
    (tmp_path / "configs/a.yaml").write_text(CONFIG)
    (tmp_path / "configs/gallery/b.yaml").write_text(CONFIG)
    korean = "extends: ../a.yaml\nthemes: [light, dark]\noutput: output/ko/{config}.webp\n"
    (tmp_path / "configs/ko/a.yaml").write_text(korean)
    (tmp_path / "optanim.sh").write_text(f'#!/bin/sh\nexec {warm(ENV)["OPTANIM"]} "$@"\n')
    python = tmp_path / "python"
    python.write_text(
        '#!/bin/sh\nmkdir -p "$3/bin"\n'
        'cat optanim.sh > "$3/bin/optanim"\n'
        "printf '#!/bin/sh\\n' > $3/bin/python\nchmod +x $3/bin/*\n"
    )
    python.chmod(0o755)
    goals = ("figures", "PYTHON=./python")
    for goal in ("clean", "test", "bench"):
        make(tmp_path, "-n", goal, "PYTHON=./python")
        assert not (tmp_path / ".venv").exists(), f"make {goal} sets up what renders figures"
    assert make(tmp_path, *goals)[0] == ["output/a.gif"]
    assert "Nothing to be done" in make(tmp_path, *goals)[1]
    assert "-o 'output/gallery/{config}.gif' configs/gallery/b.yaml" in make(
        tmp_path, "-n", "gallery", "PYTHON=./python"
    )[1]  # fmt: skip
    assert make(tmp_path, "article", "PYTHON=./python")[0] == [
        "output/dark/a.webp", "output/ko/a-dark.webp", "output/ko/a-light.webp",
    ]  # fmt: skip
    os.utime(source, (time.time() + 1, time.time() + 1))
    assert make(tmp_path, *goals)[0] == ["output/a.gif"]
    make(tmp_path, "clean")
    assert not (tmp_path / ".venv").exists()
