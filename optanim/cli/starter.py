"""What a newcomer starts from: a commented config, or a Makefile and a config for it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from optanim.config.json_schema import FILE, as_json
from optanim.errors import ConfigError, Problem, did_you_mean
from optanim.pipeline.atomic_file import SUFFIXES, unwritable

TEMPLATES = Path(__file__).parent / "templates"

MAKEFILES = ("GNUmakefile", "makefile", "Makefile")
"""What make reads, the first that is there."""


def config(path: Path, template: str, schema: bool) -> dict[Path, bytes]:
    """The files to write for a config.

    Args:
        path: of the config.
        template: its name.
        schema: whether to write the schema beside it, which editors read, where there is none.

    Raises:
        ConfigError: no template is called so, or the file is there.
    """
    files = _new({path: _template(template, schema)}, "name another file")
    beside = path.with_name(FILE)
    return files | ({beside: as_json().encode()} if schema and not beside.exists() else {})


def outdated(files: Iterable[Path]) -> list[Path]:
    """The schemas beside new files that are of another version."""
    beside = {file.with_name(FILE) for file in files if file.suffix in SUFFIXES}
    return [
        file for file in sorted(beside) if file.is_file() and file.read_text("utf-8") != as_json()
    ]


def makefile(folder: Path, template: str, schema: bool) -> dict[Path, bytes]:
    """The files to write for a Makefile here that renders a folder of configs.

    Args:
        folder: of the configs; one is written where there is none.
        template: of that one.
        schema: as for `config`.

    Raises:
        ConfigError: no template is called so, a Makefile is there, or the folder cannot be one.
    """
    lines = "\n".join(("", "   .optanim.mk:", f"   \toptanim deps --file $@ '{folder}'",
                       "   include .optanim.mk", "   all: $(OPTANIM_OUTPUTS)"))  # fmt: skip
    for name in MAKEFILES:
        if Path(name).exists():
            _new({Path(name): b""}, f"what renders the configs is, for your own Makefile:{lines}")
    if not re.fullmatch(r"[\w./+,@][\w./+,@ -]*", str(folder)):
        help = "letters, digits, spaces and ./_-+,@"
        raise ConfigError([Problem("is no name for a folder in a Makefile", str(folder), help)])
    if folder.exists() and not folder.is_dir():
        raise ConfigError([Problem("is not a folder", str(folder))])
    text = (TEMPLATES / "Makefile").read_text("utf-8")
    text = text.replace("FIGURES ?= figures", f"FIGURES ?= {folder}")
    files = {Path("Makefile"): text.encode()}
    if not folder.is_dir() or not any(file.suffix in SUFFIXES for file in folder.iterdir()):
        files |= config(folder / f"{template}.yaml", template, schema)
    return _new(files)


def templates() -> dict[str, Path]:
    """The files of the templates by their names, in order."""
    return {file.stem: file for file in sorted(TEMPLATES.glob("*.yaml"))}


def _template(name: str, schema: bool) -> bytes:
    known = templates()
    if name not in known:
        help = did_you_mean(name, known, "templates")
        raise ConfigError([Problem(f"no template is called '{name}'", "--template", help)])
    text = known[name].read_bytes()
    return text if schema else text.partition(b"\n")[2]


def _new(files: dict[Path, bytes], help: str = "") -> dict[Path, bytes]:
    """The same files, if nothing stands against writing them."""
    for file in files:
        if file.exists() or (reason := unwritable(file)):
            reason = "is there already, and stays as it is" if file.exists() else reason
            raise ConfigError([Problem(reason, str(file), help)])
    return files
