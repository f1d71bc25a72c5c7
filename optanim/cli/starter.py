"""The files of `optanim init`: a commented config, or a Makefile and a config for it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from optanim.config.json_schema import SCHEMA_FILE, as_json
from optanim.errors import ConfigError, Problem, did_you_mean
from optanim.files import CONFIG, read_file
from optanim.pipeline.atomic_file import CONFIG_SUFFIXES, unwritable_reason

TEMPLATES = Path(__file__).parent / "templates"

MAKEFILES = ("GNUmakefile", "makefile", "Makefile")
"""The names that make looks for, in its order."""


def config(path: Path, template: str, schema: bool) -> dict[Path, bytes]:
    """The files to write for a config.

    Args:
        path: of the config.
        template: name of the template.
        schema: whether to write the JSON Schema, which editors read, if its folder has none.

    Raises:
        ConfigError: there is no such template, or a file cannot be written.
    """
    files = _checked({path: _template(template, schema)}, "name another file")
    schema_file = path.with_name(SCHEMA_FILE)
    if schema and not schema_file.exists():
        files[schema_file] = as_json().encode()
    return files


def outdated(files: Iterable[Path]) -> list[Path]:
    """The JSON Schemas in the folders of new files that are from another version of optanim."""
    schemas = {file.with_name(SCHEMA_FILE) for file in files if file.suffix in CONFIG_SUFFIXES}
    current = as_json().encode()
    return [
        file for file in sorted(schemas) if file.is_file() and read_file(file, CONFIG) != current
    ]


def makefile(folder: Path, template: str, schema: bool) -> dict[Path, bytes]:
    """The files to write for a Makefile, in the current folder, that renders a folder of configs.

    Args:
        folder: of the configs; if it has no config, one is written.
        template: name of the template of that config.
        schema: as for `config`.

    Raises:
        ConfigError: there is no such template, there is a Makefile, or the folder cannot be used.
    """
    lines = "\n".join(("", ".optanim.mk:", f"\toptanim deps --file $@ '{folder}'",
                       "include .optanim.mk", "all: $(OPTANIM_OUTPUTS)"))  # fmt: skip
    for name in MAKEFILES:
        if Path(name).exists():
            _checked({Path(name): b""}, f"add these lines to your own Makefile:{lines}")
    if not re.fullmatch(r"[\w./+,@][\w./+,@ -]*", str(folder)):
        help = "use letters, digits, spaces and ./_-+,@"
        message = "cannot be the name of a folder in a Makefile"
        raise ConfigError([Problem(message, str(folder), help)])
    if folder.exists() and not folder.is_dir():
        raise ConfigError([Problem("is not a folder", str(folder))])
    text = (TEMPLATES / "Makefile").read_text("utf-8")
    text = text.replace("FIGURES ?= figures", f"FIGURES ?= {folder}")
    files = {Path("Makefile"): text.encode()}
    if not folder.is_dir() or not any(file.suffix in CONFIG_SUFFIXES for file in folder.iterdir()):
        files |= config(folder / f"{template}.yaml", template, schema)
    return _checked(files)


def templates() -> dict[str, Path]:
    """The files of the templates by their names, in alphabetical order."""
    return {file.stem: file for file in sorted(TEMPLATES.glob("*.yaml"))}


def _template(name: str, schema: bool) -> bytes:
    files = templates()
    if name not in files:
        help = did_you_mean(name, files, "templates")
        raise ConfigError([Problem(f"no template is called '{name}'", "--template", help)])
    text = files[name].read_bytes()
    # The first line tells editors where the schema is.
    return text if schema else text.partition(b"\n")[2]


def _checked(files: dict[Path, bytes], help: str = "") -> dict[Path, bytes]:
    """The same files, if all of them can be written and none exists.

    Raises:
        ConfigError: otherwise.
    """
    for file in files:
        if file.exists() or (reason := unwritable_reason(file)):
            reason = "exists already, so it is not overwritten" if file.exists() else reason
            raise ConfigError([Problem(reason, str(file), help)])
    return files
