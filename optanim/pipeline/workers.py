"""A pool of worker processes. Each works on one task at a time and has a pipe of its own.

A killed worker loses its own task only. In the pools of `multiprocessing` and joblib all workers
share one queue: there nobody knows which task was lost, and all waiting tasks are lost with it.
"""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
import time
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from multiprocessing import connection
from multiprocessing.connection import Connection
from threading import Thread
from typing import Any

from optanim.pipeline.signals import STOP_SIGNALS, stop_on_signals

OnMessage = Callable[[int, Any], None]
"""`on_message(task number, message)` is called for each message of a task before its result."""

Execute = Callable[[Iterable[Any], OnMessage], Iterator[tuple[int, Any]]]
"""`execute(tasks, on_message)` yields (task number, result) in the order of completion. The result
of a task that failed is its exception."""

Action = Callable[[Any, Callable[[Any], None]], Any]
"""`action(task, send)` returns the result of a task; `send(message)` reports progress."""

STOP_TIMEOUT = 0.5
"""Time that a worker has to clean up before it is killed, in seconds."""

KILL_TIMEOUT = 30.0
"""Longest wait for the end of a killed worker, in seconds.

The end comes at once, unless the machine is busy or the worker waits for a disk. Until then the
worker keeps its temporary file locked, and nobody can remove it."""


class LostTaskError(Exception):
    """The worker of a task has ended, or could not run it."""


@contextmanager
def worker_pool(count: int, action: Action, preload: Sequence[str] = ()) -> Iterator[Execute]:
    """A context with a pool of worker processes. All of them end at its end.

    The modules are imported from the beginning of the context on. A worker starts with a task.

    Args:
        count: the largest number of workers.
        action: called with each task; a function of a module, as it is pickled by its name.
        preload: modules to import beforehand, once for all workers if the system can fork.
    """
    forks = "forkserver" in multiprocessing.get_all_start_methods()
    context = multiprocessing.get_context("forkserver" if forks else "spawn")
    workers: list[_Worker] = []

    def execute(tasks: Iterable[Any], on_message: OnMessage) -> Iterator[tuple[int, Any]]:
        busy: dict[Connection, _Worker] = {}
        idle = [*workers]  # those that did other tasks before
        for number, task in enumerate(tasks):
            if idle:
                worker = idle.pop()
            elif len(workers) < count:
                worker = _Worker(context, action)
                workers.append(worker)
            else:
                worker, result = _next_result(busy, on_message)
                yield worker.task_number, result
                if isinstance(result, LostTaskError):
                    workers.remove(worker)
                    worker = _Worker(context, action)
                    workers.append(worker)
            worker.task_number = number
            busy[worker.pipe] = worker
            # If the worker was killed just now, its pipe ends, and `_next_result` sees that.
            with suppress(OSError):
                worker.pipe.send(task)
        while busy:
            worker, result = _next_result(busy, on_message)
            yield worker.task_number, result

    with _safe_path():
        if forks:
            context.set_forkserver_preload([__name__, *preload])
            _start_forkserver()
        try:
            yield execute
        finally:
            for worker in workers:
                worker.process.terminate()
            deadline = time.monotonic() + STOP_TIMEOUT
            for worker in workers:
                worker.process.join(max(0.0, deadline - time.monotonic()))
                worker.process.kill()
            for worker in workers:
                worker.process.join(KILL_TIMEOUT)


@contextmanager
def _safe_path() -> Iterator[None]:
    """A context in which Python processes that are started import nothing of the working folder.

    They are started as `python -c`, which otherwise searches the working folder first, and would
    run a `struct.py` beside the configs.
    """
    before = os.environ.get("PYTHONSAFEPATH")
    os.environ["PYTHONSAFEPATH"] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ["PYTHONSAFEPATH"]
        else:
            os.environ["PYTHONSAFEPATH"] = before


def _start_forkserver() -> None:
    """Start the process that forks the workers.

    It blocks the signals that stop a command, which may reach the whole group of processes: it
    tells how its workers end, and ends after them. A worker gets the signals again in `_work`.
    """
    from multiprocessing import forkserver, resource_tracker

    # First, as its start sets SIGINT and SIGTERM free again.
    resource_tracker.ensure_running()
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, STOP_SIGNALS)
    try:
        forkserver.ensure_running()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)


class _Worker:
    """A worker process and this end of its pipe.

    Attributes:
        pipe: carries tasks to the worker, and messages and results back.
        process: the process.
        task_number: the number of its current task; -1 before the first one.
    """

    def __init__(self, context: Any, action: Action) -> None:
        self.pipe, other_end = context.Pipe()
        self.process = context.Process(target=_work, args=(other_end, action), daemon=True)
        self.process.start()
        other_end.close()
        self.task_number = -1


def _next_result(busy: dict[Connection, _Worker], on_message: OnMessage) -> tuple[_Worker, Any]:
    """The next worker that has finished its task, and the result. It is removed from `busy`."""
    while True:
        for pipe in connection.wait(list(busy)):
            worker = busy[pipe]  # type: ignore[index]
            try:
                finished, content = worker.pipe.recv()
            except (EOFError, OSError):
                worker.process.join(STOP_TIMEOUT)
                finished, content = True, LostTaskError(_exit_reason(worker.process.exitcode))
            if finished:
                del busy[worker.pipe]
                return worker, content
            on_message(worker.task_number, content)


def _exit_reason(code: int | None) -> str:
    """How a worker ended before its task was done."""
    if code is not None and code < 0:
        with suppress(ValueError):
            return f"its process was killed by {signal.Signals(-code).name}"
    return f"its process ended early with exit code {code}"


def _work(pipe: Connection, action: Action) -> None:
    """Do tasks until the pipe ends or SIGTERM comes. The current task can clean up."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    stop_on_signals()
    if hasattr(signal, "pthread_sigmask"):  # the process that forked this one blocks them
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOP_SIGNALS)
    Thread(target=_end_with_parent, daemon=True).start()
    with suppress(EOFError, OSError):
        while True:
            task = pipe.recv()
            try:
                result = action(task, lambda message: pipe.send((False, message)))
            except Exception as error:
                result = _picklable(error)
            pipe.send((True, result))


def _picklable(error: Exception) -> Exception:
    """The error, if it can be pickled; otherwise a RuntimeError with its traceback as the text."""
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301
    except Exception:
        return RuntimeError("".join(traceback.format_exception(error)))
    return error


def _end_with_parent() -> None:
    """Wait until the parent process ends, for whatever reason, and end this process then."""
    parent = multiprocessing.parent_process()
    if parent:
        connection.wait([parent.sentinel])
        os.kill(os.getpid(), signal.SIGTERM)
