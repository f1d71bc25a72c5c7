"""Files that are whole or not there: written beside their target and renamed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import BinaryIO

try:
    import fcntl
except ImportError:  # Windows has no flock; what a killed run left then stays.
    fcntl = None  # type: ignore[assignment]

SUFFIXES = (".yaml", ".yml")
"""How the names of configs end."""

_serial = count()


@contextmanager
def whole_file(target: Path) -> Iterator[BinaryIO]:
    """A file to write, which becomes the target when all is well and vanishes otherwise.

    Folders are made as needed; a link is followed; the mode is that of the file before, or the
    umask's. What a killed run left beside the target is removed.

    Raises:
        OSError: the folder or the file cannot be written.
    """
    target = Path(os.path.realpath(target))
    target.parent.mkdir(parents=True, exist_ok=True)
    _clean(target)
    temporary = target.with_name(f"{_prefix(target)}{os.getpid()}-{next(_serial)}.tmp")
    try:
        with _locked(temporary) as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
            with suppress(FileNotFoundError):
                temporary.chmod(target.stat().st_mode & 0o7777)
            if fcntl:  # while it is locked, nobody takes it for a leftover
                temporary.replace(target)
        if not fcntl:  # Windows renames only what is closed
            temporary.replace(target)
        _sync(target.parent)
    except BaseException as error:
        temporary.unlink(missing_ok=True)
        if isinstance(error, OSError) and error.filename == str(temporary):
            error.filename = str(target)
        raise


def unwritable(target: Path) -> str:
    """Why a target cannot be written, in words; "" if nothing stands against it."""
    if target.is_dir():
        return "is a folder, not a file to write"
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


def _locked(path: Path) -> BinaryIO:
    """A new file, locked; made again if another writer cleaned it away before the lock was ours."""
    while True:
        file = path.open("xb")
        if not fcntl:
            return file
        fcntl.flock(file, fcntl.LOCK_EX)
        if os.fstat(file.fileno()).st_nlink:
            return file
        file.close()


def _prefix(target: Path) -> str:
    """How the names of its temporary files begin; a name has room for 255 bytes."""
    return f".{os.fsdecode(os.fsencode(target.name)[:200])}."


def _clean(target: Path) -> None:
    """Remove the temporary files of this target whose writer is gone: their lock is free."""
    if not fcntl:
        return
    for left in target.parent.glob(f"{_escaped(_prefix(target))}*.tmp"):
        with suppress(OSError), left.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            left.unlink()


def _escaped(name: str) -> str:
    return "".join(f"[{char}]" if char in "*?[" else char for char in name)


def _sync(folder: Path) -> None:
    """Make the new name itself last; not every system lets a folder be opened."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
