"""Processes that work side by side, each on one task at a time and with a pipe of its own.

A process that is killed loses its own task. Where all share one queue, as in the pools of
`multiprocessing` and joblib, nobody can tell whose task it was, and all that wait are lost.
"""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from multiprocessing import connection
from multiprocessing.connection import Connection
from threading import Thread
from typing import Any

from optanim.pipeline.signals import never_lost

Heard = Callable[[int, Any], None]
Each = Callable[[Iterable[Any], Heard], Iterator[tuple[int, Any]]]
"""Tasks, and what is called with the number of a task and each thing it says before it is done, to
the number of a task and what came of it, as they get done."""

GRACE = 5.0
"""Seconds that a process has to clean up when it is told to stop."""


class LostError(Exception):
    """Whoever had a task is gone, or has given it back."""


@contextmanager
def processes(
    count: int, act: Callable[[Any, Callable[[Any], None]], Any], ahead: Sequence[str] = ()
) -> Iterator[Each]:
    """Processes for a stretch of code; whatever ends it ends them at once.

    They begin to import when the stretch begins, and start with the first task.

    Args:
        count: how many at most.
        act: done with each task and a function to say things; both are pickled, and found by name.
        ahead: modules to import beforehand, once for all where the system can fork.
    """
    forks = "forkserver" in multiprocessing.get_all_start_methods()
    context = multiprocessing.get_context("forkserver" if forks else "spawn")
    if forks:
        context.set_forkserver_preload([__name__, *ahead])
        _begin()
    staff: list[_Worker] = []
    try:
        yield lambda tasks, heard: _each(context, count, act, staff, iter(enumerate(tasks)), heard)
    finally:
        for worker in staff:
            worker.process.terminate()
        for worker in staff:
            worker.process.join(GRACE)
            worker.process.kill()


def _begin() -> None:
    """Start the process that the others are forked from; an interruption is none of its business.

    It would print a traceback if it were still importing.
    """
    from multiprocessing import forkserver

    kept = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        forkserver.ensure_running()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, kept)


class _Worker:
    """A process and our end of its pipe."""

    def __init__(self, context: Any, act: Callable[..., Any]) -> None:
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=_serve, args=(theirs, act), daemon=True)
        self.process.start()
        theirs.close()
        self.number = -1


def _each(
    context: Any,
    count: int,
    act: Callable[..., Any],
    staff: list[_Worker],
    tasks: Iterator[tuple[int, Any]],
    heard: Heard,
) -> Iterator[tuple[int, Any]]:
    busy: dict[Connection, _Worker] = {}
    for task in tasks:
        if len(staff) < count:
            staff.append(_Worker(context, act))
            worker = staff[-1]
        else:
            worker, found = _answer(busy, heard)
            yield worker.number, found
            if isinstance(found, LostError):
                staff.remove(worker)
                worker = _Worker(context, act)
                staff.append(worker)
        worker.number = task[0]
        busy[worker.pipe] = worker
        # One that is killed just now is found out by its pipe's end.
        with suppress(OSError):
            worker.pipe.send(task[1])
    while busy:
        worker, found = _answer(busy, heard)
        yield worker.number, found


def _answer(busy: dict[Connection, _Worker], heard: Heard) -> tuple[_Worker, Any]:
    """The next that is done with its task, and what came of it; it is busy no more."""
    while True:
        for pipe in connection.wait(list(busy)):
            worker = busy[pipe]  # type: ignore[index]
            try:
                over, found = worker.pipe.recv()
            except (EOFError, OSError):
                worker.process.join(GRACE)
                over, found = True, LostError(_ended(worker.process.exitcode))
            if over:
                del busy[worker.pipe]
                return worker, found
            heard(worker.number, found)


def _ended(code: int | None) -> str:
    """What became of a process that should go on, in words."""
    if code is not None and code < 0:
        with suppress(ValueError):
            return f"its process was killed by {signal.Signals(-code).name}"
    return f"its process ended before it was done, with exit code {code}"


def _serve(pipe: Connection, act: Callable[[Any, Callable[[Any], None]], Any]) -> None:
    """Work until the pipe ends or somebody says so; what is half done is cleaned up."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _stop)
    never_lost()
    Thread(target=_follow, daemon=True).start()
    with suppress(EOFError, OSError):
        while True:
            task = pipe.recv()
            try:
                answer = act(task, lambda said: pipe.send((False, said)))
            except Exception as error:
                answer = _portable(error)
            pipe.send((True, answer))


def _portable(error: Exception) -> Exception:
    """An error as it can be sent; one that cannot, as the text that Python would print."""
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301
    except Exception:
        return RuntimeError("".join(traceback.format_exception(error)))
    return error


def _stop(number: int, frame: Any) -> None:
    raise SystemExit(128 + number)


def _follow() -> None:
    """End with the process that began this one, however that ends."""
    parent = multiprocessing.parent_process()
    if parent:
        connection.wait([parent.sentinel])
        os.kill(os.getpid(), signal.SIGTERM)
