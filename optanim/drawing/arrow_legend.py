"""The key of the arrows: a line of small ones in the header, each with its word."""

from __future__ import annotations

import numpy as np
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import PathPatch

from optanim.drawing.arrows import RING, STYLES, connectors, outline, tinted
from optanim.drawing.marks import STAY
from optanim.experiment.simulate import Trajectory
from optanim.scene.scene import Scene

LONG = 26
"""Pixels of the default figure: an arrow of the key."""


def shown(scene: Scene) -> list[str]:
    """The kinds of arrows that a scene has, in the order of the key."""
    if not any(panel.entry.name == "contour" for panel in scene.panels):
        return []
    ahead = any(_ahead(trace.trajectory) for trace in scene.traces)
    kinds = ("gradient", "step", *(["lookahead"] if ahead else []))
    return [kind for kind in kinds if kind in scene.view.arrows]


def _ahead(trajectory: Trajectory) -> bool:
    """Whether a gradient was ever asked for at another point than where the trace was."""
    return bool((trajectory.looked != trajectory.points[:, trajectory.asked - 1]).any())


def key(figure: Figure, renderer: RendererAgg, scene: Scene, left: float, down: float) -> None:
    """Draw a small arrow and a word for each kind that is shown.

    Args:
        figure: to draw on; its `renderer` measures words.
        scene: for its kinds of arrows, and for colors: those of the trace, if there is one.
        left: the pixel where it begins.
        down: its baseline, from the top.
    """
    unit, faint, baseline = scene.unit, scene.theme.faint, figure.bbox.height - down
    color = scene.traces[0].color if len(scene.traces) == 1 else faint
    for kind in shown(scene):
        style, tint, middle = STYLES[kind], tinted(scene, color, kind), baseline + 4.6 * unit
        ends = np.array([[[left, middle], [left + LONG * unit, middle]]])
        if kind == "lookahead":
            ends[0, 1, 0] -= RING * unit
            line = PathPatch(connectors(ends, RING * unit), edgecolor=tint, fill=False,
                             linewidth=style.shaft, linestyle=(0, (3, 2)))  # fmt: skip
            ring = Line2D(*ends[0, 1:].T, marker="o", markersize=2 * RING, markeredgecolor=tint,
                          markerfacecolor="none", markeredgewidth=style.shaft)  # fmt: skip
            parts: list[Artist] = [line, ring]
        else:
            shape = outline(ends, style.shaft * unit, style.head * unit)
            parts = [PathPatch(shape, facecolor=tint, linewidth=0)]
        for part in parts:
            part.set_transform(STAY)
            figure.add_artist(part)
        left += (LONG + 6) * unit
        word = figure.text(left, baseline, style.words, size=13, color=faint, transform=None)
        left += word.get_window_extent(renderer).width + 20 * unit
