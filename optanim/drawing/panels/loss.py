from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from optanim.scene.scene import Scene, Trace
from optanim.schema.view import Of
from optanim.surfaces import readable

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from optanim.drawing.marks import Mark

WIDE = 100.0
"""Losses whose largest is so many times the smallest are shown by their powers of ten."""


def loss(
    axes: Axes, scene: Scene, *, scale: Literal["linear", "log"] | None = None, of: Of = None
) -> list[Mark]:
    """Loss: the loss of each trial against its steps, as far as they are walked.

    Reference: on a logarithmic scale a constant rate of convergence is a straight line.
    """
    # Here and not above: a config is checked without matplotlib.
    from optanim.drawing.axes import dress, to_pixels
    from optanim.drawing.marks import Trail

    theme, traces = scene.theme, scene.chosen(of)
    framed = traces if of is None else scene.framed(of)
    every = np.concatenate([trace.trajectory.values[: _seen(scene, trace)] for trace in framed])
    top, above = float(every.max()), every[every > 0]
    # Zero has no logarithm: what falls below the digits of the largest loss lies on the floor.
    bottom = max(float(above.min()), 1e-16 * top) if above.size else 1.0
    wanted = scale or ("log" if every.min() >= 0 and top > WIDE * bottom else "linear")
    if wanted == "log" and above.size:
        axes.set_yscale("log")
        room = (top / bottom) ** 0.06 if top > bottom else 10.0
        axes.set(ylim=(bottom / room, top * room))
    else:
        bottom = float(every.min())
        room = 0.06 * (top - bottom) or 1.0
        axes.set(ylim=(bottom - room, top + room))
        bottom = -np.inf
    axes.set(xlim=(-0.02 * scene.steps, 1.02 * scene.steps))
    dress(axes, scene, "step", "loss")
    marks: list[Mark] = []
    for trace in traces:
        values = trace.trajectory.values
        points = np.stack([np.arange(len(values)), np.maximum(values, bottom)])
        marks.append(
            Trail(to_pixels(axes, points), trace.color, theme.halo, trace.marker,
                  clip=axes.bbox.frozen(), unit=scene.unit, dots=False, pen=trace.pen)
        )  # fmt: skip
    return marks


def _seen(scene: Scene, trace: Trace) -> int:
    """How many losses of a trace must be seen; of a sweep's, those of points on the map."""
    walked = trace.trajectory.points
    return readable(walked, np.array(trace.surface.domain)) if scene.sweep else walked.shape[1]
