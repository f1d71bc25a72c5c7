"""The headers of a grid: values above its columns and at the right of its rows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.figure import Figure

from optanim.drawing.text_fit import fit_text
from optanim.scene.scene import Scene

HEADER_SIZE = 22
"""Pixels of the default figure: the height of a column header, and the width of a row header."""


def has_headers(scene: Scene) -> bool:
    """Whether a scene is a grid whose rows and columns are values of a sweep."""
    return scene.grid and scene.sweep is not None and len(scene.sweep.keys) > 1


def draw_headers(
    figure: Figure, renderer: RendererAgg, scene: Scene, cells: Sequence[Axes], baseline: float,
    bar_width: float,
) -> None:  # fmt: skip
    """Draw the headers of columns and rows.

    Args:
        figure: that contains the cells.
        renderer: that measures texts.
        scene: a sweep over at least two keys.
        cells: in the order of its combinations.
        baseline: of the column headers, in pixels from the top.
        bar_width: of the color bar at the right of each cell, in pixels.
    """
    assert scene.sweep
    unit, ink, across = scene.unit, scene.theme.ink, scene.sweep.across
    for i, axes in enumerate(cells[:across]):
        text = figure.text(0, 0, scene.sweep.equations(i)[-1], size=14, color=ink, ha="center",
                           transform=None)  # fmt: skip
        text.set_position((axes.bbox.x0 + axes.bbox.width / 2, figure.bbox.height - baseline))
        fit_text(text, renderer, axes.bbox.width, np.inf, 8)
    for i in range(0, len(cells), across):
        axes = cells[i + across - 1]
        text = figure.text(0, 0, ",  ".join(scene.sweep.equations(i)[:-1]), size=14, color=ink,
                           va="center", ha="center", transform=None)  # fmt: skip
        # At the right, the line above the cells is free, too.
        fit_text(text, renderer, axes.bbox.height + 0.9 * HEADER_SIZE * unit, np.inf, 8)
        text.set(rotation=270, position=(axes.bbox.x1 + bar_width + 0.6 * HEADER_SIZE * unit,
                                         axes.bbox.y0 + axes.bbox.height / 2))  # fmt: skip
