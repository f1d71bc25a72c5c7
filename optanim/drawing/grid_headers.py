"""The edges of a grid: the values of its columns above them, those of its rows at their right."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.figure import Figure

from optanim.drawing.text_fit import fit
from optanim.scene.scene import Scene

HEAD = 22
"""Pixels of the default figure: the line above all columns, and that at the right of all rows."""


def has_edges(scene: Scene) -> bool:
    """Whether a scene is a grid with rows and columns that mean something."""
    return scene.grid and scene.sweep is not None and len(scene.sweep.keys) > 1


def edges(
    figure: Figure, renderer: RendererAgg, scene: Scene, cells: Sequence[Axes], down: float
) -> None:
    """Write the heads.

    Args:
        figure: that the cells stand in.
        renderer: that measures words.
        scene: a sweep over at least two keys.
        cells: in the order of its combinations.
        down: the baseline of the column heads, from the top.
    """
    assert scene.sweep
    unit, ink, across = scene.unit, scene.theme.ink, scene.sweep.across
    for i, axes in enumerate(cells[:across]):
        text = figure.text(0, 0, scene.sweep.equations(i)[-1], size=14, color=ink, ha="center",
                           transform=None)  # fmt: skip
        text.set_position((axes.bbox.x0 + axes.bbox.width / 2, figure.bbox.height - down))
        fit(text, renderer, axes.bbox.width, np.inf, 8)
    for i in range(0, len(cells), across):
        axes = cells[i + across - 1]
        text = figure.text(0, 0, ",  ".join(scene.sweep.equations(i)[:-1]), size=14, color=ink,
                           va="center", ha="center", transform=None)  # fmt: skip
        # The lines above the cells are free at this side.
        fit(text, renderer, axes.bbox.height + 0.9 * HEAD * unit, np.inf, 8)
        text.set(rotation=270, position=(axes.bbox.x1 + 0.6 * HEAD * unit,
                                         axes.bbox.y0 + axes.bbox.height / 2))  # fmt: skip
