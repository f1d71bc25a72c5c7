"""Paths as text, as SVG and the canvas of a page read them, in few letters."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt
from matplotlib.path import Path
from matplotlib.transforms import Transform

from optanim.drawing.path_simplification import simplified

MOVE, CLOSE, STOP = int(Path.MOVETO), int(Path.CLOSEPOLY), int(Path.STOP)

LETTERS = {MOVE: "m", int(Path.LINETO): "l", int(Path.CURVE3): "q", int(Path.CURVE4): "c"}
"""Commands whose points count from the last point of the command before."""

POINTS = {"m": 1, "l": 1, "q": 2, "c": 3}
"""Number of the points of a command."""

MAX_OFFSET = 0.1
"""Pixels that a line may move because it has fewer points."""

FAR = 1e5
"""Pixels: what is farther away is moved to here."""


def path_text(path: Path, transform: Transform | None = None, decimals: int = 1) -> str:
    """A path, with a transform, as SVG's attribute `d`.

    Points count from the point before, in whole numbers of the last decimal, so no error adds up.
    A point at the place of the one before is left out. Reference: W3C 2018, "Scalable Vector
    Graphics (SVG) 2", chapter 9.

    Args:
        path: of lines and of curves; points that are not finite begin a new line.
        transform: to the units of the text.
        decimals: of the numbers.
    """
    if transform is not None:
        path = simplified(transform.transform_path(path), MAX_OFFSET)
    points = np.asarray(path.vertices, dtype=np.float64)
    if path.codes is None:
        codes = np.full(len(points), int(Path.LINETO))
        codes[:1] = int(Path.MOVETO)
    else:
        codes = np.asarray(path.codes, dtype=int)
    known: npt.NDArray[np.bool_] = np.asarray(np.isfinite(points).all(axis=1))
    scale = 10**decimals
    whole = np.rint(np.clip(np.where(known[:, None], points, 0), -FAR, FAR) * scale).astype(int)
    writer = _Writer(decimals)
    i, broken = 0, True
    listed, kinds, finite = whole.tolist(), codes.tolist(), known.tolist()
    while i < len(listed):
        kind = kinds[i]
        if kind == CLOSE:
            writer.close()
            i += 1
            continue
        if kind == STOP:
            break
        letter = LETTERS[kind]
        count = POINTS[letter]
        if not all(finite[i : i + count]):
            broken = True
        else:
            if broken and letter != "m":
                writer.add("m", [listed[i + count - 1]])
            else:
                writer.add(letter, listed[i : i + count])
            broken = False
        i += count
    return "".join(writer.parts)


class _Writer:
    """Writes commands with whole numbers as decimal ones.

    Attributes:
        parts: the text in pieces.
    """

    def __init__(self, decimals: int) -> None:
        self.parts: list[str] = []
        self._decimals = decimals
        self._here, self._start = (0, 0), (0, 0)
        self._command = ""

    def add(self, letter: str, points: list[list[int]]) -> None:
        """Add a command with its points."""
        x0, y0 = self._here
        x, y = points[-1]
        if letter == "l" and (x, y) == (x0, y0):
            return
        if letter == "m":
            self._start = x, y  # A closed path that goes on begins where it began.
        # After "m" without a letter come lines.
        implied = letter == self._command or (letter, self._command) == ("l", "m")
        decimals = self._decimals
        numbers = "".join(
            [_number(px - x0, decimals) + _number(py - y0, decimals) for px, py in points]
        )
        if letter == "m" or not implied:
            numbers = letter + numbers.removeprefix(" ")
        self.parts.append(numbers)
        self._here, self._command = (x, y), letter

    def close(self) -> None:
        """Close the line."""
        if self._command and self._command != "z":
            self.parts.append("z")
            self._here, self._command = self._start, "z"


@lru_cache(1 << 16)
def _number(value: int, decimals: int) -> str:
    """A number with a blank before it, if it needs one after another.

    Args:
        value: in units of the last decimal.
        decimals: their number.
    """
    text = f"{value / 10**decimals:.{decimals}f}"
    if decimals:
        text = text.rstrip("0").rstrip(".")
    if text.startswith(("0.", "-0.")):
        text = text.replace("0.", ".", 1)
    text = "0" if text in ("-0", "") else text
    return text if text[0] == "-" else f" {text}"
