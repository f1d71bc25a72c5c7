"""The section `view` of a config."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from annotated_types import Ge, Gt, Le, Len
from pydantic import Strict

from optanim.schema.option import Description, Example
from optanim.schema.point_types import OnePoint
from optanim.schema.types import Arrows, Count, Label, Levels, Pair, Range, Real
from optanim.schema.validation import Section


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
class Zoom:
    """A film of maps whose windows become smaller from frame to frame, at equal ratios.

    Attributes:
        to: the point that stays where it is, in the numbers of the two axes.
        by: the size of the first window divided by that of the last.
    """

    to: Pair
    by: Annotated[Real, Gt(1), Le(1e12)] = 1000.0


MAX_NOTES = 12
"""Maximum number of notes of a picture."""


@dataclass(frozen=True, kw_only=True)
class Note:
    """A text at a point of the surface, or at the point of a trial after a step.

    Attributes:
        text: the text, in up to two lines. TeX stands between dollar signs.
        at: the point of the surface.
        step: the step whose point is meant; the note appears with it, and stays.
        of: the number of the optimizer of `step`; with `at`, the note is only in panels that show
            this optimizer.
    """

    text: Annotated[Label, Example("minimum")]
    at: OnePoint | None = None
    step: Annotated[int, Ge(0), Le(20_000)] | None = None
    of: Count | None = None


Notes = Annotated[
    tuple[Annotated[Any, Section(Note)], ...],
    Strict(False),
    Len(0, MAX_NOTES),
    Description("list such as [{at: [1, 1], text: minimum}]"),
]
"""The notes of a picture, up to `MAX_NOTES`."""


Against = Literal["updates", "evaluations"]
"""What a race is measured in. A value is one evaluation, a gradient is one, a Hessian is d."""


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
        against: what the panels `loss`, `rates` and `gradient_norm` have on their horizontal axis,
            and what claims and alt texts count when they compare arrivals; by default the
            updates, otherwise the evaluations of values and gradients that these took.
        notes: texts at points of the surface or of traces, in the panels `contour` and `curve`.
        camera: the camera of a landscape.
        zoom: the panels `basins` and `map` close in on a point, in place of going on in steps.
        color: what the colors of a swarm's dots show: the `minimum`, or other place, that each
            reaches; its `optimizer`; or its present `loss`. By default the minimum, and the
            optimizer if several share a panel.
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
    against: Against | None = None
    notes: Notes | None = None
    camera: Camera = Camera()
    zoom: Annotated[Any, Section(Zoom), Description("section of to, by")] | None = None
    color: Literal["minimum", "optimizer", "loss"] | None = None


TrialNumber = Annotated[
    Annotated[int, Ge(1), Le(16)] | None, Description("number of an optimizer, or none for all")
]
"""The optimizer that a panel shows, by its number from 1; by default, all."""
