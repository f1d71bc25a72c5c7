"""Painters for tests of what is in the panels: made once for a config, and without a header."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cache

import optanim
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


@cache
def painter(text: str, *set: str) -> Painter:
    """The same, once for a config; every test that has this config looks at it."""
    return painter_of(text, *set)
