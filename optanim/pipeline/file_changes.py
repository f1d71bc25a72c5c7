"""Changes of files: whether a file was saved, and when a save is complete."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

QUIET_TIME = 0.05
"""A save is complete after this time without a change, in seconds."""

MAX_SAVE_TIME = 0.3
"""The longest duration of a save, in seconds."""

FileState = tuple[int, int, int] | None
"""Time of the last change in ns, size in bytes, and inode; None for a file that does not exist."""


def file_state(file: Path) -> FileState:
    """The state of a file. A save changes it."""
    try:
        stat = file.stat()
    except OSError:
        return None
    return stat.st_mtime_ns, stat.st_size, stat.st_ino


def wait_for_save(files: Sequence[Path]) -> None:
    """Wait until a save is complete: some editors first empty or remove the file."""
    end, before = time.monotonic() + MAX_SAVE_TIME, None
    while time.monotonic() < end:
        now = [file_state(file) for file in files]
        if now == before and all(state and state[1] for state in now):
            return
        before = now
        time.sleep(QUIET_TIME / 5)


def save_time(name: str) -> int:
    """The time at which a file was saved, in ns; 0 for a file that does not exist."""
    state = file_state(Path(name))
    return state[0] if state else 0


def existing_folder(folder: Path) -> Path:
    """The folder itself if it exists, otherwise the nearest parent that does."""
    while not folder.is_dir() and folder != folder.parent:
        folder = folder.parent
    return folder
