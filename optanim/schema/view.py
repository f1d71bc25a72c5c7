"""The section `view` of a config."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from annotated_types import Ge, Le

from optanim.schema.option import Description
from optanim.schema.types import Arrows, Label, Levels, Range, Real


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
        xlabel: the name of the horizontal axis of the panels that show the surface; by default
            that of the parameter. TeX stands between dollar signs.
        ylabel: the name of their vertical axis; of the loss on a curve, of the second parameter
            elsewhere.
        aspect: scales of the axes of the contour panel; `equal` makes a unit as long on both, and
            `auto` widens no axis for that. By default, a window without `x` and `y` has equal
            scales if no side of the surface's domain is more than three times the other.
        levels: number of contour levels; by default 25, or fewer if the lines would be too dense.
        scale: spacing of the levels; by default, the one that shows the descent best.
        contours: bands between the levels, lines on them, or both; `labels` is both, with the
            values written on some lines of the contour panel.
        minimum: mark the known minima.
        arrows: arrows of the current update in the contour panel; `gradient` points downhill from
            the point where the gradient was evaluated, `step` along the update, and `lookahead` to
            the point of the gradient, if the trial is at another point.
        colorbar: a color bar of the levels beside the contour panel; one for all panels of a grid
            if their levels are the same. The levels become numbers of few digits.
        field: small arrows on a grid in the contour panel, downhill along −∇f, or uphill with
            `ascend`. Their length grows with the root of the gradient's.
        camera: the camera of a landscape.
    """

    x: Range | None = None
    y: Range | None = None
    xlabel: Label | None = None
    ylabel: Label | None = None
    aspect: Literal["equal", "auto"] | None = None
    levels: Levels | None = None
    scale: Literal["linear", "log", "sqrt"] | None = None
    contours: Literal["both", "bands", "lines", "labels"] = "both"
    minimum: bool = True
    arrows: Arrows = ()
    colorbar: bool | None = None
    field: bool | None = None
    camera: Camera = Camera()


TrialNumber = Annotated[
    Annotated[int, Ge(1), Le(16)] | None, Description("number of an optimizer, or none for all")
]
"""The optimizer that a panel shows, by its number from 1; by default, all."""
