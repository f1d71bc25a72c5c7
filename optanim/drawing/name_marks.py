"""Names of traces as they are drawn: pixels with a halo, and thin leaders to the heads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from matplotlib.backend_bases import RendererBase
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.path import Path
from matplotlib.text import Text
from matplotlib.transforms import Affine2D

from optanim.drawing.legend import ending_text
from optanim.drawing.marks import IDENTITY
from optanim.drawing.pixel_boxes import ALL_PIXELS, NO_PIXELS, PixelBox
from optanim.drawing.scratch import scratch_renderer
from optanim.drawing.vectors import HaloText, trace_group, trace_id
from optanim.scene.scene import Scene, Trace
from optanim.surfaces import Array

Rgba = npt.NDArray[np.uint8]

NAME_SIZE, ENDING_SIZE = 13, 12
"""Pixels of the default figure: the letters of a name, and of the ending of its trial below it."""

HALO_WIDTH = 3.0
"""Pixels of the default figure: the width of the line around the letters."""

LEADER_WIDTH = 1.0
"""Pixels of the default figure."""


class Sprite(NamedTuple):
    """A drawn name with its halo.

    Attributes:
        pixels: (h, w, 4).
        size: the width and height of the letters, without the halo.
        has_ending: whether there is the ending of a trial below the name.
        lines: the same as texts, with places from the bottom left of the pixels.
        trace: that it names.
    """

    pixels: Rgba
    size: tuple[float, float]
    has_ending: bool
    lines: tuple[Text, ...]
    trace: Trace


@dataclass(frozen=True)
class Stamp:
    """A name in a frame.

    Attributes:
        sprite: that is drawn.
        left: the pixel of its left edge in the figure.
        bottom: the pixel of its lower edge, from the bottom.
        leader: the line to its head, (2, 2) in pixels; None without one.
    """

    sprite: Sprite
    left: int
    bottom: int
    leader: Array | None


class HeadNames:
    """The names in a panel.

    Args:
        placed: the names at each step that has some: the first, the last, and that of a still.
        scene: for the last step, the traces and the color around leaders.
    """

    def __init__(self, placed: Mapping[float, Sequence[Stamp]], *, scene: Scene) -> None:
        self._placed, self._scene = placed, scene
        self._halo = to_rgba(scene.theme.halo)

    def stamps(self, step: float) -> Sequence[Stamp]:
        """The names at a step: none between the first and the last frame but in a still."""
        return self._placed.get(min(step, self._scene.steps), ())

    def draw(self, renderer: RendererAgg, step: float) -> PixelBox:
        """Draw leaders, and the names over them."""
        stamps = self.stamps(step)
        if not stamps:
            return NO_PIXELS
        for stamp in stamps:
            self._draw_leader(renderer, stamp)
        for stamp in stamps:
            _blend(np.asarray(renderer.buffer_rgba()), stamp)
        return ALL_PIXELS

    def draw_vectors(self, renderer: RendererBase, step: float) -> None:
        """Draw leaders, and the names over them, each in the group of its trace."""
        for draw in (self._draw_leader, _draw_lines):
            for stamp in self.stamps(step):
                with trace_group(renderer, trace_id(self._scene, stamp.sprite.trace)):
                    draw(renderer, stamp)

    def _draw_leader(self, renderer: RendererBase, stamp: Stamp) -> None:
        if stamp.leader is None:
            return
        gc = renderer.new_gc()
        for color, width in ((self._halo, 3.0), (to_rgba(stamp.sprite.trace.color), LEADER_WIDTH)):
            gc.set_foreground(color, isRGBA=True)
            gc.set_linewidth(width)
            renderer.draw_path(gc, Path(stamp.leader), IDENTITY)
        gc.restore()


def _draw_lines(renderer: RendererBase, stamp: Stamp) -> None:
    """Draw the texts of a name as vectors."""
    place = Affine2D().translate(stamp.left, stamp.bottom)
    for line in stamp.sprite.lines:
        line.set_transform(place)
        line.draw(renderer)


def _blend(pixels: Rgba, stamp: Stamp) -> None:
    """Blend a name, whose place is whole pixels, into the pixels of a figure."""
    height, width = stamp.sprite.pixels.shape[:2]
    top = len(pixels) - stamp.bottom - height
    # The halo may reach over the edge of the figure.
    cut_top, cut_left = max(0, -top), max(0, -stamp.left)
    part = stamp.sprite.pixels[cut_top:, cut_left:].astype(np.uint16)
    box = pixels[top + cut_top : top + height, stamp.left + cut_left : stamp.left + width, :3]
    part = part[: box.shape[0], : box.shape[1]]
    alpha = part[..., 3:]
    box[:] = (box * (255 - alpha) + part[..., :3] * alpha + 127) // 255


class Lettering:
    """Draws names in the colors of their traces, each once.

    Attributes:
        scene: with the traces.
        margin: the pixels of a sprite around its letters.

    Args:
        figure: that has the resolution of texts.
        renderer: that measures them.
        scene: with the traces.
    """

    def __init__(self, figure: Figure, renderer: RendererAgg, scene: Scene) -> None:
        self._figure, self._renderer, self.scene = figure, renderer, scene
        self.margin = int(np.ceil(HALO_WIDTH * scene.unit))
        self._sprites: dict[tuple[int, str], Sprite] = {}

    def sprite(self, trace: Trace | None, step: int, *, short: bool) -> Sprite:
        """The name of a trace, and below it the ending of its trial if it is told at a step."""
        assert trace  # as `heads_by_panel` chooses marks
        ending = ending_text(self.scene, trace, short=short)(step) if step else ""
        key = id(trace), ending
        if key not in self._sprites:
            self._sprites[key] = self._draw(trace, ending)
        return self._sprites[key]

    def _draw(self, trace: Trace, ending: str) -> Sprite:
        lines = [(trace.label, NAME_SIZE, trace.color)]
        if ending:
            lines.append((ending, ENDING_SIZE, self.scene.theme.alarm))
        halo = self.scene.theme.halo
        texts = [HaloText(text, halo, HALO_WIDTH, size=size, color=color, figure=self._figure)
                 for text, size, color in lines]  # fmt: skip
        boxes = [text.get_window_extent(self._renderer) for text in texts]
        width, height = max(box.width for box in boxes), sum(box.height for box in boxes)
        sides = [int(np.ceil(side)) + 2 * self.margin for side in (width, height)]
        scratch = scratch_renderer(self._renderer, sides[0], sides[1])
        y = self.margin + height
        for text, box in zip(texts, boxes, strict=True):
            y -= box.height
            text.set(position=(self.margin, round(y)), va="bottom", transform=IDENTITY)
            text.draw(scratch)
        pixels = np.array(scratch.buffer_rgba())
        return Sprite(pixels, (width, height), bool(ending), tuple(texts), trace)
