"""The section `animation` of a config."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import Annotated, Literal

from annotated_types import Ge, Gt, Le

from optanim.schema.types import Fps, Loop, Real, Seconds, Trail

DEFAULT_STEPS_PER_SECOND = 10.0


@dataclass(frozen=True, kw_only=True)
class Animation:
    """Timing and motion.

    Attributes:
        fps: frames per second, at most 50; browsers slow down faster animations.
        steps_per_second: number of updates per second, by default 10; or
        duration: time from the first to the last update, in seconds.
        easing: the speed of the marks between two updates, slow at both ends (smooth) or constant
            (linear).
        trail: number of past steps that stay visible; -1 is all.
        hold_start: additional time of the first frame, in seconds.
        hold_end: additional time of the last frame, in seconds.
        loop: number of plays; 0 is forever.
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
        """Number of updates from a frame to the next, in a run with this number of updates."""
        if self.duration is not None:
            return steps / (self.duration * self.fps)
        return (self.steps_per_second or DEFAULT_STEPS_PER_SECOND) / self.fps


def count_frames(steps: int, animation: Animation) -> int:
    """Number of moments in the timeline of a run."""
    advance = animation.advance(steps)
    # 1e-9: a rounding error must not add a frame.
    return max(ceil(steps / advance - 1e-9) if advance else 0, min(steps, 1)) + 1
