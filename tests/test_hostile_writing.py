"""Folders of other people: what lies beside a config neither runs, nor is written over."""

from __future__ import annotations

import os
import shutil
import signal
import stat
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import optanim
from optanim.config.loader import load, loads
from optanim.encoding.ffmpeg import find_ffmpeg
from optanim.encoding.write import takes_frames
from optanim.errors import ConfigError
from optanim.pipeline.atomic_file import atomic_write, unwritable_reason
from optanim.pipeline.jobs import write_answer
from optanim.pipeline.render import RenderResult, render
from optanim.pipeline.targets import target_problems
from optanim.pipeline.workers import worker_pool
from optanim.schema.catalogue import catalogue
from tests.command import begin, optanim_
from tests.needs import uses_posix
from tests.test_processes import wait_for

CONFIG = "surface: booth\nstart: [1, 1]\noptimizer: adam\nsteps: 2\nfigure: {size: [160, 120]}\n"

STANDARD = ("selectors", "struct", "random", "pickle", "socket", "signal", "numpy", "yaml", "site")
"""Modules that a worker imports."""


def run_python(
    *arguments: str, cwd: Path, **environment: str | None
) -> subprocess.CompletedProcess[bytes]:
    """Run Python in a folder. A variable that is None is unset."""
    variables = {**os.environ, "PYTHONSAFEPATH": None, **environment}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=cwd,
        capture_output=True,
        timeout=120,
        env={name: value for name, value in variables.items() if value is not None},
    )


@pytest.fixture
def trap(tmp_path: Path) -> Path:
    """A folder whose modules leave a file when they are imported."""
    for name in STANDARD:
        code = f"open({str(tmp_path / f'{name}.ran')!r}, 'w')\nraise ImportError('of the folder')\n"
        (tmp_path / f"{name}.py").write_text(code)
    for name in ("a", "b"):
        (tmp_path / f"{name}.yaml").write_text(CONFIG)
    return tmp_path


def ran(folder: Path) -> list[str]:
    return [file.name for file in folder.glob("*.ran")]


START = "from optanim.cli.app import main\nif __name__ == '__main__':\n    main()\n"
"""The script of an installation."""

SPAWN = "import multiprocessing\nmultiprocessing.get_all_start_methods = lambda: ['spawn']\n"


@uses_posix
@pytest.mark.parametrize(("value", "before"), [(None, ""), ("", SPAWN)])
def test_workers_import_nothing_of_the_working_folder(
    value: str | None, before: str, trap: Path
) -> None:
    (trap / "bin").mkdir()
    (trap / "bin" / "optanim").write_text(before + START)
    done = run_python("bin/optanim", "render", "a.yaml", "-j2", cwd=trap, PYTHONSAFEPATH=value)
    assert ran(trap) == [] and done.returncode == 0, done.stderr


def test_plug_ins_of_the_working_folder_are_not_found(tmp_path: Path) -> None:
    (tmp_path / "evil.py").write_text(f"open({str(tmp_path / 'evil.ran')!r}, 'w')\n")
    (tmp_path / "evil-1.dist-info").mkdir()
    entry = "[optanim.panels]\nevil = evil:evil\n"
    (tmp_path / "evil-1.dist-info" / "entry_points.txt").write_text(entry)
    (tmp_path / "evil-1.dist-info" / "METADATA").write_text("Name: evil\nVersion: 1\n")
    for name in ("a", "b"):
        (tmp_path / f"{name}.yaml").write_text(CONFIG)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "optanim").write_text(START)
    done = run_python("bin/optanim", "render", ".", "-j2", cwd=tmp_path)
    assert ran(tmp_path) == [] and done.returncode == 0, done.stderr


def test_the_environment_is_as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    for value in ("", "1"):
        monkeypatch.setenv("PYTHONSAFEPATH", value)
        with worker_pool(1, print):
            assert os.environ["PYTHONSAFEPATH"] == "1"
        assert os.environ["PYTHONSAFEPATH"] == value
    monkeypatch.delenv("PYTHONSAFEPATH")
    with worker_pool(1, print):
        pass
    assert "PYTHONSAFEPATH" not in os.environ


@uses_posix
@pytest.mark.parametrize("path", ["", ".", "bin", "./bin", ".:bin", ":"])
def test_ffmpeg_is_not_taken_from_the_working_folder(
    path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder in (tmp_path, tmp_path / "bin"):
        folder.mkdir(exist_ok=True)
        program = folder / "ffmpeg"
        program.write_text(f"#!/bin/sh\n: > {tmp_path}/ffmpeg.ran\n")
        program.chmod(0o755)
    monkeypatch.chdir(tmp_path)
    other = tmp_path / "elsewhere"
    other.mkdir()
    monkeypatch.setenv("PATH", f"{path}{os.pathsep}{other}")
    try:
        found = find_ffmpeg()
    except ConfigError:
        return
    assert Path(found).is_absolute() and Path(found).parent not in (tmp_path, tmp_path / "bin")
    shutil.copy(tmp_path / "ffmpeg", other / "ffmpeg")
    assert find_ffmpeg() == str(other / "ffmpeg")


# Leftovers


@uses_posix
@pytest.mark.parametrize(
    "name",
    [
        ".a.gif.notes.tmp", ".a.gif.tmp", ".a.gif.1-.tmp", ".a.gif.1-2-3.tmp", ".a.gif.x-1.tmp",
        ".a.gif.1-2.tmp.tmp", ".a.gif.1-2.tmp\n",
        ".a.gif.-1.tmp", ".aXgif.1-2.tmp", "a.gif.1-2.tmp",
        ".a.gif.1_0-2.tmp", ".a.gif.١-٢.tmp", ".a.gif. 1-2.tmp", ".b.gif.1-2.tmp",
    ],
)  # fmt: skip
def test_files_of_other_names_are_kept(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text("mine")
    with atomic_write(tmp_path / "a.gif") as file:
        file.write(b"1")
    assert (tmp_path / name).read_text() == "mine"


@uses_posix
def test_a_leftover_is_removed(tmp_path: Path) -> None:
    (tmp_path / ".a.gif.12-3.tmp").write_bytes(b"half")
    with atomic_write(tmp_path / "a.gif") as file:
        file.write(b"1")
    assert [path.name for path in tmp_path.iterdir()] == ["a.gif"]


@uses_posix
@pytest.mark.parametrize("kind", ["fifo", "folder", "link", "link to a fifo", "loop", "dangling"])
def test_only_a_regular_file_is_a_leftover(kind: str, tmp_path: Path) -> None:
    leftover, other = tmp_path / ".a.gif.12-3.tmp", tmp_path / "other"
    if kind == "fifo":
        os.mkfifo(leftover)
    elif kind == "folder":
        leftover.mkdir()
    else:
        if kind == "link":
            other.write_text("mine")
        elif kind == "link to a fifo":
            os.mkfifo(other)
        leftover.symlink_to(leftover if kind == "loop" else other)
    code = "import sys; from pathlib import Path; from optanim.pipeline.atomic_file import *\n"
    code += "with atomic_write(Path('a.gif')) as file: file.write(b'1')"
    done = run_python("-c", code, cwd=tmp_path)
    assert done.returncode == 0 and os.path.lexists(leftover), done.stderr
    assert kind != "link" or other.read_text() == "mine"


@uses_posix
def test_a_leftover_of_another_user_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".a.gif.12-3.tmp").write_bytes(b"half")
    monkeypatch.setattr(os, "geteuid", lambda: 12345)
    with atomic_write(tmp_path / "a.gif") as file:
        file.write(b"1")
    assert len(list(tmp_path.iterdir())) == 2


@uses_posix
def test_a_name_with_characters_of_patterns(tmp_path: Path) -> None:
    for name in (".a*.gif.1-2.tmp", ".a[b].gif.1-2.tmp"):
        (tmp_path / name).write_bytes(b"half")
    (tmp_path / ".ab.gif.1-2.tmp").write_bytes(b"of ab.gif")
    for name in ("a*.gif", "a[b].gif"):
        with atomic_write(tmp_path / name) as file:
            file.write(b"1")
    left = sorted(path.name for path in tmp_path.iterdir())
    assert left == [".ab.gif.1-2.tmp", "a*.gif", "a[b].gif"]


@uses_posix
@pytest.mark.parametrize("mode", [0o4755, 0o2755, 0o1644, 0o7777])
def test_special_bits_of_a_mode_are_not_copied(mode: int, tmp_path: Path) -> None:
    target = tmp_path / "a.gif"
    target.write_bytes(b"old")
    target.chmod(mode)
    with atomic_write(target) as file:
        file.write(b"new")
    assert stat.S_IMODE(target.stat().st_mode) == mode & 0o777


@uses_posix
def test_a_hard_link_is_no_way_into_another_file(tmp_path: Path) -> None:
    (tmp_path / "notes").write_bytes(b"mine")
    os.link(tmp_path / "notes", tmp_path / "a.gif")
    with atomic_write(tmp_path / "a.gif") as file:
        file.write(b"new")
    assert (tmp_path / "notes").read_bytes() == b"mine"


# Names that no system takes


@uses_posix
@pytest.mark.parametrize(
    "name",
    [
        "a" * 300 + ".gif", "가" * 90 + ".gif", "new/" + "a" * 300 + ".gif",
        "a" * 300 + "/b/c.gif", "/".join(["abcdefgh"] * 600) + ".gif", "a\0b.gif", "loop/a.gif",
    ],
)  # fmt: skip
def test_a_name_that_cannot_be_written_is_found_beforehand(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "loop").symlink_to("loop")
    assert "cannot be written" in unwritable_reason(Path(name))
    (tmp_path / "a.yaml").write_text(CONFIG)
    if "\0" not in name:
        done = optanim_("render", "a.yaml", "-o", name, cwd=tmp_path)
        assert done.returncode == 2 and b"Traceback" not in done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.yaml", "loop"]


# The answer of a cluster


def rendered(paths: tuple[Path, ...]) -> RenderResult:
    return RenderResult(paths, 1, 1.0, (1, 1), 1.0, (), (), (), "")


def test_an_answer_does_not_choose_the_paths(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    outputs = Path("a.gif"), Path("new/a.png")
    result = write_answer((rendered((Path("evil"), Path("../evil"))), (b"1", b"2")), outputs)
    assert result.paths == outputs and [path.read_bytes() for path in outputs] == [b"1", b"2"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.gif", "new"]


@pytest.mark.parametrize(
    "answer",
    [
        None, (), b"", (rendered(()),), (rendered(()), ()), (rendered(()), (b"1", b"2")),
        (rendered(()), [b"1"]), (rendered(()), ("1",)), (None, (b"1",)), ({}, (b"1",)),
    ],
)  # fmt: skip
def test_an_answer_that_does_not_fit_writes_nothing(answer: object, tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="does not fit the job"):
        write_answer(answer, (tmp_path / "a.gif",))
    assert list(tmp_path.iterdir()) == []


# Pictures of other people


PICTURE = b"GIF89a of somebody else"


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder, with photos, notes and a linked folder beside it."""
    for name in ("work", "photos", "work/own"):
        (tmp_path / name).mkdir()
    (tmp_path / "photos" / "x.gif").write_bytes(PICTURE)
    (tmp_path / "notes").write_bytes(b"mine")
    work = tmp_path / "work"
    (work / "linked").symlink_to("../photos")
    (work / "deep").symlink_to("linked")
    (work / "notes.gif").symlink_to("../notes")
    (work / "new.gif").symlink_to("../new")
    (work / "photo.gif").symlink_to("../photos/x.gif")
    (work / "own" / "text").write_bytes(b"text")
    (work / "own.gif").symlink_to("own/text")
    monkeypatch.chdir(work)
    return tmp_path


def contents(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def wrong(output: str, **options: Any) -> str:
    """The problem of a config with an output; "" if it may be written."""
    run = loads(f"{CONFIG}output: '{output}'\n", **options)
    return "\n".join(map(str, target_problems(run)))


@uses_posix
@pytest.mark.parametrize(
    "output",
    [
        "../photos/x.gif", "../photos/y.gif", "linked/x.gif", "linked/y.gif", "deep/x.gif",
        "own/../../photos/x.gif", "linked/../photos/x.gif", "../{config}.gif", "../new/deep/a.gif",
        "photo.gif", "notes.gif", "new.gif", "own.gif", "ABSOLUTE/photos/x.gif", "ABSOLUTE/z.gif",
    ],
)  # fmt: skip
def test_a_config_writes_in_the_working_folder_only(output: str, desk: Path) -> None:
    before = contents(desk)
    text = f"{CONFIG}output: '{output.replace('ABSOLUTE', str(desk))}'\n"
    Path("a.yaml").write_text(text)
    message = wrong(output.replace("ABSOLUTE", str(desk)), source="a.yaml")
    assert message.startswith("a.yaml:6:9: error: ")
    assert "outside the working folder" in message or "which is no picture" in message
    assert ("-o " in message) == ("outside" in message)
    with pytest.raises(ConfigError):
        render(load("a.yaml"))
    Path("a.yaml").unlink()
    assert contents(desk) == before


@uses_posix
@pytest.mark.parametrize("command", ["check", "render", "deps"])
@pytest.mark.parametrize("output", ["../photos/x.gif", "notes.gif"])
def test_every_command_finds_it_before_any_work(command: str, output: str, desk: Path) -> None:
    Path("a.yaml").write_text(f"{CONFIG}output: {output}\n")
    before = contents(desk)
    done = optanim_(command, "a.yaml", cwd=desk / "work")
    assert done.returncode == 2 and b"a.yaml:6:9: error: " in done.stderr
    assert contents(desk) == before


@uses_posix
@pytest.mark.parametrize("formats", ["../photos/x.png", "../photos/y.png"])
def test_formats_are_written_by_the_same_rule(formats: str, desk: Path) -> None:
    (desk / "photos" / "x.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    run = loads(CONFIG + "formats: [png]\n", output=str(Path(formats).with_suffix(".gif")))
    assert bool(target_problems(run)) == Path(formats).exists()


@uses_posix
@pytest.mark.parametrize("output", ["notes.gif", "new.gif", "own.gif"])
def test_not_even_a_named_link_leads_to_what_is_no_picture(output: str, desk: Path) -> None:
    assert "which is no picture" in wrong("a.gif") + "".join(
        map(str, target_problems(loads(CONFIG, output=output)))
    )


@uses_posix
@pytest.mark.parametrize("output", ["../photos/x.gif", "linked/y.gif", "../new/a.gif", "photo.gif"])
def test_a_file_that_is_named_is_written(output: str, desk: Path) -> None:
    assert target_problems(loads(CONFIG, output=output)) == []
    render(loads(CONFIG), output=output)
    assert b"optanim" in Path(output).read_bytes()
    # From now on it carries a stamp, and a config may write it again.
    assert wrong(output) == ""


@uses_posix
@pytest.mark.parametrize("output", ["a.gif", "own/a.gif", "output/{config}.gif", "new/../b.gif"])
def test_the_working_folder_is_written(output: str, desk: Path) -> None:
    assert wrong(output) == ""


DOCUMENTS = [n for n, entry in catalogue("formats").items() if not takes_frames(entry.function)]


@uses_posix
@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_of_others_is_replaced_only_if_it_is_named(name: str, desk: Path) -> None:
    """A site has an index.html in the folder where a config is tried, and a thesis a PDF."""
    target = Path(f"index.{name}")
    assert wrong(str(target)) == ""
    target.write_text("<!doctype html><title>My site</title>")
    assert "exists, and is no figure of optanim" in wrong(str(target))
    beside = loads(f"{CONFIG}formats: [{name}]\n", output="index.gif")
    assert "-o index" in "".join(map(str, target_problems(beside)))
    with pytest.raises(ConfigError):
        render(loads(f"{CONFIG}output: {target}\n"))
    assert "My site" in target.read_text()
    render(loads(CONFIG), output=target)
    assert wrong(str(target)) == ""  # it has a stamp now


@uses_posix
def test_a_draft_of_watch_is_no_way_out(desk: Path) -> None:
    run = loads(f"{CONFIG}output: ../photos/x.gif\n")
    assert not run.output_named and target_problems(replace(run, outputs=run.outputs[:1]))


@pytest.mark.parametrize(
    ("outputs", "options"),
    [
        (("x.gif", "x.gif"), ()),
        (("x.gif", "./x.gif"), ()),
        (("x.gif", "own/../x.gif"), ()),
        (("x.gif", "x.webp"), ("--frame", "last")),
        (("x.gif", "y.gif"), ("-o", "z.gif")),
    ],
)
def test_two_figures_in_one_file_are_found_before_anything_is_rendered(
    outputs: tuple[str, str], options: tuple[str, ...], tmp_path: Path
) -> None:
    (tmp_path / "own").mkdir()
    for name, output in zip("ab", outputs, strict=True):
        (tmp_path / f"{name}.yaml").write_text(f"{CONFIG}output: {output}\n")
    before = contents(tmp_path)
    done = optanim_("render", "a.yaml", "b.yaml", *options, cwd=tmp_path)
    assert done.returncode == 2 and b"would write" in done.stderr
    assert contents(tmp_path) == before


# Signals and closed streams


def many(folder: Path, text: str = CONFIG) -> None:
    for name in "abcdef":
        (folder / f"{name}.yaml").write_text(text)


LONG = CONFIG.replace("steps: 2", "steps: 1000") + "animation: {steps_per_second: 10}\n"
"""A film of a hundred seconds, which is not rendered before its process is stopped."""


@uses_posix
@pytest.mark.parametrize(
    ("arguments", "number", "group"),
    [
        ("a.yaml", "SIGINT", True), ("a.yaml", "SIGTERM", False), ("a.yaml", "SIGHUP", True),
        # SIGINT to the group and SIGTERM to the first alone: tests/test_batch.py.
        (". -j2", "SIGINT", False), (". -j2", "SIGTERM", True), (". -j2", "SIGHUP", True),
    ],
)  # fmt: skip
def test_a_signal_ends_everything_and_leaves_nothing(
    arguments: str, number: str, group: bool, tmp_path: Path
) -> None:
    many(tmp_path, LONG)
    running = begin("render", *arguments.split(), cwd=tmp_path)
    wait_for(lambda: list(tmp_path.glob("output/.*.tmp")) or running.poll() is not None)
    code = getattr(signal, number)
    (os.killpg if group else os.kill)(running.pid, code)
    assert running.wait(60) == 128 + code
    assert list(tmp_path.glob("output/.*")) == []


@uses_posix
def test_nohup_is_kept() -> None:
    code = (
        "import signal\nfrom optanim.pipeline.signals import stop_on_signals\n"
        "signal.signal(signal.SIGHUP, signal.SIG_IGN)\nstop_on_signals()\n"
        "assert signal.getsignal(signal.SIGHUP) == signal.SIG_IGN\n"
    )
    assert run_python("-c", code, cwd=Path.cwd()).returncode == 0


@uses_posix
def test_a_signal_waits_while_matplotlib_draws() -> None:
    """An exception in Python that C++ calls crashes matplotlib 3.10.0: code −11, once in 200."""
    code = """
import os, signal
from optanim.pipeline.signals import held_signals, stop_on_signals
stop_on_signals()
try:
    with held_signals():
        with held_signals():
            os.kill(os.getpid(), signal.SIGTERM)
        print("drawn", flush=True)
    print("too late")
except SystemExit as stop:
    print(stop.code)
"""
    assert run_python("-c", code, cwd=Path.cwd()).stdout.split() == [b"drawn", b"143"]


@uses_posix
@pytest.mark.parametrize("number", ["SIGTERM", "SIGHUP", "SIGINT"])
def test_an_ignored_exception_wakes_a_main_thread_that_waits(number: str) -> None:
    code = f"""
import os, signal, time, weakref
from optanim.pipeline.signals import stop_on_signals
stop_on_signals()
class Figure: pass
figure = Figure()
held = weakref.ref(figure, lambda _: (os.kill(os.getpid(), signal.{number}), sum(range(10**6))))
del figure
os.read(os.pipe()[0], 1)  # waits for ever, as an idle worker does
"""
    done = run_python("-c", code, cwd=Path.cwd())
    expected = {"SIGTERM": 143, "SIGHUP": 129, "SIGINT": -signal.SIGINT}
    assert done.returncode == expected[number]


@uses_posix
def test_a_second_signal_does_not_interrupt_the_cleaning(tmp_path: Path) -> None:
    code = """
import os, signal
from optanim.pipeline.signals import stop_on_signals
stop_on_signals()
try:
    os.kill(os.getpid(), signal.SIGTERM)
    sum(range(10**6))
finally:
    os.kill(os.getpid(), signal.SIGTERM)
    os.kill(os.getpid(), signal.SIGHUP)
    sum(range(10**6))
    open('cleaned', 'w')
"""
    assert run_python("-c", code, cwd=tmp_path).returncode == 143
    assert (tmp_path / "cleaned").exists()


@uses_posix
@pytest.mark.parametrize(
    ("arguments", "closed", "code"),
    [
        ("render a.yaml", "2>&-", 0), ("render a.yaml", "<&- >&-", 0),
        ("render a.yaml -j2", ">&-", 0), ("render a.yaml -j2", "<&- >&- 2>&-", 0),
        ("check no.yaml", "2>&-", 2), ("check no.yaml", "<&- >&- 2>&-", 2),
    ],
)  # fmt: skip
def test_closed_streams(arguments: str, closed: str, code: int, tmp_path: Path) -> None:
    many(tmp_path)
    command = f'exec "$0" -m optanim {arguments} {closed}'
    done = subprocess.run(
        ["sh", "-c", command, sys.executable], cwd=tmp_path, capture_output=True, timeout=120
    )
    assert done.returncode == code and b"Traceback" not in done.stderr
    for path in tmp_path.glob("output/*"):
        assert path.read_bytes().startswith(b"GIF89a") and path.read_bytes().endswith(b";")


@uses_posix
def test_what_is_printed_on_a_closed_standard_output_is_an_error(tmp_path: Path) -> None:
    command = ["sh", "-c", 'exec "$0" -m optanim schema >&-', sys.executable]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, timeout=60)
    assert done.returncode == 1 and b"Traceback" not in done.stderr and done.stderr


@pytest.mark.parametrize("installed", ["elsewhere", "in a folder of it"])
def test_python_m_imports_nothing_of_the_working_folder(installed: str, tmp_path: Path) -> None:
    for name in ("struct", "selectors", "random", "yaml", "typer"):
        (tmp_path / f"{name}.py").write_text(f"open('ran-{name}', 'w')\n")
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONSAFEPATH"}
    if installed == "in a folder of it":  # as a virtual environment beside the configs
        shutil.copytree(Path(optanim.__file__).parent, tmp_path / ".venv" / "optanim")
        environment["PYTHONPATH"] = str(tmp_path / ".venv")
    done = subprocess.run(
        [sys.executable, "-m", "optanim", "--version"],
        cwd=tmp_path, env=environment, capture_output=True,
    )  # fmt: skip
    assert done.returncode == 0
    assert not list(tmp_path.glob("ran-*"))
