"""Signals that end a command, with its files cleaned up, even where Python ignores exceptions."""

from __future__ import annotations

import _thread
import signal
import sys
import threading
import time
from contextlib import ContextDecorator
from types import FrameType
from typing import Any

RESEND_DELAY = 0.02
"""Delay before the signal is sent again, in seconds."""

CLEANING_TIME = 1.0
"""Time in which the same process is not stopped a second time, in seconds.

`timeout` and a closed terminal reach a worker twice: from the system, and through its parent. The
second signal must not interrupt the cleaning."""

STOP_SIGNALS = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
)

_stop = {"number": 0, "since": 0.0}
"""The signal that stops this process, and the time when it was raised as an exception."""

_held = {"depth": 0, "number": 0, "since": 0.0}
"""The number of blocks that hold signals, and the signal that waits, with the time of it."""


class held_signals(ContextDecorator):  # noqa: N801
    """A block, or a function, that a signal does not interrupt: its exception is raised at the end.

    The C++ code of matplotlib calls Python, and some versions crash if that raises an exception. A
    second signal after CLEANING_TIME is not held.
    """

    def __enter__(self) -> None:
        _held["depth"] += 1

    def __exit__(self, *error: object) -> None:
        _held["depth"] -= 1
        if _held["number"] and not _held["depth"]:
            number, _held["number"] = int(_held["number"]), 0
            _raise(number, None)


def stop_on_signals() -> None:
    """Let each signal that ends a process raise an exception, so that files are cleaned up.

    SIGINT raises KeyboardInterrupt, the others SystemExit. A signal that is ignored stays ignored,
    as `nohup` asks for.
    """
    for number in STOP_SIGNALS:
        if signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, _raise)
    # Python ignores exceptions in callbacks of weak references. Freeing a figure of matplotlib runs
    # thousands of such callbacks.
    sys.unraisablehook = _resend


def exit_code_of_signal() -> int:
    """128 and the number of the signal that stops this process; 0 if there was none."""
    return 128 + int(_stop["number"]) if _stop["number"] else 0


def _raise(number: int, frame: FrameType | None) -> None:
    now = time.monotonic()
    if _held["depth"] and (not _held["number"] or now - _held["since"] < CLEANING_TIME):
        if not _held["number"]:
            _held.update(number=number, since=now)
        return
    if _stop["number"] and now - _stop["since"] < CLEANING_TIME:
        return
    _stop.update(number=number, since=now)
    if number == signal.SIGINT:
        raise KeyboardInterrupt
    raise SystemExit(128 + number)


def _resend(ignored: Any) -> None:
    if not isinstance(ignored.exc_value, KeyboardInterrupt | SystemExit):
        sys.__unraisablehook__(ignored)
        return
    number, _stop["number"] = int(_stop["number"] or signal.SIGINT), 0
    # With a delay: exceptions are ignored here, too.
    done = threading.Event()
    threading.Thread(target=_send_later, args=(number, done), daemon=True).start()
    done.set()


def _send_later(number: int, done: threading.Event) -> None:
    """Send a signal some time after an event, however long the main thread takes until there."""
    done.wait()
    time.sleep(RESEND_DELAY)
    _send(number)


def _send(number: int) -> None:
    """Send a signal to the main thread. Unlike `interrupt_main` this also wakes one that waits."""
    if hasattr(signal, "pthread_kill"):
        signal.pthread_kill(threading.main_thread().ident or 0, number)
    else:
        _thread.interrupt_main(signal.Signals(number))
