from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from optanim.scene.scene import Scene
from optanim.schema.cell_types import CELL_SIZE, CellSize
from optanim.schema.view import TrialNumber
from optanim.surfaces import Array

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from optanim.drawing.marks import Mark

DASH = (5.0, 4.0)
"""The line of what theory says."""


def map(
    axes: Axes, scene: Scene, *, of: TrialNumber = None, cells: CellSize = CELL_SIZE
) -> list[Mark]:
    """Map: each cell is a trial with another pair of values of the two keys of `map`.

    Reference: the colors are the steps until the trial arrives, its loss, what became of it, or the
    factor of its distance to the minimum in an update, as the key `of` of `map` says. The factor is
    fitted to the second half of the steps by least squares. A frame shows the map as of its step.
    """
    # Not at the top: a config is checked without matplotlib.
    from optanim.drawing.axes import dress, to_pixels
    from optanim.drawing.cell_map import Cells, fit_cells, no_numbers
    from optanim.drawing.map_key import draw_map_key
    from optanim.drawing.marks import Stroke

    picture = scene.maps.get(("map", of or 1, cells, 0))
    if not picture:
        dress(axes, scene, "", "")
        return []
    grid, theme = picture.outcomes.grid, scene.theme
    fit_cells(axes, scene, grid.shape, cells)
    axes.set(
        xscale="log" if grid.x.log else "linear", yscale="log" if grid.y.log else "linear",
        xlim=(grid.x.low, grid.x.high), ylim=(grid.y.low, grid.y.high),
    )  # fmt: skip
    dress(axes, scene, f"${grid.x.key.symbol}$", f"${grid.y.key.symbol}$")
    if scene.zoom_factors:
        no_numbers(axes)
    if scene.figure.legend != "none":
        draw_map_key(axes, scene, picture)
    clip = axes.bbox.frozen()
    marks: list[Mark] = [Cells(picture, clip)]
    for line in picture.lines:
        still = partial(_same, to_pixels(axes, line))
        marks.append(Stroke(still, theme.ink, clip=clip, width=1.4, halo=theme.halo, dash=DASH))
    return marks


def _same(pixels: Array, step: float) -> Array:
    """The pixels of a line that does not move."""
    return pixels
