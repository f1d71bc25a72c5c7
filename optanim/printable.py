"""Text of others, so that a terminal shows it and does nothing else."""

from __future__ import annotations

import json
import re
from typing import Any

MAX_LENGTH = 200
"""Number of characters that are printed of a longer text of others."""

_UNSAFE = re.compile(
    "["
    "\0-\x08\x0b-\x1f\x7f-\x9f"  # control characters, except tab and line end
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # the direction of the text after them
    "\u2028\u2029"  # line ends
    "\ufff9-\ufffb\U000e0000-\U000e007f"  # annotations and tags, which are not seen
    "\ud800-\udfff"  # bytes of file names that are no text
    "]"
)


def printable(text: str) -> str:
    r"""The text with `\x1b` in place of each character that a terminal would obey.

    Control characters move the cursor and change its colors; bidirectional overrides show a text in
    another order than it has. Tabs and line ends are kept.
    """
    return _UNSAFE.sub(lambda match: _escaped(match[0]), text)


def one_line(text: str) -> str:
    r"""The text as `printable` gives it, with `\n` and `\t` in place of line ends and tabs.

    A line end in a name would begin a second line, which could look like a message of its own.
    """
    return printable(text).replace("\n", "\\n").replace("\t", "\\t")


def is_printable(text: str) -> bool:
    """Whether `printable` keeps a text as it is."""
    return not _UNSAFE.search(text)


def same_width(text: str) -> str:
    """One line with `�` in place of each unsafe character, so that columns keep their places."""
    return _UNSAFE.sub("�", text).replace("\n", "�")


def cut(text: str, length: int = MAX_LENGTH) -> str:
    """The text; of a longer one the beginning and the end, which often has the rule."""
    if len(text) <= length:
        return text
    end = length // 4
    return f"{text[: length - end - 1]}…{text[-end:]}"


def as_json(data: Any, indent: int | None = 2) -> str:
    """JSON in UTF-8: letters of all languages as they are, unsafe characters escaped."""
    text = json.dumps(data, indent=indent, ensure_ascii=False)
    return _UNSAFE.sub(lambda match: json.dumps(match[0])[1:-1], text)


def _escaped(char: str) -> str:
    code = ord(char)
    if code < 256:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 65536 else f"\\U{code:08x}"
