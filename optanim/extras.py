"""The command that installs what is missing, in the environment that optanim runs in."""

from __future__ import annotations

import json
import os
import re
import shlex
import sys
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, distribution
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import unquote, urlsplit

NAME = "optanim"


def install_extras(*extras: str) -> str:
    """The command that installs the packages of extras, as `pip install 'watchfiles>=1.0'`.

    It names the packages, not `optanim[watch]`: `pipx inject` knows no extras, and optanim itself
    may come from a clone or a repository.
    """
    packages = packages_of(extras)
    if packages:
        return install_packages(packages)
    return f"pip install '.[{','.join(extras)}]' in the clone of {NAME}"


def install_packages(packages: Iterable[str]) -> str:
    """The command that installs packages where optanim runs.

    Args:
        packages: names, with versions, as `watchfiles>=1.0`.
    """
    names, prefix = [shlex.quote(package) for package in packages], Path(sys.prefix)
    if (prefix / "pipx_metadata.json").is_file():
        return " ".join(["pipx", "inject", prefix.name, *names])
    if (prefix / "uv-receipt.toml").is_file():
        return " ".join(["uv tool install", *(f"--with {name}" for name in names), _source()])
    return " ".join([_installer(prefix), *names])


def packages_of(extras: Iterable[str]) -> list[str]:
    """The packages of extras, with versions; none if optanim runs from its source."""
    packages = []
    for text in _requirements():
        requirement, _, marker = text.partition(";")
        extra = re.search(r"""extra\s*==\s*["']([\w.-]+)["']""", marker)
        if extra and extra[1] in extras and not re.match(rf"{NAME}\b", requirement):
            packages.append(re.sub(r"[\s()]", "", requirement))
    return packages


def _installer(prefix: Path) -> str:
    """The command that installs a package of this name in the environment with this prefix."""
    active = any(os.environ.get(name) == str(prefix) for name in ("VIRTUAL_ENV", "CONDA_PREFIX"))
    python = shlex.quote(sys.executable)
    if find_spec("pip"):
        return "pip install" if active else f"{python} -m pip install"
    if _made_by_uv(prefix):
        return "uv pip install" if active else f"uv pip install --python {python}"
    return f"{python} -m ensurepip && {python} -m pip install"


def _made_by_uv(prefix: Path) -> bool:
    try:
        return re.search(r"^uv\s*=", (prefix / "pyvenv.cfg").read_text("utf-8"), re.M) is not None
    except (OSError, UnicodeDecodeError):
        return False


def _requirements() -> list[str]:
    try:
        return distribution(NAME).requires or []
    except PackageNotFoundError:
        return []


def _source() -> str:
    """Where optanim was installed from: a folder, an address, or its name in an index."""
    try:
        data = json.loads(distribution(NAME).read_text("direct_url.json") or "{}")
        url = str(data.get("url", ""))
        if "vcs_info" in data:
            url = f"{data['vcs_info']['vcs']}+{url}"
    except (PackageNotFoundError, ValueError, AttributeError, KeyError, TypeError):
        return NAME
    if url.startswith("file:") and "dir_info" in data:
        editable = "--editable " * bool(data["dir_info"].get("editable"))
        return editable + shlex.quote(unquote(urlsplit(url).path))
    return shlex.quote(url) if url else NAME
