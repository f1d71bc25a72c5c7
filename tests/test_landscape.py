"""Landscapes by meaning: points where the camera says, hidden what stands behind a hill."""

from __future__ import annotations

import numpy as np
import pytest

from optanim.drawing.landscape.height_field import Terrain
from optanim.drawing.landscape.height_scale import Heights
from optanim.drawing.landscape.projection import TALL, DataBox, Projection
from optanim.drawing.landscape.shading import OPEN, SHADES, painted
from optanim.drawing.landscape.surface_path import HeightMap, track
from optanim.drawing.landscape.ticks import apart, even
from optanim.drawing.landscape.visibility import Rect, Sight, picture
from optanim.formulas.numbers import tick_label
from optanim.scene.viewport import grid, levels
from optanim.schema.catalogue import catalogue

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
    assert DataBox(((-2, 2), (0, 3))).size == pytest.approx([1, 0.75, TALL])
    assert DataBox(((0, 1), (0, 100))).size.min() > 0.4
    corners = DataBox(((-2, 2), (0, 3))).place(np.array([[-2.0, 2], [0, 3]]), np.array([0.0, 1]))
    assert corners == pytest.approx(np.array([[-0.5, 0.5], [-0.375, 0.375], [0, TALL]]))


# Heights.


@pytest.mark.parametrize("scale", ["linear", "sqrt", "log"])
def test_heights_rise_with_the_loss_and_levels_are_even_on_them(scale: str) -> None:
    *_, z = grid(catalogue("surfaces")["quadratic"].function(), ((-5, 5), (-4, 4)), (60, 60))
    edges = levels(z, 12, scale)
    heights = Heights.like(edges)
    assert heights.scale == scale and ("," in heights.name) == (scale != "linear")
    losses = np.linspace(edges[0] - 1, edges[-1] + 1, 500)
    found = heights.of(losses)
    assert (np.diff(found) >= 0).all() and found[0] == 0 and found[-1] == pytest.approx(1)
    inside = (losses > edges[0]) & (losses < edges[-1])
    assert (np.diff(found[inside]) > 0).all()
    gaps = np.diff(heights.of(edges))
    # A logarithm that begins at 0 has to begin more slowly.
    assert gaps[2:] == pytest.approx(gaps[-1], rel=0.5 if scale == "log" else 1e-9)
    marks = heights.ticks(5)
    assert 2 <= len(marks) <= 5 and marks == sorted(marks)


def test_ticks_are_round_and_apart() -> None:
    assert even(-5, 5, 5) == [-4, -2, 0, 2, 4] or even(-5, 5, 5) == [-5, 0, 5]
    assert even(0, 1, 5) == [0, 0.5, 1] or even(0, 1, 6) == [0, 0.2, 0.4, 0.6, 0.8, 1]
    assert even(0.1, 0.4, 4) == [0.1, 0.2, 0.3, 0.4]
    decades = apart(3, 1e6, lambda n: float(np.log10(n / 3) / 5.53), 5)
    assert {100.0, 10000.0} <= set(decades) or {1000.0, 1e5} <= set(decades)
    assert [tick_label(n) for n in (0, -0.5, 1000, 1e5, 2e-7)] == [
        "0", "−0.5", "1000", "$10^{5}$", r"$2\cdot10^{-7}$"
    ]  # fmt: skip


# What is seen.


def hill(azimuth: float = -90.0, elevation: float = 20.0) -> tuple[Terrain, Sight]:
    """A ridge along x in the middle of a plain."""
    y = np.linspace(-1, 1, 200)
    heights = np.repeat(np.exp(-((y / 0.2) ** 2))[:, None], 200, axis=1)
    terrain = Terrain(
        DataBox(((-1, 1), (-1, 1))),
        heights,
        np.array([0, 0.5]),
        painted(catalogue("themes")["light"].function(), 2, "both"),
    )
    projection = Projection(azimuth, elevation, 200, (150, 100))
    return terrain, Sight(terrain, projection, Rect(0, 0, 300, 250), fine=1, samples=200)


def test_a_point_behind_a_hill_is_hidden_and_one_before_it_is_not() -> None:
    _, sight = hill()
    box = sight.terrain.box
    y = np.array([[0.0, 0, 0, 0], [-0.8, -0.2, 0.3, 0.95]])
    points = box.place(y, np.exp(-((y[1] / 0.2) ** 2)))
    assert sight.seen(points, 1.0).tolist() == [True, True, False, False]
    # From above all is seen, and from the other side the other half.
    assert hill(elevation=90)[1].seen(points, 1.0).all()
    assert hill(azimuth=90)[1].seen(points, 1.0).tolist() == [False, False, True, True]


def test_pixels_have_the_color_of_what_they_show() -> None:
    terrain, sight = hill(elevation=30)
    pixels = picture(terrain, sight.projection, sight.rect, fine=3, samples=300, width=0.7)
    paints = terrain.paints
    places = {-0.9: paints.bands[0], 0.0: paints.bands[1]}
    for y, color in places.items():
        point = terrain.box.place(np.array([[0.1], [y]]), np.exp(-np.array([(y / 0.2) ** 2])))
        column, row = sight.projection.pixels(point)[0]
        shown = pixels[len(pixels) - 1 - int(row), int(column), :3].astype(float)
        light = int(terrain.shade.reshape(200, 200)[int((y + 1) / 2 * 199), 110])
        assert shown == pytest.approx(color * (1 + 0.3 * (light - OPEN) / OPEN), abs=12)
    assert (pixels[0, 0, :3] == paints.air).all() and (pixels[..., 3] == 255).all()
    # The wall before it, and no more colors than bands, light and mixtures give.
    base = sight.projection.pixels(terrain.box.place(np.array([[0.0], [-1.0]]), np.zeros(1)))[0]
    wall = pixels[len(pixels) - 3 - int(base[1]), int(base[0]), :3]
    assert np.abs(wall.astype(int) - paints.wall).max() < 40 and SHADES <= 24


def test_strips_join_without_a_seam() -> None:
    terrain, sight = hill(azimuth=-50)
    whole = Sight(terrain, sight.projection, sight.rect, fine=2, samples=200).picture(0.7)
    joined = picture(terrain, sight.projection, sight.rect, fine=2, samples=200, width=0.7)
    assert (whole[:, 1:] == joined[:, 1:]).all()


# Paths.


def test_a_track_follows_the_surface_and_stays_in_the_window() -> None:
    surface = catalogue("surfaces")["quadratic"].function()
    ground = HeightMap(DataBox(((-2, 2), (-2, 2))), Heights("linear", 0, 12), surface.value)
    path = np.array([[-1.0, 1, 5, 1, 1e200], [0, 0, 0, 1, 3]])
    laid = track(ground, path, 0.02)
    at = laid.points / ground.box.size[:, None]
    assert np.abs(at[:2]).max() <= 0.5 + 1e-12
    x, y = at[:2] * 4
    assert at[2] == pytest.approx(np.minimum((x**2 + 2 * y**2) / 12, 1), abs=1e-9)
    gaps = np.hypot(*np.diff(laid.points[:2]))[~laid.lifted[1:]]
    assert gaps.max() <= 0.02 + 1e-9
    assert (np.diff(laid.steps) >= 0).all() and laid.lifted.sum() == 2
    # Of a line to nearly infinity nothing is walked when it begins.
    begun = laid.points[:2, laid.steps <= 3][:, -1]
    assert np.ptp(laid.points[:2, laid.steps == 3], axis=1) == pytest.approx(0)
    assert begun * 4 == pytest.approx([1, 1])
    # Out at x = 2, a quarter of the second line, and in again on the third.
    assert laid.steps[laid.lifted] == pytest.approx([0, 2.75])
    assert track(ground, path[:, :1], 0.02).steps.tolist() == [0]
    assert track(ground, path[:, [2, 2]], 0.02).points.shape == (3, 0)
