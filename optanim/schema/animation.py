"""The section `animation` of a config."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import Annotated, Literal

from annotated_types import Ge, Gt, Le

from optanim.schema.types import Fps, Loop, Real, Seconds, Trail

MAX_SECONDS = 6.0
"""The time from the first update to the last, if the pace is automatic."""

MIN_PACE = 2.0
"""Updates per second in a run of few updates, if the pace is automatic."""


@dataclass(frozen=True, kw_only=True)
class Animation:
    """Timing and motion.

    Attributes:
        fps: frames per second, at most 50; browsers slow down faster animations.
        steps_per_second: number of updates per second; by default the pace is automatic; or
        duration: time from the first to the last update, in seconds.
        easing: the speed of the marks between two updates, slow at both ends (smooth) or constant
            (linear).
        trail: number of past steps that stay visible; -1 is all.
        hold_start: additional time of the first frame, in seconds; by default 0.6, or 0 beside
            `steps_per_second` or `duration`.
        hold_end: additional time of the last frame, in seconds; by default 1.5, or 2 beside
            `steps_per_second` or `duration`.
        loop: number of plays; 0 is forever.
    """

    fps: Fps = 20.0
    steps_per_second: Annotated[Real, Ge(1e-6), Le(1e6)] | None = None
    duration: Annotated[Seconds, Gt(0)] | None = None
    easing: Literal["smooth", "linear"] = "smooth"
    trail: Trail = -1
    hold_start: Seconds | None = None
    hold_end: Seconds | None = None
    loop: Loop = 0

    @property
    def automatic(self) -> bool:
        """Whether the pace follows from the motion, as neither key of it is set."""
        return self.steps_per_second is None and self.duration is None

    @property
    def holds(self) -> tuple[float, float]:
        """The additional seconds of the first and of the last frame."""
        start, end = (0.6, 1.5) if self.automatic else (0.0, 2.0)
        return (
            start if self.hold_start is None else self.hold_start,
            end if self.hold_end is None else self.hold_end,
        )

    @property
    def shorter(self) -> str:
        """What makes fewer frames, as a config says it."""
        if self.steps_per_second is None and (self.duration or 0) <= 10:
            return f"animation: {{fps: {max(round(self.fps / 2), 1)}}}"
        return "animation: {duration: 10s}"

    def advance(self, steps: int) -> float:
        """Number of updates from a frame to the next, in a run with this number of updates.

        The pace must not be automatic.
        """
        if self.duration is not None:
            return steps / (self.duration * self.fps)
        assert self.steps_per_second is not None
        return self.steps_per_second / self.fps


def count_frames(steps: int, animation: Animation) -> int:
    """Number of moments in the timeline of a run; with the automatic pace it may have fewer."""
    if animation.automatic:
        return ceil(min(steps / MIN_PACE, MAX_SECONDS) * animation.fps) + 2
    advance = animation.advance(steps)
    # 1e-9: a rounding error must not add a frame.
    return max(ceil(steps / advance - 1e-9) if advance else 0, min(steps, 1)) + 1
