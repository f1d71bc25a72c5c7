from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import numpy as np

from optanim.scene.line_style import LINE_WIDTH
from optanim.scene.scene import Scene, Trace
from optanim.schema.view import TrialNumber
from optanim.surfaces import Needs

if TYPE_CHECKING:
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

    Reference: a line from a point to the model is its residual, where one trial is shown.
    """
    # Not at the top: a config is checked without matplotlib.
    from optanim.drawing.axes import dress, to_pixels
    from optanim.drawing.marks import Dots, Stroke

    theme, traces = scene.theme, scene.chosen(of)
    data = scene.shown(of)[0].data
    assert data  # as `Needs` says
    sides = [_limits(values) for values in (data.x, data.y)]
    axes.set(xlim=sides[0], ylim=sides[1])
    dress(axes, scene, *data.names)
    clip, x = axes.bbox.frozen(), np.linspace(*sides[0], 65)
    few = len(data.x) <= MAX_RESIDUALS
    marks: list[Mark] = []
    for trace in traces:

        def model(step: float, trace: Trace = trace) -> Array:
            return to_pixels(axes, np.stack([x, _predicted(data, trace, step, x)]))

        def residuals(step: float, trace: Trace = trace) -> Array:
            ends = np.stack([data.y, _predicted(data, trace, step, data.x)], axis=1)
            return to_pixels(axes, np.stack([np.repeat(data.x, 2), ends.ravel()]))

        pen = trace.pen
        if len(traces) == 1 and few:
            marks.append(
                Stroke(residuals, trace.color, clip=clip, width=1.2, alpha=0.55,
                       pairs=True)
            )  # fmt: skip
        marks.append(
            Stroke(model, trace.color, clip=clip, width=MODEL_WIDTH * pen.width / LINE_WIDTH,
                   halo=theme.halo if pen.halo else None, alpha=pen.alpha, dash=pen.dash)
        )  # fmt: skip
    radius = (3.0 if few else 1.8) * scene.unit
    points = to_pixels(axes, np.stack([data.x, data.y]))
    return [*marks, Dots(points, theme.ink, theme.halo, radius=radius)]


def _predicted(data: Data, trace: Trace, step: float, x: Array) -> Array:
    """The predictions, (m,), at numbers (m,), with the parameters of a step."""
    with np.errstate(all="ignore"):
        return np.broadcast_to(data.predict(trace.at(step), x), x.shape)


def _limits(values: Array) -> tuple[float, float]:
    """The limits of an axis: values with a margin, and zero if it is near."""
    low, high = float(values.min()), float(values.max())
    margin = 0.08 * (high - low) or 1.0
    low, high = low - margin, high + margin
    spread = high - low
    return (min(low, -0.03 * spread) if 0 < low < 0.3 * spread else low), high
