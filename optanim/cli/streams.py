"""The streams of the command line: nothing that others wrote reaches a terminal unchanged."""

from __future__ import annotations

import codecs
import io
import json
import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

from optanim.cli.stand_ins import encodable, with_stand_ins
from optanim.printable import printable

CODE_OF_CLOSED_PIPE = 141
"""The exit code of a program that SIGPIPE ends: 128 + 13."""


@contextmanager
def _quiet_end(stream: TextIO) -> Iterator[None]:
    """End without a word if the reader of a stream has ended, as `head` does.

    Raises:
        SystemExit: it has.
    """
    try:
        yield
    except BrokenPipeError:
        # Python would write what is left in the buffer at its end, and fail again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
        raise SystemExit(CODE_OF_CLOSED_PIPE) from None


class _GuardedStream(io.TextIOWrapper):
    """A text stream that escapes what a terminal would obey.

    Characters that its encoding lacks are replaced by others that can be read.
    """

    def __init__(self, stream: io.TextIOWrapper) -> None:
        buffered, through = stream.line_buffering, stream.write_through
        self.charset = codecs.lookup(stream.encoding).name
        # Click writes around a stream that calls itself ASCII, and in UTF-8.
        encoding = "latin-1" if self.charset == "ascii" else stream.encoding
        super().__init__(
            stream.detach(), encoding, "backslashreplace", line_buffering=buffered,
            write_through=through,
        )  # fmt: skip

    def write(self, text: str) -> int:
        return self.write_unchanged(printable(text))

    def flush(self) -> None:
        with _quiet_end(self):
            super().flush()

    def write_unchanged(self, text: str) -> int:
        """Write text of our own, with codes that move the cursor."""
        if not _has_all_letters(self.charset):
            text = with_stand_ins(text, self.charset)
        with _quiet_end(self):
            return super().write(text)


class _Unguarded(io.TextIOBase):
    """The same stream for a program that writes such codes, and no text of others."""

    def __init__(self, stream: _GuardedStream) -> None:
        self._stream = stream
        self.isatty, self.fileno, self.flush = stream.isatty, stream.fileno, stream.flush  # type: ignore[method-assign]

    @property
    def encoding(self) -> str:  # type: ignore[override]
        return self._stream.encoding

    def write(self, text: str) -> int:
        return self._stream.write_unchanged(text)


def guard_streams() -> None:
    """Guard standard output and standard error."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if isinstance(stream, io.TextIOWrapper) and not isinstance(stream, _GuardedStream):
            setattr(sys, name, _GuardedStream(stream))


def unguarded(stream: TextIO) -> TextIO:
    """The stream for a progress bar, whose texts are made printable before."""
    return _Unguarded(stream) if isinstance(stream, _GuardedStream) else stream  # type: ignore[return-value]


def write_utf8(text: str) -> None:
    """Write a text to standard output in UTF-8, as it may be redirected to a file."""
    write_bytes(printable(text).encode("utf-8"))


def write_bytes(data: bytes) -> None:
    """Write the bytes of a file to standard output."""
    sys.stdout.flush()
    with _quiet_end(sys.stdout):
        sys.stdout.buffer.write(data)
    sys.stdout.flush()


def print_yaml(dump: Callable[..., str]) -> None:
    """Print YAML; its own escapes stand for letters that the encoding of the stream lacks.

    Args:
        dump: called with `ascii`, whether all letters but those of ASCII are escaped.
    """
    text = dump(ascii=False)
    print(text if encodable(text, _output_charset()) else dump(ascii=True), end="")


def print_json(text: str) -> None:
    """Print JSON. A stream that is not in Unicode gets JSON's own escapes, which read back."""
    if not _has_all_letters(_output_charset()):
        text = re.sub("[^\0-\x7f]", lambda match: json.dumps(match[0])[1:-1], text)
    print(text)


def _output_charset() -> str:
    """The name of the letters that standard output can show."""
    return sys.stdout.charset if isinstance(sys.stdout, _GuardedStream) else sys.stdout.encoding


def _has_all_letters(charset: str) -> bool:
    return charset.lower().startswith("utf")
