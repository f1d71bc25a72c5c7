"""Display lists: paths as text, read by the parser of fontTools, and trails as data."""

from __future__ import annotations

import base64

import numpy as np
import pytest
from fontTools.pens.recordingPen import RecordingPen
from fontTools.svgLib.path import parse_path
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.colors import to_hex
from matplotlib.path import Path
from matplotlib.transforms import Affine2D

from optanim.drawing.display_list import DisplayList
from optanim.drawing.figure_record import follow, record_figure
from optanim.drawing.landscape.surface_trace import SurfaceTrace
from optanim.drawing.path_text import MAX_OFFSET, path_text
from optanim.player.arrays import encoded, encoded_pixels
from tests.painters import painter_of

POINT = st.tuples(*[st.floats(-2000, 2000)] * 2)
PIECES = st.lists(
    st.one_of(
        st.tuples(st.just(Path.MOVETO), st.tuples(POINT)),
        st.tuples(st.just(Path.LINETO), st.tuples(POINT)),
        st.tuples(st.just(Path.CURVE3), st.tuples(POINT, POINT)),
        st.tuples(st.just(Path.CURVE4), st.tuples(POINT, POINT, POINT)),
    ),
    min_size=1,
    max_size=12,
)
PEN_NAMES = {"moveTo": 1, "lineTo": 1, "qCurveTo": 2, "curveTo": 3}


def parsed(text: str) -> list[tuple[float, float]]:
    """All points of a path in turn, as fontTools reads them."""
    pen = RecordingPen()
    parse_path(text, pen)
    return [point for name, points in pen.value if name in PEN_NAMES for point in points]


@given(PIECES, st.integers(0, 3))
def test_another_parser_reads_the_same_points(pieces: list, decimals: int) -> None:
    kinds = [int(kind) for kind, points in pieces for _ in points]
    kinds[0] = int(Path.MOVETO) if len(pieces[0][1]) == 1 else kinds[0]
    points = [(0.0, 0.0), *(point for _, points in pieces for point in points)]
    path = Path(points, [int(Path.MOVETO), *kinds])
    text = path_text(path, None, decimals)
    read = np.array(parsed(text))
    scale = 10**decimals
    whole = np.rint(np.array(points) * scale) / scale
    # A line that goes nowhere is left out; a place to which nothing is drawn may be.
    for point in read:
        assert np.abs(whole - point).max(axis=1).min() < 1e-6
    drawn = [i for i, kind in enumerate(path.codes) if kind != Path.MOVETO]
    for i in drawn:
        assert np.abs(read - whole[i]).max(axis=1).min() < 1e-6


def test_a_long_line_has_fewer_points_and_stays_where_it_was() -> None:
    t = np.linspace(0, 2 * np.pi, 2000)
    circle = np.stack([300 + 200 * np.cos(t), 240 + 200 * np.sin(t)], axis=1)
    read = np.array(parsed(path_text(Path(circle), Affine2D())))
    assert len(read) < 250
    distances = np.abs(np.hypot(*(read - (300, 240)).T) - 200)
    middles = np.abs(np.hypot(*((read[1:] + read[:-1]) / 2 - (300, 240)).T) - 200)
    assert max(distances.max(), middles.max()) < 2 * MAX_OFFSET + 0.1


def test_a_gap_begins_a_new_line() -> None:
    line = Path([(0, 0), (1, 0), (np.nan, 0), (5, 5), (6, 5)])
    assert path_text(line) == "m0 0 1 0m4 5 1 0"


@given(st.lists(st.floats(width=32), min_size=0, max_size=60))
def test_an_array_is_read_back(values: list[float]) -> None:
    data = encoded(values)
    expected = np.where(np.isfinite(values), values, np.nan)
    if isinstance(data, list):
        read = np.array(data, dtype=float)
    else:
        ((kind, text),) = data.items()
        read = np.frombuffer(base64.b64decode(text), f"<{kind}")
    np.testing.assert_allclose(read, expected, rtol=1e-6)


@pytest.mark.parametrize("value", [1e-300, 1e300, 5e-324])
def test_a_value_beyond_single_precision_is_kept(value: float) -> None:
    data = encoded([value] * 20)
    assert np.frombuffer(base64.b64decode(data["f8"]), "<f8")[0] == value


def test_pixels_are_exact_to_a_sixtieth() -> None:
    places = np.random.default_rng(0).uniform(-50, 1000, 100)
    data = encoded_pixels(places)
    read = np.frombuffer(base64.b64decode(data["i2"]), "<i2") * data["k"]
    assert np.abs(read - places).max() <= 1 / 60


RACE = """
surface: rosenbrock
start: [-1.2, 1]
optimizers: [gd, momentum, {name: adam, lr: 0.1}]
steps: 30
panels: [contour, loss, gradient_norm, rates]
"""


def test_letters_are_recorded_once() -> None:
    record = DisplayList((640, 480), 1.0)
    painter_of(RACE).draw_still(record)
    assert len(record.paths) == len(set(record.paths))
    assert not record.images


def test_trails_are_those_of_the_trajectories() -> None:
    painter = painter_of(RACE)
    data = record_figure(painter)
    (contour, *_) = data.panels
    left, top, width, height = contour["box"]
    for trail in [mark for mark in data.marks if mark["kind"] == "trail" and mark["panel"] == 0]:
        points = painter.scene.traces[trail["trace"]].trajectory.points
        sides = contour["x"], contour["y"]
        x, y = (
            (row - s["low"]) / (s["high"] - s["low"]) for row, s in zip(points, sides, strict=True)
        )
        pixels = np.stack([left + x * width, top + (1 - y) * height], axis=1)
        near = np.abs(pixels).max(axis=1) < 2000
        drawn = np.reshape(trail["points"], (-1, 2))
        np.testing.assert_allclose(drawn[near], pixels[near], atol=0.02)


def test_trails_follow_other_trajectories_in_the_same_axes() -> None:
    painter = painter_of(RACE)
    other = painter_of(RACE.replace("[-1.2, 1]", "[0.5, 0.5]"))
    moved = follow(painter, [trace.trajectory for trace in other.scene.traces])
    assert [mark["panel"] for mark in moved].count(0) == 3
    assert {mark["panel"] for mark in moved} == {0, 1, 2, 3}
    same = follow(painter, [trace.trajectory for trace in painter.scene.traces])
    recorded = [mark for mark in record_figure(painter).marks if mark["kind"] == "trail"]
    for again, before in zip(same, recorded, strict=True):
        np.testing.assert_array_equal(again["points"], before["points"])
        assert again["dots"] == before["dots"]


LEAVING = """
surface: rosenbrock
start: [-1.2, 1]
optimizers: [{name: gd, lr: 0.0034}, {name: adam, lr: 0.9}]
steps: 40
view: {x: [-2, 0.5], y: [-1, 3]}
panels: [surface3d]
"""


@pytest.mark.parametrize("number", [0, 1])
def test_a_trace_on_a_surface_has_its_head_where_the_picture_has_it(number: int) -> None:
    painter = painter_of(LEAVING)
    drawn = [mark for mark in painter.marks if isinstance(mark, SurfaceTrace)][number]
    data = [mark for mark in record_figure(painter).marks if mark["kind"] == "trail"][number]
    points = np.reshape(data["points"], (-1, 2))
    height = painter.scene.pixels[1]
    for step in np.arange(0, drawn.trace.steps + 0.25, 0.25):
        place = drawn.position(step)
        away = any(first <= step < end for first, end in data["away"])
        if place is None:
            assert away, step
        elif not away:
            x, y = (np.interp(step, data["at"], points[:, i]) for i in (0, 1))
            # Between two updates the line is straight from one of its points to the next.
            most = 0.05 if step % 1 == 0 else 1
            assert np.hypot(x - place[0], height - y - place[1]) < most, step
    gone = [step for step in range(drawn.trace.steps + 1) if drawn.position(step) is None]
    assert bool(gone) == (number == 1)  # adam leaves the window


def test_the_bar_of_the_levels_has_the_colors_of_the_bands() -> None:
    text = "surface: quadratic\nstart: [-4, 3]\noptimizer: gd\nsteps: 2\nview: {colorbar: true}\n"
    painter = painter_of(text)
    data = record_figure(painter)
    (bar,) = painter.axes[0].child_axes
    ops = [op for op in data.still if op[0] == "p" and "fill" in data.pens[op[2]]]
    fills = {
        data.pens[pen]["fill"]
        for _, path, pen, *_ in ops
        if (xs := [x for x, _ in parsed(data.paths[path])])
        and bar.bbox.x0 - 1 <= min(xs) <= max(xs) <= bar.bbox.x1 + 1
    }
    (mesh,) = [artist for artist in bar.collections if hasattr(artist, "get_coordinates")]
    assert fills >= {to_hex(color) for color in mesh.get_facecolor()}


BEHIND = """
surface: himmelblau
start: [-3.9, 3.9]
optimizers: [{name: gd, lr: 0.002}, {name: adam, lr: 0.4}]
steps: 60
view: {x: [-5, 5], y: [-5, 5], camera: {azimuth: -60, elevation: 12}}
panels: [surface3d]
"""


def test_a_head_is_hidden_where_the_surface_hides_it() -> None:
    painter = painter_of(BEHIND)
    drawn = [mark for mark in painter.marks if isinstance(mark, SurfaceTrace)]
    data = [mark for mark in record_figure(painter).marks if mark["kind"] == "trail"]
    seen = set()
    for trace, mark in zip(drawn, data, strict=True):
        for step in range(trace.trace.steps + 1):
            point = int(np.searchsorted(mark["at"], step))
            assert (point in mark["hidden"]) == trace.hidden(step), step
            seen.add(trace.hidden(step))
    assert seen == {False, True}
