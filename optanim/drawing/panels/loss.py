from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from optanim.scene.scene import Scene, Trace
from optanim.schema.view import TrialNumber
from optanim.surfaces import points_on_map

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from optanim.drawing.marks import Mark


def loss(
    axes: Axes,
    scene: Scene,
    *,
    scale: Literal["linear", "log"] | None = None,
    of: TrialNumber = None,
) -> list[Mark]:
    """Loss: the loss of each trial against its steps, up to the current step.

    Reference: on a logarithmic scale a constant rate of convergence is a straight line.
    """
    # Not at the top: a config is checked without matplotlib.
    from optanim.drawing.axes import dress, to_pixels
    from optanim.drawing.marks import Trail
    from optanim.drawing.value_axis import axis_of_all

    theme, traces = scene.theme, scene.chosen(of)
    framed = traces if of is None else scene.framed(of)
    losses = [trace.trajectory.values[: _readable_count(scene, trace)] for trace in framed]
    axis = axis_of_all(np.concatenate(losses), scale)
    axis.apply(axes, scene.steps)
    dress(axes, scene, "step", "loss")
    marks: list[Mark] = []
    for trace in traces:
        values = trace.trajectory.values
        points = np.stack([np.arange(len(values)), np.maximum(values, axis.floor)])
        marks.append(
            Trail(to_pixels(axes, points), trace.color, theme.halo, trace.marker,
                  clip=axes.bbox.frozen(), unit=scene.unit, dots=False, pen=trace.pen)
        )  # fmt: skip
    return marks


def _readable_count(scene: Scene, trace: Trace) -> int:
    """The number of losses of a trace that the axis shows; in a sweep, those near the domain."""
    points = trace.trajectory.points
    return points_on_map(points, np.array(trace.surface.domain)) if scene.sweep else points.shape[1]
