"""What an entry of another distribution may import: see docs/plugins.md.

Every other name of optanim may move to another module in any version. The names here stay; one
that is to go first warns for a version.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from optanim.encoding.film import Film, Frame
from optanim.encoding.frame_diff import FrameBox, FrameBoxes
from optanim.encoding.palette import Palette
from optanim.encoding.write import Writer, needs, still, without_frames
from optanim.errors import ConfigError, OptionError, Problem, did_you_mean, quoted
from optanim.experiment.claim import (
    ObservedTrial,
    OneSwarmToMinimum,
    OneTrial,
    OneTrialToMinimum,
    TwoTrials,
    TwoTrialsToMinimum,
    Verdict,
)
from optanim.experiment.measurements import (
    arrival_clause,
    finite_or_none,
    loss_at,
    outcome_clause,
    overshoots_clause,
    quarter_step_lengths,
    share_clause,
    three_digits,
)
from optanim.experiment.outcome import Outcome
from optanim.experiment.simulate import Trajectory
from optanim.formulas.expression import compiled, name_in_tex, parse, readable
from optanim.formulas.numbers import divisor, factor, number_in_tex, shifted, signed
from optanim.optimizers import (
    Optimizer,
    Schedule,
    State,
    as_state,
    run_inner,
    schedule,
    steps_of,
)
from optanim.scene.caption import axis_names
from optanim.scene.framing import fit_window
from optanim.scene.languages import (
    SurfaceFacts,
    TrialFacts,
    arrived_in,
    by_optimizer,
    by_place,
    by_rule,
    by_status,
    common_limit,
    label_by_detail,
    number_of,
)
from optanim.scene.line_style import LINE_WIDTH
from optanim.scene.poles import losses_in
from optanim.scene.scene import Scene, Trace
from optanim.scene.themes import entry_from_file as theme_from_file
from optanim.scene.viewport import contour_levels, loss_grid
from optanim.schema.claim import ClaimBound, SeedCount, ShareBound, StepOfRun
from optanim.schema.control_words import ControlWords, controls
from optanim.schema.explorer_words import ExplorerWords, explorer
from optanim.schema.figure import Theme
from optanim.schema.formula_types import (
    AxisNames,
    Formula,
    Parameters,
    Points,
    Subgradient,
    Windows,
)
from optanim.schema.inner_types import Inner, MovableInner
from optanim.schema.option import Description, Minor, Pattern, Symbol, WrittenAs
from optanim.schema.types import (
    Beta,
    Color,
    Colors,
    Count,
    Epsilon,
    Fraction,
    InputFile,
    Marker,
    Momentum,
    NonNegative,
    Pair,
    Positive,
    Range,
    Rate,
    Real,
    RisingSteps,
    Seed,
    Share,
    Text,
    WeightDecay,
)
from optanim.schema.view import TrialNumber
from optanim.schema.warm_up import PartOfRun
from optanim.schema.words import Words, words
from optanim.surfaces import Array, Data, Needs, Surface, points_on_map

if TYPE_CHECKING:
    from optanim.drawing.axes import dress, rings, star, to_pixels
    from optanim.drawing.marks import Dots, Mark, Stroke
    from optanim.drawing.notes import note_marks
    from optanim.drawing.state_marks import on_map, state_marks
    from optanim.drawing.swarm_dots import swarm_marks
    from optanim.drawing.trail import Trail
    from optanim.drawing.value_axis import axis_of_all, axis_of_most, framing_values, value_trails

__all__ = [
    "LINE_WIDTH",
    "Array",
    "AxisNames",
    "Beta",
    "ClaimBound",
    "Color",
    "Colors",
    "ConfigError",
    "ControlWords",
    "Count",
    "Data",
    "Description",
    "Dots",
    "Epsilon",
    "ExplorerWords",
    "Film",
    "Formula",
    "Fraction",
    "Frame",
    "FrameBox",
    "FrameBoxes",
    "Inner",
    "InputFile",
    "Mark",
    "Marker",
    "Minor",
    "Momentum",
    "MovableInner",
    "Needs",
    "NonNegative",
    "ObservedTrial",
    "OneSwarmToMinimum",
    "OneTrial",
    "OneTrialToMinimum",
    "Optimizer",
    "OptionError",
    "Outcome",
    "Pair",
    "Palette",
    "Parameters",
    "PartOfRun",
    "Pattern",
    "Points",
    "Positive",
    "Problem",
    "Range",
    "Rate",
    "Real",
    "RisingSteps",
    "Scene",
    "Schedule",
    "Seed",
    "SeedCount",
    "Share",
    "ShareBound",
    "State",
    "StepOfRun",
    "Stroke",
    "Subgradient",
    "Surface",
    "SurfaceFacts",
    "Symbol",
    "Text",
    "Theme",
    "Trace",
    "Trail",
    "Trajectory",
    "TrialFacts",
    "TrialNumber",
    "TwoTrials",
    "TwoTrialsToMinimum",
    "Verdict",
    "WeightDecay",
    "Windows",
    "Words",
    "Writer",
    "WrittenAs",
    "arrival_clause",
    "arrived_in",
    "as_state",
    "axis_names",
    "axis_of_all",
    "axis_of_most",
    "by_optimizer",
    "by_place",
    "by_rule",
    "by_status",
    "common_limit",
    "compiled",
    "contour_levels",
    "controls",
    "did_you_mean",
    "divisor",
    "dress",
    "explorer",
    "factor",
    "finite_or_none",
    "fit_window",
    "framing_values",
    "label_by_detail",
    "loss_at",
    "loss_grid",
    "losses_in",
    "name_in_tex",
    "needs",
    "note_marks",
    "number_in_tex",
    "number_of",
    "on_map",
    "outcome_clause",
    "overshoots_clause",
    "parse",
    "points_on_map",
    "quarter_step_lengths",
    "quoted",
    "readable",
    "rings",
    "run_inner",
    "schedule",
    "share_clause",
    "shifted",
    "signed",
    "star",
    "state_marks",
    "steps_of",
    "still",
    "swarm_marks",
    "theme_from_file",
    "three_digits",
    "to_pixels",
    "value_trails",
    "without_frames",
    "words",
]

_DRAWING = {
    "axis_of_all": "value_axis", "axis_of_most": "value_axis",
    "on_map": "state_marks", "state_marks": "state_marks",
    "swarm_marks": "swarm_dots",
    "framing_values": "value_axis", "value_trails": "value_axis",
    "dress": "axes", "rings": "axes", "star": "axes", "to_pixels": "axes",
    "Dots": "marks", "Mark": "marks", "Stroke": "marks", "Trail": "trail",
    "note_marks": "notes",
}  # fmt: skip


def __getattr__(name: str) -> Any:
    """Import matplotlib on first use: an entry of any other kind needs none of it."""
    if name not in _DRAWING:
        raise AttributeError(f"module 'optanim.plugin' has no attribute '{name}'")
    import importlib

    return getattr(importlib.import_module(f"optanim.drawing.{_DRAWING[name]}"), name)
