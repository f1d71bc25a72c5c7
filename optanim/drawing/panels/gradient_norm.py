from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from optanim.scene.scene import Scene, Trace
from optanim.schema.view import TrialNumber

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from optanim.drawing.marks import Mark
    from optanim.surfaces import Array


def gradient_norm(
    axes: Axes,
    scene: Scene,
    *,
    scale: Literal["linear", "log"] | None = None,
    of: TrialNumber = None,
) -> list[Mark]:
    """Gradient norm: the size of the gradient that each trial asked for, against its steps.

        ‖g(t + 1)‖ at step t

    Reference: the Euclidean norm, with the noise of the gradient. Update t + 1 asks at step t, so a
    line ends one step before the last point. Of several gradients the last one counts; an update
    that asks for none goes on with the one before.
    """
    # Not at the top: a config is checked without matplotlib.
    from optanim.drawing.axes import dress
    from optanim.drawing.value_axis import axis_of_all, framing_values, value_trails

    traces = scene.chosen(of)
    framed = traces if of is None else scene.framed(of)
    values = framing_values([(trace, _norms(trace)) for trace in framed], scale)
    axis = axis_of_all(values, scale)
    axis.apply(axes, scene.steps)
    dress(axes, scene, scene.words.step, scene.words.gradient_norm)
    return value_trails(axes, scene, [(trace, _norms(trace)) for trace in traces])


def _norms(trace: Trace) -> Array:
    """The norm of the gradient in use at each step, (n,); NaN before there is one."""
    asked, gradients = trace.trajectory.asked, trace.trajectory.gradients
    if not asked.size:
        return np.full(1, np.nan)
    last = np.searchsorted(asked, np.arange(1, asked[-1] + 1), side="right") - 1
    with np.errstate(over="ignore"):
        norms = np.hypot.reduce(gradients, axis=0)[last]
    return np.where(last < 0, np.nan, norms)
