"""Files that are either complete or absent: written beside their target and renamed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from glob import escape
from itertools import count
from pathlib import Path
from typing import BinaryIO

try:
    import fcntl
except ImportError:  # Windows has no flock: the temporary file of a killed process stays there.
    fcntl = None  # type: ignore[assignment]

CONFIG_SUFFIXES = (".yaml", ".yml")
"""The suffixes of configs."""

_serial = count()


@contextmanager
def atomic_write(target: Path) -> Iterator[BinaryIO]:
    """A temporary file to write. It replaces the target at the end, or is removed on an error.

    Missing folders are made. A link is followed. The mode of the target is kept; a new file gets
    the mode of the umask. Temporary files that killed processes left are removed.

    Raises:
        OSError: the folder or the file cannot be written.
    """
    target = Path(os.path.realpath(target))
    target.parent.mkdir(parents=True, exist_ok=True)
    _remove_leftovers(target)
    temporary = target.with_name(f"{_prefix(target)}{os.getpid()}-{next(_serial)}.tmp")
    try:
        with _open_locked(temporary) as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
            with suppress(FileNotFoundError):
                temporary.chmod(target.stat().st_mode & 0o7777)
            if fcntl:  # under the lock, so that no other process removes the file
                temporary.replace(target)
        if not fcntl:  # Windows renames closed files only
            temporary.replace(target)
        _sync_folder(target.parent)
    except BaseException as error:
        temporary.unlink(missing_ok=True)
        if isinstance(error, OSError) and error.filename == str(temporary):
            error.filename = str(target)
        raise


def unwritable_reason(target: Path) -> str:
    """The reason why a target cannot be written; "" if none is known."""
    if target.is_dir():
        return "is a folder, not a file"
    if target.exists() and not target.is_file():
        return "is not a regular file"
    folder = Path(os.path.realpath(target)).parent
    while not folder.exists():
        folder = folder.parent
    if not folder.is_dir():
        return f"cannot be written: {folder} is not a folder"
    if not os.access(folder, os.W_OK | os.X_OK):
        return f"cannot be written: no permission in {folder}"
    return ""


def _open_locked(path: Path) -> BinaryIO:
    """A new file with a lock.

    Another process may remove the file before it is locked. Then it is made again.
    """
    while True:
        file = path.open("xb")
        if not fcntl:
            return file
        fcntl.flock(file, fcntl.LOCK_EX)
        if os.fstat(file.fileno()).st_nlink:
            return file
        file.close()


def _prefix(target: Path) -> str:
    """The prefix of the temporary files of a target. A file name has at most 255 bytes."""
    return f".{os.fsdecode(os.fsencode(target.name)[:200])}."


def _remove_leftovers(target: Path) -> None:
    """Remove the temporary files of a target that no process has locked: their writers ended."""
    if not fcntl:
        return
    for leftover in target.parent.glob(f"{escape(_prefix(target))}*.tmp"):
        with suppress(OSError), leftover.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            leftover.unlink()


def _sync_folder(folder: Path) -> None:
    """Write the new name to the disk. Some systems cannot open a folder for this."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
