"""The text of a config file."""

from __future__ import annotations

from pathlib import Path

from optanim.config.yaml_nodes import MAX_BYTES
from optanim.errors import ConfigError, Place, Problem


def read_config(file: Path, named: Place | None = None) -> str:
    """The text of a config file.

    Args:
        file: the config.
        named: place in another config that names this one; a problem is shown there.

    Raises:
        ConfigError: the file cannot be read, is too large, or is not text.
    """
    try:
        if file.is_file() and file.stat().st_size > MAX_BYTES:
            problem = Problem(f"the config is larger than {MAX_BYTES // 10**6} MB", str(file))
            raise ConfigError([problem])
        data = file.read_bytes()
    except IsADirectoryError:
        reason = "is a folder, not a config"
    except FileNotFoundError:
        reason = "there is no such file"
    except (OSError, ValueError) as error:
        reason = f"cannot be read: {getattr(error, 'strerror', None) or error}"
    else:
        return decode(data, str(file))
    problem = Problem(f"{file}: {reason}", named) if named else Problem(reason, str(file))
    raise ConfigError([problem])


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
