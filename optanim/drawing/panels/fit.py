from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import numpy as np

from optanim.scene.line_style import LINE_WIDTH
from optanim.scene.scene import Scene, Trace
from optanim.schema.view import TrialNumber
from optanim.surfaces import Needs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from optanim.drawing.marks import Mark
    from optanim.surfaces import Array, Data

MODEL_WIDTH = 2.0
"""Pixels of the default figure: the width of a model's line, for a trace of the default width."""

MAX_RESIDUALS = 60
"""The largest number of points that have lines to the model, and larger dots."""


def fit(
    axes: Axes, scene: Annotated[Scene, Needs(data=True)], *, of: TrialNumber = None
) -> list[Mark]:
    """Fit: the data, with the model of the current parameters moving through it.

    A model of several columns is no line: there, the panel shows what the model predicts for each
    point against its true value. The points of a perfect model are on the diagonal.

    Reference: a line from a point to the model is its residual, where one trial is shown.
    """
    # Not at the top: a config is checked without matplotlib.
    from optanim.drawing.axes import dress, to_pixels
    from optanim.drawing.marks import Dots, Stroke

    theme, traces = scene.theme, scene.chosen(of)
    data = scene.shown(of)[0].data
    assert data  # as `Needs` says
    if len(data.inputs) > 1:
        return _predicted_against_true(axes, scene, data, traces)
    sides = [_limits(values) for values in (data.x, data.y)]
    axes.set(xlim=sides[0], ylim=sides[1])
    dress(axes, scene, data.names[0], data.names[1])
    clip, x = axes.bbox.frozen(), np.linspace(*sides[0], 65)
    few = len(data.x) <= MAX_RESIDUALS
    marks: list[Mark] = []
    for trace in traces:

        def model(step: float, trace: Trace = trace) -> Array:
            return to_pixels(axes, np.stack([x, _predicted(data, trace, step, x[None])]))

        def residuals(step: float, trace: Trace = trace) -> Array:
            ends = np.stack([data.y, _predicted(data, trace, step, data.inputs)], axis=1)
            return to_pixels(axes, np.stack([np.repeat(data.x, 2), ends.ravel()]))

        pen = trace.pen
        if len(traces) == 1 and few:
            marks.append(
                Stroke(residuals, trace.color, clip=clip, width=1.2, alpha=0.55,
                       pairs=True, owner=trace)
            )  # fmt: skip
        marks.append(
            Stroke(model, trace.color, clip=clip, width=MODEL_WIDTH * pen.width / LINE_WIDTH,
                   halo=theme.halo if pen.halo else None, alpha=pen.alpha, dash=pen.dash,
                   owner=trace)
        )  # fmt: skip
    radius = (3.0 if few else 1.8) * scene.unit
    points = to_pixels(axes, np.stack([data.x, data.y]))
    return [*marks, Dots(points, theme.ink, theme.halo, radius=radius)]


def _predicted_against_true(
    axes: Axes, scene: Scene, data: Data, traces: Sequence[Trace]
) -> list[Mark]:
    """The predictions of a model of several columns, over the true values."""
    from optanim.drawing.axes import dress, to_pixels
    from optanim.drawing.marks import Dots

    theme, sides = scene.theme, _limits(data.y)
    axes.set(xlim=sides, ylim=sides)
    dress(axes, scene, data.names[-1], scene.words.predicted)
    axes.plot(sides, sides, color=theme.faint, linewidth=1.0, scalex=False, scaley=False)
    few = len(data.y) <= MAX_RESIDUALS
    radius = (3.0 if few else 1.8) * scene.unit
    marks: list[Mark] = []
    for trace in traces:

        def points(step: float, trace: Trace = trace) -> Array:
            predicted = _predicted(data, trace, step, data.inputs)
            return to_pixels(axes, np.stack([data.y, predicted]))

        marks.append(
            Dots(points, trace.color, theme.halo, radius=radius, clip=axes.bbox.frozen(),
                 owner=trace)
        )  # fmt: skip
    return marks


def _predicted(data: Data, trace: Trace, step: float, inputs: Array) -> Array:
    """The predictions, (m,), for inputs (k, m), with the parameters of a step."""
    with np.errstate(all="ignore"):
        return np.broadcast_to(data.predict(trace.at(step), inputs), inputs.shape[1:])


def _limits(values: Array) -> tuple[float, float]:
    """The limits of an axis: values with a margin, and zero if it is near."""
    low, high = float(values.min()), float(values.max())
    margin = 0.08 * (high - low) or 1.0
    low, high = low - margin, high + margin
    spread = high - low
    return (min(low, -0.03 * spread) if 0 < low < 0.3 * spread else low), high
