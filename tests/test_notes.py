"""`view: {notes: …}`: texts beside points of the surface and of traces."""

from __future__ import annotations

from itertools import combinations, pairwise

import numpy as np
import pytest
from matplotlib.text import Text

import optanim
from optanim.config.dump import as_yaml
from optanim.config.notes import PANELS_WITHOUT_NOTES
from optanim.drawing import notes as drawn
from optanim.drawing.appearing import Appearing
from optanim.drawing.marks import IDENTITY
from optanim.drawing.painter import Painter
from optanim.errors import ConfigError
from optanim.experiment.trials import trajectories_of
from optanim.pipeline.refusals import drawing_problems, may_refuse_drawing
from optanim.schema.catalogue import catalogue
from tests.painters import SMALL, drawn_alone, painter, painter_of

HEAD = "surface: quadratic\nstart: [-4, 3]\noptimizer: {name: momentum, lr: 0.1}\nsteps: 30\n"
TWO = "surface: himmelblau\nstart: [-4, 3]\noptimizers: [{name: gd, lr: 0.01}, adam]\nsteps: 20\n"
CURVE = "surface: parabola\nstart: [-2]\noptimizer: {name: gd, lr: 0.9}\nsteps: 9\n"


def texts(painter: Painter, axes: int = 0) -> list[str]:
    """The notes that stand still in a panel."""
    return [text.get_text() for text in painter.axes[axes].texts]


def box(text: Text) -> np.ndarray:
    """The box of a text in pixels: left, bottom, right, top."""
    canvas = text.get_figure(root=True).canvas
    return np.array(text.get_window_extent(canvas.get_renderer()).extents)


def appearing(painter: Painter) -> list[Appearing]:
    return [mark for mark in painter._marks if isinstance(mark, Appearing)]


def test_a_note_at_a_point_is_there_from_the_first_frame() -> None:
    plain = painter(HEAD, SMALL)
    noted = painter(HEAD, SMALL, "view.notes=[{at: [0, 0], text: minimum}]")
    assert texts(noted) == ["minimum"] and not appearing(noted)
    assert (plain.paint(0) != noted.paint(0)).any()
    assert texts(plain) == []


def test_a_note_at_a_step_appears_with_it_and_stays() -> None:
    plain, noted = painter(HEAD, SMALL), painter(HEAD, SMALL, "view.notes=[{step: 7, text: turns}]")
    assert (plain.paint(6.9) == noted.paint(6.9)).all()
    for step in (7, 8.5, 30):
        differs = (plain.paint(step) != noted.paint(step)).any(axis=2)
        assert differs.sum() > 60
    (mark,) = appearing(noted)
    rows, columns = np.nonzero(differs)
    part = mark.part
    assert part[0].start <= rows.min() and rows.max() < part[0].stop
    assert part[1].start <= columns.min() and columns.max() < part[1].stop


def test_a_later_step_does_not_depend_on_what_was_painted_before() -> None:
    noted = painter(HEAD, SMALL, "view.notes=[{step: 7, text: turns}]")
    last = noted.paint(30)
    noted.paint(0)
    assert (noted.paint(30) == last).all()


def test_what_appears_keeps_the_picture_opaque() -> None:
    noted = painter(HEAD, SMALL, "view.notes=[{step: 7, text: turns}]")
    (mark,) = appearing(noted)
    pixels = drawn_alone(noted, mark, 7, ground=255)
    assert (pixels[..., 3] == 255).all()
    drawn = pixels[mark.part][..., :3].astype(int)
    assert drawn.min() < 120 and (pixels == 255).all(axis=2).any()


MANY = ", ".join(
    ["{at: [0, 0], text: minimum}", *(f"{{step: {3 * i}, text: step {3 * i}}}" for i in range(9))]
)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_notes_cover_no_trail_no_head_no_ring_and_no_other_note(
    theme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    placed = []
    place = drawn._placed

    def keep(*arguments: object) -> list[drawn.PlacedNote]:
        placed[:] = place(*arguments)
        return [*placed]

    monkeypatch.setattr(drawn, "_placed", keep)
    noted = painter_of(HEAD, f"view.notes=[{MANY}]", f"figure.theme={theme}")
    (axes,) = noted.axes
    boxes = np.array([one.box for one in placed])
    assert (boxes[:, :2] >= axes.bbox.min).all() and (boxes[:, 2:] <= axes.bbox.max).all()
    for a, b in combinations(boxes, 2):
        assert (np.maximum(a[:2], b[:2]) >= np.minimum(a[2:], b[2:])).any()
    trail = next(mark for mark in noted._marks if hasattr(mark, "points"))
    line = np.concatenate([np.linspace(a, b, 200) for a, b in pairwise(trail.points)])
    middle = axes.transData.transform((0, 0))
    for low, high in boxes.reshape(-1, 2, 2):
        assert not ((line > low - 1) & (line < high + 1)).all(axis=1).any()
        assert np.hypot(*(np.clip(middle, low, high) - middle)) > 11
    for one in placed:
        if one.leader is not None:  # it points from the text to the point
            ends = np.hypot(*(one.leader - one.anchor).T)
            assert ends[0] > ends[1] > 7.9


def test_a_note_is_near_its_point() -> None:
    noted = painter(HEAD, "view.notes=[{at: [2, -3], text: here}]")
    (text,), (axes,) = noted.axes[0].texts, noted.axes
    point = axes.transData.transform((2, -3))
    corners = box(text).reshape(2, 2)
    assert 8 < np.hypot(*(np.clip(point, *corners) - point)) < 30


def test_a_point_outside_has_its_note_at_the_frame() -> None:
    noted = painter(HEAD, "view.notes=[{at: [90, 0], text: far away}]")
    (text,), (axes,) = noted.axes[0].texts, noted.axes
    assert len(axes.patches) == 1  # the triangle
    assert axes.bbox.x1 - 40 < box(text)[2] < axes.bbox.x1


def test_a_trace_that_has_left_has_its_note_where_it_left() -> None:
    gone = ["view.x=[-5, -2]", "view.y=[1, 4]", "view.notes=[{step: 9, text: gone}]"]
    (mark,) = appearing(painter(HEAD, *gone, SMALL))
    (axes,) = painter(HEAD, *gone, SMALL).axes
    height = axes.get_figure(root=True).bbox.height
    rows, columns = mark.part
    low, high = axes.bbox.padded(1).get_points()  # the edge of a pixel
    assert low[0] <= columns.start and columns.stop <= high[0]
    assert height - high[1] <= rows.start and rows.stop <= height - low[1]


def test_a_grid_has_a_note_in_its_cell_and_points_in_all_cells() -> None:
    notes = (
        "view.notes=[{at: [3, 2], text: a}, {step: 5, of: 2, text: b}, "
        "{at: [0, 0], of: 1, text: c}]"
    )
    noted = painter(TWO, notes, "layout=grid", "figure.size=[480, 240]")
    assert [texts(noted, i) for i in (0, 1)] == [["a", "c"], ["a"]]
    (mark,) = appearing(noted)
    assert mark.part[1].start > noted.axes[1].bbox.x0
    row = painter(TWO, notes, "figure.size=[480, 240]")
    assert texts(row) == ["a", "c"] and len(appearing(row)) == 1


def test_a_note_at_a_point_is_not_on_the_surface_of_another() -> None:
    own = TWO.replace("adam", "{name: adam, surface: beale}")
    noted = painter(own, "view.notes=[{at: [3, 2], text: a}]", "layout=grid", SMALL)
    assert [texts(noted, i) for i in (0, 1)] == [["a"], []]


def test_a_curve_has_notes_on_its_line() -> None:
    noted = painter(CURVE, "view.notes=[{at: 1.5, text: here}, {step: 3, text: there}]")
    (axes,), (text,) = noted.axes, noted.axes[0].texts
    point = axes.transData.transform((1.5, 2.25))
    dots = [line.get_data() for line in axes.lines if line.get_transform() is IDENTITY]
    (dot,) = [data for data in dots if len(data[0]) == 1]
    assert np.allclose(np.ravel(dot), point, atol=0.5)
    curve = axes.transData.transform(np.stack([x := np.linspace(-3, 3, 2000), x**2]).T)
    low, high = box(text).reshape(2, 2)
    assert not ((curve > low) & (curve < high)).all(axis=1).any()
    assert len(appearing(noted)) == 1


LONG = "a text that is far too long for one line of this panel"


def test_a_long_text_has_two_lines_and_then_ends_in_an_ellipsis() -> None:
    def lines(text: str) -> list[str]:
        (shown,) = texts(painter(HEAD, SMALL, f"view.notes=[{{at: [0, 0], text: '{text}'}}]"))
        return shown.split("\n")

    assert lines("two words") == ["two words"]
    first, second = lines("the valley is flat from here on")
    assert f"{first} {second}" == "the valley is flat from here on"
    first, second = lines(LONG)
    assert (
        LONG.startswith(first) and second.endswith("…") and LONG[len(first) + 1 :][:5] == second[:5]
    )
    assert lines(r"$x^2 + y^2$ is large here, and $\eta$ as well")[0].count("$") in (0, 2, 4)
    (word,) = lines("x" * 100)
    assert word.endswith("…")


def test_hangul_is_drawn() -> None:
    assert texts(painter(HEAD, SMALL, "view.notes=[{at: [0, 0], text: 최솟값}]")) == ["최솟값"]


def test_points_by_name_are_in_the_order_of_the_axes() -> None:
    points = "points: [[1, 12], [2, 19], [3, 33]]"
    fit = f"surface: {{regression: {{{points}, model: w*x + b, loss: mse}}}}\n"
    fit += "start: {w: 1, b: 2}\noptimizer: gd\n"
    run = optanim.loads(fit + "view: {notes: [{at: {w: 3, b: 7}, text: here}]}\n")
    assert run.view.notes[0].at == [7.0, 3.0]
    assert optanim.loads(as_yaml(run)).view == run.view


def test_a_trial_that_stops_before_a_note_is_an_error_at_its_step() -> None:
    text = HEAD + "stop: {loss: 5}\nview: {notes: [{step: 29, text: late}]}\n"
    run = optanim.loads(text)
    assert may_refuse_drawing(run)
    (problem,) = drawing_problems(run, trajectories_of(run))
    assert "Momentum ends at step " in problem.message and problem.place.line == 6
    assert problem.place.text[problem.place.column - 1 :].startswith("29")
    with pytest.raises(ConfigError, match="a note is at step 29"):
        painter_of(text)


def test_wrong_tex_of_a_note_is_an_error_at_its_text() -> None:
    from optanim.pipeline.refusals import unshown_texts

    run = optanim.loads(HEAD + "view: {notes: [{at: [0, 0], text: '$\\foo$'}]}\n")
    (problem,) = unshown_texts(run)
    assert problem.place.line == 5 and "\\foo" in problem.message


def test_each_panel_has_notes_or_is_named_as_one_without() -> None:
    assert {*PANELS_WITHOUT_NOTES, "contour", "curve"} == {*catalogue("panels")}


@pytest.mark.parametrize("name", [name for name in PANELS_WITHOUT_NOTES if name != "fit"])
def test_other_panels_have_no_notes(name: str) -> None:
    keys = ["map={x: optimizer.lr, y: 'start[0]'}"] if name == "map" else []
    noted = painter(HEAD, "figure.size=[480, 240]", f"panels=[contour, {name}]", *keys,
                    "view.notes=[{at: [1, 1], text: here}]")  # fmt: skip
    assert texts(noted) == ["here"] and "here" not in texts(noted, 1)
