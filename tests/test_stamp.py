"""Stamps: every file tells what made it, to make it again, and to know that it is stale."""

from __future__ import annotations

import getpass
import json
import os
import platform
import shutil
from pathlib import Path

import pytest
from PIL import Image

import optanim
from optanim.encoding.metadata import read_comment
from optanim.errors import ConfigError
from optanim.pipeline import provenance
from optanim.pipeline.loading import load_all
from optanim.pipeline.provenance import config_of, stale_files, stamp
from optanim.pipeline.render import render
from tests.command import optanim_
from tests.needs import WRITABLE
from tests.test_cli import SMALL

ROOT = Path(__file__).parents[1]
CONFIGS = [*ROOT.glob("configs/*.yaml"), *ROOT.glob("configs/gallery/*.yaml")]
FITTED = """
surface: {regression: {data: %s, model: w*x + b}, batch_size: 2}
start: [0, 0]
optimizer: {name: gd, lr: auto}
tuning: {low: 1e-3, high: 1e-1, per_decade: 2}
steps: 8
title: '경사하강법 "é" \\'
figure: {size: [320, 160]}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("one", "two"):
        (tmp_path / f"{name}.csv").write_text("x,y\n1,2\n2,4.5\n3,5\n")
        (tmp_path / f"{name}.yaml").write_text(FITTED % f"{name}.csv", "utf-8")
    (tmp_path / "plain.yaml").write_text(SMALL)
    return tmp_path


def test_what_a_file_tells_makes_it_again(folder: Path) -> None:
    """In every format, and for the poster beside them."""
    more = f"formats=[{', '.join(name for name in WRITABLE if name != 'gif')}]"
    done = optanim_("render", "one.yaml", "-o", "a.gif", "-s", more, cwd=folder)
    assert done.returncode == 0, done.stderr
    for name in WRITABLE:
        text = config_of(folder / f"a.{name}")
        assert "one.csv" in text and "경사하강법" in text and "lr: auto" in text
        (folder / "again.yaml").write_text(text, "utf-8")
        still = ["--frame", "last"] if name == "png" else []
        done = optanim_("render", "again.yaml", "-o", f"b.{name}", *still, cwd=folder)
        assert done.returncode == 0, done.stderr
        assert (folder / f"b.{name}").read_bytes() == (folder / f"a.{name}").read_bytes(), name
    shown = optanim_("show", "a.gif", cwd=folder).stdout.decode()
    assert shown == config_of(folder / "a.gif") and shown.startswith("# a.gif: made by optanim ")


@pytest.mark.parametrize("config", CONFIGS, ids=lambda path: path.stem)
def test_what_is_told_of_a_run_tells_the_same_again(config: Path, tmp_path: Path) -> None:
    """A picture need not be drawn for it: the run that is told is the run."""
    for run in optanim.load_runs(config):
        told = json.loads(stamp(run))
        text = json.dumps(told["config"], ensure_ascii=False)
        again = optanim.loads(text, folder=config.parent, source=str(config))
        assert json.loads(stamp(again)) == told and "output" not in told["config"]


def test_nothing_tells_where_or_by_whom(folder: Path) -> None:
    font = folder / "Own.ttf"
    import matplotlib

    shutil.copy(Path(matplotlib.get_data_path(), "fonts/ttf/DejaVuSans.ttf"), font)
    text = FITTED % (folder / "one.csv")
    (folder / "c.yaml").write_text(text.replace("{size:", f"{{font: {font}, size:"), "utf-8")
    run = optanim.load(folder / "c.yaml", set=["title=''"], output=str(folder / "a.gif"))
    render(run)
    told = json.loads(read_comment(folder / "a.gif"))
    assert {*told["inputs"]} == {"one.csv", "Own.ttf"}
    assert told["config"]["surface"]["regression"]["data"] == "one.csv"
    words = read_comment(folder / "a.gif").replace('"', " ").split()
    for secret in (str(folder), str(Path.home()), getpass.getuser(), platform.node()):
        assert secret not in words and f"{folder}" not in read_comment(folder / "a.gif")
    assert stale_files(run) == {}


def changed(folder: Path, name: str, *sets: str, frame: int | None = None) -> list[str]:
    """Why the files of a config are stale, after what it says now."""
    found = stale_files(optanim.load(folder / name, set=sets, output=str(folder / "a.gif")), frame)
    return list(found.values())


def test_why_a_file_is_stale(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert changed(folder, "one.yaml") == ["it does not exist"]
    assert optanim_("render", "one.yaml", "-o", "a.gif", cwd=folder).returncode == 0
    assert changed(folder, "one.yaml") == []
    assert changed(folder, "one.yaml", "steps=9", "view.levels=4") == [
        "steps 8 → 9, view.levels nothing → 4"
    ]
    assert changed(folder, "one.yaml", "optimizer.lr=0.5") == ["optimizers[0].lr 'auto' → 0.5"]
    assert changed(folder, "one.yaml", "figure.theme=dark")[0].endswith(" more")
    assert changed(folder, "one.yaml", frame=3) == ["another frame"]
    two = changed(folder, "two.yaml")[0]
    assert two.startswith("one.csv has changed, two.csv has changed, surface.regression.data")
    (folder / "one.csv").write_text("x,y\n1,2\n2,4.5\n3,6\n")
    assert changed(folder, "one.yaml") == ["one.csv has changed"]
    # A comment in the config, and another name for it, change nothing.
    (folder / "one.csv").write_text("x,y\n1,2\n2,4.5\n3,5\n")
    (folder / "other.yaml").write_text("# why\n" + FITTED % "./one.csv", "utf-8")
    assert changed(folder, "other.yaml") == []
    old = provenance._versions() | {"numpy": "1.0"}
    monkeypatch.setattr(provenance, "_versions", lambda: old)
    assert changed(folder, "one.yaml")[0].startswith("numpy ")


def test_the_options_of_a_format_are_told(folder: Path) -> None:
    sets = ("-s", "formats=[{name: gif, compact: true}]")
    for name, more in (("a.gif", ()), ("b.gif", sets)):
        done = optanim_("render", "plain.yaml", "-o", name, *more, cwd=folder)
        assert done.returncode == 0, done.stderr
    assert "formats" not in json.loads(read_comment(folder / "a.gif"))["config"]
    (folder / "again.yaml").write_text(config_of(folder / "b.gif"), "utf-8")
    assert optanim_("render", "again.yaml", "-o", "c.gif", cwd=folder).returncode == 0
    assert (folder / "c.gif").read_bytes() == (folder / "b.gif").read_bytes()
    assert (folder / "a.gif").read_bytes() != (folder / "b.gif").read_bytes()
    assert changed(folder, "plain.yaml") == []
    told = changed(folder, "plain.yaml", "formats=[{name: gif, compact: true}]")
    assert told[0].startswith("formats nothing → [{name: 'gif', co")


def test_files_of_others_are_stale(folder: Path) -> None:
    target = folder / "a.gif"
    Image.new("P", (4, 4)).save(target)
    assert changed(folder, "plain.yaml") == ["it does not contain its config"]
    for comment in (b"hello", b"{}", b"[1]", b'{"optanim": "9"}'):
        Image.new("P", (4, 4)).save(target, comment=comment)
        assert changed(folder, "plain.yaml") == ["its comment is not a stamp"]
        with pytest.raises(ConfigError, match="does not contain its config"):
            config_of(target)
    target.write_bytes(b"GIF89a")
    assert changed(folder, "plain.yaml") == ["it does not contain its config"]
    target.unlink()
    target.mkdir()
    assert changed(folder, "plain.yaml") == ["it is a folder"]


def made(folder: Path, *more: str) -> list[str]:
    done = optanim_("render", ".", "-q", "--if-changed", *more, cwd=folder)
    assert done.returncode == 0, done.stderr
    return done.stdout.decode().split()


def test_only_what_changed_is_rendered(folder: Path) -> None:
    everything = [f"output/{name}.gif" for name in ("one", "plain", "two")]
    assert made(folder) == everything
    assert made(folder) == [] == made(folder, "-j2")
    checked = optanim_("render", ".", "--check", cwd=folder)
    assert checked.returncode == 0 and checked.stdout == b""
    (folder / "two.csv").write_text("x,y\n1,2\n2,4\n3,5\n")
    before = {path: path.read_bytes() for path in folder.glob("output/*")}
    checked = optanim_("render", ".", "--check", cwd=folder)
    assert checked.returncode == 1
    assert checked.stdout.decode() == "output/two.gif: two.csv has changed\n"
    assert before == {path: path.read_bytes() for path in folder.glob("output/*")}
    assert made(folder) == ["output/two.gif"]
    assert made(folder, "-s", "steps=9") == everything
    # A still and an animation are two things.
    assert made(folder, "--frame", "last") == [f"output/{n}.png" for n in ("one", "plain", "two")]
    assert made(folder, "--frame", "last") == []


def test_what_is_fresh_is_newer_than_its_inputs(folder: Path) -> None:
    assert made(folder)
    target = folder / "output/one.gif"
    os.utime(target, ns=(10**18, 10**18))
    said = optanim_("render", "one.yaml", "--if-changed", cwd=folder)
    assert said.returncode == 0 and b"skipped   1  up to date" in said.stderr
    assert target.stat().st_mtime_ns >= (folder / "one.csv").stat().st_mtime_ns


def test_wrong_configs_beside_fresh_files(folder: Path) -> None:
    assert made(folder)
    (folder / "two.yaml").write_text("surface: beal\n")
    for flag in ("--if-changed", "--check"):
        done = optanim_("render", ".", flag, cwd=folder)
        assert done.returncode == (1 if flag == "--if-changed" else 2)
        assert b"two.yaml:1:10: error" in done.stderr
    assert optanim_("render", "two.yaml", "--if-changed", cwd=folder).returncode == 2


def test_files_of_a_matrix_are_fresh_one_by_one(folder: Path) -> None:
    (folder / "m.yaml").write_text(SMALL + "matrix: {optimizer.lr: [0.1, 0.2, 0.3]}\n")
    arguments = ("render", "m.yaml", "-q", "--if-changed")
    assert len(optanim_(*arguments, cwd=folder).stdout.split()) == 3
    text = (folder / "m.yaml").read_text().replace("0.2", "0.25")
    (folder / "m.yaml").write_text(text)
    assert optanim_(*arguments, cwd=folder).stdout.decode() == "output/m-lr0.25.gif\n"
    runs, _ = load_all([str(folder / "m.yaml")])
    assert json.loads(stamp(runs[1]))["config"]["optimizers"][0]["lr"] == 0.25


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("render", "plain.yaml", "--check", "--if-changed"), "cannot be combined with --if-cha"),
        (("render", "plain.yaml", "--if-changed", "-o", "-"), "cannot be combined with -o -"),
        (("show", "foreign.gif"), "foreign.gif: error: does not contain its config"),
        (("show", "nothing.gif"), "nothing.gif: error: cannot be read: No such file"),
    ],
)
def test_wrong_usage(arguments: tuple[str, ...], message: str, folder: Path) -> None:
    Image.new("P", (4, 4)).save(folder / "foreign.gif")
    done = optanim_(*arguments, cwd=folder)
    assert done.returncode == 2 and message in done.stderr.decode()
    assert b"Traceback" not in done.stderr and not (folder / "output").exists()


def test_check_inputs_passes_over_the_versions_of_libraries(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.yaml").write_text(SMALL)
    other = provenance._versions() | {"optanim": "0.0.1", "numpy": "1.0"}
    with monkeypatch.context() as there:
        there.setattr(provenance, "_versions", lambda: other)
        render(optanim.load("a.yaml"))
    for arguments, code in (
        (["--check", "a.yaml"], 1), (["--check", "inputs", "a.yaml"], 0),
        (["a.yaml", "--check=inputs"], 0), (["a.yaml", "--check"], 1),
        (["a.yaml", "--check", "inputs", "-s", "steps=9"], 1),
    ):  # fmt: skip
        done = optanim_("render", *arguments, cwd=tmp_path)
        assert done.returncode == code, arguments
    assert b"steps 8" in done.stdout and b"numpy" not in done.stdout
    done = optanim_("render", "a.yaml", "--check=input", cwd=tmp_path)
    assert done.returncode == 2 and b"--check, or --check inputs" in done.stderr
    done = optanim_("render", "--check", "--", "inputs", cwd=tmp_path)
    assert done.returncode == 2 and b"inputs: error: there is no such file" in done.stderr
