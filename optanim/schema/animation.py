"""The section `animation` of a config: how a run moves."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import Annotated, Literal

from annotated_types import Ge, Gt, Le

from optanim.schema.types import Fps, Loop, Real, Seconds, Trail

PACE = 10.0
"""Updates shown a second, if nothing is said."""


@dataclass(frozen=True, kw_only=True)
class Animation:
    """How a run moves.

    Attributes:
        fps: frames a second, at most 50: browsers slow down what is faster.
        steps_per_second: updates shown a second, by default 10; or
        duration: how long the whole way takes, in seconds.
        easing: between two updates the head gains and loses speed (smooth), or keeps it (linear).
        trail: how many of the last steps stay drawn; -1 is all.
        hold_start: how long the first frame stays, in seconds, beside its own time.
        hold_end: how long the last frame stays, in seconds, beside its own time.
        loop: how often it plays; 0 is for ever.
    """

    fps: Fps = 20.0
    steps_per_second: Annotated[Real, Ge(1e-6), Le(1e6)] | None = None
    duration: Annotated[Seconds, Gt(0)] | None = None
    easing: Literal["smooth", "linear"] = "smooth"
    trail: Trail = -1
    hold_start: Seconds = 0.0
    hold_end: Seconds = 2.0
    loop: Loop = 0

    def advance(self, steps: int) -> float:
        """Updates from a frame to the next, in a run of so many."""
        if self.duration is not None:
            return steps / (self.duration * self.fps)
        return (self.steps_per_second or PACE) / self.fps


def frames(steps: int, animation: Animation) -> int:
    """How many moments the timeline of a run has, without making them."""
    advance = animation.advance(steps)
    # A hair less than whole, so that 0.1 · 10 frames make one step and not two.
    return max(ceil(steps / advance - 1e-9) if advance else 0, min(steps, 1)) + 1
