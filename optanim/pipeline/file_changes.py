"""Saves: what tells that a file was saved, and when a save is over."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

QUIET, LONGEST = 0.05, 0.3
"""Seconds without a change that end a save, and for which it may last."""

Stamp = tuple[int, int, int] | None
"""When a file was changed, its size, and which file it is; None if there is none."""


def stamp(file: Path) -> Stamp:
    """The stamp of a file."""
    try:
        stat = file.stat()
    except OSError:
        return None
    return stat.st_mtime_ns, stat.st_size, stat.st_ino


def settle(files: Sequence[Path]) -> None:
    """Wait until a save is over: an editor may empty a file, or take it away, and write it then."""
    until, before = time.monotonic() + LONGEST, None
    while time.monotonic() < until:
        now = [stamp(file) for file in files]
        if now == before and all(then and then[1] for then in now):
            return
        before = now
        time.sleep(QUIET / 5)


def saved_at(name: str) -> int:
    """When a file was saved, in nanoseconds; 0 if there is none."""
    then = stamp(Path(name))
    return then[0] if then else 0


def nearest(folder: Path) -> Path:
    """A folder, or the nearest above that is there."""
    while not folder.is_dir() and folder != folder.parent:
        folder = folder.parent
    return folder
