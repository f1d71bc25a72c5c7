"""Names at the heads in the first and in the last frame, names in a row, and the first frame."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.text import Text

from optanim.config.sweep import DASHES
from optanim.drawing.frame_exit import outside
from optanim.drawing.free_place import point_boxes
from optanim.drawing.head_names import HEAD_SHARE, HeadOnMap, heads_by_panel
from optanim.drawing.live_numbers import LiveNumber
from optanim.drawing.name_marks import HeadNames, Stamp
from optanim.drawing.name_places import name_places
from optanim.drawing.painter import Painter
from optanim.drawing.trail import Trail
from optanim.surfaces import Array
from tests.painters import SMALL, painter

QUADRATIC = "surface: quadratic\nstart: [-4, 3]\nsteps: 30\n"
LONG = "{name: adam, label: 'A name that goes on and on until it is wider than a panel can be'}"
RACES = {
    "two": QUADRATIC + "optimizers: [gd, momentum]\n",
    "three": QUADRATIC + "optimizers: [gd, momentum, adam]\n",
    "one that leaves": QUADRATIC + "optimizers: [gd, {name: gd, lr: 0.7}, adam]\n",
    "apart": "surface: himmelblau\nstart: [[-4, 3], [4, 3], [0.5, -3], [-3, -3]]\n"
    "optimizer: {name: gd, lr: 0.01, label: GD}\nsteps: 9\n",
    "curve": "surface: parabola\nstart: [-2]\noptimizers: [gd, momentum, adam]\nsteps: 9\n",
    "landscape": QUADRATIC + "optimizers: [gd, adam]\npanels: [surface3d]\n",
    "beside curves": QUADRATIC + "optimizers: [gd, momentum]\npanels: [loss, contour]\n",
}


def names_of(made: Painter) -> list[HeadNames]:
    return [mark for mark in made._marks if isinstance(mark, HeadNames)]


def heads_of(made: Painter) -> list[HeadOnMap]:
    return [same[0] for heads in heads_by_panel(made._marks) for same in heads.values()]


def written(made: Painter) -> list[str]:
    """The texts outside of the panels."""
    figure = made.axes[0].figure
    return [a.get_text() for a in figure.texts + figure.artists if isinstance(a, Text)]


def boxes(stamps: list[Stamp]) -> Array:
    """The boxes of names without their halo, (n, 4)."""
    rows = []
    for stamp in stamps:
        margin = (stamp.sprite.pixels.shape[1] - np.ceil(stamp.sprite.size[0])) / 2
        low = np.array([stamp.left, stamp.bottom]) + margin
        rows.append(np.r_[low, low + stamp.sprite.size])
    return np.array(rows)


def overlap(a: Array, b: Array) -> bool:
    return bool((a[:2] < b[2:] - 1).all() and (b[:2] < a[2:] - 1).all())


def test_a_still_between_the_first_and_the_last_step_has_names() -> None:
    film = painter(RACES["apart"])
    still = Painter(replace(film.scene, still=4))
    (names,) = names_of(still)
    assert len(names.stamps(4)) == len(still.scene.traces) == 4
    for stamp, head in zip(names.stamps(4), heads_of(still), strict=True):
        away = boxes([stamp])[0] - np.tile(head.position(4), 2)
        assert np.abs(away).min() < 40
    assert not names.stamps(3) and not names.stamps(5)
    for step in (0, 9):
        assert (still.paint(step) == film.paint(step)).all()


@pytest.mark.parametrize("size", ["[640, 480]", "[480, 640]"])
@pytest.mark.parametrize("race", RACES)
def test_names_cover_no_head_no_ring_no_name_and_stay_in_the_panel(race: str, size: str) -> None:
    made = painter(RACES[race], f"figure.size={size}")
    (names,) = names_of(made)
    steps, heads = made.scene.steps, heads_of(made)
    assert not names.stamps(0.5) and not names.stamps(steps / 2)
    for step in (0, steps):
        stamps = list(names.stamps(step))
        found = boxes(stamps)
        assert len(found) == len(made.scene.traces)
        assert [stamp.sprite.trace.color for stamp in stamps] == [
            trace.color for trace in made.scene.traces
        ]
        places = np.array([
            head.exit(step)[0] if head.exit(step) else head.position(step) + (not step) * head.aside
            for head in heads
        ])  # fmt: skip
        hard = [*point_boxes(places, 2 * HEAD_SHARE * heads[0].head_size)]
        for line in made.axes[-1].lines:
            if line.get_marker() == "o":  # the rings of starts and goals
                pixel = line.get_transform().transform(np.stack(line.get_data(), axis=1))
                hard += [*point_boxes(pixel, line.get_markersize() * made.scene.unit)]
        for box, other in combinations(found, 2):
            assert not overlap(box, other)
        for box in found:
            assert not any(overlap(box, one) for one in hard)
            low, high = heads[0].clip.get_points()
            assert (box[:2] >= low).all() and (box[2:] <= high).all()


@settings(max_examples=40, deadline=None)
@given(
    st.integers(2, 6).flatmap(
        lambda n: st.tuples(
            st.lists(st.tuples(*[st.floats(20, 380)] * 2), min_size=n, max_size=n),
            st.lists(st.floats(25, 170), min_size=n, max_size=n),
        )
    ),
    st.floats(0.02, 1),
)
def test_names_of_a_cluster_never_overlap(
    cluster: tuple[list[tuple[float, float]], list[float]], spread: float
) -> None:
    """Heads anywhere, or all within a few pixels, with a ring around the first one."""
    ends = np.array(cluster[0])
    heads = ends[0] + spread * (ends - ends[0])
    sizes = [(width, 16.0) for width in cluster[1]]
    ring = point_boxes(heads[:1], 26)
    places = name_places(sizes, heads, 6.5, ring, ring[:0], (0, 0, 400, 400), 1.0)
    if places is None:
        return  # a box names them
    hard = [*ring, *point_boxes(heads, 13)]
    found = [np.r_[p.left, p.bottom, p.left + w, p.bottom + h]
             for p, (w, h) in zip(places, sizes, strict=True)]  # fmt: skip
    for i, box in enumerate(found):
        assert (box[:2] >= 0).all() and (box[2:] <= 400).all()
        assert not any(overlap(box, one) for one in [*hard, *found[:i]])
    for place, own in zip(places, found, strict=True):
        if place.leader is None:
            continue
        along = np.linspace(place.leader[0], place.leader[1], 30)
        for box in found:
            inside = ((along > box[:2] + 1) & (along < box[2:] - 1)).all(axis=1)
            assert box is own or not inside.any()


def test_few_names_far_apart_have_no_leaders() -> None:
    heads = np.array([[50.0, 60], [350, 60], [200, 300]])
    places = name_places([(80.0, 16.0)] * 3, heads, 6.5, np.zeros((0, 4)), np.zeros((0, 4)),
                         (0, 0, 500, 400), 1.0)  # fmt: skip
    assert places and all(place.leader is None for place in places)


@pytest.mark.parametrize(
    "config",
    [
        QUADRATIC + f"optimizers: [gd, {LONG}]\n",
        QUADRATIC + f"optimizers: [gd, {LONG}]\nfigure: {{legend: end, size: [320, 240]}}\n",
        QUADRATIC + "optimizers: [gd, momentum]\npanels: [loss]\n",
        QUADRATIC + "optimizers: [gd, gd, gd, adam, adam, adam, adamw]\n",
        QUADRATIC + "optimizers: [gd, momentum]\nfigure: {legend: box}\n",
        QUADRATIC + "optimizer: gd\nfigure: {legend: box}\n",
    ],
    ids=["long", "long and asked for", "no map", "many", "asked for", "one optimizer"],
)
def test_a_box_names_all_where_names_have_no_room_or_it_is_asked_for(config: str) -> None:
    made = painter(config)
    assert not names_of(made)
    count = len(made.scene.traces)
    assert sum(trace.label != "" for trace in made.scene.traces) == count
    assert len([text for text in written(made) if text]) == count


def test_names_leave_the_panel_more_room_than_a_box() -> None:
    end, box = (painter(RACES["three"], f"figure.legend={kind}") for kind in ("end", "box"))
    assert end.axes[0].bbox.width > 1.4 * box.axes[0].bbox.width


@pytest.mark.parametrize("race", ["two", "one that leaves"])
def test_names_in_a_row_stand_side_by_side_and_tell_the_ending(race: str) -> None:
    made = painter(RACES[race], "figure.legend=row")
    figure = made.axes[0].figure
    texts = [a for a in figure.artists if isinstance(a, Text)]
    extents = [text.get_window_extent(made._renderer) for text in texts]
    assert [text.get_text() for text in texts] == [t.label for t in made.scene.traces]
    assert len({round(box.y0) for box in extents[:2]}) == 1
    assert min(box.y0 for box in extents) > made.axes[0].bbox.y1
    told = {mark.text(30) for mark in made._marks if isinstance(mark, LiveNumber)}
    assert ("diverged" in told) == (race != "two")


def test_many_names_in_a_row_take_more_rows_and_no_more_than_a_third() -> None:
    many = "optimizers: [" + ", ".join(["gd", LONG] * 6) + "]\n"
    made = painter(QUADRATIC + many, SMALL, "figure.legend=row")
    assert made.axes[0].bbox.height > 60
    assert min(a.get_window_extent(made._renderer).y0 for a in made.axes[0].figure.artists
               if isinstance(a, Text)) > made.axes[0].bbox.y1 - 1  # fmt: skip


def test_the_last_frame_tells_how_a_trial_ended() -> None:
    (names,) = names_of(painter(RACES["one that leaves"]))
    assert not any(stamp.sprite.has_ending for stamp in names.stamps(0))
    assert [stamp.sprite.has_ending for stamp in names.stamps(30)] == [False, True, False]


@pytest.mark.parametrize("race", ["three", "curve", "landscape"])
def test_heads_that_start_together_stand_apart_in_the_first_frame_only(race: str) -> None:
    made = painter(RACES[race], "figure.legend=none")
    heads = heads_of(made)
    places = [head.position(0) + head.aside for head in heads]
    for a, b in combinations(places, 2):
        assert np.hypot(*(a - b)) > heads[0].head_size
    assert np.mean(places, axis=0) == pytest.approx(heads[0].position(0), abs=1)
    first, next = made.paint(0), made.paint(1e-9)
    for trace, place in zip(made.scene.traces, places, strict=True):
        x, y = round(place[0]), len(first) - 1 - round(place[1])
        color = [int(trace.color[i : i + 2], 16) for i in (1, 3, 5)]
        assert np.abs(first[y, x, :3].astype(int) - color).max() < 8
    assert (first != next).any()


@pytest.mark.parametrize("start", [10, 19.9])
def test_heads_that_start_together_on_a_curve_stay_on_it(start: float) -> None:
    """x² up to x = 20, where the panel ends: there they stand beside their start."""
    made = painter(
        f"surface: parabola\nstart: [{start}]\nsteps: 3\nview: {{x: [-20, 20], y: [-20, 420]}}\n"
        "panels: [curve]\noptimizers: [gd, momentum, adam]\n", "figure.legend=none",
    )  # fmt: skip
    heads = heads_of(made)
    places = np.array([head.position(0) + head.aside for head in heads])
    x = made.axes[0].transData.inverted().transform(places)[:, 0]
    assert np.abs(made.axes[0].transData.transform(np.stack([x, x**2], 1)) - places).max() < 0.5
    assert (np.diff(x) > 0).all() and (places[:, 1] <= heads[0].clip.y1).all()
    assert (np.hypot(*np.diff(places, axis=0).T) > heads[0].head_size).all()


def test_heads_that_start_apart_or_alone_are_at_their_start() -> None:
    for config in (RACES["apart"], QUADRATIC + "optimizer: gd\n"):
        assert not any(head.aside.any() for head in heads_of(painter(config)))


def test_the_traces_of_a_sweep_start_together() -> None:
    sweep = "layout: overlay\nmatrix: {optimizer.lr: [0.05, 0.1, 0.2]}\noptimizer: gd\n"
    made = painter(QUADRATIC + sweep)
    assert not names_of(made) and not any(head.aside.any() for head in heads_of(made))


def test_a_start_outside_of_the_view_is_told_in_the_first_frame() -> None:
    made = painter(QUADRATIC + "optimizers: [gd, adam]\nview: {x: [-2, 1], y: [-1, 1.5]}\n")
    exits = [head.exit(0) for head in heads_of(made)]
    assert all(exit is not None for exit in exits)
    (pixel, edge), _ = exits
    clip = made.axes[0].bbox
    assert edge == 0 and pixel[0] == pytest.approx(clip.x0) and clip.y0 < pixel[1] < clip.y1
    (names,) = names_of(made)
    assert len(names.stamps(0)) == 2


def test_a_name_covers_no_note() -> None:
    notes = "view: {notes: [{step: 30, of: 1, text: arrives}, {at: [0, 0], text: the minimum}]}\n"
    made = painter(RACES["three"] + notes)
    (names,) = names_of(made)
    renderer = made._renderer
    texts = [text.get_window_extent(renderer).extents for text in made.axes[0].texts]
    appearing = [mark.box(renderer, 30)[0] for mark in made._marks if hasattr(mark, "box")]
    assert len(texts) == len(appearing) == 1
    for box in boxes(list(names.stamps(30))):
        assert not any(overlap(box, note) for note in [*texts, *appearing])


CURVES = ("loss", "rates", "gradient_norm")


@pytest.mark.parametrize("panel", CURVES)
def test_the_whole_curve_is_there_as_a_ghost_from_the_first_frame_on(panel: str) -> None:
    made = painter(QUADRATIC + f"optimizer: adam\npanels: [{panel}]\n", SMALL)
    first = made.paint(0)[..., :3].astype(int)
    curve = next(mark for mark in made._marks if isinstance(mark, Trail)).points
    pixels = curve[np.isfinite(curve).all(axis=1)][5:-2]
    low, high = made.axes[0].bbox.frozen().padded(-2).get_points()
    pixels = pixels[((pixels > low) & (pixels < high)).all(axis=1)]
    around = [first[len(first) - 1 - round(y) - 1 :][:3, round(x) - 1 : round(x) + 2].min()
              for x, y in pixels]  # fmt: skip
    assert len(pixels) > 9 and max(around) < 250 and np.median(around) > 150


@pytest.mark.parametrize("panel", ["contour", "surface3d"])
def test_older_steps_are_pale_while_a_trail_moves_and_strong_in_the_last_frame(panel: str) -> None:
    made = painter(QUADRATIC + f"optimizer: momentum\npanels: [{panel}]\n")
    (head,) = heads_of(made)
    color = [int(head.trace.color[i : i + 2], 16) for i in (1, 3, 5)] if head.trace else []

    def distance(step: int) -> float:
        """How far the middle of the first line is from the color of the trace."""
        x, y = head.pixels(1)[:2].mean(axis=0) if panel == "contour" else head.pixels(1)[5]
        drawn = made.paint(step)[..., :3].astype(int)
        part = drawn[len(drawn) - round(y) - 3 :][:5, round(x) - 2 : round(x) + 3]
        return float(np.abs(part - color).max(axis=-1).min())

    assert distance(4) < 60 < distance(20) and distance(30) < 60


def test_lines_that_only_cross_the_panel_are_pale() -> None:
    view = "view: {x: [-1, 1], y: [-1, 1]}\n"
    made = painter(QUADRATIC + f"optimizer: {{name: gd, lr: 0.6}}\n{view}", "steps=4")
    (head,) = heads_of(made)
    points = head.pixels(4)
    crossing = (points[1] + points[2]) / 2
    assert outside(points[1:3], head.clip).all() and not outside(crossing[None], head.clip)[0]
    x, y = map(round, crossing)
    drawn = made.paint(4)[..., :3].astype(int)
    color = np.array([int(head.trace.color[i : i + 2], 16) for i in (1, 3, 5)])
    part = drawn[len(drawn) - y - 4 :][:8, x - 4 : x + 4]
    distance = np.abs(part - color).max(axis=-1).min()
    ground = np.abs(made.paint(0)[len(drawn) - y - 1, x, :3].astype(int) - color).max()
    assert 0.5 * ground < distance < 0.95 * ground


def test_dashes_of_a_sweep_have_enough_ink() -> None:
    for dash in DASHES[1:]:
        assert dash and sum(dash[::2]) >= 0.5 * sum(dash) and min(dash) >= 2
