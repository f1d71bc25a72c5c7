"""The painter of a scene, made where matplotlib is needed first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optanim.drawing.isolation import isolated_import
from optanim.pipeline.signals import held_signals
from optanim.scene.scene import Scene

if TYPE_CHECKING:
    from optanim.drawing.painter import Painter


def painter_of(scene: Scene) -> Painter:
    """The painter of a scene. Signals wait while it draws what stands still.

    Raises:
        ConfigError: as `Painter` does.
    """
    # Imported here: matplotlib takes half a second, and `check` does not need it.
    with isolated_import():
        from optanim.drawing.painter import Painter
    with held_signals():
        return Painter(scene)
