"""The keys of a config."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from annotated_types import Len

from optanim.schema.animation import Animation
from optanim.schema.choice import Choice
from optanim.schema.claim import ClaimKeys
from optanim.schema.figure import Figure, TrialKeys
from optanim.schema.parameter_map import ParameterMap
from optanim.schema.rate_grid import RateGrid
from optanim.schema.start import Start
from optanim.schema.stop import Stop
from optanim.schema.types import InputFile, Label, NonNegative, Seed, Steps, Text
from optanim.schema.view import View
from optanim.schema.words import ENGLISH

OptimizerChoice = Annotated[Any, Choice("optimizers", TrialKeys)]
"""An optimizer of a run, with its options and the keys of its trial."""


@dataclass(frozen=True, kw_only=True)
class Document:
    """The keys at the top of a config.

    Attributes:
        extends: another config, by its path from the folder of this one; its keys are the defaults.
        surface: the loss surface to minimize; it can be left out if each optimizer has its own.
        ascend: climb the surface: each optimizer minimizes −f.
        start: the starting point of each optimizer that has none of its own; with a list of
            points, each optimizer starts from each of them.
        optimizer: a single optimizer; or
        optimizers: a list of up to sixteen.
        steps: number of updates.
        stop: rules that end a trial before its last step.
        seed: seed of the noise, of the batches, and of optimizers that draw.
        noise: standard deviation of the noise that is added to each coordinate of each gradient.
        tuning: the learning rates that `lr: auto` tries.
        lang: the language of the words in the picture and of the alt text; by default `en`.
        title: the text above the figure; by default the name of the optimizer or of the surface.
        panels: the panels, in rows whose number follows from the shape of the picture.
        layout: panels in rows; or one panel in a grid, once for each optimizer. With a matrix,
            one of `files` for each combination, all trials in an `overlay`, or a `grid` of them.
        matrix: lists of values by key, as in `--set`; each combination is a run.
        map: what becomes of a trial for each pair of values of two keys.
        view: the visible part of the surface.
        animation: timing and motion.
        figure: size, colors and fonts of the figure.
        output: the file to write, relative to the working folder.
            `{folder}` is the folder of the config.
        formats: additional files with the same stem; a PNG is the last frame.
        themes: twins of the figure, one for each theme, in place of `figure.theme`. Each file has
            the name of its theme before its suffix, or where `output` has `{theme}`.
        claims: statements of the article about the run; if one is false, nothing is rendered.
    """

    extends: InputFile = None
    surface: Annotated[Any, Choice("surfaces")]
    ascend: bool = False
    start: Start | None = None
    optimizer: OptimizerChoice = None
    optimizers: Annotated[list[OptimizerChoice], Len(1, 16)] | None = None
    steps: Steps = 100
    stop: Stop = Stop()
    seed: Seed = 0
    noise: NonNegative = 0.0
    tuning: RateGrid = RateGrid()
    lang: Annotated[Any, Choice("languages")] = None
    title: Label | None = None
    panels: Annotated[list[Annotated[Any, Choice("panels")]], Len(1, 4)] | None = None
    layout: Literal["row", "grid", "files", "overlay"] = "row"
    matrix: Annotated[dict[str, Annotated[list[Any], Len(1, 10_000)]], Len(1, 4)] | None = None
    map: ParameterMap = ParameterMap()
    view: View = View()
    animation: Animation = Animation()
    figure: Figure = Figure()
    output: Text = "output/{config}.gif"
    formats: Annotated[list[Annotated[Any, Choice("formats")]], Len(0, 16)] | None = None
    themes: Annotated[list[Annotated[Any, Choice("themes")]], Len(1, 8)] | None = None
    claims: Annotated[list[Annotated[Any, Choice("claims", ClaimKeys)]], Len(0, 50)] | None = None


def language_of(document: Document) -> str:
    """The name of the language of a config; English if it names none."""
    return document.lang.entry.name if document.lang else ENGLISH
