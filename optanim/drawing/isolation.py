"""matplotlib, kept from what a user's machine would change in a picture.

A `matplotlibrc` in the working folder, MPLBACKEND, or a HOME that cannot be written must not change
a byte, nor break the import.
"""

from __future__ import annotations

import gc
import logging
import os
import re
import sys
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from optanim.errors import ConfigError, Problem

_NAMES = ("MPLBACKEND", "MATPLOTLIBRC", "MPLCONFIGDIR")


@contextmanager
def undisturbed() -> Iterator[None]:
    """A stretch of code in which matplotlib is imported and finds no settings but its own."""
    if "matplotlib" in sys.modules:
        yield
        return
    kept = {name: os.environ.pop(name) for name in _NAMES if name in os.environ}
    if "MPLCONFIGDIR" in kept:
        os.environ["MPLCONFIGDIR"] = kept["MPLCONFIGDIR"]
    elif not _writable_home():
        os.environ["MPLCONFIGDIR"] = _private_folder()
    # matplotlib looks for a matplotlibrc in the working folder before anywhere else, and
    # there is no switch; the package's own folder has none.
    folder = os.open(".", os.O_RDONLY) if hasattr(os, "fchdir") else None
    os.environ["MATPLOTLIBRC"] = os.devnull
    # An import makes many objects and no garbage; the collector would look through them each time.
    collecting = gc.isenabled()
    gc.disable()
    try:
        if folder is not None:
            os.chdir(Path(__file__).parent)
        yield
    finally:
        if collecting:
            gc.enable()
        if folder is not None:
            os.fchdir(folder)
            os.close(folder)
        del os.environ["MATPLOTLIBRC"]
        os.environ.update(kept)


def _writable_home() -> bool:
    """Whether matplotlib can keep its font cache where it would look for it."""
    try:
        home = Path.home()
    except RuntimeError:
        return False
    cache = Path(os.environ.get("XDG_CACHE_HOME") or home / ".cache")
    while not cache.exists():
        cache = cache.parent
    return os.access(cache, os.W_OK)


def _private_folder() -> str:
    """A folder for matplotlib's font cache that is ours alone, and the same the next time."""
    owner = os.getuid() if hasattr(os, "getuid") else 0
    folder = Path(tempfile.gettempdir()) / f"optanim-{owner}"
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        known = folder.stat()
        if folder.is_symlink() or (hasattr(os, "getuid") and known.st_uid != owner):
            return tempfile.mkdtemp(prefix="optanim-")
    except OSError:
        return tempfile.mkdtemp(prefix="optanim-")
    return str(folder)


SETTINGS: dict[str, Any] = {
    "axes.unicode_minus": True,
    # Ticks as plain text: fonts for it fall back one on another, those of maths do not.
    "axes.formatter.use_mathtext": False,
    "contour.negative_linestyle": "solid",
    "mathtext.default": "it",
    "path.simplify": False,
    "text.hinting": "none",
}


@contextmanager
def no_boxes() -> Iterator[None]:
    """Letters that no font has are an error, and not drawn as boxes.

    Raises:
        ConfigError: matplotlib has substituted a letter; it says so in a warning or a log line.
    """
    said: list[str] = []
    handler = logging.Handler(logging.WARNING)
    handler.emit = lambda record: said.append(record.getMessage())  # type: ignore[method-assign]
    logger = logging.getLogger("matplotlib.mathtext")
    logger.addHandler(handler)
    propagate, logger.propagate = logger.propagate, False
    try:
        with warnings.catch_warnings(record=True) as warned:
            warnings.simplefilter("always")
            yield
    finally:
        logger.removeHandler(handler)
        logger.propagate = propagate
    lacking = [text for text in [*said, *(str(w.message) for w in warned)] if "lyph" in text]
    if lacking:
        code = re.search(r"U\+([0-9a-f]+)|Glyph ([0-9]+)", lacking[0])
        letter = chr(int(code[1], 16) if code[1] else int(code[2])) if code else "a letter"
        # Before this, every letter was found in an upright font; the slanted ones have fewer.
        help = rf"between dollar signs, put words into \mathrm{{…}}: $\mathrm{{{letter}}}$"
        raise ConfigError([Problem(f"{letter} cannot be drawn as a variable in maths", "", help)])


@contextmanager
def settings(families: list[str]) -> Iterator[None]:
    """Matplotlib's own defaults with ours on them, whatever its user has set; put back after.

    Args:
        families: the fonts for text, the first that has a character draws it.
    """
    import matplotlib

    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        rc: Any = matplotlib.rcParams
        rc.update(SETTINGS)
        rc["font.family"] = families
        if families[0] == "DejaVu Sans":
            rc["mathtext.fontset"] = "dejavusans"
        else:
            # mathtext has no fallback: the family that has the letters must come first.
            own = re.sub(r"([-:,\\])", r"\\\1", families[0])  # a fontconfig pattern
            math = "DejaVu Sans"
            rc.update({
                "mathtext.fontset": "custom", "mathtext.fallback": "stixsans",
                "mathtext.rm": own, "mathtext.bf": own, "mathtext.it": f"{math}:italic",
                "mathtext.cal": math, "mathtext.sf": own, "mathtext.tt": "DejaVu Sans Mono",
            })  # fmt: skip
        yield
