"""Marks that appear at a step and stay: their pixels are drawn once, then blended into frames."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.artist import Artist
from matplotlib.backend_bases import RendererBase
from matplotlib.backends.backend_agg import RendererAgg

from optanim.drawing.pixel_boxes import NO_PIXELS, PixelBox
from optanim.drawing.scratch import scratch_renderer
from optanim.surfaces import Array


class Appearing:
    """Artists that are there from a step on.

    Args:
        artists: with places in pixels.
        renderer: of the figure, which has its size.
        step: with which they appear.

    Attributes:
        artists: as above.
        step: as above.
    """

    def __init__(self, artists: Sequence[Artist], renderer: RendererAgg, step: float) -> None:
        self.artists, self.step = artists, step
        scratch = scratch_renderer(renderer, int(renderer.width), int(renderer.height))
        for artist in artists:
            artist.draw(scratch)
        pixels = np.asarray(scratch.buffer_rgba())
        rows, columns = (np.flatnonzero(pixels[..., 3].any(axis=side)) for side in (1, 0))
        # Blanks have no pixels.
        self.part = tuple(
            slice(at[0], at[-1] + 1) if len(at) else slice(0) for at in (rows, columns)
        )
        drawn = pixels[self.part].astype(np.uint16)
        # Of 256, so that a shift divides. All four channels at once are contiguous in memory,
        # which is five times as fast as three; the picture stays opaque.
        weight = (drawn[..., 3:] * np.uint32(256) + 127) // 255
        drawn[..., 3] = 255
        self._ground = np.repeat(256 - weight, 4, axis=2).astype(np.uint16)
        self._ink = (drawn * weight + 127).astype(np.uint16)

    def box(self, renderer: RendererAgg, step: float) -> Array:
        """The box that it covers at a step, (n, 4): left, bottom, right, top; n is 0 before."""
        rows, columns = self.part[:2]
        height = len(np.asarray(renderer.buffer_rgba()))
        box = np.array([[columns.start, height - rows.stop, columns.stop, height - rows.start]])
        return box.astype(float)[: step >= self.step]

    def draw(self, renderer: RendererAgg, step: float) -> PixelBox:
        """Blend them into the pixels from their step on."""
        if step < self.step:
            return NO_PIXELS
        pixels = np.asarray(renderer.buffer_rgba())[self.part]
        pixels[:] = (pixels * self._ground + self._ink) >> 8
        return PixelBox(*self.box(renderer, step)[0].tolist())

    def draw_vectors(self, renderer: RendererBase, step: float) -> None:
        """Draw the artists from their step on."""
        for artist in self.artists if step >= self.step else ():
            artist.draw(renderer)
