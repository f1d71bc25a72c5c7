"""A text is placed over no obstacle if any place is free, and always inside its frame."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from optanim.drawing.free_place import free_place, point_boxes, polyline_boxes

WIDTH, HEIGHT = 60, 40
FRAME = (10.0, 20.0, 10.0 + WIDTH, 20.0 + HEIGHT)

boxes = st.lists(
    st.tuples(st.integers(0, 70), st.integers(10, 60), st.integers(1, 60), st.integers(1, 40)),
    max_size=8,
).map(lambda rows: np.array([(x, y, x + w, y + h) for x, y, w, h in rows], float).reshape(-1, 4))
sizes = st.tuples(st.integers(1, WIDTH), st.integers(1, HEIGHT))
anchors = st.tuples(st.integers(-50, 150), st.integers(-50, 150))


def covers(left, bottom, size, obstacles):
    """Whether a box lies on one of the obstacles; touching is not covering."""
    right, top = left + size[0], bottom + size[1]
    x0, y0, x1, y1 = obstacles.T
    return ((x0 < right) & (x1 > left) & (y0 < top) & (y1 > bottom)).any()


@given(sizes, anchors, boxes, boxes)
def test_a_free_place_is_found_if_there_is_one(size, anchor, obstacles, soft):
    place = free_place(size, anchor, obstacles, FRAME, soft=soft)
    assert place is not None
    assert FRAME[0] <= place.left <= FRAME[2] - size[0]
    assert FRAME[1] <= place.bottom <= FRAME[3] - size[1]
    places = [
        (x, y)
        for x in range(10, 10 + WIDTH - size[0] + 1)
        for y in range(20, 20 + HEIGHT - size[1] + 1)
    ]
    everything = np.concatenate([obstacles, soft])
    for avoided in (obstacles, everything):
        if any(not covers(*at, size, avoided) for at in places):
            assert not covers(place.left, place.bottom, size, avoided)
    assert place.is_free == (not covers(place.left, place.bottom, size, everything))


def test_a_box_larger_than_its_frame_has_no_place():
    assert free_place((61, 10), (30, 30), np.zeros((0, 4)), FRAME) is None


def test_a_free_place_is_at_the_distance_at_the_right():
    place = free_place((20, 10), (200, 150), np.zeros((0, 4)), (0, 0, 400, 300), distance=8)
    assert place is not None
    assert (place.left - 200, place.bottom + 5 - 150) == (8, 0)


def test_a_far_place_is_found_where_all_near_ones_are_taken():
    taken = np.array([[0.0, 0, 900, 600]])
    place = free_place((50, 20), (100, 100), taken, (0, 0, 1000, 600))
    assert place is not None
    assert place.is_free
    assert place.left == 900


def test_cells_of_several_pixels_find_the_same_place():
    fine = free_place((20, 10), (50, 50), np.array([[58.0, 0, 70, 100]]), (0, 0, 100, 100))
    coarse = free_place((40, 20), (100, 100), np.array([[116.0, 0, 140, 200]]), (0, 0, 200, 200),
                        distance=16, cell=2)  # fmt: skip
    assert fine is not None and coarse is not None
    assert (2 * fine.left, 2 * fine.bottom) == coarse[:2]


def test_boxes_of_a_polyline_cover_it_without_its_gaps():
    points = np.array([[0.0, 0], [10, 0], [np.nan, np.nan], [30, 5], [30, 20]])
    found = polyline_boxes(points, 2.0)
    for x, y in ((5.0, 0.0), (30.0, 12.0)):
        assert covers(x, y, (0.1, 0.1), found)
    assert not covers(20.0, 2.0, (1, 1), found)
    assert point_boxes(np.array([[3.0, 4], [np.nan, 1]]), 2).tolist() == [[2, 3, 4, 5]]


def test_boxes_of_a_polyline_are_only_where_its_frame_is():
    frame = np.array(FRAME)
    points = np.array([[-1e5, 30.0], [1e5, 31.0], [1e5, 1e5], [40.0, -1e5], [40.0, 40], [40, 40]])
    found = polyline_boxes(points, 2.0, frame)
    assert len(found) < 200
    assert covers(30.0, 30.0, (1, 1), found) and covers(40.0, 25.0, (1, 1), found)
    assert not covers(60.0, 50.0, (5, 5), found)
