"""Signals that end a command even where Python ignores exceptions."""

from __future__ import annotations

import _thread
import signal
import sys
from threading import Timer
from typing import Any

RESEND_DELAY = 0.02
"""Delay before the signal is sent again, in seconds."""


def resend_ignored_signals() -> None:
    """Send a signal again if Python ignored the exception that it raised.

    Python ignores exceptions in callbacks of weak references. Freeing a figure of matplotlib runs
    thousands of such callbacks.
    """
    sys.unraisablehook = _resend


def _resend(ignored: Any) -> None:
    for kind, number in ((KeyboardInterrupt, signal.SIGINT), (SystemExit, signal.SIGTERM)):
        if isinstance(ignored.exc_value, kind):
            # With a delay: exceptions are ignored here, too.
            timer = Timer(RESEND_DELAY, _thread.interrupt_main, [number])
            timer.daemon = True
            timer.start()
            return
    sys.__unraisablehook__(ignored)
