"""The frames of an animation, each painted when it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import overload

import numpy as np
import numpy.typing as npt

from optanim.scene.timeline import Moment


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
