"""Landscapes by meaning: points where the camera says, hidden what stands behind a hill."""

from __future__ import annotations

import numpy as np
import pytest

from optanim.drawing.landscape.height_field import HeightField
from optanim.drawing.landscape.height_scale import HeightScale
from optanim.drawing.landscape.projection import BOX_HEIGHT, DataBox, Projection
from optanim.drawing.landscape.shading import FLAT_LIGHT, LIGHT_LEVELS, shading_of
from optanim.drawing.landscape.surface_path import SurfaceEmbedding, surface_path
from optanim.drawing.landscape.ticks import even_ticks, spaced_ticks
from optanim.drawing.landscape.visibility import Visibility, render_surface
from optanim.drawing.pixel_boxes import Rect
from optanim.formulas.numbers import tick_label
from optanim.scene.viewport import contour_levels, loss_grid
from optanim.schema.catalogue import catalogue
from optanim.schema.words import words_of

# The camera.


def test_the_camera_puts_known_points_where_geometry_says() -> None:
    points = np.array([[1.0, 0, 0], [0, 1, 0], [0, 0, 1]]).T
    front = Projection(-90, 30, 100, (50, 20)).pixels(points) - (50, 20)
    assert front == pytest.approx(np.array([[100, 0], [0, 50], [0, 50 * 3**0.5]]), abs=1e-9)
    above = Projection(-90, 90).pixels(points)
    assert above == pytest.approx(np.array([[1, 0], [0, 1], [0, 0]]), abs=1e-9)
    # From a quarter turn on, y points to the right and x towards the camera.
    side = Projection(0, 30).pixels(points)
    assert side == pytest.approx(np.array([[0, -0.5], [1, 0], [0, 0.75**0.5]]), abs=1e-9)
    assert Projection(0, 30).depth(points) == pytest.approx([-1, 0, 0])


def test_a_box_keeps_the_proportions_that_can_be_seen() -> None:
    assert DataBox(((-2, 2), (0, 3))).size == pytest.approx([1, 0.75, BOX_HEIGHT])
    assert DataBox(((0, 1), (0, 100))).size.min() > 0.4
    corners = DataBox(((-2, 2), (0, 3))).place(np.array([[-2.0, 2], [0, 3]]), np.array([0.0, 1]))
    assert corners == pytest.approx(np.array([[-0.5, 0.5], [-0.375, 0.375], [0, BOX_HEIGHT]]))


# Heights.


@pytest.mark.parametrize("scale", ["linear", "sqrt", "log"])
def test_heights_rise_with_the_loss_and_levels_are_even_on_them(scale: str) -> None:
    *_, z = loss_grid(catalogue("surfaces")["quadratic"].function(), ((-5, 5), (-4, 4)), (60, 60))
    edges = contour_levels(z, 12, scale)
    scale_of_heights = HeightScale.from_levels(edges)
    name = scale_of_heights.name(words_of("en"))
    assert scale_of_heights.kind == scale and ("," in name) == (scale != "linear")
    losses = np.linspace(edges[0] - 1, edges[-1] + 1, 500)
    found = scale_of_heights.heights(losses)
    assert (np.diff(found) >= 0).all() and found[0] == 0 and found[-1] == pytest.approx(1)
    inside = (losses > edges[0]) & (losses < edges[-1])
    assert (np.diff(found[inside]) > 0).all()
    gaps = np.diff(scale_of_heights.heights(edges))
    # A logarithm that begins at 0 has to begin more slowly.
    assert gaps[2:] == pytest.approx(gaps[-1], rel=0.5 if scale == "log" else 1e-9)
    marks = scale_of_heights.ticks(5)
    assert 2 <= len(marks) <= 5 and marks == sorted(marks)


def test_ticks_are_round_and_apart() -> None:
    assert even_ticks(-5, 5, 5) == [-4, -2, 0, 2, 4] or even_ticks(-5, 5, 5) == [-5, 0, 5]
    assert even_ticks(0, 1, 5) == [0, 0.5, 1] or even_ticks(0, 1, 6) == [0, 0.2, 0.4, 0.6, 0.8, 1]
    assert even_ticks(0.1, 0.4, 4) == [0.1, 0.2, 0.3, 0.4]
    decades = spaced_ticks(3, 1e6, lambda n: float(np.log10(n / 3) / 5.53), 5)
    assert {100.0, 10000.0} <= set(decades) or {1000.0, 1e5} <= set(decades)
    assert [tick_label(n) for n in (0, -0.5, 1000, 1e5, 2e-7)] == [
        "0", "−0.5", "1000", "$10^{5}$", r"$2\cdot10^{-7}$"
    ]  # fmt: skip


# What is seen.


def hill(azimuth: float = -90.0, elevation: float = 20.0) -> tuple[HeightField, Visibility]:
    """A ridge along x in the middle of a plain."""
    y = np.linspace(-1, 1, 200)
    heights = np.repeat(np.exp(-((y / 0.2) ** 2))[:, None], 200, axis=1)
    field = HeightField(
        DataBox(((-1, 1), (-1, 1))),
        heights,
        np.array([0, 0.5]),
        shading_of(catalogue("themes")["light"].function(), 2, "both"),
    )
    projection = Projection(azimuth, elevation, 200, (150, 100))
    return field, Visibility(field, projection, Rect(0, 0, 300, 250), subpixels=1, samples=200)


def test_a_point_behind_a_hill_is_hidden_and_one_before_it_is_not() -> None:
    _, view = hill()
    box = view.field.box
    y = np.array([[0.0, 0, 0, 0], [-0.8, -0.2, 0.3, 0.95]])
    points = box.place(y, np.exp(-((y[1] / 0.2) ** 2)))
    assert view.visible(points, 1.0).tolist() == [True, True, False, False]
    # From above all is seen, and from the other side the other half.
    assert hill(elevation=90)[1].visible(points, 1.0).all()
    assert hill(azimuth=90)[1].visible(points, 1.0).tolist() == [False, False, True, True]


def test_pixels_have_the_color_of_what_they_show() -> None:
    field, view = hill(elevation=30)
    pixels = render_surface(
        field, view.projection, view.rect, subpixels=3, samples=300, line_width=0.7
    )
    shading = field.shading
    places = {-0.9: shading.bands[0], 0.0: shading.bands[1]}
    for y, color in places.items():
        point = field.box.place(np.array([[0.1], [y]]), np.exp(-np.array([(y / 0.2) ** 2])))
        column, row = view.projection.pixels(point)[0]
        shown = pixels[len(pixels) - 1 - int(row), int(column), :3].astype(float)
        light = int(field.light_levels.reshape(200, 200)[int((y + 1) / 2 * 199), 110])
        assert shown == pytest.approx(color * (1 + 0.3 * (light - FLAT_LIGHT) / FLAT_LIGHT), abs=12)
    assert (pixels[0, 0, :3] == shading.background).all() and (pixels[..., 3] == 255).all()
    # The wall before it, and no more colors than bands, light and mixtures give.
    base = view.projection.pixels(field.box.place(np.array([[0.0], [-1.0]]), np.zeros(1)))[0]
    wall = pixels[len(pixels) - 3 - int(base[1]), int(base[0]), :3]
    assert np.abs(wall.astype(int) - shading.wall).max() < 40 and LIGHT_LEVELS <= 24


def test_strips_join_without_a_seam() -> None:
    field, view = hill(azimuth=-50)
    whole = Visibility(field, view.projection, view.rect, subpixels=2, samples=200).render(0.7)
    joined = render_surface(
        field, view.projection, view.rect, subpixels=2, samples=200, line_width=0.7
    )
    assert (whole[:, 1:] == joined[:, 1:]).all()


# Paths.


def test_a_path_follows_the_surface_and_stays_in_the_window() -> None:
    surface = catalogue("surfaces")["quadratic"].function()
    embedding = SurfaceEmbedding(
        DataBox(((-2, 2), (-2, 2))), HeightScale("linear", 0, 12), surface.value
    )
    path = np.array([[-1.0, 1, 5, 1, 1e200], [0, 0, 0, 1, 3]])
    laid = surface_path(embedding, path, 0.02)
    at = laid.points / embedding.box.size[:, None]
    assert np.abs(at[:2]).max() <= 0.5 + 1e-12
    x, y = at[:2] * 4
    assert at[2] == pytest.approx(np.minimum((x**2 + 2 * y**2) / 12, 1), abs=1e-9)
    gaps = np.hypot(*np.diff(laid.points[:2]))[~laid.starts[1:]]
    assert gaps.max() <= 0.02 + 1e-9
    assert (np.diff(laid.steps) >= 0).all() and laid.starts.sum() == 2
    # Of a line to nearly infinity nothing is walked when it begins.
    begun = laid.points[:2, laid.steps <= 3][:, -1]
    assert np.ptp(laid.points[:2, laid.steps == 3], axis=1) == pytest.approx(0)
    assert begun * 4 == pytest.approx([1, 1])
    # Out at x = 2, a quarter of the second line, and in again on the third.
    assert laid.steps[laid.starts] == pytest.approx([0, 2.75])
    assert surface_path(embedding, path[:, :1], 0.02).steps.tolist() == [0]
    assert surface_path(embedding, path[:, [2, 2]], 0.02).points.shape == (3, 0)
