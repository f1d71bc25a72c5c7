"""Writing: several files of one film, from one pass over its frames."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from contextlib import suppress
from itertools import chain
from typing import BinaryIO

from optanim.encoding.film import Film, Frame

Writer = Generator[None, Frame | None, None]
"""Takes one frame after the other, `frame = yield`, and None after the last one."""

Format = Callable[[Film, BinaryIO], Writer]
"""Begins a file. The film is there to be sampled and asked: its frames come in one by one."""

File = tuple[Format, BinaryIO]
"""A file to write, and in which format."""


def write(film: Film, files: Iterable[File]) -> None:
    """Write files of one film at once: each frame is painted once, and nobody keeps it.

    Raises:
        OSError: with the name of the file that could not be written, if it has one.
    """
    writers = [(format(film, file), file) for format, file in files]
    try:
        for writer, _ in writers:
            next(writer)
        for frame in chain(film, [None]):
            for writer, file in writers:
                try:
                    with suppress(StopIteration):
                        writer.send(frame)
                except OSError as error:
                    error.filename = error.filename or getattr(file, "name", None)
                    raise
    finally:
        # What is still at work when something fails, as ffmpeg, ends here.
        for writer, _ in writers:
            writer.close()


def needs(check: Callable[[], object]) -> Callable[[Format], Format]:
    """A mark on a format that not every machine can write: the check raises a ConfigError there."""

    def marked(format: Format) -> Format:
        setattr(format, "needs", check)  # noqa: B010
        return format

    return marked


def possible(format: Format) -> None:
    """Make the check of a format, if it has one.

    Raises:
        ConfigError: this machine cannot write it.
    """
    getattr(format, "needs", lambda: None)()
