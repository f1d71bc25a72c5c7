"""What a newcomer starts from: a commented config, or a Makefile and a config for it."""

from __future__ import annotations

import re
from pathlib import Path

from optanim.batch import SUFFIXES
from optanim.errors import ConfigError, Problem, did_you_mean
from optanim.files import unwritable

TEMPLATES = Path(__file__).parent / "templates"

MAKEFILES = ("GNUmakefile", "makefile", "Makefile")
"""What make reads, the first that is there."""


def config(path: Path, template: str) -> dict[Path, bytes]:
    """The file to write for a config.

    Raises:
        ConfigError: no template is called so, or the file is there.
    """
    return _new({path: _template(template)}, "name another file")


def makefile(folder: Path, template: str) -> dict[Path, bytes]:
    """The files to write for a Makefile here that renders a folder of configs.

    Args:
        folder: of the configs; one is written where there is none.
        template: of that one.

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
        files[folder / f"{template}.yaml"] = _template(template)
    return _new(files)


def _template(name: str) -> bytes:
    known = sorted(file.stem for file in TEMPLATES.glob("*.yaml"))
    if name not in known:
        help = did_you_mean(name, known, "templates")
        raise ConfigError([Problem(f"no template is called '{name}'", "--template", help)])
    return (TEMPLATES / f"{name}.yaml").read_bytes()


def _new(files: dict[Path, bytes], help: str = "") -> dict[Path, bytes]:
    """The same files, if nothing stands against writing them."""
    for file in files:
        if file.exists() or (reason := unwritable(file)):
            reason = "is there already, and stays as it is" if file.exists() else reason
            raise ConfigError([Problem(reason, str(file), help)])
    return files
