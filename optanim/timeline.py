"""The timeline: which step is shown when, and for how long."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import ceil, floor
from typing import Annotated, Literal, overload

import numpy as np
import numpy.typing as npt
from annotated_types import Ge, Gt, Le

from optanim.rules import Fps, Loop, Real, Seconds, Trail

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


@dataclass(frozen=True)
class Moment:
    """A step to show, fractional between two updates, and for how many seconds."""

    step: float
    seconds: float


@dataclass(frozen=True)
class Frame:
    """A picture, (height, width, 4) uint8 RGBA and opaque, and for how many seconds it stays."""

    pixels: npt.NDArray[np.uint8]
    seconds: float


class Film(Sequence[Frame]):
    """The frames of an animation, each painted when it is asked for and not kept.

    Args:
        paint: a step -> its picture.
        moments: what is shown when.
        loop: how often it plays; 0 is for ever.
        colors: `#RRGGBB` that must come out exactly.
        progress: called after each frame of a pass with the frames so far, and how many there are.
        comment: a text that its files carry; "" is none. All line breaks become those of Unix.
    """

    def __init__(
        self,
        paint: Callable[[float], npt.NDArray[np.uint8]],
        moments: Sequence[Moment],
        loop: int = 0,
        colors: Sequence[str] = (),
        progress: Callable[[int, int], None] = lambda done, of: None,
        comment: str = "",
    ) -> None:
        self._paint, self.moments, self._progress = paint, moments, progress
        self.loop, self.colors = loop, colors
        self.comment = comment.replace("\r\n", "\n").replace("\r", "\n")

    def __len__(self) -> int:
        return len(self.moments)

    @overload
    def __getitem__(self, index: int) -> Frame: ...
    @overload
    def __getitem__(self, index: slice) -> Film: ...
    def __getitem__(self, index: int | slice) -> Frame | Film:
        if isinstance(index, slice):
            moments = self.moments[index]
            return Film(self._paint, moments, self.loop, self.colors, comment=self.comment)
        moment = self.moments[index]
        return Frame(self._paint(moment.step), moment.seconds)

    def __iter__(self) -> Iterator[Frame]:
        for i in range(len(self)):
            yield self[i]
            self._progress(i + 1, len(self))


def frames(steps: int, animation: Animation) -> int:
    """How many moments the timeline of a run has, without making them."""
    advance = animation.advance(steps)
    # A hair less than whole, so that 0.1 · 10 frames make one step and not two.
    return max(ceil(steps / advance - 1e-9) if advance else 0, min(steps, 1)) + 1


def timeline(steps: int, animation: Animation) -> tuple[Moment, ...]:
    """The moments of a run of so many updates: the first at step 0, the last at the last step.

    Each stays for 1/fps seconds, the first for `hold_start` more, and the last for `hold_end`.
    """
    advance, count, still = animation.advance(steps), frames(steps, animation), 1 / animation.fps
    eased = _smooth if animation.easing == "smooth" else float
    shown = [eased(min(i * advance, steps)) for i in range(count - 1)]
    stays = [still] * count
    stays[0] += animation.hold_start
    stays[-1] += animation.hold_end
    return tuple(map(Moment, [*shown, float(steps)], stays))


def _smooth(step: float) -> float:
    """The same step, nearer to the closer update: 3u² − 2u³ of the way in place of u.

    A head that sets off and arrives shows where one update ends and the next begins.
    """
    whole = floor(step)
    u = step - whole
    return whole + u * u * (3 - 2 * u)
