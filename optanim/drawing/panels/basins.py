from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import numpy as np

from optanim.scene.caption import axis_names
from optanim.scene.scene import Scene
from optanim.schema.cell_types import CELL_SIZE, CellSize
from optanim.schema.view import TrialNumber
from optanim.surfaces import Needs

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from optanim.drawing.marks import Mark


def basins(
    axes: Axes, scene: Annotated[Scene, Needs(dimensions=2)], *, of: TrialNumber = None,
    cells: CellSize = CELL_SIZE,
) -> list[Mark]:  # fmt: skip
    """Basins: each cell of the window is a start, in the color of the minimum that it reaches.

    Reference: a color has eight shades, each for an eighth of the starts. The strongest shade is of
    the starts that arrive first, the palest of those that arrive last. A frame shows the starts
    that have arrived by its step. The window is the domain of the surface, or that of `view`.
    """
    # Not at the top: a config is checked without matplotlib.
    from optanim.drawing.axes import dress, to_pixels
    from optanim.drawing.cell_map import Cells, Goals, fit_cells, no_numbers
    from optanim.drawing.map_key import draw_map_key

    surface = scene.shown(of)[0]
    picture = scene.maps.get(("basins", of or 1, cells, 0))
    if picture:
        grid = picture.outcomes.grid
        fit_cells(axes, scene, grid.shape, cells)
        axes.set(xlim=(grid.x.low, grid.x.high), ylim=(grid.y.low, grid.y.high))
    dress(axes, scene, *axis_names(scene.view, surface))
    if not picture:
        return []
    if scene.zoom_factors:
        no_numbers(axes)
    if scene.figure.legend != "none":
        draw_map_key(axes, scene, picture)
    marks: list[Mark] = [Cells(picture, axes.bbox.frozen())]
    minima = (
        np.array(surface.minima if scene.view.minimum and not scene.zoom_factors else ())
        .reshape(-1, 2)
        .T
    )
    if minima.size:
        theme, clip = scene.theme, axes.bbox.frozen()
        marks.append(
            Goals(to_pixels(axes, minima), theme.ink, theme.halo, clip=clip, unit=scene.unit)
        )
    return marks
