"""Framing: which points a window shows, how much of it they fill, and what is told at its frame."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.patches import PathPatch
from matplotlib.text import Text

import optanim
from optanim.drawing.axes import _RoundNumbers
from optanim.drawing.frame_exit import outside
from optanim.drawing.painter import Painter
from optanim.drawing.trail import Trail
from optanim.experiment.trials import trajectories_of
from optanim.scene.alt_text import alt_text
from optanim.scene.compose import compose_scene
from optanim.scene.framing import contour_window, fit_window
from optanim.schema.catalogue import catalogue
from optanim.schema.view import View
from optanim.surfaces import Array, Surface, off_map, points_on_map
from optanim.surfaces.double_well import double_well
from optanim.surfaces.himmelblau import himmelblau
from optanim.surfaces.mccormick import mccormick
from optanim.surfaces.parabola import parabola
from optanim.surfaces.quadratic import quadratic
from optanim.surfaces.saddle import saddle
from optanim.surfaces.wave import wave

SURFACES = [
    entry.function() for entry in catalogue("surfaces").values() if not entry.lead
]  # fmt: skip


def painter(text: str) -> Painter:
    run = optanim.loads(text)
    return Painter(compose_scene(run, trajectories_of(run)))


def descent(surface: Surface, start: tuple[float, ...], lr: float, steps: int = 40) -> Array:
    """The points of gradient descent, (d, T + 1), by hand."""
    points = [np.array(start)]
    with np.errstate(all="ignore"):
        for _ in range(steps):
            points.append(points[-1] - lr * np.asarray(surface.gradient(points[-1])))
    return np.stack([p for p in points if np.isfinite(p).all()], axis=1)


def fill(sides: object, *paths: Array) -> float:
    """The part of a window that paths take, along the axis where they take most."""
    points = np.concatenate(paths, axis=1)
    return float((np.ptp(points, axis=1) / np.ptp(np.array(sides), axis=1)).max())


def inside(sides: object, points: Array) -> bool:
    low, high = np.array(sides).T[:, :, None]
    return bool(((low <= points) & (points <= high)).all())


@settings(max_examples=10)
@given(
    center=st.tuples(*[st.floats(-1e3, 1e3)] * 2),
    exponent=st.integers(-6, 6),
    direction=st.floats(0, 6.28),
    condition=st.floats(1, 8),
    known=st.booleans(),
    guessed=st.booleans(),
    aspect=st.floats(0.3, 4),
)
def test_the_path_of_any_quadratic_that_converges_fills_its_window(
    center: tuple[float, float], exponent: int, direction: float, condition: float,
    known: bool, guessed: bool, aspect: float,
) -> None:  # fmt: skip
    surface = quadratic(a=1.0, b=condition, center=center)
    surface = replace(surface, guessed=guessed, minima=surface.minima if known else ())
    start = np.array(center) + 10.0**exponent * np.array([np.cos(direction), np.sin(direction)])
    path = descent(surface, tuple(start), 0.7 / condition)
    shown, _ = contour_window(View(), surface, [path], aspect)
    for sides in (shown, fit_window(surface, [path], 1.0)):
        assert inside(sides, path)
        assert 0.4 <= fill(sides, path) <= 0.8


@pytest.mark.parametrize("guessed", [True, False])
def test_who_converges_far_from_the_domain_is_in_the_picture(guessed: bool) -> None:
    far = quadratic(center=(30.0, 20.0))
    surface = replace(far, domain=((-5.0, 5.0), (-4.0, 4.0)), minima=(), guessed=guessed)
    path = descent(surface, (0.0, 0.0), 0.05, 60)
    assert points_on_map(path, surface) == 61
    assert inside(fit_window(surface, [path], 1.5), path)


def test_the_alt_text_of_a_far_minimum_is_true() -> None:
    run = optanim.loads(
        "{surface: {expr: (x - 30)**2 + 2*(y - 20)**2}, start: [0, 0],"
        " optimizer: {name: gd, lr: 0.05}, steps: 60}"
    )
    text = alt_text(run, trajectories_of(run))
    assert "leaves" not in text and "(29.9" in text.replace("(30, 20)", "(29.9")


@pytest.mark.parametrize("loss", ["huber", "mae"])
def test_a_fit_without_a_known_minimum_shows_where_it_ends(loss: str) -> None:
    run = optanim.loads(
        "{surface: {regression: {points: [[1, 12], [2, 19], [3, 33], [4, 39], [5, 52], [6, 20]],"
        f" model: a*x**2 + b*x, loss: {loss}}}}}, start: {{a: 0, b: 0}},"
        " optimizer: {name: adam, lr: 0.5}, steps: 60}"
    )
    points = trajectories_of(run)[0].points
    assert inside(fit_window(run.surface, [points], 1.2), points)
    (mild,) = trajectories_of(
        optanim.loads(
            "{surface: {regression: {points: [[0, 5], [1, 30], [2, 200]], model: a*exp(b*x),"
            " loss: mse}}, start: {a: 1, b: 0}, optimizer: {name: adam, lr: 0.3}, steps: 60}"
        )
    )
    assert mild.points.shape[1] == 61


def test_what_diverges_is_framed_on_the_scale_of_its_start() -> None:
    for scale in (1e-9, 1.0, 1e6):
        surface = replace(quadratic(a=1 / scale**2, b=2 / scale**2), minima=(), guessed=True)
        path = descent(surface, (-4 * scale, 3 * scale), 0.6 * scale**2, 100)
        sides = np.array(fit_window(surface, [path], 1.5))
        assert 3 * scale < np.abs(sides).max() < 40 * scale
        assert 2 < points_on_map(path, surface) < 20


def test_off_the_map_is_what_ends_worse_or_falls_without_an_end() -> None:
    for surface, start, lr, leaves in (
        (saddle(), (-1.2, 1.2), 0.1, True),
        (quadratic(), (-4.0, 3.0), 0.6, True),
        (quadratic(), (-4.0, 3.0), 0.1, False),
        (wave(), (9.0,), 40.0, True),
        (quadratic(center=(90.0, 0.0)), (0.0, 3.0), 0.1, False),
        (mccormick(), (-1.0, -2.5), 0.05, False),
    ):
        assert off_map(descent(surface, start, lr, 60), surface).any() == leaves
    # On its way up, −f is what ends worse.
    up = replace(quadratic(), ascends=True)
    assert off_map(descent(quadratic(), (-4.0, 3.0), -0.1, 60), up).any()
    assert not off_map(np.array([[-4.0, -5.0], [3.0, 3.0]]), up).any()


def test_a_diverging_racer_does_not_shrink_the_others() -> None:
    surface = replace(quadratic(), minima=(), guessed=True)
    good = descent(surface, (-4.0, 3.0), 0.1)
    bad = descent(surface, (-4.0, 3.0), 5.0)
    assert fill(fit_window(surface, [good, bad], 1.5), good) > 0.4


@pytest.mark.parametrize("surface", SURFACES, ids=repr)
def test_landmarks_are_level_points_and_stay_in_sight(surface: Surface) -> None:
    assert surface.minima or surface.landmarks
    domain = np.array(surface.domain)
    for landmark in surface.landmarks:
        point = np.array(landmark)
        assert ((domain[:, 0] <= point) & (point <= domain[:, 1])).all()
        assert np.abs(surface.gradient(point)).max() < 1e-9
        assert all(np.abs(point - minimum).max() > 1e-3 for minimum in surface.minima)
        start = point + 0.3 * (domain[:, 1] - point)
        path = np.stack([start, start + 0.15 * (domain[:, 1] - point)], axis=1)
        assert inside(fit_window(surface, [path], 1.2), point[:, None])


def test_the_saddle_beside_which_two_fall() -> None:
    for surface in (saddle(), saddle(a=2.0)):
        paths = [descent(surface, start, 0.1, 60) for start in ((-1.2, 1.2), (-1.2, 1e-3))]
        for chosen in (paths, paths[:1], paths[1:]):
            assert inside(fit_window(surface, chosen, 0.9), np.zeros((2, 1)))


def test_other_minima_are_shown_if_they_are_near_enough() -> None:
    surface = himmelblau()

    def stars(path: Array) -> int:
        sides = fit_window(surface, [path], 1.0)
        return sum(inside(sides, np.array(m)[:, None]) for m in surface.minima)

    assert stars(descent(surface, (2.5, 1.0), 0.01)) == 2
    assert stars(descent(surface, (0.0, 0.0), 0.01)) == 4
    assert stars(descent(surface, (3.01, 2.01), 0.01)) == 1
    tilted = double_well(tilt=0.3)
    assert tilted.landmarks and not double_well(tilt=2.0).landmarks


def test_a_curve_shows_its_path_and_not_its_domain() -> None:
    path = descent(parabola(), (-2.0,), 0.9)
    assert fill(fit_window(parabola(), [path], 1.0), path) == pytest.approx(0.62, abs=0.1)


STILL = (np.zeros((2, 5)), np.full((2, 5), 7.0), np.array([[1e3, 1e3], [1e3, 1e3 + 1e-12]]))


@pytest.mark.parametrize("points", STILL, ids=["minimum", "outside", "rounding"])
@pytest.mark.parametrize("guessed", [True, False])
def test_a_path_without_length_has_a_window(points: Array, guessed: bool) -> None:
    for minima in ((), ((0.0, 0.0),)):
        surface = replace(quadratic(), guessed=guessed, minima=minima)
        sides = fit_window(surface, [points], 1.3)
        assert inside(sides, points) and np.ptp(np.array(sides), axis=1).min() > 1


@pytest.mark.parametrize("aspect", [0.1, 0.25, 0.5, 0.8, 1.3, 2.5, 9.0])
def test_equal_scales_stretch_no_window_by_more_than_1_6(aspect: float) -> None:
    surface = quadratic(b=5.0)
    path = descent(surface, (-4.0, 3.0), 0.1)
    sides, shape = contour_window(View(), surface, [path], aspect)
    width, height = np.ptp(np.array(sides), axis=1)
    assert width / height == pytest.approx(shape)
    assert height <= 1.6 * max(np.ptp(path[1]) / 0.6, width) and width <= 1.65 * max(10, height)
    if 0.8 <= aspect <= 1.6:
        assert shape == pytest.approx(aspect)
    half, narrow = contour_window(View(x=(-6.0, 2.0), aspect="equal"), surface, [path], aspect)
    assert half[0] == (-6.0, 2.0) and np.ptp(half[1]) == pytest.approx(8 / narrow)
    assert np.ptp(half[1]) <= 1.6 * 8


RACE = (
    "surface: {name: quadratic, b: 5}\nstart: [-4, 3]\noptimizers: [gd, momentum, adam]\n"
    "steps: 30\n"
)


@pytest.mark.parametrize(("size", "panels"), [("[540, 960]", 2), ("[240, 400]", 1)])
def test_a_high_picture_has_panels_and_legend_one_above_the_other(size: str, panels: int) -> None:
    made = painter(
        RACE + f"panels: [{', '.join(['contour', 'loss'][:panels])}]\n"
        f"figure: {{size: {size}, legend: box}}\n"
    )
    contour, width = made.axes[0], made.scene.pixels[0]
    assert np.ptp(contour.get_ylim()) < 16
    assert contour.bbox.width > 0.7 * width
    shape = contour.bbox.width / contour.bbox.height
    assert np.ptp(contour.get_xlim()) / np.ptp(contour.get_ylim()) == pytest.approx(shape)
    if panels == 2:
        assert made.axes[1].bbox.y1 < contour.bbox.y0
        assert made.axes[1].bbox.width == pytest.approx(contour.bbox.width)
    names = [text for text in contour.figure.findobj(Text) if "Adam" in text.get_text()]
    assert len(names) == 1
    assert names[0].get_window_extent(made._renderer).y1 < made.axes[-1].bbox.y0


def triangles(made: Painter) -> list[Array]:
    """The extents of triangles at the frame of the first panel, (2, 2) each, in pixels."""
    return [p.get_path().get_extents().get_points() for p in made.axes[0].patches
            if isinstance(p, PathPatch)]  # fmt: skip


def test_a_path_and_a_minimum_outside_are_told_at_the_frame() -> None:
    text = "{surface: quadratic, start: [-4, 3], optimizer: gd, steps: 30, view: %s}"
    made = painter(text % "{x: [-6, -2], y: [1, 4]}")
    frame = made.axes[0].bbox
    ((low, high),) = triangles(made)
    assert high[0] == pytest.approx(frame.x1) and frame.y0 < low[1] < high[1] < frame.y1
    (trail,) = (mark for mark in made._marks if isinstance(mark, Trail))
    assert trail.exit(30) and outside(trail.position(30)[None], frame)[0]
    assert not triangles(painter(text % "{x: [-6, 2]}"))
    assert not triangles(painter(text % "{x: [-6, -2], y: [1, 4], minimum: false}"))
    on_curve = "{surface: parabola, start: [-4], optimizer: gd, panels: [curve], view: {x: %s}}"
    assert len(triangles(painter(on_curve % "[-6, -2]"))) == 1
    assert not triangles(painter(on_curve % "[-6, 1]"))


def test_a_star_in_the_corner_is_whole() -> None:
    made = painter(
        "{surface: quadratic, start: [-4, 3], optimizer: gd, view: {x: [-5, 0], y: [0, 4]}}"
    )
    axes = made.axes[0]
    (star,) = (line for line in axes.lines if line.get_marker() == "*")
    assert not star.get_clip_on() and not triangles(made)


def test_numbers_far_from_zero_are_exact_and_short() -> None:
    for low, high, locs, labels, common in (
        (1000 - 1e-6, 1000 + 1e-6, [1000 - 1e-6, 1000.0, 1000 + 1e-6], ["−1", "0", "1"],
         r"$\times$ $\mathrm{10^{-6}}$ + 1000"),
        (-4e-9, 4e-9, [-2e-9, 0.0, 2e-9], ["−2", "0", "2"], r"$\times$ $\mathrm{10^{-9}}$"),
        (-1.0, 1.0, [-0.5, 0.0, 0.5], ["−0.5", "0.0", "0.5"], ""),
        (0.0, 3e7, [0.0, 1e7, 2e7], ["0", "1", "2"], r"$\times$ $\mathrm{10^{7}}$"),
        (1234567.1, 1234567.9, [1234567.2, 1234567.6], ["7.2", "7.6"], "+ 1234560"),
        (1990.0, 2020.0, [2000.0, 2010.0], ["2000", "2010"], ""),
    ):  # fmt: skip
        numbers = _RoundNumbers(low, high)
        numbers.set_locs(locs)
        assert [numbers(x) for x in locs] == labels
        assert numbers.get_offset() == common
