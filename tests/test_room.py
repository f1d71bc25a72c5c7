"""The room of panels and cells: rows, columns, and letters that a post can show."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import numpy.typing as npt
import pytest
from matplotlib.text import Text

import optanim
from optanim.drawing.landscape.backdrop import BackdropArtist, SurfaceExit
from optanim.drawing.landscape.shading import shading_of
from optanim.experiment.trials import simulate_run
from optanim.scene.compose import compose_scene
from optanim.scene.layout import Margins, panel_columns, place_panels
from optanim.scene.scene import Scene
from optanim.scene.viewport import contour_levels, finer_grid, loss_grid
from optanim.schema.catalogue import catalogue
from optanim.schema.figure import MIN_LETTERS, MIN_READ_SIZE, default_size, grid_columns
from tests.painters import headless

HEAD = "surface: quadratic\nstart: [-4, 3]\nsteps: 1\n"


@pytest.mark.parametrize(
    ("size", "columns"),
    [
        ((640, 480), (1, 2, 2, 2)),
        ((880, 760), (1, 1, 2, 2)),
        ((1080, 1080), (1, 1, 2, 2)),
        ((1440, 400), (1, 2, 3, 4)),
        ((1200, 420), (1, 2, 3, 4)),
        ((540, 960), (1, 1, 1, 1)),
    ],
)
def test_the_shape_of_the_picture_chooses_the_rows(
    size: tuple[int, int], columns: tuple[int, ...]
) -> None:
    assert tuple(panel_columns(count, size) for count in (1, 2, 3, 4)) == columns


def test_the_last_of_three_panels_fills_its_row() -> None:
    margins = Margins(left=50.0, below=40.0, right=14.0, above=20.0)
    bars = [0.0, 60.0, 30.0]
    a, b, c = place_panels(3, (900.0, 600.0), margins, 2, bars=bars, filled=True)
    assert a.left == c.left == 50 and a.width == b.width and a.height == b.height == c.height
    assert b.left + b.width == pytest.approx(c.left + c.width) == 900 - 60 - 14
    assert a.bottom == b.bottom == c.bottom + c.height + 60


def test_grids_are_square_and_have_holes_only_where_no_shape_has_none() -> None:
    shapes = [(n, grid_columns(n)) for n in range(2, 17)]
    holes = {n: -n % across for n, across in shapes if n % across}
    assert holes == {5: 1, 7: 1, 11: 1, 13: 2, 14: 1}
    assert [grid_columns(n) for n in (1, 2, 3, 4, 9, 16)] == [1, 2, 3, 2, 3, 4]


def letters(scene: Scene) -> float:
    """The smallest letters of a scene in a column of 720 pixels, exponents and indices aside."""
    figure = headless(scene).axes[0].figure
    texts = [text for text in figure.findobj(Text) if text.get_text() and text.get_visible()]
    return min(text.get_fontsize() for text in texts) * scene.unit * 720 / scene.size[0]


PANELS = [["contour", "surface3d", "loss", "rates"][:n] for n in range(1, 5)]
LEGIBLE = [
    *(f"{HEAD}optimizers: [gd, adam]\npanels: {panels}\n" for panels in PANELS),
    *(f"{HEAD}layout: grid\noptimizers: {['gd'] * n}\n"
      for n in (2, 3, 10)),
    f"{HEAD}optimizer: gd\nlayout: grid\nmatrix: {{optimizer.lr: [0.1, 0.2, 0.3, 0.4]}}\n",
]  # fmt: skip


@pytest.mark.parametrize("text", LEGIBLE)
def test_the_letters_of_a_default_figure_are_legible_in_a_post(text: str) -> None:
    assert letters(compose_scene(*simulate_run(optanim.loads(text)))) >= MIN_READ_SIZE


def test_the_default_size_of_a_grid_is_legible_whatever_its_number_of_cells() -> None:
    sizes = [default_size(1, n) for n in range(2, 17)]
    sizes += [
        default_size(1, across * rows, across) for across in (2, 3, 4, 5) for rows in (1, 2, 5)
    ]
    for width, height in sizes:
        unit = min(width / 640, height / 480) ** 0.5
        assert MIN_LETTERS * max(unit, 0.75) * 720 / width >= MIN_READ_SIZE - 1e-2, (width, height)


def test_landscapes_of_a_grid_have_their_numbers_in_their_cells() -> None:
    text = (
        f"{HEAD}optimizers: [gd, momentum, nesterov, adagrad]\nlayout: grid\npanels: [surface3d]\n"
    )
    made = headless(compose_scene(*simulate_run(optanim.loads(text))))
    boxes = [axes.get_tightbbox(made._renderer) for axes in made.axes]
    assert all(box is not None for box in boxes)
    for a, b in combinations(boxes, 2):
        assert a and b and not a.overlaps(b)


def test_a_ravine_is_sampled_more_closely_and_a_bowl_is_not() -> None:
    for name, closer in (("rosenbrock", True), ("bukin", True), ("quadratic", False)):
        surface = catalogue("surfaces")[name].function()
        grid = loss_grid(surface, surface.domain, (180, 264))
        edges = contour_levels(grid[2], None, None)
        z = finer_grid(surface, surface.domain, (360, 528), grid, edges)[2]
        assert z.shape == ((360, 528) if closer else (180, 264)), name


@pytest.mark.parametrize("theme", catalogue("themes"))
def test_lines_of_a_landscape_are_seen_on_its_bands(theme: str) -> None:
    colors = optanim.loads(f"{HEAD}optimizer: gd\nfigure: {{theme: {theme}}}\n").theme
    shading = shading_of(colors, 20, "both")
    assert min(contrast(shading.line, band) for band in shading.bands) >= 1.2


def contrast(first: npt.NDArray[np.uint8], second: npt.NDArray[np.uint8]) -> float:
    """WCAG 2's ratio of two colors, (3,)."""
    parts = np.stack([first, second]) / 255
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    low, high = sorted(linear @ np.array([0.2126, 0.7152, 0.0722]) + 0.05)
    return float(high / low)


def test_a_minimum_outside_of_a_landscape_has_a_triangle_at_its_side() -> None:
    text = (
        "surface: rosenbrock\nstart: [-1.2, 1]\nsteps: 1\noptimizer: adam\n"
        "view: {x: [-2, 0]}\npanels: [surface3d]\n"
    )
    made = headless(compose_scene(*simulate_run(optanim.loads(text))))
    (artist,) = made.axes[0].findobj(BackdropArtist)
    exits = [mark for mark in artist.backdrop.markers if isinstance(mark, SurfaceExit)]
    assert len(exits) == 1
    # On the side x = 0, which is nearest to (1, 1).
    np.testing.assert_allclose(exits[0].point[0], artist.backdrop.field.box.corners[0].max())
    hidden = headless(compose_scene(*simulate_run(
        optanim.loads(text, set=["view.minimum=false"]))))  # fmt: skip
    (artist,) = hidden.axes[0].findobj(BackdropArtist)
    assert not [mark for mark in artist.backdrop.markers if isinstance(mark, SurfaceExit)]
