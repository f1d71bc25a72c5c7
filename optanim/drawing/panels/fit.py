from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import numpy as np

from optanim.scene.scene import Scene, Trace
from optanim.schema.view import Of
from optanim.surfaces import Needs

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from optanim.drawing.marks import Mark
    from optanim.surfaces import Array, Data

FEW = 60
"""So many points still have room for a line from each to the model."""


def fit(axes: Axes, scene: Annotated[Scene, Needs(data=True)], *, of: Of = None) -> list[Mark]:
    """Fit: the data, with the model of the current parameters moving through it.

    Reference: a line from a point to the model is its residual, where one trial is shown.
    """
    # Here and not above: a config is checked without matplotlib.
    from optanim.drawing.axes import dress, to_pixels
    from optanim.drawing.marks import Dots, Stroke

    theme, traces = scene.theme, scene.chosen(of)
    data = scene.shown(of)[0].data
    assert data  # a config without is refused
    sides = [_roomy(numbers) for numbers in (data.x, data.y)]
    axes.set(xlim=sides[0], ylim=sides[1])
    dress(axes, scene, *data.names)
    clip, x = axes.bbox.frozen(), np.linspace(*sides[0], 65)
    marks: list[Mark] = []
    for trace in traces:

        def model(step: float, trace: Trace = trace) -> Array:
            return to_pixels(axes, np.stack([x, _given(data, trace, step, x)]))

        def residuals(step: float, trace: Trace = trace) -> Array:
            ends = np.stack([data.y, _given(data, trace, step, data.x)], axis=1)
            return to_pixels(axes, np.stack([np.repeat(data.x, 2), ends.ravel()]))

        if len(traces) == 1 and len(data.x) <= FEW:
            marks.append(
                Stroke(residuals, trace.color, clip=clip, width=1.2, alpha=0.55,
                       pairs=True)
            )  # fmt: skip
        pen, halo = trace.pen, theme.halo if trace.pen.halo else None
        marks.append(Stroke(model, trace.color, clip=clip, width=2.0 * pen.width / 1.7, halo=halo,
                            alpha=pen.alpha, dash=pen.dash))  # fmt: skip
    radius = (3.0 if len(data.x) <= FEW else 1.8) * scene.unit
    points = to_pixels(axes, np.stack([data.x, data.y]))
    return [*marks, Dots(points, theme.ink, theme.halo, radius=radius)]


def _given(data: Data, trace: Trace, step: float, x: Array) -> Array:
    with np.errstate(all="ignore"):
        return np.broadcast_to(data.predict(trace.at(step), x), x.shape)


def _roomy(numbers: Array) -> tuple[float, float]:
    """A range around numbers, with some air; with zero in it, if that is not far."""
    low, high = float(numbers.min()), float(numbers.max())
    room = 0.08 * (high - low) or 1.0
    low, high = low - room, high + room
    spread = high - low
    return (min(low, -0.03 * spread) if 0 < low < 0.3 * spread else low), high
