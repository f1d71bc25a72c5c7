from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from optanim.scene.scene import Scene, Trace
from optanim.schema.view import TrialNumber

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from optanim.drawing.marks import Mark
    from optanim.surfaces import Array


def loss(
    axes: Axes,
    scene: Scene,
    *,
    scale: Literal["linear", "log"] | None = None,
    of: TrialNumber = None,
) -> list[Mark]:
    """Loss: the loss of each trial against its steps, up to the current step.

    Reference: on a logarithmic scale a constant rate of convergence is a straight line. A loss of 0
    leaves it at the lower edge, and one that diverges beside others at the upper edge; a triangle
    marks the place. Negative losses need a linear scale. Of a swarm it is the median, with a band
    from the lower quartile to the upper one.
    """
    # Not at the top: a config is checked without matplotlib.
    from optanim.drawing.axes import dress
    from optanim.drawing.value_axis import (
        axis_of_all,
        draw_band,
        framing_values,
        value_trails,
    )

    traces = scene.chosen(of)
    framed = traces if of is None else scene.framed(of)
    axis = axis_of_all(framing_values([(trace, _losses(trace)) for trace in framed], scale), scale)
    axis.apply(axes, scene.progress_end)
    dress(axes, scene, scene.progress_word, scene.value_word)
    for trace in traces:
        if trace.swarm:
            draw_band(axes, scene, trace, *trace.swarm.quartiles)
    return value_trails(axes, scene, [(trace, _losses(trace)) for trace in traces], _losses)


def _losses(trace: Trace) -> Array:
    """The losses of a trace; of a swarm their median at each step."""
    return trace.swarm.median_losses if trace.swarm else trace.trajectory.values
