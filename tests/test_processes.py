"""Processes side by side: whatever happens to one costs its own task and no other."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from optanim.errors import ConfigError, Place, Problem
from optanim.pipeline.workers import Execute, LostTaskError, worker_pool


class UnportableError(Exception):
    def __init__(self) -> None:
        super().__init__(threading.Lock())


def act(task: Any, say: Callable[[Any], None]) -> Any:
    match task:
        case ("kill", number):
            os.kill(os.getpid(), number)
        case ("kill the parent", number):
            parent = os.getppid()
            os.kill(parent, number)
            time.sleep(0.3)
            assert os.getppid() == parent
        case ("exit", code):
            os._exit(code)
        case ("raise", "config"):
            raise ConfigError([Problem("wrong", Place("a.yaml", 3, 5, "  lrr: 1", 3), "lr")])
        case ("raise", "os"):
            raise OSError(28, "No space left on device", "a.gif")
        case ("raise", _):
            raise UnportableError
        case ("say", count):
            for i in range(count):
                say(i)
        case ("sleep", path):
            try:
                Path(path).touch()
                time.sleep(60)
            finally:
                Path(path).unlink()
    return os.getpid(), task


def answers(tasks: list[Any], count: int = 2) -> tuple[list[Any], list[tuple[int, Any]]]:
    messages: list[tuple[int, Any]] = []
    with worker_pool(count, act) as execute:
        results = dict(execute(tasks, lambda i, message: messages.append((i, message))))
    assert sorted(results) == list(range(len(tasks)))
    return [results[i] for i in range(len(tasks))], messages


def test_every_task_is_done_once_and_heard() -> None:
    tasks = [("say", i % 4) for i in range(20)]
    found, heard = answers(tasks)
    assert [task for _, task in found] == tasks
    assert 1 <= len({pid for pid, _ in found}) <= 2 and os.getpid() not in dict(found)
    assert sorted(heard) == [(i, k) for i in range(20) for k in range(i % 4)]


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="only a POSIX system has SIGHUP")
@pytest.mark.parametrize("number", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_the_process_that_forks_workers_survives_the_signals_that_stop_a_command(
    number: str,
) -> None:
    # In a new process, as the one of the tests may have started helpers of multiprocessing before.
    code = (
        "import signal\nfrom tests.test_processes import answers\n"
        f"found, _ = answers([('kill the parent', signal.{number})])\n"
        "assert not isinstance(found[0], Exception), found\n"
    )
    subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parents[1], check=True)


def test_a_killed_process_loses_its_own_task_only() -> None:
    tasks: list[Any] = [("say", 1)] * 12
    tasks[1], tasks[4], tasks[11] = ("kill", signal.SIGKILL), ("exit", 3), ("kill", signal.SIGSEGV)
    found, _ = answers(tasks)
    lost = {i: str(answer) for i, answer in enumerate(found) if isinstance(answer, LostTaskError)}
    assert lost == {
        1: "its process was killed by SIGKILL",
        4: "its process ended early with exit code 3",
        11: "its process was killed by SIGSEGV",
    }
    assert all(found[i][1] == ("say", 1) for i in range(12) if i not in lost)


def test_errors_come_back_as_they_are() -> None:
    (wrong, full, strange, well), _ = answers(
        [("raise", "config"), ("raise", "os"), ("raise", "other"), "well"]
    )
    assert isinstance(wrong, ConfigError) and str(wrong.problems[0].place) == "a.yaml:3:5"
    assert isinstance(full, OSError) and (full.errno, full.filename) == (28, "a.gif")
    assert isinstance(strange, RuntimeError) and "raise UnportableError" in str(strange)
    assert well[1] == "well"


@pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError])
def test_whatever_ends_the_stretch_ends_the_processes(
    error: type[BaseException], tmp_path: Path
) -> None:
    marks = [tmp_path / name for name in "ab"]

    def interrupted(execute: Execute) -> None:
        tasks = [("say", 1), *(("sleep", str(mark)) for mark in marks), ("say", 1)]
        for _ in execute(tasks, lambda i, message: None):
            wait_for(lambda: any(mark.exists() for mark in marks))
            raise error

    with pytest.raises(error), worker_pool(2, act) as execute:
        interrupted(execute)
    # What was half done was cleaned up on the way out.
    assert list(tmp_path.iterdir()) == []


def wait_for(true: Callable[[], object], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "waited for in vain"
        time.sleep(0.02)


@pytest.mark.parametrize(("name", "code"), [("SIGINT", 130), ("SIGTERM", 143)])
def test_a_signal_is_not_lost_in_a_callback(name: str, code: int) -> None:
    """Python ignores what is raised while weak references are called back."""
    program = f"""
import os, signal, time, weakref
from optanim.cli import app as cli
class Figure: pass
def app():
    figure = Figure()
    held = weakref.ref(figure, lambda _: (os.kill(os.getpid(), signal.{name}), sum(range(10**6))))
    del figure
    while True:
        time.sleep(0.01)
cli.app, cli._add_commands = app, lambda: None
cli.main()
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, timeout=50)
    assert done.returncode == code and done.stderr == b""


def test_a_pool_works_on_further_tasks_after_the_first() -> None:
    with worker_pool(2, act) as execute:
        first = dict(execute(["a", "b", "c"], lambda i, message: None))
        second = dict(execute(["d", "e", "f"], lambda i, message: None))
    assert {first[i][1] for i in first} == {*"abc"} and [second[i][1] for i in range(3)] == [*"def"]
    assert {process for process, _ in second.values()} <= {process for process, _ in first.values()}
