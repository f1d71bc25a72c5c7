"""What stands still is drawn once: the pixels are those that drawing everything gives."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.backends.backend_agg import RendererAgg

from optanim.drawing.marks import MANY_DOTS, Dots


def canvas(seed: int) -> tuple[RendererAgg, np.ndarray]:
    """A renderer whose picture is noise, and its pixels."""
    renderer = RendererAgg(160, 120, 72)
    pixels = np.asarray(renderer.buffer_rgba())
    pixels[:] = np.random.default_rng(seed).integers(0, 256, pixels.shape)
    pixels[..., 3] = 255
    return renderer, pixels


@pytest.mark.parametrize(("color", "halo"), [("#0b2545", "#ffffff"), ("#f0c808", "#101010")])
@pytest.mark.parametrize("radius", [0.6, 1.8, 5.0])
def test_settled_dots_are_those_that_agg_draws(color: str, halo: str, radius: float) -> None:
    # A dense cloud, dots alone around it, and some at the edge of the picture and beyond it.
    points = np.random.default_rng(3).normal([80, 60], [30, 9], (6000, 2))
    points[:300] = np.random.default_rng(4).uniform(-9, 170, (300, 2))
    assert len(points) > MANY_DOTS
    still = Dots(points, color, halo, radius=radius)
    moving = Dots(lambda step: points, color, halo, radius=radius)
    for seed in (1, 2):
        (first, expected), (second, painted) = canvas(seed), canvas(seed)
        ground = painted.copy()
        moving.draw(first, 0)
        still.draw(second, 0)
        assert (painted == expected).all() and (painted != ground).any()
    assert still._settled and 0 < len(still._settled.loose) < len(points)
