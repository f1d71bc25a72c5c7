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
