"""The legend of arrows: a line in the header with a small arrow of each kind and its label."""

from __future__ import annotations

import numpy as np
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import PathPatch

from optanim.drawing.arrows import RING_RADIUS, STYLES, arrow_color, connectors, outline
from optanim.drawing.marks import IDENTITY
from optanim.experiment.simulate import Trajectory
from optanim.scene.scene import Scene

ARROW_LENGTH = 26
"""Pixels of the default figure: the length of an arrow in the legend."""


def arrow_kinds(scene: Scene) -> list[str]:
    """The kinds of arrows in a scene, in the order of the legend."""
    if not any(panel.entry.name == "contour" for panel in scene.panels):
        return []
    shown = scene.view.arrows
    ahead = "lookahead" in shown and any(_looks_ahead(t.trajectory) for t in scene.traces)
    return [
        kind for kind in ("gradient", "step", *(["lookahead"] if ahead else [])) if kind in shown
    ]


def _looks_ahead(trajectory: Trajectory) -> bool:
    """Whether some gradient is evaluated at another point than the current one."""
    return bool((trajectory.looked != trajectory.points[:, trajectory.asked - 1]).any())


def draw_arrow_legend(
    figure: Figure, renderer: RendererAgg, scene: Scene, left: float, baseline: float
) -> None:
    """Draw a small arrow and a label for each kind of arrow in a scene.

    Args:
        figure: that it is drawn on.
        renderer: that measures texts.
        scene: for its kinds of arrows, and for colors: those of the trace if there is only one.
        left: the pixel where it begins.
        baseline: pixels from the top down to it.
    """
    unit, faint, up = scene.unit, scene.theme.faint, figure.bbox.height - baseline
    color = scene.traces[0].color if len(scene.traces) == 1 else faint
    for kind in arrow_kinds(scene):
        style, tint, middle = STYLES[kind], arrow_color(scene, color, kind), up + 4.6 * unit
        ends = np.array([[[left, middle], [left + ARROW_LENGTH * unit, middle]]])
        if kind == "lookahead":
            ends[0, 1, 0] -= RING_RADIUS * unit
            line = PathPatch(connectors(ends, RING_RADIUS * unit), edgecolor=tint, fill=False,
                             linewidth=style.shaft, linestyle=(0, (3, 2)))  # fmt: skip
            ring = Line2D(*ends[0, 1:].T, marker="o", markersize=2 * RING_RADIUS,
                          markeredgecolor=tint, markerfacecolor="none",
                          markeredgewidth=style.shaft)  # fmt: skip
            parts: list[Artist] = [line, ring]
        else:
            shape = outline(ends, style.shaft * unit, style.head * unit)
            parts = [PathPatch(shape, facecolor=tint, linewidth=0)]
        for part in parts:
            part.set_transform(IDENTITY)
            figure.add_artist(part)
        left += (ARROW_LENGTH + 6) * unit
        # Optimizers that climb minimize −f, whose gradient points the other way.
        text = style.label.replace("$-", "$") if scene.surface.ascends else style.label
        text = getattr(scene.words, text, text)
        label = figure.text(left, up, text, size=13, color=faint, transform=None)
        left += label.get_window_extent(renderer).width + 20 * unit
