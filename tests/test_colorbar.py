"""`view: {colorbar: true}`: a color bar of the levels beside the contour panel."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

import optanim
from optanim.config.dump import as_yaml
from optanim.drawing.level_bar import LevelBar, level_bars
from optanim.drawing.painter import Painter
from optanim.errors import ConfigError
from tests import painters
from tests.test_contour_labels import shown_value

TWO = "optimizers: [gd, {name: adam, lr: 0.5}]\n"


@cache
def painted(text: str, view: str = "colorbar: true") -> tuple[Painter, np.ndarray]:
    """The painter of a small figure, and its first frame with rows from the bottom, (H, W, 3)."""
    size = "" if "size" in text else SMALL
    painter = painters.painter(f"{text}{size}view: {{{view}}}\nsteps: 3\n")
    return painter, painter.paint(0)[::-1, :, :3].astype(int)


def written(bar: LevelBar) -> tuple[np.ndarray, np.ndarray]:
    """The values that a reader sees beside a bar, and their pixels from the bottom."""
    values = [shown_value(text.get_text()) for text in bar.get_yticklabels()]
    ends = bar.transData.transform([(0.5, tick) for tick in bar.get_yticks()])
    return np.array(values), ends[:, 1]


SHADED = {
    "root": ("surface: quadratic\nstart: [-4, 3]\noptimizer: gd\n", "scale: sqrt"),
    "log": (f"surface: himmelblau\nstart: [-4, 3]\n{TWO}layout: grid\n", "scale: log"),
    "tips": ("surface: {expr: 1/x + x**2 + y**2}\nstart: [2, 2]\noptimizer: gd\n",
             "scale: linear, x: [-3, 3], y: [0.5, 2.5]"),
    "climbs": ("surface: {expr: 3 - x**2 - 2*y**2}\nascend: true\nstart: [-4, 3]\noptimizer: gd\n",
               "levels: 3"),
}  # fmt: skip


@pytest.mark.parametrize("case", SHADED)
def test_a_color_of_the_panel_has_the_values_that_the_bar_says(case: str) -> None:
    text, view = SHADED[case]
    painter, pixels = painted(text, f"colorbar: true, contours: bands, minimum: false, {view}")
    (bar,) = level_bars(painter.axes)
    values, heights = written(bar)
    assert len(values) >= 3 and (np.diff(values) > 0).all() and (np.diff(heights) > 8).all()
    column = pixels[:, round(bar.bbox.x0 + bar.bbox.width / 2)]
    panel, surface = painter.axes[-1], painter.scene.surface
    rng, checked = np.random.default_rng(0), 0
    for x, y in rng.uniform(panel.bbox.min + 2, panel.bbox.max - 2, (250, 2)).astype(int):
        around = pixels[y - 1 : y + 2, x - 1 : x + 2].reshape(-1, 3)
        same = np.flatnonzero((column == pixels[y, x]).all(axis=1))
        same = same[(same > bar.bbox.y0 - 10) & (same < bar.bbox.y1 + 10)]
        if (around != pixels[y, x]).any() or not same.size:
            continue  # the edge of a band, or a trace
        value = surface.value(panel.transData.inverted().transform((x + 0.5, y + 0.5)))
        below, above = values[heights <= same.min() - 1], values[heights >= same.max() + 2]
        assert below.max(initial=-np.inf) <= value <= above.min(initial=np.inf)
        checked += 1
    assert checked > 60
    low, high = bar.get_ylim()  # a tip says that there is more
    assert (low < 0, high > len(bar.levels) - 1) == (case == "tips", case == "tips")


SMALL = "figure: {size: [320, 240]}\n"

BESIDE = {
    "legend": f"surface: rosenbrock\nstart: [-1.5, 2]\n{TWO}{SMALL}",
    "wide numbers": "surface: {expr: 1e5*x**2 + 1e7*y**2}\nstart: [-4, 3]\noptimizer: gd\n" + SMALL,
    "sweep and row": "surface: quadratic\nstart: [-4, 3]\noptimizer: gd\nlayout: overlay\n"
    "matrix: {optimizer.lr: [0.1, 0.2]}\npanels: [loss, contour]\n"
    "figure: {size: [480, 240], scale: 2}\n",
    "cells of their own": "surface: quadratic\nstart: [-4, 3]\noptimizer: gd\nlayout: grid\n"
    "matrix: {optimizer.lr: [0.1], surface.b: [1, 9]}\nfigure: {size: [400, 300]}\n",
    "one for all": "surface: quadratic\nstart: [-4, 3]\noptimizer: momentum\nlayout: grid\n"
    "matrix: {optimizer.lr: [0.1, 0.2], optimizer.momentum: [0, 0.9]}\n"
    "figure: {size: [400, 300]}\n",
}


@pytest.mark.parametrize("case", BESIDE)
def test_a_bar_stands_beside_its_panel_and_on_nothing_else(case: str) -> None:
    painter, _ = painted(BESIDE[case])
    bars, figure = level_bars(painter.axes), painter.axes[0].figure
    one_for_all = case == "one for all"
    assert len(bars) == (2 if case == "cells of their own" else 1)
    boxes = [bar.get_tightbbox() for bar in bars]
    others = [text.get_window_extent() for text in figure.texts if text.get_text()]
    others += [artist.get_window_extent() for artist in figure.artists]
    for axes in painter.axes:
        others.append(axes.bbox)
        others += [
            label.get_window_extent() for label in (*axes.get_yticklabels(), axes.yaxis.label)
        ]
    for i, box in enumerate(boxes):
        assert box.x0 > 0 and box.x1 < figure.bbox.x1 - 4 * painter.scene.unit
        for other in [*others, *boxes[:i]]:
            apart = (box.x1 <= other.x0, other.x1 <= box.x0, box.y1 <= other.y0, other.y1 <= box.y0)
            assert any(apart) or not other.width
    heights = [(min(axes.bbox.y0 for axes in painter.axes), max(a.bbox.y1 for a in painter.axes))]
    if not one_for_all:
        heights = [(axes.bbox.y0, axes.bbox.y1) for axes in painter.axes if axes.child_axes]
    for bar, height in zip(bars, heights, strict=True):
        np.testing.assert_allclose((bar.bbox.y0, bar.bbox.y1), height, atol=0.01)
        assert len(bar.get_yticks()) >= 2 and bar.get_title("left") == "loss"


def test_a_panel_without_levels_is_as_it_was() -> None:
    text = f"surface: parabola\nstart: 3\noptimizer: gd\n{SMALL}"
    np.testing.assert_array_equal(painted(text)[1], painted(text, "minimum: true")[1])


def test_no_room_for_a_panel_names_the_key() -> None:
    text = f"surface: quadratic\nstart: [-4, 3]\n{TWO}panels: [contour, loss, loss, loss]\n"
    with pytest.raises(ConfigError, match=r"view\.colorbar: false"):
        painted(text + SMALL.replace("[320, 240]", "[200, 150]"))


def test_the_key_is_written_if_it_is_set() -> None:
    text = "surface: quadratic\nstart: [-4, 3]\noptimizer: gd\n"
    assert optanim.loads(as_yaml(optanim.loads(text + "view: {colorbar: true}"))).view.colorbar
    assert "colorbar" not in as_yaml(optanim.loads(text))
