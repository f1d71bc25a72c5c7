"""Several files of one film, written in one pass over its frames."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from itertools import chain
from typing import BinaryIO

from optanim.encoding.film import Film, Frame
from optanim.schema.catalogue import catalogue

Writer = Generator[None, Frame | None, None]
"""Receives the frames one by one with `frame = yield`, and None after the last frame. A writer
that needs no frames, because it draws vectors with `film.painter`, ends before the first."""

Format = Callable[..., Writer]
"""Starts a file of a film: it is given the film, the file, and the options of the format by name.
It may read settings and sample frames of the film. The frames to write are sent to the writer that
it returns."""

OpenFile = tuple[Format, BinaryIO]
"""A file that is open for writing, with its format."""


def write(film: Film, files: Iterable[OpenFile]) -> None:
    """Write a film to several files. Each frame is painted once and is not stored.

    If no format needs frames, none is painted.

    Raises:
        OSError: a file cannot be written; `filename` is the name of that file, if it has one.
    """
    writers = [(format(film, file), file) for format, file in files]
    waiting = list[tuple[Writer, BinaryIO]]()
    try:
        for writer, file in writers:
            with _named_errors(file), suppress(StopIteration):
                next(writer)
                waiting.append((writer, file))
        for frame in chain(film, [None]) if waiting else ():
            for writer, file in waiting:
                with _named_errors(file), suppress(StopIteration):
                    writer.send(frame)
    finally:
        # After an error this ends the writers that still work, e.g. a process of ffmpeg.
        for writer, _ in writers:
            writer.close()


@contextmanager
def _named_errors(file: BinaryIO) -> Iterator[None]:
    """A context in which an OSError gets the name of the file that is written."""
    try:
        yield
    except OSError as error:
        error.filename = error.filename or getattr(file, "name", None)
        raise


def needs(check: Callable[..., object]) -> Callable[[Format], Format]:
    """A decorator for a format that some machines cannot write.

    Args:
        check: raises a ConfigError on a machine that cannot write the format. It is given the
            options of the format by name, if it has any.
    """

    def with_check(format: Format) -> Format:
        setattr(format, "needs", check)  # noqa: B010
        return format

    return with_check


def without_frames(format: Format) -> Format:
    """A decorator for a format that draws vectors: its writer ends before the first frame."""
    setattr(format, "takes_frames", False)  # noqa: B010
    return format


def takes_frames(format: Format) -> bool:
    """Whether a format from the catalogue is written from frames."""
    return bool(getattr(format, "takes_frames", True))


def format_of(suffix: str) -> Format | None:
    """The format of files with a suffix, such as `.svg`; None if there is none."""
    entry = catalogue("formats").get(suffix[1:].lower())
    return entry.function if entry else None


def is_document(suffix: str) -> bool:
    """Whether files with a suffix are drawn as vectors, without frames."""
    format = format_of(suffix)
    return format is not None and not takes_frames(format)


def still(format: Format) -> Format:
    """A decorator for a format that has one step: that of `--frame`, otherwise the last."""
    setattr(format, "still", True)  # noqa: B010
    return format


def is_still(suffix: str) -> bool:
    """Whether files with a suffix, such as `.svg`, show one step; an unknown suffix shows none."""
    return bool(getattr(format_of(suffix), "still", False))


def is_page(suffix: str) -> bool:
    """Whether files with a suffix have the whole film, even if they begin at one step of it."""
    return is_document(suffix) and not is_still(suffix)


def check_format(format: Format, options: Mapping[str, object] | None = None) -> None:
    """Run the check that `needs` gave to a format, if there is one.

    Args:
        format: from the catalogue.
        options: its options that are set.

    Raises:
        ConfigError: this machine cannot write the format.
    """
    if check := getattr(format, "needs", None):
        check(**(options or {}))
