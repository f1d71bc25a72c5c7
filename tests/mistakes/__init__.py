"""Mistakes of people who are new: an input, and what its message must say.

`python -m tests.mistakes` prints each input with its message, for a person who rates them.
"""

from __future__ import annotations

import contextlib
import io
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Mistake:
    """One mistake.

    Attributes:
        name: what is wrong, in a few words.
        config: the text of the config `c.yaml`.
        says: texts that the message must contain, the correction among them.
        at: the place, e.g. `c.yaml:2:8`.
        command: the arguments of the command line.
        files: other files in the folder, by name.
    """

    name: str
    config: str | bytes
    says: tuple[str, ...]
    at: str = ""
    command: tuple[str, ...] = ("render", "c.yaml")
    files: dict[str, str | bytes] = field(default_factory=dict)


def outcome(mistake: Mistake, folder: Path) -> tuple[int, str]:
    """The exit code and all that is printed if the command runs in a folder."""
    for name, content in {"c.yaml": mistake.config, **mistake.files}.items():
        data = content.encode() if isinstance(content, str) else content
        (folder / name).write_bytes(data)
    printed = io.StringIO()
    with (
        _working_folder(folder),
        contextlib.redirect_stdout(printed),
        contextlib.redirect_stderr(printed),
    ):
        code = _run(mistake.command)
    return code, printed.getvalue()


@contextlib.contextmanager
def _working_folder(folder: Path) -> Iterator[None]:
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


def _run(arguments: tuple[str, ...]) -> int:
    """What `optanim.cli.app.main` does, without its settings of the process."""
    from optanim.cli import app
    from optanim.errors import ConfigError

    if not app.app.registered_commands:
        app._add_commands()
    try:
        app.app(list(arguments), prog_name="optanim")
    except ConfigError as error:
        print(error)
        return 2
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else 1
    return 0
