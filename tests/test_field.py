"""`view: {field: true}`: arrows of the gradient on a grid of the contour panel."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

import optanim
from optanim.config.dump import as_yaml
from optanim.drawing.gradient_field import field_spans
from optanim.surfaces import Surface

RUN = "start: [-2, 1]\noptimizer: gd\nsteps: 8\n"


def spans_of(surface: Surface, sides: tuple[tuple[float, float], ...]) -> tuple[np.ndarray, ...]:
    """Roots and tips in pixels, and the middles in the units of the parameters."""
    figure = Figure(figsize=(6.4, 4.8), dpi=100)
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0.1, 0.1, 0.8, 0.8))
    axes.set(xlim=sides[0], ylim=sides[1])
    spans = field_spans(axes, surface, 1.0)
    return spans, axes.transData.inverted().transform(spans.mean(axis=1)).T


def rises(surface: Surface, spans: np.ndarray, middle: np.ndarray, sides: np.ndarray) -> np.ndarray:
    """The change of f along a short way in the direction of each arrow, by its values alone."""
    along = (spans[:, 1] - spans[:, 0]).T / np.array([[512.0], [384.0]])
    along *= np.ptp(sides, axis=1)[:, None]
    way = 1e-5 * along
    return surface.value(middle + way) - surface.value(middle - way)


@pytest.mark.parametrize("climbs", [False, True])
@pytest.mark.parametrize(
    "surface", ["rosenbrock", "himmelblau", "{expr: x*y + sin(x)}", "{name: quadratic, b: 50}"]
)
def test_arrows_point_where_the_value_falls_or_rises(surface: str, climbs: bool) -> None:
    text = f"surface: {surface}\n{'ascend: true' if climbs else ''}\n{RUN}"
    shown, sides = optanim.loads(text).surface, np.array([[-2.0, 2.0], [-1.0, 3.0]])
    spans, middle = spans_of(shown, ((-2, 2), (-1, 3)))
    change = rises(shown, spans, middle, sides)
    assert len(spans) > 80 and ((change > 0) if climbs else (change < 0)).all()


def test_lengths_grow_with_the_root_of_the_gradient() -> None:
    surface = optanim.loads("surface: {expr: x**2 + y**2}\n" + RUN).surface
    spans, middle = spans_of(surface, ((-2, 2), (-1.5, 1.5)))
    lengths, norms = np.hypot(*(spans[:, 1] - spans[:, 0]).T), 2 * np.hypot(*middle)
    np.testing.assert_allclose(lengths, 8 + 16 * np.sqrt(norms / norms.max()), rtol=1e-9)


@pytest.mark.parametrize("expr", ["sqrt(x) + y**2", "1/x + y", "log(x*y)", "3 + 0*x*y"])
def test_there_is_no_arrow_where_there_is_no_gradient(expr: str) -> None:
    surface = optanim.loads(f"surface: {{expr: {expr}}}\n{RUN.replace('-2, 1', '1, 1')}").surface
    spans, middle = spans_of(surface, ((-2, 2), (-1.5, 1.5)))
    assert np.isfinite(spans).all()
    if expr.startswith("3"):
        assert not len(spans)
    if expr.startswith("sqrt"):
        assert (middle[0] > 0).all() and len(spans)


COMBINED = {
    "arrows": "optimizer: gd\nview: {field: true, arrows: [gradient, step]}\n",
    "lines": "optimizer: gd\nview: {field: true, contours: lines}\nfigure: {theme: dark}\n",
    "grid": "optimizers: [gd, adam]\nlayout: grid\nview: {field: true}\n",
    "overlay": "optimizer: gd\nlayout: overlay\nmatrix: {optimizer.lr: [0.1, 0.2]}\n"
    "view: {field: true}\n",
    "landscape": "optimizer: gd\npanels: [surface3d, contour]\nview: {field: true}\n",
}


@pytest.mark.parametrize("kind", COMBINED)
def test_a_field_stands_still_and_costs_little(kind: str, tmp_path: Path) -> None:
    text = "surface: quadratic\nstart: [-4, 3]\nsteps: 8\n" + COMBINED[kind]
    sizes = {}
    for field in ("true", "false"):
        run = optanim.loads(
            text.replace("field: true", f"field: {field}"), set=["figure.size=[320, 240]"]
        )
        done = optanim.render(run, output=tmp_path / f"{field}.gif")
        sizes[field] = done.paths[0].stat().st_size
    cells = 2 if kind == "grid" else 1
    assert 0 < sizes["true"] - sizes["false"] < 2_000 * cells


def test_a_curve_has_no_field(tmp_path: Path) -> None:
    text = "surface: parabola\nstart: 3\noptimizer: gd\nsteps: 3\n"
    for name, view in (("a", ""), ("b", "view: {field: true}\n")):
        optanim.render(optanim.loads(text + view), output=tmp_path / f"{name}.png", frame=-1)
    from PIL import Image

    first, second = (np.asarray(Image.open(tmp_path / f"{name}.png")) for name in "ab")
    np.testing.assert_array_equal(first, second)


def test_all_values_of_a_config_have_the_key_if_it_is_set() -> None:
    text = "surface: quadratic\n" + RUN
    assert optanim.loads(as_yaml(optanim.loads(text + "view: {field: true}"))).view.field
    assert "field" not in as_yaml(optanim.loads(text))
