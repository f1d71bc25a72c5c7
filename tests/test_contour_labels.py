"""`view: {contours: labels}`: values written on some contour lines."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.contour import ContourSet
from PIL import Image

import optanim
from optanim.drawing.painter import Painter
from optanim.experiment.trials import trajectories_of
from optanim.scene.compose import compose_scene
from optanim.scene.viewport import rounded_levels

CASES = {
    "valley": "surface: rosenbrock\nstart: [-1.5, 2]\noptimizer: adam\n",
    "two starts": "surface: himmelblau\nstart: [[-4, 3], [4, 3]]\noptimizer: {name: gd, lr: 0.01}\n"
    "figure: {theme: dark}\n",
    "grid": "surface: quadratic\nstart: [-4, 3]\noptimizers: [gd, adam]\nlayout: grid\n",
    "negative values": "surface: {expr: sin(x)*cos(y)}\nstart: [1, 1]\noptimizer: gd\n"
    "figure: {theme: viridis}\n",
    "small": "surface: quadratic\nstart: [-4, 3]\noptimizer: gd\nfigure: {size: [480, 360]}\n",
    "large": "surface: quadratic\nstart: [-4, 3]\noptimizer: gd\n"
    "figure: {scale: 2, theme: paper}\n",
    "climbs": "surface: {expr: 3 - x**2 - y**2}\nascend: true\nstart: [-2, 1]\noptimizer: gd\n",
    "field": "surface: rosenbrock\nstart: [-1.5, 2]\noptimizer: adam\nview: {field: true}\n",
}


def painted(text: str) -> Painter:
    text = text if "view:" in text else text + "view: {}\n"
    text = text.replace("view: {", "view: {contours: labels, ").replace(", }", "}")
    return painter_of(text + "steps: 20\n")


def painter_of(text: str) -> Painter:
    run = optanim.loads(text)
    return Painter(compose_scene(run, trajectories_of(run)))


def shown_value(text: str) -> float:
    plain = text.replace("−", "-").strip("$").replace(r"\mathrm", "").strip("{}")
    if "10^" not in plain:
        return float(plain)
    mantissa, _, exponent = plain.partition("10^{")
    return float(mantissa.replace(r"\times ", "") or 1) * 10.0 ** int(exponent)


def labels_of(axes: Axes) -> list[tuple[str, np.ndarray]]:
    """Texts and their boxes in pixels, ((left, bottom), (right, top))."""
    return [(t.get_text(), t.get_window_extent().get_points()) for t in axes.texts]


def gap(box: np.ndarray, pixels: np.ndarray) -> np.ndarray:
    """The distance of points from a box in pixels; 0 inside."""
    return np.maximum(np.maximum(box[0] - pixels, pixels - box[1]), 0).max(axis=-1)


@pytest.mark.parametrize("case", CASES)
def test_a_value_stands_on_its_line_and_on_nothing_else(case: str) -> None:
    painter = painted(CASES[case])
    for axes, trace in zip(painter.axes, painter.scene.traces, strict=False):
        labels = labels_of(axes)
        surface, unit = trace.surface, painter.scene.unit
        assert 2 <= len(labels) <= 7
        shown = painter.scene.traces if len(painter.axes) == 1 else (trace,)
        starts = [t.trajectory.points[:, 0] for t in shown]
        marks = axes.transData.transform(np.array([*surface.minima, *starts]))
        walked = [axes.transData.transform(t.trajectory.points.T) for t in shown]
        (*_, lines) = [a for a in axes.collections if isinstance(a, ContourSet) and not a.filled]
        vertices = axes.transData.transform(np.concatenate([p.vertices for p in lines.get_paths()]))
        for i, (text, box) in enumerate(labels):
            # The value of the surface around the middle takes in the number that is written.
            steps = np.array([[a, b] for a in (-2, 0, 2) for b in (-2, 0, 2)])
            near = box.mean(axis=0) + unit * steps
            values = surface.value(axes.transData.inverted().transform(near).T)
            assert values.min() <= shown_value(text) <= values.max()
            assert gap(box, marks).min() >= 8 * unit
            assert min(gap(box, way).min() for way in walked) > 0
            assert gap(box, vertices).min() > 0  # no line runs through the digits
            assert axes.bbox.x0 < box[0, 0] and box[1, 0] < axes.bbox.x1
            assert axes.bbox.y0 < box[0, 1] and box[1, 1] < axes.bbox.y1
            for _, other in labels[:i]:
                assert (box[0] > other[1]).any() or (other[0] > box[1]).any()


@pytest.mark.parametrize("view", ["", "view: {contours: both}\n", "view: {contours: lines}\n"])
def test_nothing_is_written_without_the_key(view: str) -> None:
    text = CASES["valley"] + view + "steps: 5\n"
    assert not painter_of(text).axes[0].texts


@pytest.mark.parametrize("power", [-12, -3, 0, 5])
def test_levels_get_few_digits_and_move_little(power: int) -> None:
    rng = np.random.default_rng(0)
    edges = np.sort(rng.normal(size=25)) * 10.0**power
    rounded = rounded_levels(edges)
    gaps = np.diff(edges)
    nearest = np.minimum(np.append(gaps[0], gaps), np.append(gaps, gaps[-1]))
    assert (np.abs(rounded - edges) <= 0.15 * nearest * (1 + 1e-9)).all()
    assert (np.diff(rounded) > 0).all() and rounded[0] <= edges[0] and rounded[-1] >= edges[-1]
    assert np.mean([len(f"{n:.12g}".strip("-0.").split("e")[0]) for n in rounded]) < 4


def test_levels_by_hand() -> None:
    edges = np.array([0.0, 3.7, 7.4, 11.1, 14.8, 18.5])
    np.testing.assert_array_equal(rounded_levels(edges), [0, 4, 7, 11, 15, 19])
    # The ends move outwards only.
    np.testing.assert_array_equal(rounded_levels(np.array([0.00012, 3.9, 8.1])), [0, 4, 8.5])
    np.testing.assert_array_equal(rounded_levels(np.array([-8.1, -0.3, -0.1])), [-9, -0.3, -0.1])


@pytest.mark.parametrize(
    "surface", ["{expr: 1000000000 + x**2 + y**2}", "{expr: 3 + 0*x*y}", "{expr: 1/(x*y)}"]
)
def test_what_has_no_short_values_is_drawn(surface: str, tmp_path: Path) -> None:
    text = f"surface: {surface}\nstart: [1, 1]\noptimizer: gd\nsteps: 3\n"
    run = optanim.loads(text + "view: {contours: labels}\n")
    assert optanim.render(run, output=tmp_path / "a.png", frame=-1).paths[0].exists()


def test_a_landscape_beside_it_keeps_its_lines(tmp_path: Path) -> None:
    images = []
    for contours in ("labels", "both"):
        text = CASES["valley"] + f"panels: [surface3d]\nsteps: 3\nview: {{contours: {contours}}}\n"
        done = optanim.render(optanim.loads(text), output=tmp_path / f"{contours}.png", frame=-1)
        images.append(np.asarray(Image.open(done.paths[0])))
    np.testing.assert_array_equal(*images)
