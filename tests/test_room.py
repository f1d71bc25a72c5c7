"""The room of panels and cells: rows, columns, and letters that a post can show."""

from __future__ import annotations

import pytest
from matplotlib.text import Text

import optanim
from optanim.experiment.trials import simulate_run
from optanim.scene.compose import compose_scene
from optanim.scene.layout import Margins, panel_columns, place_panels
from optanim.scene.scene import Scene
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
