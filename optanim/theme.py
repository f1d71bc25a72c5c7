"""Themes: the colors of a picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from annotated_types import Len

from optanim.rules import Color, Colors


@dataclass(frozen=True, kw_only=True)
class Theme:
    """Colors, as `#RRGGBB`; the files of `optanim/themes/` are such.

    Attributes:
        background: around the axes.
        ink: titles and numbers.
        faint: captions and ticks.
        bands: the contour bands run from the first at the lowest loss to the last at the highest.
        contour: the lines between the bands.
        halo: around paths and marks, so that they stand off the bands.
        alarm: the word "diverged".
        paths: one for each optimizer in turn.
        ramp: the walks of a sweep run from the first at the lowest value to the last.
    """

    background: Color
    ink: Color
    faint: Color
    bands: Annotated[Colors, Len(2, 8)]
    contour: Color
    halo: Color
    alarm: Color
    paths: Annotated[Colors, Len(1, 16)]
    ramp: Annotated[Colors, Len(2, 8)]
