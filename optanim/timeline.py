"""The timeline: which step is shown when, and for how long."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Annotated, overload

import numpy as np
import numpy.typing as npt
from annotated_types import Ge, Le

from optanim.rules import Fps, Loop, Real, Seconds, Trail


@dataclass(frozen=True, kw_only=True)
class Animation:
    """How a run moves.

    Attributes:
        fps: frames a second, at most 50: browsers slow down what is faster.
        steps_per_second: updates shown a second; between two updates the head slides.
        trail: how many of the last steps stay drawn; -1 is all.
        hold_end: how long the last frame stays, in seconds, beside its own time.
        loop: how often it plays; 0 is for ever.
    """

    fps: Fps = 20.0
    steps_per_second: Annotated[Real, Ge(1e-6), Le(1e6)] = 10.0
    trail: Trail = -1
    hold_end: Seconds = 2.0
    loop: Loop = 0


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
    """

    def __init__(
        self,
        paint: Callable[[float], npt.NDArray[np.uint8]],
        moments: Sequence[Moment],
        loop: int = 0,
        colors: Sequence[str] = (),
        progress: Callable[[int, int], None] = lambda done, of: None,
    ) -> None:
        self._paint, self._moments, self._progress = paint, moments, progress
        self.loop, self.colors = loop, colors

    def __len__(self) -> int:
        return len(self._moments)

    @overload
    def __getitem__(self, index: int) -> Frame: ...
    @overload
    def __getitem__(self, index: slice) -> Film: ...
    def __getitem__(self, index: int | slice) -> Frame | Film:
        if isinstance(index, slice):
            return Film(self._paint, self._moments[index], self.loop, self.colors)
        moment = self._moments[index]
        return Frame(self._paint(moment.step), moment.seconds)

    def __iter__(self) -> Iterator[Frame]:
        for i in range(len(self)):
            yield self[i]
            self._progress(i + 1, len(self))


def frames(steps: int, animation: Animation) -> int:
    """How many moments the timeline of a run has, without making them."""
    advance = animation.steps_per_second / animation.fps
    # A hair less than whole, so that 0.1 · 10 frames make one step and not two.
    return max(ceil(steps / advance - 1e-9), min(steps, 1)) + 1


def timeline(steps: int, animation: Animation) -> tuple[Moment, ...]:
    """The moments of a run of so many updates: the first at step 0, the last at the last step.

    Each stays for 1/fps seconds, the last for `hold_end` more.
    """
    advance, count = animation.steps_per_second / animation.fps, frames(steps, animation)
    still = 1 / animation.fps
    moments = [Moment(min(i * advance, steps), still) for i in range(count - 1)]
    return (*moments, Moment(float(steps), still + animation.hold_end))
