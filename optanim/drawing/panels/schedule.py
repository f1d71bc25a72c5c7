from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from optanim.scene.option_curves import OptionCurve, rate_curve, scheduled_curves
from optanim.scene.scene import Scene, Trace
from optanim.schema.view import TrialNumber

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from optanim.drawing.marks import Mark
    from optanim.surfaces import Array

LOWER_SHARE, LOWER_GAP = 0.32, 26
"""The height of the lower axes as a share of the panel, and the space above them in pixels of the
default figure, which has the name of their vertical axis."""

DASH = (5.0, 3.0)
"""The line of an option in the lower axes that is not the first one there."""

MIN_SPLIT_HEIGHT = 150
"""Pixels of the default figure: a lower panel is not split."""


def schedule(
    axes: Axes,
    scene: Scene,
    *,
    scale: Literal["linear", "log"] | None = None,
    of: TrialNumber = None,
) -> list[Mark]:
    """Schedule: the learning rate of each trial against its steps, and a scheduled momentum below.

        η(t) of update t at step t

    Reference: a constant rate is a flat line. An optimizer without a learning rate has none. The
    scale is logarithmic if the rates of trials are far apart, or if a rate is below a hundredth of
    its largest value for more than a tenth of the steps. A momentum or β that is a schedule is
    shown in axes below, except in a grid and in a panel that is too low.
    """
    # Not at the top: a config is checked without matplotlib.
    from optanim.drawing.axes import dress
    from optanim.drawing.value_axis import axis_of_most, value_trails

    traces = scene.chosen(of)
    framed = _rates(traces if of is None else scene.framed(of))
    lower = _lower_axes(axes, scene, traces)
    axis = axis_of_most(np.concatenate([values for _, values in framed] or [np.ones(1)]),
                        scale or _scale([values for _, values in framed]))  # fmt: skip
    axis.apply(axes, scene.steps)
    dress(axes, scene, "" if lower else scene.words.step, scene.words.learning_rate)
    marks = value_trails(axes, scene, _rates(traces))
    if lower:
        axes.tick_params(labelbottom=False)
        marks += _draw_lower(lower, scene, traces)
    return marks


def _rates(traces: tuple[Trace, ...]) -> list[tuple[Trace, Array]]:
    return [(trace, curve.values) for trace in traces if (curve := rate_curve(trace))]


def _scale(curves: list[Array]) -> Literal["linear", "log"]:
    """The scale on which each curve can be seen for nine tenths of its steps."""
    shown = [values[np.isfinite(values)] for values in curves]
    shown = [values for values in shown if values.size]
    if not shown:
        return "linear"
    low = min(float(np.quantile(values, 0.1)) for values in shown)
    return "log" if max(float(values.max()) for values in shown) > 100 * low > 0 else "linear"


def _lower_axes(axes: Axes, scene: Scene, traces: tuple[Trace, ...]) -> Axes | None:
    """Axes in the lower part of a panel, whose own axes become shorter; None if none are needed."""
    scheduled = any(scheduled_curves(trace) for trace in traces)
    if not scheduled or scene.grid or axes.bbox.height < MIN_SPLIT_HEIGHT * scene.unit:
        return None
    box, gap = axes.get_position(), LOWER_GAP * scene.unit / axes.bbox.height
    low = LOWER_SHARE * (1 - gap)
    high = 1 - gap - low
    axes.set_position((box.x0, box.y1 - high * box.height, box.width, high * box.height))
    return axes.inset_axes((0, -(gap + low) / high, 1, low / high))


def _draw_lower(axes: Axes, scene: Scene, traces: tuple[Trace, ...]) -> list[Mark]:
    """Draw the scheduled options of traces other than their rates; the marks are returned."""
    from optanim.drawing.axes import dress
    from optanim.drawing.value_axis import axis_of_all, value_trails

    curves: list[tuple[Trace, OptionCurve]] = [
        (trace, curve) for trace in traces for curve in scheduled_curves(trace)
    ]
    values = np.concatenate([curve.values for _, curve in curves])
    values = values[np.isfinite(values)]
    axis_of_all(values if values.size else np.ones(1), "linear").apply(axes, scene.steps)
    symbols = [*dict.fromkeys(curve.symbol for _, curve in curves)]
    names = [f"${symbol}${' - -' if i else ''}" for i, symbol in enumerate(symbols)]
    dress(axes, scene, scene.words.step, ", ".join(names))
    dashed = [
        (replace(trace, pen=replace(trace.pen, dash=DASH)) if curve.symbol != symbols[0] else trace,
         curve.values)
        for trace, curve in curves
    ]  # fmt: skip
    return value_trails(axes, scene, dashed)
