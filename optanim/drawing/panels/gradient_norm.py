from __future__ import annotations

from typing import TYPE_CHECKING, Literal

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
    line ends one step before the last point. Of several gradients the last one counts, but that at
    step t where the last one is at step t + 1, the end of a line search; an update that asks for
    none goes on with the one before.
    """
    # Not at the top: a config is checked without matplotlib.
    from optanim.drawing.axes import dress
    from optanim.drawing.value_axis import axis_of_all, framing_values, value_trails

    traces = scene.chosen(of)
    framed = traces if of is None else scene.framed(of)
    values = framing_values([(trace, _norms(trace)) for trace in framed], scale)
    axis = axis_of_all(values, scale)
    axis.apply(axes, scene.progress_end)
    dress(axes, scene, scene.progress_word, scene.words.gradient_norm)
    return value_trails(axes, scene, [(trace, _norms(trace)) for trace in traces], _norms)


def _norms(trace: Trace) -> Array:
    return trace.trajectory.gradient_norms
