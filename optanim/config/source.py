"""The text of a config file."""

from __future__ import annotations

import re
from itertools import takewhile
from pathlib import Path

import yaml

from optanim.errors import ConfigError, Place, Problem, nearest
from optanim.files import CONFIG, is_inside, is_stream, read_file, read_stream, reason


def read_config(file: Path, named: Place | None = None) -> str:
    """The text of a config file.

    Args:
        file: the config.
        named: place in another config that names this one; a problem is shown there.

    Raises:
        ConfigError: the file cannot be read, is too large, or is not text.
    """
    try:
        # A pipe is read only where the command line names it.
        read = read_stream if is_stream(file) and not named else read_file
        data = read(file, CONFIG)
    except IsADirectoryError:
        message = "is a folder, not a config"
    except FileNotFoundError:
        message = "there is no such file"
    except OSError as error:
        message = reason(error)
    else:
        return decode(data, str(file))
    help = _help_for_missing(file) if "no such file" in message else ""
    problem = (
        Problem(f"{file}: {message}", named, help) if named else Problem(message, str(file), help)
    )
    raise ConfigError([problem])


def _help_for_missing(file: Path) -> str:
    """The config whose name is near to that of a file that does not exist; "" if there is none."""
    if not is_inside(file, ""):  # the names of a folder elsewhere are not for a public log
        return ""
    names = [path.name for path in file.parent.glob("*.y*ml") if not path.name.startswith(".")]
    near = nearest(file.name, names) or nearest(file.stem, [Path(name).stem for name in names])
    match = next((name for name in names if near in (name, Path(name).stem)), "") if near else ""
    return f"did you mean '{file.with_name(match)}'?" if match else ""


def head_comment(text: str) -> str:
    """The comments above the first key of a config."""
    lines = text.splitlines(keepends=True)
    head = list(takewhile(lambda line: line.lstrip().startswith("#") or not line.strip(), lines))
    return "".join(head)


def has_comments(text: str) -> bool:
    """Whether the text of a config, which is YAML, has comments."""
    spans = [
        (token.start_mark.index, token.end_mark.index)
        for token in yaml.scan(text, Loader=yaml.SafeLoader)
        if isinstance(token, yaml.ScalarToken)
    ]
    signs = (match.start() for match in re.finditer("#", text))
    return any(not any(start <= sign < end for start, end in spans) for sign in signs)


def decode(data: bytes, source: str) -> str:
    """The text of a config: UTF-8, or UTF-16 with a byte order mark.

    Raises:
        ConfigError: the data are neither.
    """
    encoding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    if b"\0" in data and encoding != "utf-16":
        raise ConfigError([Problem("is not a text file", source)])
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        message = f"line {line} is not UTF-8: byte 0x{data[error.start]:02x}"
        raise ConfigError([Problem(message, source, "save the file as UTF-8")]) from None
