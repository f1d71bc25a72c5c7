"""matplotlib isolated from the settings of a user's machine.

A `matplotlibrc` in the working folder, MPLBACKEND, or a HOME that cannot be written must neither
change a byte of a picture nor break the import.
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

from optanim.drawing.documentation import documentation_as_needed
from optanim.errors import ConfigError, Problem

_VARIABLES = ("MPLBACKEND", "MATPLOTLIBRC", "MPLCONFIGDIR")


@contextmanager
def isolated_import() -> Iterator[None]:
    """A context in which matplotlib, when imported for the first time, reads no user's settings.

    `MPLCONFIGDIR` is kept. If neither it nor a cache folder in HOME can be used, matplotlib keeps
    its list of fonts in a private folder among the temporary files.
    """
    if "matplotlib" in sys.modules:
        yield
        return
    variables = {name: os.environ.pop(name) for name in _VARIABLES if name in os.environ}
    if "MPLCONFIGDIR" in variables:
        os.environ["MPLCONFIGDIR"] = variables["MPLCONFIGDIR"]
    elif not _writable_home():
        os.environ["MPLCONFIGDIR"] = _private_folder()
    # matplotlib looks for a matplotlibrc in the working folder first, and no option prevents it.
    # The folder of this package has none.
    folder = os.open(".", os.O_RDONLY) if hasattr(os, "fchdir") else Path.cwd()
    os.environ["MATPLOTLIBRC"] = os.devnull
    # An import creates many objects and no garbage, so that each collection would be in vain.
    collecting = gc.isenabled()
    gc.disable()
    try:
        os.chdir(Path(__file__).parent)
        with documentation_as_needed():
            yield
    finally:
        if collecting:
            gc.enable()
        os.chdir(folder)
        if isinstance(folder, int):
            os.close(folder)
        del os.environ["MATPLOTLIBRC"]
        os.environ.update(variables)


def _writable_home() -> bool:
    """Whether matplotlib can write its list of fonts where it looks for it by default."""
    try:
        home = Path.home()
    except RuntimeError:
        return False
    cache = Path(os.environ.get("XDG_CACHE_HOME") or home / ".cache")
    while not cache.exists():
        cache = cache.parent
    return os.access(cache, os.W_OK)


def _private_folder() -> str:
    """A folder for matplotlib's list of fonts that only this user can write.

    It is the same at the next call, unless another user owns it.
    """
    owner = os.getuid() if hasattr(os, "getuid") else 0
    folder = Path(tempfile.gettempdir()) / f"optanim-{owner}"
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        status = folder.stat()
        if folder.is_symlink() or (hasattr(os, "getuid") and status.st_uid != owner):
            return tempfile.mkdtemp(prefix="optanim-")
    except OSError:
        return tempfile.mkdtemp(prefix="optanim-")
    return str(folder)


SETTINGS: dict[str, Any] = {
    "axes.unicode_minus": True,
    # Numbers at ticks as plain text: for maths there is no fallback to another font.
    "axes.formatter.use_mathtext": False,
    "contour.negative_linestyle": "solid",
    "mathtext.default": "it",
    "path.simplify": False,
    "text.hinting": "none",
    # In an SVG, names of shapes that are the same each time.
    "svg.hashsalt": "optanim",
}


@contextmanager
def forbid_missing_glyphs() -> Iterator[None]:
    """A context in which a character that no font has is an error, not drawn as a box.

    Raises:
        ConfigError: matplotlib replaced a character; it reports that by a warning or a log line.
    """
    messages: list[str] = []
    handler = logging.Handler(logging.WARNING)
    handler.emit = lambda record: messages.append(record.getMessage())  # type: ignore[method-assign]
    logger = logging.getLogger("matplotlib.mathtext")
    logger.addHandler(handler)
    propagate, logger.propagate = logger.propagate, False
    try:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            yield
    finally:
        logger.removeHandler(handler)
        logger.propagate = propagate
    messages += [str(warning.message) for warning in caught]
    glyphs = [message for message in messages if "lyph" in message]
    if glyphs:
        code = re.search(r"U\+([0-9a-f]+)|Glyph ([0-9]+)", glyphs[0])
        char = chr(int(code[1], 16) if code[1] else int(code[2])) if code else "a letter"
        # The upright fonts have all characters, as `fonts.families` makes sure; the italic ones
        # of variables have fewer.
        help = rf"between dollar signs, put words into \mathrm{{…}}: $\mathrm{{{char}}}$"
        raise ConfigError([Problem(f"{char} cannot be drawn as a variable in maths", "", help)])


@contextmanager
def figure_settings(families: list[str]) -> Iterator[None]:
    """A context with matplotlib's defaults and, over them, the settings of every figure.

    Args:
        families: the font families for text; the first that has a character draws it.
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
            # mathtext uses the first family alone. Its name becomes a fontconfig pattern.
            own = re.sub(r"([-:,\\])", r"\\\1", families[0])
            math = "DejaVu Sans"
            rc.update({
                "mathtext.fontset": "custom", "mathtext.fallback": "stixsans",
                "mathtext.rm": own, "mathtext.bf": own, "mathtext.it": f"{math}:italic",
                "mathtext.cal": math, "mathtext.sf": own, "mathtext.tt": "DejaVu Sans Mono",
            })  # fmt: skip
        yield
