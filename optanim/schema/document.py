"""The keys of a config."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from annotated_types import Len

from optanim.schema.animation import Animation
from optanim.schema.choice import Choice
from optanim.schema.claim import ClaimKeys
from optanim.schema.figure import Figure, Look
from optanim.schema.rate_grid import RateGrid
from optanim.schema.types import InputFile, NonNegative, Seed, Start, Steps, Text
from optanim.schema.view import View

OptimizerChoice = Annotated[Any, Choice("optimizers", Look)]


@dataclass(frozen=True, kw_only=True)
class Document:
    """The keys at the top of a config.

    Attributes:
        extends: another config, which says what this one leaves out; beside this one.
        surface: what is minimised.
        start: where every path begins that has no start of its own.
        optimizer: the only one; or
        optimizers: several, up to sixteen.
        steps: how many updates.
        seed: of the noise and of the batches.
        noise: the standard deviation of what is added to each coordinate of each gradient.
        tuning: the rates that `lr: auto` tries.
        title: above the picture; by default the optimizer's or the surface's name.
        panels: what is drawn, side by side.
        layout: panels in a row; or one panel in a grid, once for each optimizer. With a matrix,
            `files` for its combinations, all trials in an `overlay`, or a `grid` of them.
        matrix: values by key, as in `--set`: every combination of them is a run.
        view: what is seen of the surface.
        animation: how it moves.
        figure: the picture as an object on a page.
        output: the file to write, relative to the working folder.
        formats: more files beside it, of the same stem; a PNG is the still of the last frame.
        claims: what the prose says of the run; one that is not so stops a render.
    """

    extends: InputFile = None
    surface: Annotated[Any, Choice("surfaces")]
    start: Start | None = None
    optimizer: OptimizerChoice = None
    optimizers: Annotated[list[OptimizerChoice], Len(1, 16)] | None = None
    steps: Steps = 100
    seed: Seed = 0
    noise: NonNegative = 0.0
    tuning: RateGrid = RateGrid()
    title: Text | None = None
    panels: Annotated[list[Annotated[Any, Choice("panels")]], Len(1, 4)] | None = None
    layout: Literal["row", "grid", "files", "overlay"] = "row"
    matrix: Annotated[dict[str, Annotated[list[Any], Len(1, 10_000)]], Len(1, 4)] | None = None
    view: View = View()
    animation: Animation = Animation()
    figure: Figure = Figure()
    output: Text = "output/{config}.gif"
    formats: list[Annotated[Any, Choice("formats")]] | None = None
    claims: Annotated[list[Annotated[Any, Choice("claims", ClaimKeys)]], Len(0, 50)] | None = None
