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
    from optanim.drawing.axes import dress
    from optanim.drawing.value_axis import axis_of_all, value_trails

    traces = scene.chosen(of)
    framed = traces if of is None else scene.framed(of)
    losses = [trace.trajectory.values[: _readable_count(scene, trace)] for trace in framed]
    axis = axis_of_all(np.concatenate(losses), scale)
    axis.apply(axes, scene.steps)
    dress(axes, scene, "step", "loss")
    values = [(trace, trace.trajectory.values) for trace in traces]
    return value_trails(axes, scene, values, axis.floor)


def _readable_count(scene: Scene, trace: Trace) -> int:
    """The number of losses of a trace that the axis shows; in a sweep, those near the domain."""
    points = trace.trajectory.points
    return points_on_map(points, np.array(trace.surface.domain)) if scene.sweep else points.shape[1]
