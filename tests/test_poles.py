"""Poles and edges of a domain: gaps stay gaps, and one extreme value sets no range."""

from __future__ import annotations

import numpy as np
import pytest

from optanim.drawing.painter import Painter
from optanim.scene.poles import without_poles
from optanim.scene.viewport import contour_levels, loss_grid
from optanim.surfaces.expression import expression
from tests import painters


def painter(text: str, start: str, panel: str = "") -> Painter:
    return painters.painter(
        f"surface: {{expr: {text}}}\nstart: {start}\nsteps: 20\n"
        f"optimizer: {{name: gd, lr: 0.02}}\n{panel}"
    )


# A curve, a start, and the places where it has a pole or a jump inside its window.
GAPS = {
    "1/x + x": ("0.3", [0.0]), "1/x": ("2", [0.0]), "tan(x)": ("0.5", [-np.pi / 2, np.pi / 2]),
    "1/(x - 1) + x**2": ("3", [1.0]), "sign(x) + x**2/9": ("2", [0.0]), "x**3 - x": ("0.5", []),
    "x**2 + sin(20*x)": ("2", []), "tanh(40*x)": ("0.01", []), "abs(x)**0.5": ("1", []),
}  # fmt: skip


@pytest.mark.parametrize("text", GAPS)
def test_a_curve_has_a_gap_at_a_pole_and_nowhere_else(text: str) -> None:
    start, gaps = GAPS[text]
    axes = painter(text, start).axes[0]
    x, y = axes.lines[0].get_xdata(), axes.lines[0].get_ydata()
    found = np.asarray(x)[np.isnan(y)]
    width = np.ptp(axes.get_xlim()) / 500
    inside = [gap for gap in gaps if axes.get_xlim()[0] < gap < axes.get_xlim()[1]]
    assert all(np.abs(found - gap).min() < width for gap in inside)
    assert gaps or not len(found)


@pytest.mark.parametrize("text", ["1/x + x", "1/x", "1/(x - 1) + x**2", "1/x**3 + x**2"])
def test_one_extreme_value_sets_no_height(text: str) -> None:
    made = painter(text, "2")
    (low, high), values = made.axes[0].get_ylim(), made.scene.traces[0].trajectory.values
    assert low < values.min() and values.max() < high
    assert high - low < 50


EMPTY = {
    "x**2 - log(x)": ("0.02", 0.0), "sqrt(x) + x**2": ("4", 0.0),
    "x**2 - log(2 + x)": ("-1.98", -2.0),
    "asin(x/2 - 1) + x**2": ("1", 0.0),
}  # fmt: skip


@pytest.mark.parametrize("text", EMPTY)
def test_the_window_keeps_to_where_there_are_values(text: str) -> None:
    start, edge = EMPTY[text]
    low, high = painter(text, start).axes[0].get_xlim()
    assert edge - 0.08 * (high - low) < low < edge + 0.03
    two, three = (
        painter(f"{text} + y**2", f"[{start}, 1]"),
        painter(text.replace("x", "y") + " + x**2", f"[1, {start}]"),
    )
    for limits in (two.axes[0].get_xlim(), three.axes[0].get_ylim()):
        assert limits[0] > edge - 0.15 * np.ptp(limits)


POLES = ["1/(x*y)", "1/(x**2 + y**2)", "tan(x) + y", "1/(x - y)", "x/(x**2 + y**2)"]


@pytest.mark.parametrize("text", POLES)
@pytest.mark.parametrize("shape", [(150, 200), (151, 201), (97, 131)])
def test_levels_are_those_of_most_of_the_surface(text: str, shape: tuple[int, int]) -> None:
    surface = expression(expr=text)
    _, _, z = loss_grid(surface, surface.domain, shape)
    edges = contour_levels(z, None, None, shown=np.array([0.5]))
    areas = np.histogram(z[np.isfinite(z)], edges)[0] / z.size
    assert areas.sum() > 0.85 and areas.max() < 0.5
    assert edges[0] <= 0.5 <= edges[-1] + 1e-9
    cut = without_poles(z, edges[0], edges[-1])
    for axis in (0, 1):
        assert not (np.abs(np.diff(cut, axis=axis)) > 0.9 * (edges[-1] - edges[0])).any()


@pytest.mark.parametrize("text", ["x**8 + y**8", "exp(x + y)", "x**2 + y**2", "log(x) + y"])
def test_levels_of_steep_surfaces_reach_their_highest_value(text: str) -> None:
    surface = expression(expr=text)
    _, _, z = loss_grid(surface, surface.domain, (150, 200))
    edges = contour_levels(z, None, None)
    assert edges[-1] == pytest.approx(np.nanmax(z)) and edges[0] == pytest.approx(np.nanmin(z))


@pytest.mark.parametrize("text", ["1/(x*y)", "1/(x**2 + y**2) + x", "sqrt(x) + y**2"])
def test_maps_and_landscapes_with_poles_are_drawn(text: str) -> None:
    painter(text, "[2, 2]", "panels: [contour, surface3d]\nview: {x: [-3, 3], y: [-3, 3]}\n").paint(
        9
    )
