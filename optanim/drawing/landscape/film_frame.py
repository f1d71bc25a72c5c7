"""The surface in one frame of a film, whose camera turns: one sample a pixel.

Supersampling takes four times as long. Here the distance of a pixel to the nearest contour says how
much of it the line covers, in few steps: a GIF compresses equal pixels. Edges, where distances say
nothing, are covered by lines that Agg draws.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from matplotlib.path import Path

from optanim.drawing.landscape.height_field import BACKGROUND_KEY, HeightField, Singles
from optanim.drawing.landscape.projection import Projection
from optanim.drawing.landscape.shading import (
    COVERAGES,
    LIGHT_LEVELS,
    unpacked,
)
from optanim.drawing.landscape.visibility import BELOW_PICTURE, Visibility

Packed = npt.NDArray[np.uint32]

LIGHT_STEP = 2
"""Neighbouring light levels that are one in a film."""

HIDDEN_SAMPLES = 3
"""A crest hides at least so many samples behind it."""

MAX_CREST_SHIFT = 4
"""Samples by which a crest comes nearer or goes farther in the next column."""

MAX_SHIFT = 50.0
"""Rows by which a point of the surface is higher or lower in the next column, at most."""

MIN_SLOPE = 1e-4
"""Bands a pixel: on flatter ground no line is drawn."""


class FilmFrames:
    """Renders a height field for cameras that turn around it.

    Args:
        field: the surface.
        line_width: of the lines between bands, in pixels.
    """

    def __init__(self, field: HeightField, line_width: float) -> None:
        # A thinner line is a paler one: it has the same strength wherever it lies between pixels.
        self._field, self._width = field, max(line_width, 1.0)
        # The light of each cell as the first of its colors in the table.
        lights = field.light_levels // LIGHT_STEP * LIGHT_STEP
        self._lights = lights.astype(np.uint16) * COVERAGES
        self._surface_colors = field.shading.film_colors(min(line_width, 1.0))
        self._tables: dict[tuple[float, ...], Packed] = {}

    def render(self, visibility: Visibility) -> Packed:
        """The pixels of the rectangle, (height, width) of four bytes each, from the top."""
        rect, shading = visibility.rect, self._field.shading
        row_counts = visibility.row_counts()
        counts = row_counts[:, 2:-1]
        segments = np.repeat(np.arange(counts.size, dtype=np.int32), counts.ravel())
        below, seen = (part.sum(axis=1, dtype=np.int32) for part in (row_counts[:, :2], counts))
        # The pixels of the surface, one column after the other.
        rows = np.arange(len(segments), dtype=np.int32)
        rows += np.repeat(below - np.cumsum(seen, dtype=np.int32) + seen, seen)
        base, rise, flatness = self._lines(visibility)
        level = rise.take(segments)
        level *= rows.astype(np.float32)
        level += base.take(segments)
        last = len(shading.bands) - 1
        nearest = np.rint(level).clip(1, max(last, 1))
        level -= nearest
        if shading.lines:
            cover = np.abs(level)
            cover += np.float32(MIN_SLOPE)
            cover *= -flatness.take(segments)
            cover += np.float32(0.5 + self._width / 2)
            nearest -= level < 0
        else:
            # The share of the upper band in the pixel.
            cover = level * flatness.take(segments)
            cover += np.float32(0.5)
            nearest -= 1
        np.clip(cover, 0, 1, out=cover)
        cover *= np.float32(COVERAGES - 1)
        colors = self._lights.take(visibility.cells[:, 1:]).take(segments)
        colors += np.rint(cover).astype(np.uint16)
        colors += nearest.clip(0, last).astype(np.uint16) * np.uint16(LIGHT_LEVELS * COVERAGES)
        table, special = self._table(visibility.projection), len(self._surface_colors)
        pixels = np.full((rect.width, rect.height), table[special])
        columns = visibility.first + np.arange(len(seen))
        pixels[columns] = self._ground(visibility, row_counts, table[special:])
        rows += np.repeat((columns * rect.height).astype(np.int32), seen)
        pixels.reshape(-1)[rows] = table.take(colors)
        return pixels.T[::-1]

    def _lines(self, visibility: Visibility) -> tuple[Singles, Singles, Singles]:
        """For each segment of the surface the number of bands below row 0, their number for each
        row, and the pixels from one line to the next, (columns, samples - 1) each.
        """
        values = self._field.bands_below(visibility.heights)
        base, rise = visibility.along_rows(values)
        # Along the columns the same point of the surface is higher or lower by `shift`.
        across, shift = (np.diff(part[:, 1:], axis=0) for part in (values, visibility.up))
        across -= rise[:-1] * shift.clip(-MAX_SHIFT, MAX_SHIFT)
        steepness = rise * rise
        steepness[:-1] += across * across
        np.maximum(steepness, np.float32(1e-12), out=steepness)
        return base, rise, 1 / np.sqrt(steepness)

    def _ground(
        self, visibility: Visibility, row_counts: npt.NDArray[np.int32], special: Packed
    ) -> Packed:
        """The pixels of the columns, (columns, height), without the surface."""
        walls = special[COVERAGES * (visibility.wall - BACKGROUND_KEY)]
        background = np.full_like(walls, special[0])
        counts = np.stack([
            row_counts[:, 0], row_counts[:, 1], row_counts[:, 2:].sum(axis=1)
        ], axis=1)  # fmt: skip
        colors = np.stack([background, walls, background], axis=1)
        return np.repeat(colors.ravel(), counts.ravel()).reshape(len(walls), -1)

    def _table(self, projection: Projection) -> Packed:
        """The colors of the surface, and of the background and the two walls at any coverage."""
        sides = tuple(np.sign(projection.azimuth_cos_sin).tolist())
        if sides not in self._tables:
            walls = unpacked(self._field.colors(projection)[-2 * LIGHT_LEVELS :: LIGHT_LEVELS])
            background = np.array([*self._field.shading.background, 255], np.uint8).view("<u4")
            special = np.repeat(np.concatenate([background, walls]), COVERAGES)
            self._tables[sides] = np.concatenate([self._surface_colors, special])
        return self._tables[sides]


def outline(visibility: Visibility) -> Path:
    """The outline of the box and the crests of the surface, in pixels of the picture."""
    rect, count = visibility.rect, len(visibility.foot)
    if not count:
        return Path(np.zeros((0, 2)))
    x = rect.left + visibility.first + np.arange(count) + 0.5
    x[0], x[-1] = x[0] - 0.5, x[-1] + 0.5
    top = np.maximum(visibility.horizon[:, -1], visibility.foot)
    near = np.maximum(visibility.up[:, 0], visibility.foot)
    lines = [np.stack([x, y], axis=1) for y in (visibility.foot, near, top)]
    corners = [0, count - 1, *(np.flatnonzero(np.diff(visibility.wall)))]
    lines += [
        np.array([[x[i], visibility.foot[i]], [x[i], (top if j < 2 else near)[i]]])
        for j, i in enumerate(corners)
    ]
    codes = np.full(sum(map(len, lines)), Path.LINETO, Path.code_type)
    codes[np.cumsum([0, *map(len, lines[:-1])])] = Path.MOVETO
    if visibility.field.shading.lines:
        lines.append(_crests(visibility, x))
        pair = np.array([Path.MOVETO, Path.LINETO], Path.code_type)
        codes = np.concatenate([codes, np.tile(pair, len(lines[-1]) // 2)])
    return Path(np.concatenate(lines) + np.array([0, rect.bottom]), codes)


def _crests(visibility: Visibility, x: npt.NDArray[np.floating]) -> npt.NDArray[np.floating]:
    """Ends of lines from column to column, (2 n, 2), where the surface hides what is behind it."""
    shown = visibility.up >= visibility.horizon
    crest = shown.copy()
    for k in range(1, HIDDEN_SAMPLES + 1):
        crest[:, :-k] &= ~shown[:, k:]
    crest[:, -HIDDEN_SAMPLES:] = False
    crest &= visibility.up < visibility.horizon[:, -1:]
    crest &= visibility.up > BELOW_PICTURE
    column, sample = np.nonzero(crest[:-1])
    after = np.full(len(column), -1)
    for shift in sorted(range(-MAX_CREST_SHIFT, MAX_CREST_SHIFT + 1), key=abs, reverse=True):
        other = (sample + shift).clip(0, crest.shape[1] - 1)
        after = np.where(crest[column + 1, other], other, after)
    column, sample, after = (part[after >= 0] for part in (column, sample, after))
    begin = np.stack([x[column], visibility.up[column, sample]], axis=1)
    end = np.stack([x[column + 1], visibility.up[column + 1, after]], axis=1)
    return np.stack([begin, end], axis=1).reshape(-1, 2)
