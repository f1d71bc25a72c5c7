"""Signals that are never lost: what ends a command ends it, whenever it comes."""

from __future__ import annotations

import _thread
import signal
import sys
from threading import Timer
from typing import Any

SOON = 0.02
"""Seconds until then."""


def never_lost() -> None:
    """Send an interruption again that came where Python ignores exceptions.

    It ignores those in callbacks of weak references, of which a figure that goes has thousands.
    """
    sys.unraisablehook = _again


def _again(ignored: Any) -> None:
    for kind, number in ((KeyboardInterrupt, signal.SIGINT), (SystemExit, signal.SIGTERM)):
        if isinstance(ignored.exc_value, kind):
            # Not from here: this, too, is where exceptions are ignored.
            later = Timer(SOON, _thread.interrupt_main, [number])
            later.daemon = True
            later.start()
            return
    sys.__unraisablehook__(ignored)
