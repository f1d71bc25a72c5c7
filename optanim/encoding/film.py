"""The frames of an animation, each painted when it is read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, overload

import numpy as np
import numpy.typing as npt

from optanim.drawing.pixel_boxes import Band, Repainted
from optanim.formulas.plain_text import plain
from optanim.scene.timeline import Moment

if TYPE_CHECKING:
    from optanim.drawing.painter import Painter


@dataclass(frozen=True)
class Frame:
    """A picture and how long it is shown.

    Attributes:
        pixels: (height, width, 4) uint8 RGBA, opaque. The next frame of an iteration may be painted
            into them.
        seconds: the duration.
        changes: where it may differ from the frame before it; None is everywhere.
    """

    pixels: npt.NDArray[np.uint8]
    seconds: float
    changes: tuple[Band, ...] | None = None


class Film(Sequence[Frame]):
    """The frames of an animation. Each frame is painted when it is read, and is not stored.

    Args:
        paint: returns the pixels of a step, (height, width, 4) uint8 RGBA.
        moments: the step and the duration of each frame.
        loop: number of times the animation plays; 0 means without end.
        colors: colors `#RRGGBB` that the files must contain exactly.
        progress: called after each frame of an iteration with the number of painted frames and the
            number of all frames.
        comment: a text to store in the files; "" for none. Line breaks become `\\n`.
        repaint: the same as `paint` without a copy, for one frame after the other: it is also given
            the number that it returned for the frame before, or None. `paint` leaves its pixels.
        painter: for formats that draw vectors and no frames; None where there are only pictures.
        page: returns the page of the figure, for the format `html`, with a comment.
        alt: plain text that describes the figure, for formats that have a place for it.
    """

    def __init__(
        self,
        paint: Callable[[float], npt.NDArray[np.uint8]],
        moments: Sequence[Moment],
        loop: int = 0,
        colors: Sequence[str] = (),
        progress: Callable[[int, int], None] = lambda done, total: None,
        comment: str = "",
        repaint: Callable[[float, int | None], Repainted] | None = None,
        painter: Painter | None = None,
        page: Callable[[str], str] | None = None,
        alt: str = "",
    ) -> None:
        self._paint, self.moments, self._progress = paint, moments, progress
        self.loop, self.colors, self._repaint = loop, colors, repaint
        self.painter, self.page, self.alt = painter, page, alt
        self.comment = comment.replace("\r\n", "\n").replace("\r", "\n")

    @property
    def title(self) -> str:
        """The title of the figure as plain text; "" if it has none."""
        return plain(self.painter.scene.title or "") if self.painter else ""

    def __len__(self) -> int:
        return len(self.moments)

    @overload
    def __getitem__(self, index: int) -> Frame: ...
    @overload
    def __getitem__(self, index: slice) -> Film: ...
    def __getitem__(self, index: int | slice) -> Frame | Film:
        if isinstance(index, slice):
            moments = self.moments[index]
            return Film(
                self._paint, moments, self.loop, self.colors, comment=self.comment,
                repaint=self._repaint, painter=self.painter, page=self.page, alt=self.alt,
            )  # fmt: skip
        moment = self.moments[index]
        return Frame(self._paint(moment.step), moment.seconds)

    def __iter__(self) -> Iterator[Frame]:
        shown = None
        for i, moment in enumerate(self.moments):
            if self._repaint:
                pixels, changes, shown = self._repaint(moment.step, shown)
                yield Frame(pixels, moment.seconds, changes)
            else:
                yield self[i]
            self._progress(i + 1, len(self))
