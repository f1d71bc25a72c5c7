"""Painters for tests of what is in the panels: made once for a config, and without a header."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache

import numpy as np
from matplotlib.backends.backend_agg import RendererAgg

import optanim
from optanim.drawing.marks import Mark
from optanim.drawing.painter import Painter
from optanim.experiment.simulate import Trajectory
from optanim.experiment.trials import trajectories_of
from optanim.scene.compose import compose_scene
from optanim.scene.scene import Scene

SMALL = "figure.size=[320, 240]"


def headless(scene: Scene) -> Painter:
    """The painter of a scene without title and caption, which take half of the time of both."""
    return Painter(replace(scene, title="", caption=()))


def painter_of(text: str, *set: str, trajectories: Iterable[Trajectory] | None = None) -> Painter:
    """The painter of a config, without title and caption.

    Args:
        text: the config.
        set: as `--set`.
        trajectories: in place of those of the config.
    """
    run = optanim.loads(text, set=set)
    return headless(compose_scene(run, tuple(trajectories or trajectories_of(run))))


def drawn_alone(made: Painter, mark: Mark, step: float, ground: int = 0) -> np.ndarray:
    """The picture of a mark on a ground of one value, (height, width, 4)."""
    height, width = made._pixels.shape[:2]
    renderer = RendererAgg(width, height, made._renderer.dpi)
    pixels = np.asarray(renderer.buffer_rgba())
    pixels[:] = ground
    mark.draw(renderer, step)
    return pixels


@lru_cache(32)
def painter(text: str, *set: str) -> Painter:
    """The same, once for a config; every test that has this config looks at it."""
    return painter_of(text, *set)
