"""Files that are read: regular ones, up to a limit, without waiting.

All reading of files that optanim did not write goes through here.
"""

from __future__ import annotations

import errno
import os
import re
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import BinaryIO

CONFIG, DATA, FONT, PICTURE = 1_000_000, 100_000_000, 64_000_000, 1_000_000_000
"""The largest number of bytes of a file of each kind."""

STREAM = re.compile(r"/dev/fd/[0-9]+|/dev/stdin|/proc/self/fd/[0-9]+")
"""How a shell names an open pipe: `optanim render <(program)`."""


class UnsuitableFileError(OSError):
    """A file that can be opened but is not read: of another kind than a regular file, or too large.

    `strerror` is the reason.
    """


class FolderError(UnsuitableFileError, IsADirectoryError):
    """A folder in place of a file."""


def reason(error: OSError) -> str:
    """Why a file is not read, in words that follow its name."""
    if isinstance(error, UnsuitableFileError):
        return str(error.strerror)
    return f"cannot be read: {error.strerror or error}"


def read_file(path: str | os.PathLike[str], limit: int) -> bytes:
    """The content of a regular file.

    Args:
        path: the file; links are followed.
        limit: the largest number of bytes it may have.

    Raises:
        UnsuitableFileError: it is not a regular file, or is larger than the limit.
        OSError: it cannot be read.
    """
    with open_file(path) as file:
        # Not read first: that takes a second, and memory, for each GB.
        if os.fstat(file.fileno()).st_size > limit:
            raise _too_large(limit, path)
        return _read(file, limit, path)


def read_start(path: str | os.PathLike[str], size: int) -> bytes:
    """The first bytes of a regular file, at most `size` of them.

    Raises:
        OSError: as for `read_file`; the size of the file does not matter.
    """
    with open_file(path) as file:
        return file.read(size) or b""


_readable: ContextVar[frozenset[Path] | None] = ContextVar("readable files", default=None)
"""The files that may be read; None for any."""


@contextmanager
def only_files(paths: Iterable[str | os.PathLike[str]]) -> Iterator[None]:
    """A block in which no other files than these are read, for a config that nobody can trust.

    The answer about another file does not say whether it exists.
    """
    token = _readable.set(frozenset(map(real_path, paths)))
    try:
        yield
    finally:
        _readable.reset(token)


@contextmanager
def open_file(path: str | os.PathLike[str]) -> Iterator[BinaryIO]:
    """A regular file, open for reading. No other file is opened: that alone may wait, or act.

    Raises:
        UnsuitableFileError: it is not a regular file, or is not among those that may be read.
        OSError: it cannot be opened.
    """
    name = os.fspath(path)
    readable = _readable.get()
    if readable is not None and real_path(path) not in readable:
        raise UnsuitableFileError(errno.EACCES, "is not read: the opened config does not name it")
    if not _can_be_named(name):
        raise UnsuitableFileError(errno.EINVAL, "cannot be the name of a file", name)
    _check_kind(os.stat(name).st_mode, name)  # noqa: PTH116
    # The file may have changed since. Non-blocking: to open a pipe must not wait for its writer.
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0)
    flags |= getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(name, flags), "rb") as file:
        _check_kind(os.fstat(file.fileno()).st_mode, name)
        yield file


def is_stream(name: str | os.PathLike[str]) -> bool:
    """Whether a name stands for a pipe that this process was started with."""
    return bool(STREAM.fullmatch(os.fspath(name)))


def read_stream(source: BinaryIO | str | os.PathLike[str], limit: int) -> bytes:
    """The content of a pipe, up to its end.

    Args:
        source: an open pipe, or a name for which `is_stream` holds.
        limit: the largest number of bytes it may have.

    Raises:
        UnsuitableFileError: it is larger than the limit.
        OSError: it cannot be read.
    """
    if isinstance(source, str | os.PathLike):
        with Path(source).open("rb") as file:
            return _read(file, limit, source)
    return _read(source, limit, "stdin")


def is_address(name: str) -> bool:
    """Whether a name is an address of the internet, such as `https://…`. None is ever fetched."""
    return bool(re.match(r"[A-Za-z][A-Za-z0-9+.-]+://", name))


ADDRESS_HELP = "addresses are not fetched: download the file, and write its name"
"""The help for an address in place of the name of a file."""


def is_inside(path: str | os.PathLike[str], *folders: str | os.PathLike[str]) -> bool:
    """Whether a file is in one of the folders, or in a folder in them; links are followed."""
    return any(real_path(path).is_relative_to(real_path(folder)) for folder in folders)


def real_path(path: str | os.PathLike[str]) -> Path:
    """The absolute path that links lead to. A name that no file can have is kept as it is."""
    # Not `Path.resolve`, which raises an error for a link to itself.
    return Path(os.path.realpath(path)) if _can_be_named(path) else Path(path)


def _can_be_named(path: str | os.PathLike[str]) -> bool:
    """Whether the system can be asked for a file of this name."""
    try:
        return b"\0" not in os.fsencode(path)
    except UnicodeEncodeError:  # half of a pair of UTF-16, as "\ud800" in YAML
        return False


def _read(file: BinaryIO, limit: int, path: str | os.PathLike[str]) -> bytes:
    # One byte more than the limit: the size of a file that grows is known to nobody else.
    data: bytes | None = file.read(limit + 1)
    if data is None:  # a file of the system that has nothing to read yet, such as /proc/kmsg
        raise UnsuitableFileError(errno.EAGAIN, "is not a regular file", os.fspath(path))
    if len(data) > limit:
        raise _too_large(limit, path)
    return data


def _too_large(limit: int, path: str | os.PathLike[str]) -> UnsuitableFileError:
    message = f"is larger than {limit // 10**6} MB"
    return UnsuitableFileError(errno.EFBIG, message, os.fspath(path))


def _check_kind(mode: int, name: str) -> None:
    if stat.S_ISDIR(mode):
        raise FolderError(errno.EISDIR, "is a folder", name)
    if not stat.S_ISREG(mode):
        raise UnsuitableFileError(errno.EINVAL, "is not a regular file", name)
