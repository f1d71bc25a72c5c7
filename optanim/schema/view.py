"""The section `view` of a config: what is seen of the surface."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from annotated_types import Ge, Le

from optanim.schema.option import Description
from optanim.schema.types import Arrows, Levels, Range, Real


@dataclass(frozen=True, kw_only=True)
class Camera:
    """From where a landscape is seen, in degrees.

    Attributes:
        azimuth: where the camera stands, from x towards y: at -90, x points to the right and y
            away; by default where most of the paths is seen.
        elevation: how high it stands above the horizon; 90 looks straight down. By default as
            low as shows most of the paths.
        turn: how far it turns around the surface until the last step; 0 stands still.
    """

    azimuth: Annotated[Real, Ge(-360), Le(360)] | None = None
    elevation: Annotated[Real, Ge(5), Le(90)] | None = None
    turn: Annotated[Real, Ge(-720), Le(720)] = 0.0


@dataclass(frozen=True, kw_only=True)
class View:
    """What is seen of the surface.

    Attributes:
        x: the window's sides; by default they follow from the paths.
        y: the same, for the second parameter.
        levels: how many contour levels; by default 25, or fewer where they would crowd.
        scale: how they are spaced; by default whichever shows the descent best.
        contours: bands between the levels, lines on them, or both.
        minimum: mark the known minima.
        arrows: what explains the update under way, in the contour panel: `gradient`, downhill from
            where it was asked for; `step`; `lookahead`, to where it was asked for if not here.
        camera: from where a landscape is seen.
    """

    x: Range | None = None
    y: Range | None = None
    levels: Levels | None = None
    scale: Literal["linear", "log", "sqrt"] | None = None
    contours: Literal["both", "bands", "lines"] = "both"
    minimum: bool = True
    arrows: Arrows = ()
    camera: Camera = Camera()


Of = Annotated[
    Annotated[int, Ge(1), Le(16)] | None, Description("number of an optimizer, or none for all")
]
"""Which path a panel shows, counted from 1; without it, all."""
