"""Files that are either complete or absent: written beside their target and renamed."""

from __future__ import annotations

import errno
import os
import re
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import BinaryIO

from optanim.files import real_path

try:
    import fcntl
except ImportError:  # Windows has no flock: the temporary file of a killed process stays there.
    fcntl = None  # type: ignore[assignment]

CONFIG_SUFFIXES = (".yaml", ".yml")
"""The suffixes of configs."""

MAX_NAME_BYTES = 255
"""The longest name of a file on every common system, in bytes."""

_TEMPORARY = re.compile(r"(.*\.)[0-9]+-[0-9]+\.tmp", re.DOTALL)
"""The name of a temporary file: the prefix of its target, the process, and a serial number."""

_serial = count()


@contextmanager
def atomic_write(target: Path) -> Iterator[BinaryIO]:
    """A temporary file to write. It replaces the target at the end, or is removed on an error.

    Missing folders are made. A link is followed. The permissions of the target are kept, without
    setuid, setgid and sticky bits; a new file gets those of the umask. A hard link is no way into
    another file, as the target is replaced. Temporary files that killed processes left are removed.

    Raises:
        OSError: the folder or the file cannot be written.
    """
    target = real_path(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    remove_leftovers([target])
    temporary = target.with_name(f"{_prefix(target)}{os.getpid()}-{next(_serial)}.tmp")
    try:
        with _open_locked(temporary) as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
            with suppress(FileNotFoundError):
                temporary.chmod(target.stat().st_mode & 0o777)
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
    try:
        # Each name, as a missing folder would hide that a name in it is too long.
        for name in (part for part in target.parts if len(os.fsencode(part)) > MAX_NAME_BYTES):
            raise OSError(errno.ENAMETOOLONG, os.strerror(errno.ENAMETOOLONG), name)
        # The temporary file has the longer path.
        real = real_path(target)
        with suppress(FileNotFoundError, NotADirectoryError):
            os.lstat(real.with_name(f"{_prefix(real)}{os.getpid()}-{'0' * 9}.tmp"))
        with suppress(FileNotFoundError, NotADirectoryError):
            mode = target.stat().st_mode
            if stat.S_ISDIR(mode):
                return "is a folder, not a file"
            if not stat.S_ISREG(mode):
                return "is not a regular file"
        # `realpath` takes the way up out of `c.yaml/../a.gif`, and the system does not.
        with suppress(FileNotFoundError):
            target.parent.stat()
        folder = real.parent
        while not folder.exists():
            folder = folder.parent
    except (OSError, ValueError) as error:  # a loop of links, no permission, a NUL
        return f"cannot be written: {getattr(error, 'strerror', None) or error}"
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


def remove_leftovers(targets: Iterable[Path]) -> None:
    """Remove the temporary files of targets that no process has locked: their writers ended.

    Only regular files of this user whose whole name is that of a temporary file are opened. Each
    folder is read once.
    """
    prefixes: dict[Path, set[str]] = {}
    for target in map(real_path, targets if fcntl else ()):
        prefixes.setdefault(target.parent, set()).add(_prefix(target))
    for folder, of_targets in prefixes.items():
        with suppress(OSError):
            for path in _temporary_files(folder, of_targets):
                with suppress(OSError):
                    if _is_own_file(os.lstat(path)):
                        _remove_unlocked(path)


def _temporary_files(folder: Path, prefixes: set[str]) -> list[Path]:
    """The temporary files in a folder that have one of the prefixes."""
    with os.scandir(folder) as entries:
        names = [(entry.path, _TEMPORARY.fullmatch(entry.name)) for entry in entries]
    return [Path(path) for path, match in names if match and match[1] in prefixes]


def _remove_unlocked(path: Path) -> None:
    """Remove a file of this user that no process has locked.

    Raises:
        OSError: it is locked, or is gone.
    """
    # It may be another file by now: no link is followed, and no pipe is waited for.
    file = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        if _is_own_file(os.fstat(file)):
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if os.path.samestat(os.fstat(file), os.lstat(path)):
                path.unlink()
    finally:
        os.close(file)


def _is_own_file(status: os.stat_result) -> bool:
    """Whether this is the status of a regular file of this user."""
    return stat.S_ISREG(status.st_mode) and status.st_uid == os.geteuid()


def _sync_folder(folder: Path) -> None:
    """Write the new name to the disk. Some systems cannot open a folder for this."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
