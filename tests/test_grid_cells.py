"""The cells of a grid: names that are whole, and numbers of neighbors that are apart."""

from __future__ import annotations

from itertools import pairwise

import pytest
from matplotlib.text import Text

import optanim
from optanim.drawing.axes import NUMBER_GAP
from optanim.drawing.live_numbers import LiveNumber
from optanim.drawing.painter import Painter
from optanim.experiment.trials import trajectories_of
from optanim.scene.compose import compose_scene
from optanim.scene.swarm import count_heads, counts
from tests.painters import SMALL, painter

HEAD = "surface: himmelblau\nlayout: grid\nsteps: 8\n"
CELLS = HEAD + "optimizers: [{name: gd, lr: 0.004}, {name: momentum, lr: 0.004}]\n"
SWARMS = CELLS + "start: {grid: [6, 5]}\n"
RATES = HEAD + "start: [0, 1]\noptimizer: gd\nmatrix: {optimizer.lr: [0.001, 0.002, 0.004]}\n"
WIDE = "figure.size=[660, 340]"


def names(made: Painter) -> list[str]:
    figure = made.axes[0].figure
    texts = [artist for artist in (*figure.texts, *figure.artists) if isinstance(artist, Text)]
    return [text.get_text() for text in texts]


@pytest.mark.parametrize("size", [SMALL, WIDE])
@pytest.mark.parametrize("text", [SWARMS, RATES, CELLS + "start: [0, 1]\npanels: [basins]\n"])
def test_numbers_of_neighbors_and_the_name_of_the_axis_are_apart(text: str, size: str) -> None:
    made = painter(text, size)
    unit, first = made.scene.unit, made.axes[0]
    ends = [[label.get_window_extent(made._renderer) for label in axes.get_xticklabels()
             if abs(label.get_position()[0]) <= 5] for axes in made.axes]  # fmt: skip
    for left, right in pairwise(ends):
        gap = min(box.x0 for box in right) - max(box.x1 for box in left)
        assert gap >= (NUMBER_GAP - 2) * unit  # whole pixels
    name = first.yaxis.label.get_window_extent(made._renderer)
    assert name.width and name.x1 <= first.bbox.x0 - 10 * unit


def test_a_cell_keeps_its_name_and_loses_its_rate_and_its_count_first() -> None:
    def cells(size: str) -> tuple[list[str], int]:
        made = painter(SWARMS, f"figure.size={size}")
        shown = [text.get_text() for text in made.axes[0].figure.texts]
        shown = [name for name in shown if name.startswith(("Gradient", "Momentum"))]
        above = made.axes[0].figure.bbox.height - made.axes[0].bbox.y1
        numbers = [mark for mark in made._marks if isinstance(mark, LiveNumber)]
        right = {axes.bbox.x1 for axes in made.axes}
        return shown, sum(mark.right in right and mark.baseline < above for mark in numbers)

    both = ["Gradient descent", "Momentum"]
    assert cells("[900, 400]") == ([rf"{name}, $\eta = 0.004$" for name in both], 2)
    assert cells("[480, 340]") == (both, 2)
    assert cells("[320, 240]") == (both, 0)


def test_rates_that_tell_cells_apart_stay() -> None:
    text = (
        HEAD + "start: {grid: [6, 5]}\noptimizers: [{name: gd, lr: 0.004}, {name: gd, lr: 0.01}]\n"
    )
    said = " ".join(names(painter(text, SMALL)))
    assert r"\eta = 0.004" in said and r"\eta = 0.01$" in said


def test_the_legend_says_whose_numbers_stand_in_a_row() -> None:
    said = names(painter(SWARMS, WIDE))
    at = said.index("Gradient descent /")
    assert said[at + 1] == "Momentum"
    assert counts(painter(SWARMS, WIDE).scene)[-1].text(0) == "30 / 30"
    by_rate = SWARMS.replace("gd", "momentum").replace("0.004}]", "0.01}]")
    assert r"Momentum, $\eta = 0.004$ /" in names(painter(by_rate, WIDE))
    # More than three cells are counted together, and the caption says of how many starts.
    four = HEAD + "start: {grid: [6, 5]}\noptimizers: [gd, momentum, nesterov, adam]\n"
    scene = compose_scene(run := optanim.loads(four), trajectories_of(run))
    assert not count_heads(scene) and "30 starts in each of 4" in scene.caption
    assert counts(scene)[-1].text(0) == "120 of 120"
