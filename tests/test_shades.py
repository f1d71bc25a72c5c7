"""Fewer shades: edges get simpler, areas stay exact, and nothing moves further than an eye sees."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from optanim.drawing.reduce_colors import MAX_SHIFT, MIN_AREA_SQUARES, reduce_colors


def opaque(rgb: np.ndarray) -> np.ndarray:
    return np.concatenate([rgb, np.full((*rgb.shape[:2], 1), 255, np.uint8)], axis=2)


@settings(max_examples=50)
@given(arrays(np.uint8, st.tuples(st.integers(1, 12), st.integers(1, 12), st.just(3))))
def test_no_color_moves_further_than_the_tolerance(rgb: np.ndarray) -> None:
    picture = opaque(rgb)
    before = picture.copy()
    made = reduce_colors(picture)
    assert np.abs(made.astype(int) - picture).max() <= MAX_SHIFT
    assert (picture == before).all() and (made[..., 3] == 255).all()
    assert len(np.unique(made.reshape(-1, 4), axis=0)) <= len(
        np.unique(picture.reshape(-1, 4), axis=0)
    )


def test_an_edge_has_few_shades_and_areas_two_steps_apart_stay_apart() -> None:
    rgb = np.full((40, 120, 3), 200, np.uint8)
    rgb[:, 60:] = 202  # a neighbouring band: closer than the tolerance
    rgb[20, :90] = np.arange(110, 200)[:, None]  # an edge in ninety shades
    made = reduce_colors(opaque(rgb))[..., :3]
    still = np.ones((40, 120), bool)
    still[20] = False
    assert (made[still] == rgb[still]).all() and (rgb[still] == 202).sum() > 4 * MIN_AREA_SQUARES
    assert len(np.unique(made[20])) <= 90 / MAX_SHIFT + 2


def test_each_color_is_that_of_the_nearest_kept_before_it() -> None:
    """As when one color after the other is looked at, in the order of how frequent they are."""
    rng = np.random.default_rng(3)
    pixels = np.full((60, 60, 4), 255, np.uint8)
    pixels[..., :3] = rng.integers(90, 110, (60, 60, 3)) // [1, 2, 3]
    pixels[:9, :9, :3] = (97, 50, 33)
    flat = pixels[..., :3].reshape(-1, 3).astype(int)
    colors, index, count = np.unique(flat[:, ::-1], axis=0, return_inverse=True, return_counts=True)
    area = (colors == (33, 50, 97)).all(axis=1)
    kept = list[int]()
    for i in np.lexsort((-count, ~area)):
        shift = np.abs(colors[kept] - colors[i]).max(axis=1) if kept else np.array([99])
        if shift.min() <= MAX_SHIFT:
            colors[i] = colors[kept[shift.argmin()]]
        else:
            kept.append(i)
    assert 1 < len(kept) < len(colors) / 2
    assert (reduce_colors(pixels)[..., :3].reshape(-1, 3) == colors[index.ravel(), ::-1]).all()
