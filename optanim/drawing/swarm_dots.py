"""The dots of a swarm: small stamps at whole pixels, many thousands in each frame.

A path of Agg takes ten microseconds. Here the dots of a frame are written by a few operations on
arrays: a map of what covers each pixel of the panel becomes colors. Each color of a dot is opaque,
so that a GIF has few of them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backend_bases import RendererBase
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.colors import to_rgba
from matplotlib.path import Path
from matplotlib.transforms import Affine2D, Bbox

from optanim.drawing.axes import to_pixels
from optanim.drawing.colors import rgb_bytes
from optanim.drawing.display_list import DisplayList, DotLayer
from optanim.drawing.marks import IDENTITY
from optanim.drawing.pixel_boxes import PixelBox, box_around
from optanim.scene.scene import Scene, Trace
from optanim.surfaces import Array

MAX_RADIUS, MIN_RADIUS = 2.6, 1.0
"""Pixels of the default figure: the radius of the dots of a small swarm, and of a large one, which
is no less than that many pixels of any figure."""

ROUND_RADII = 1.3, 1.8
"""Pixels: a radius between these is not used."""

COVERED_SHARE = 0.15
"""The part of a panel that the dots of a swarm cover, unless they are as large or small as that."""

START_SIZE, START_ALPHA = 0.75, 0.7
"""The side of the mark at a start as a part of the radius of a dot; and its opacity."""

HALO_WIDTH = 0.9
"""Pixels of the default figure: the width of the halo around a dot."""

STILL = 1.0
"""Pixels: a dot that stays this near to where it ends is drawn there."""

MAX_POINTS = 100_000
"""Number of points that are located at a time."""

LEVELS = 3
"""Steps of coverage at the edge of a dot, which is on its halo. The halo itself has no shades: a
GIF with them is a fifth larger, and looks the same."""

Locate = Callable[[Array, float], tuple[Array, npt.NDArray[np.bool_]]]
"""Points (d, n) and a step -> their pixels (n, 2) from the bottom left, and whether each is seen.
"""


class DotPixels(NamedTuple):
    """The pixels of a dot that have the same color.

    Attributes:
        rows, columns: from the middle of the dot, (n,).
        cover: the share of each pixel that the dot covers; the halo covers the rest.
    """

    rows: npt.NDArray[np.intp]
    columns: npt.NDArray[np.intp]
    cover: float


class SwarmDots:
    """The dots of a swarm at a step.

    Args:
        trace: of the swarm, with the colors of its dots.
        locate: where points of the surface are in the panel.
        clip: the rectangle in which dots are drawn.
        unit: pixels per pixel of the default figure.
        halo: the color around a dot.
        radius: of a dot, in pixels.
        moving: whether the place of a point depends on the step, as where a camera turns.
    """

    def __init__(
        self, trace: Trace, locate: Locate, *, clip: Bbox, unit: float, halo: str, radius: float,
        moving: bool = False,
    ) -> None:  # fmt: skip
        assert trace.swarm and trace.dots and trace.swarm.members.points is not None
        self.owner, self._radius, self._halo = trace, radius, halo
        self._halo_width = HALO_WIDTH * unit
        members, self._locate, self._clip = trace.swarm.members, locate, clip
        self._dots, self._ends, self._last = trace.dots, members.ends, members.steps
        self._points, self._steps = trace.swarm.members.points, trace.swarm.last_step
        self._stamps = stamps(radius, self._halo_width)
        self._colors = _mixed(trace.dots.colors, halo, self._stamps)
        self._moving = moving

    def draw(self, renderer: RendererAgg, step: float) -> PixelBox:
        """Write the dots of a step into the pixels."""
        picture = np.asarray(renderer.buffer_rgba())
        x0, y0, x1, y1 = (round(side) for side in self._clip.extents)
        panel = picture[len(picture) - y1 : len(picture) - y0, x0:x1]
        height, width = panel.shape[:2]
        pixels, seen = self._locate(self._places(step), step)
        margin = max(int(np.abs(stamp.rows).max()) for stamp in self._stamps)
        inside = (pixels >= (x0 - margin, y0 - margin)) & (pixels < (x1 + margin, y1 + margin))
        seen = seen & inside.all(axis=1)
        column, row = (np.floor(pixels[seen]) - (x0, y0)).astype(np.intp).T
        # A margin around the panel takes what is cut off.
        covers = np.zeros((height + 4 * margin, width + 4 * margin), np.uint16)
        place = (height - 1 - row + 2 * margin) * covers.shape[1] + column + 2 * margin
        flat, colors = covers.reshape(-1), self._dots.at(step)[seen].astype(np.uint16)
        for i, stamp in enumerate(self._stamps):
            offset = stamp.rows * covers.shape[1] + stamp.columns
            code = 1 + i + colors * len(self._stamps)
            flat[place[:, None] + offset] = np.broadcast_to(code, place.shape)[:, None]
        shown = covers[2 * margin : 2 * margin + height, 2 * margin : 2 * margin + width]
        rows, columns = np.nonzero(shown)
        panel[rows, columns, :3] = self._colors[shown[rows, columns]]
        return box_around(pixels[seen], margin + 1, self._clip)

    def draw_vectors(self, renderer: RendererBase, step: float) -> None:
        """Draw the halos of the dots of a step, and over them the dots of each color."""
        pixels, seen = self._locate(self._places(step), step)
        reach = self._radius + self._halo_width
        inside = self._clip.padded(reach).get_points()
        seen = seen & ((pixels >= inside[0]) & (pixels <= inside[1])).all(axis=1)
        colors = self._dots.at(step)[seen]
        order = np.argsort(colors, kind="stable")
        places, counts = pixels[seen][order], np.bincount(colors, minlength=len(self._dots.colors))
        firsts = np.cumsum(counts) - counts
        layers = [DotLayer(reach, to_rgba(self._halo), 0, len(places))]
        layers += [
            DotLayer(self._radius, to_rgba(color), int(first), int(count))
            for color, first, count in zip(self._dots.colors, firsts, counts, strict=True)
        ]
        gc = renderer.new_gc()
        gc.set_clip_rectangle(self._clip)
        gc.set_linewidth(0)
        if isinstance(renderer, DisplayList):
            renderer.draw_dots(gc, layers, places)
        else:
            for radius, color, first, count in layers:
                if count:
                    here = Path(places[first : first + count])
                    size = Affine2D().scale(radius)
                    renderer.draw_markers(gc, Path.unit_circle(), size, here, IDENTITY, color)
        gc.restore()

    def _places(self, step: float) -> Array:
        """The point of each dot at a step, (d, R); linear interpolation between two updates."""
        step = min(max(step, 0.0), float(self._steps))
        k = int(step)
        now = np.where(self._last <= k, self._ends, self._points[:, k])
        if step > k:
            after = np.where(self._last <= k + 1, self._ends, self._points[:, k + 1])
            with np.errstate(all="ignore"):
                now = now + (step - k) * (after - now)
        return np.where(self._still_from <= step, self._ends, now)

    @cached_property
    def _still_from(self) -> npt.NDArray[np.int64]:
        """The step from which on each dot stays where it ends, (R,), to `STILL` pixels."""
        if self._moving:
            return self._last
        end, _ = self._locate(self._ends, 0.0)
        moves, size = np.zeros(len(end), np.int64), max(1, MAX_POINTS // len(end))
        for first in range(0, self._steps + 1, size):
            steps = np.arange(first, min(first + size, self._steps + 1))[:, None]
            points = self._points[:, steps[:, 0]]
            points = np.where(self._last <= steps, self._ends[:, None], points)
            pixels, _ = self._locate(points.reshape(len(points), -1), 0.0)
            away = np.abs(pixels.reshape(-1, *end.shape) - end).max(axis=2) > STILL
            moves = np.maximum(moves, np.where(away, steps + 1, 0).max(axis=0))
        return moves


def swarm_marks(
    traces: Sequence[Trace], locate: Locate, scene: Scene, clip: Bbox
) -> list[SwarmDots]:
    """The dots of the swarms of a panel.

    Args:
        traces: of the swarms.
        locate: see `Locate`.
        scene: for its colors and its camera.
        clip: the rectangle in which dots are drawn.
    """
    radius = dot_radius(_dot_count(traces), clip, scene.unit)
    return [
        SwarmDots(trace, locate, clip=clip, unit=scene.unit, halo=scene.theme.halo, radius=radius,
                  moving=bool(scene.view.camera.turn))
        for trace in traces
    ]  # fmt: skip


def draw_starts(axes: Axes, scene: Scene, traces: Sequence[Trace]) -> None:
    """Mark the starts of swarms by small pale dots, which stay when the others have left.

    Those of one swarm show where each has come to; those of several are the same points.

    Args:
        axes: to draw on.
        scene: for its colors.
        traces: of the swarms.
    """
    drawn: list[Array] = []
    for trace in traces:
        assert trace.swarm and trace.dots
        starts = trace.swarm.members.starts
        if any(np.array_equal(starts, others) for others in drawn):
            continue
        drawn.append(starts)
        colors: Any = scene.theme.faint
        if len(traces) == 1 and scene.dots_by == "minimum":
            colors = np.array(trace.dots.colors)[trace.dots.at(0)]
        clip = axes.bbox.frozen()
        side = START_SIZE * dot_radius(_dot_count(traces), clip, scene.unit)
        axes.add_artist(StartMarks(to_pixels(axes, starts), colors, clip, max(1, round(side))))


class StartMarks(Artist):
    """Pale squares of whole pixels, which are drawn once.

    Shades at their edges would be thousands of further colors, and take seconds to be merged.

    Args:
        pixels: their middles, (R, 2) from the bottom left.
        colors: `#RRGGBB`, of all, or of each, (R,).
        clip: the rectangle in which they are drawn.
        side: of each, in pixels.
    """

    def __init__(self, pixels: Array, colors: Any, clip: Bbox, side: int) -> None:
        super().__init__()
        self.set_zorder(2.5)
        self._pixels, self._clip, self._side = pixels, clip, side
        self._colors, self._index = np.unique(
            np.broadcast_to(colors, len(pixels)), return_inverse=True
        )
        self._inks = np.stack([rgb_bytes(str(name)) for name in self._colors])[self._index]

    def draw(self, renderer: RendererBase) -> None:
        """Draw all of them. Of one color, where two overlap is no darker than one of them."""
        if isinstance(renderer, RendererAgg):
            self._blend(np.asarray(renderer.buffer_rgba()))
            return
        gc = renderer.new_gc()
        gc.set_clip_rectangle(self._clip)
        gc.set_linewidth(0)
        corners = self._side / 2 * np.array([[-1, -1], [1, -1], [1, 1], [-1, 1], [-1, -1]])
        codes = [Path.MOVETO, *[Path.LINETO] * 3, Path.CLOSEPOLY]
        for i, color in enumerate(self._colors.tolist()):
            # One path for all: its area is filled once.
            squares = self._pixels[self._index == i][:, None] + corners
            path = Path(squares.reshape(-1, 2), np.tile(codes, len(squares)).astype(Path.code_type))
            renderer.draw_path(gc, path, IDENTITY, to_rgba(color, START_ALPHA))
        gc.restore()

    def _blend(self, picture: npt.NDArray[np.uint8]) -> None:
        """Blend them into pixels; one that lies over another replaces it."""
        left, bottom = (np.floor(self._pixels - (self._side - 1) / 2)).astype(int).T
        offsets = np.arange(self._side)
        columns = (left[:, None, None] + offsets).repeat(self._side, axis=1).reshape(len(left), -1)
        rows = (bottom[:, None, None] + offsets[:, None]).repeat(self._side, axis=2)
        rows = rows.reshape(len(left), -1)
        x0, y0, x1, y1 = (round(side) for side in self._clip.extents)
        inside = (columns >= x0) & (columns < x1) & (rows >= y0) & (rows < y1)
        mark, _ = np.nonzero(inside)
        at = len(picture) - 1 - rows[inside], columns[inside]
        ground = picture[at][:, :3].astype(np.float64)
        mixed = np.rint(ground + START_ALPHA * (self._inks[mark] - ground))
        picture[(*at, slice(3))] = mixed.astype(np.uint8)

    def get_window_extent(self, renderer: object = None) -> Bbox:
        """The pixels of the panel."""
        return self._clip


def _dot_count(traces: Sequence[Trace]) -> int:
    return sum(len(trace.swarm.members) for trace in traces if trace.swarm)


def dot_radius(count: int, clip: Bbox, unit: float) -> float:
    """The radius of each of `count` dots in a panel, in pixels: many dots are small."""
    radius = np.sqrt(COVERED_SHARE * clip.width * clip.height / (np.pi * max(count, 1)))
    radius = float(np.clip(radius, max(MIN_RADIUS, MIN_RADIUS * unit), MAX_RADIUS * unit))
    # Between these a dot of whole pixels is a square.
    return ROUND_RADII[0] if ROUND_RADII[0] < radius < ROUND_RADII[1] else radius


def stamps(radius: float, halo: float) -> list[DotPixels]:
    """The pixels of a dot and its halo by their coverage, in the order in which they are written.

    First comes the halo, so that the halos of all dots are under all dots, and what is covered most
    comes last.

    Args:
        radius: of the dot, in pixels.
        halo: the width of its halo, in pixels.
    """
    reach = int(np.ceil(radius + halo))
    rows, columns = np.mgrid[-reach : reach + 1, -reach : reach + 1]
    distance = np.hypot(rows, columns)
    cover = np.rint(np.clip(radius + 0.5 - distance, 0, 1) * LEVELS).astype(int)
    written = [distance <= radius + halo, *(cover == level for level in range(1, LEVELS + 1))]
    return [
        DotPixels(rows[here], columns[here], level / LEVELS)
        for level, here in enumerate(written)
        if here.any()
    ]


def _mixed(colors: tuple[str, ...], halo: str, written: list[DotPixels]) -> npt.NDArray[np.uint8]:
    """The color of each code of the map, (n, 3); code 0 is no dot."""
    outline = rgb_bytes(halo).astype(np.float64)
    mixed = [outline + part.cover * (rgb_bytes(color) - outline)
             for color in colors for part in written]  # fmt: skip
    return np.rint([outline, *mixed]).astype(np.uint8)
