"""The section `view` of a config."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from annotated_types import Ge, Le

from optanim.schema.option import Description
from optanim.schema.types import Arrows, Levels, Range, Real


@dataclass(frozen=True, kw_only=True)
class Camera:
    """The camera of a landscape, in degrees.

    Attributes:
        azimuth: direction of the camera, from x towards y; at -90, x points to the right and y
            away. By default, the direction that shows most of the traces.
        elevation: angle of the camera above the horizon; 90 looks straight down. By default, the
            lowest angle that shows most of the traces.
        turn: rotation of the camera around the surface until the last step; 0 is none.
    """

    azimuth: Annotated[Real, Ge(-360), Le(360)] | None = None
    elevation: Annotated[Real, Ge(5), Le(90)] | None = None
    turn: Annotated[Real, Ge(-720), Le(720)] = 0.0


@dataclass(frozen=True, kw_only=True)
class View:
    """The visible part of the surface.

    Attributes:
        x: range of the first parameter; by default, it follows from the trajectories.
        y: range of the second parameter.
        levels: number of contour levels; by default 25, or fewer if the lines would be too dense.
        scale: spacing of the levels; by default, the one that shows the descent best.
        contours: bands between the levels, lines on them, or both.
        minimum: mark the known minima.
        arrows: arrows of the current update in the contour panel; `gradient` points downhill from
            the point where the gradient was evaluated, `step` along the update, and `lookahead` to
            the point of the gradient, if the trial is at another point.
        camera: the camera of a landscape.
    """

    x: Range | None = None
    y: Range | None = None
    levels: Levels | None = None
    scale: Literal["linear", "log", "sqrt"] | None = None
    contours: Literal["both", "bands", "lines"] = "both"
    minimum: bool = True
    arrows: Arrows = ()
    camera: Camera = Camera()


TrialNumber = Annotated[
    Annotated[int, Ge(1), Le(16)] | None, Description("number of an optimizer, or none for all")
]
"""The optimizer that a panel shows, by its number from 1; by default, all."""
