"""The painter: a scene and a step become pixels.

The still parts are drawn once, by matplotlib. Every frame is these with the marks on it: what the
marks of the frame before covered is restored.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import matplotlib
import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.backend_bases import RendererBase
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.figure import Figure

from optanim.drawing.axes import hide_inner_labels, part_numbers
from optanim.drawing.fonts import families
from optanim.drawing.grid_headers import HEADER_SIZE, cell_headers, draw_headers
from optanim.drawing.head_names import head_names, heads_by_panel, stand_apart
from optanim.drawing.header import PADDING, draw_header, live_counter
from optanim.drawing.isolation import figure_settings, forbid_missing_glyphs
from optanim.drawing.legend_room import draw_legend
from optanim.drawing.level_bar import are_alike, bar_widths, level_bars, share_bar
from optanim.drawing.marks import Mark, draw_vectors
from optanim.drawing.pixel_boxes import (
    ALL_PIXELS,
    Band,
    PixelBox,
    Repainted,
    bands_of,
    merged,
)
from optanim.drawing.reduce_colors import reduce_colors
from optanim.drawing.result_line import result_line
from optanim.drawing.trail import Past, WithPast
from optanim.drawing.trail_bundle import TrailBundle, bundled
from optanim.drawing.vectors import owner_group
from optanim.errors import ConfigError, OptionError, Problem
from optanim.scene.layout import AxesPlace, Margins, place_panels
from optanim.scene.scene import LegendKind, Scene

AXIS_NAME_HEIGHT = 14
"""Pixels of the default figure: the height of the line above each panel, for the axis' name."""

CELL_HEADER_HEIGHT = 26
"""Pixels of the default figure: the height of the line above each cell of a grid."""

MIN_AXES_SIZE = 24
"""Pixels of the default figure: the smallest width and height of axes."""

_maths_parsers: dict[tuple[str, ...], Any] = {}
"""matplotlib's parser of maths for each list of font families."""


class Painter:
    """Paints any step of a scene.

    Attributes:
        scene: the scene.
        axes: those of each panel, in rows from the top left.
        families: the font families of its texts.

    Raises:
        ConfigError: no font has a character of a text, or there is no room for a panel.
    """

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        # Where the picture differs from the ground, and each picture from the one before.
        self._drawn: Sequence[PixelBox] = [ALL_PIXELS]
        self._changes: list[tuple[Band, ...]] = []
        self._lent: float | None = None
        self._pasts: list[Past] = []
        self._past_boxes: list[PixelBox] = []
        self._ground_renderer: RendererAgg | None = None
        labels = (
            [trace.label for trace in scene.traces] if scene.legend != "none" or scene.grid else []
        )
        labels = scene.sweep.texts if scene.sweep else labels
        labels = [*labels, *(group.label for group in scene.groups)]
        data = scene.surface.data.names if scene.surface.data else ()
        names = [name for name in (scene.view.xlabel, scene.view.ylabel) if name]
        names += [note.text for note in scene.view.notes or ()]
        texts = [
            scene.words.letters,
            scene.title,
            *scene.caption,
            *scene.surface.axes,
            *data,
            *labels,
            *names,
            *scene.result,
        ]
        self.families = families(texts, scene.figure.font)
        with figure_settings(self.families), forbid_missing_glyphs():
            try:
                if not self._compose(scene.legend):
                    self._compose("box")
            except RuntimeError as error:
                raise _damaged_font(error) from None

    def paint(self, step: float) -> npt.NDArray[np.uint8]:
        """The picture at a step, fractional between two updates: (height, width, 4), opaque."""
        self._show(step)
        picture = self._pixels.copy()
        if self._lent is not None:  # Whoever has that picture looks at these pixels.
            self._show(self._lent)
        return picture

    def repaint(self, step: float, shown: int | None = None) -> Repainted:
        """The picture at a step without a copy of it, and where it is another than one before.

        Args:
            step: fractional between two updates.
            shown: the number of the picture before, as it was returned; None for none.
        """
        self._show(step)
        self._lent, changes = step, None
        if shown is not None:
            changes = merged(band for bands in self._changes[shown:] for band in bands)
        return Repainted(self._pixels, changes, len(self._changes))

    @property
    def marks(self) -> Sequence[Mark]:
        """What moves, in the order in which it is drawn."""
        return self._marks

    @contextmanager
    def settings(self) -> Iterator[None]:
        """A context in which texts are drawn with the fonts of this figure."""
        with figure_settings(self.families), forbid_missing_glyphs():
            yield

    def draw_still(self, renderer: RendererBase) -> None:
        """Draw what stands still as vectors. A unit of the renderer is a pixel of this picture."""
        with self.settings():
            self._figure.draw(renderer)

    def draw_marks(self, renderer: Any, step: float) -> None:
        """Draw what moves as vectors, at a step, in groups by `trace_id`; first older trails.

        Args:
            renderer: a RendererBase, as of `draw_still`.
            step: fractional between two updates.
        """
        with self.settings():
            for trail in self._trails:
                if not (past := trail.past(step)).empty:
                    with owner_group(renderer, self.scene, trail):
                        trail.draw_past(renderer, past)
            for bundle in self._bundles:
                bundle.draw_past(renderer, 0, bundle.whole(step))
            for mark in self._marks:
                with owner_group(renderer, self.scene, mark):
                    draw_vectors(mark, renderer, step)

    def _show(self, step: float) -> None:
        """Turn the picture that is there into that of a step."""
        height, width = self._backdrop.shape[:2]
        try:
            restored = [*self._drawn, *self._update_ground(step)]
            for band in bands_of(restored, height, width):
                self._pixels[band.part] = self._ground[band.part]
            # Until all is drawn, anything may have changed.
            self._drawn = [ALL_PIXELS]
            drawn = [mark.draw(self._renderer, step) or ALL_PIXELS for mark in self._marks]
        except RuntimeError as error:
            raise _damaged_font(error) from None
        self._drawn = drawn
        self._changes.append(bands_of([*restored, *drawn], height, width))

    def _compose(self, legend: LegendKind) -> bool:
        """Draw what is still and make the marks; False if the names have no room at the heads."""
        scene, unit = self.scene, self.scene.unit
        width, height = scene.pixels
        # One point is then one pixel of the default figure, the unit of all sizes below.
        dpi = 72 * unit
        figure = Figure((width / dpi, height / dpi), dpi=dpi, facecolor=scene.theme.background)
        canvas = FigureCanvasAgg(figure)
        if canvas.get_width_height() != (width, height):
            # matplotlib below 3.11.2 cuts off the part of a pixel that rounding leaves.
            inches = [math.nextafter(side / dpi, math.inf) for side in (width, height)]
            figure.set_size_inches(inches[0], inches[1])
        self._renderer, self._figure = _with_shared_maths(canvas.get_renderer()), figure
        counter, counter_width = live_counter(scene, width, dpi)
        top = draw_header(figure, self._renderer, scene, width - counter_width)
        top, result = result_line(figure, self._renderer, scene, top)
        room, marks = draw_legend(legend, figure, self._renderer, scene, top)
        panel_marks = self._panels(figure, top + room.above, room.right, room.below)
        if not scene.sweep:
            for heads in heads_by_panel(panel_marks):
                stand_apart(heads)
        if legend == "end":
            names = head_names(figure, self._renderer, scene, self.axes, panel_marks)
            if names is None:
                return False
            panel_marks += names
        canvas.draw()
        panel_marks = bundled(panel_marks)
        self._marks: list[Mark] = [*counter, *result, *marks, *panel_marks]
        self._pixels = np.asarray(canvas.buffer_rgba())
        self._backdrop = reduce_colors(self._pixels)
        self._trails = [mark for mark in panel_marks if isinstance(mark, WithPast)]
        self._bundles = [mark for mark in panel_marks if isinstance(mark, TrailBundle)]
        self._reached = [0] * len(self._bundles)
        self._ground = self._backdrop
        return True

    def _update_ground(self, step: float) -> Sequence[PixelBox]:
        """Draw the older parts of the trails at a step on the backdrop; where it has changed.

        They are the same in several frames, so they are drawn only when one is another. Pieces of
        the lines of bundles are added to those that are there.
        """
        pasts = [trail.past(step) for trail in self._trails]
        reached = [bundle.whole(step) for bundle in self._bundles]
        empty = all(past.empty for past in pasts) and not any(reached)
        if (pasts, reached) == (self._pasts, self._reached) or (empty and not self._past_boxes):
            return ()
        ground = self._ground_layer()
        wiped, drawn = list[PixelBox](), list[PixelBox]()
        if pasts != self._pasts or max(self._reached, default=0) > max(reached, default=0):
            wiped, self._past_boxes, self._reached = self._past_boxes, [], [0] * len(reached)
            for band in bands_of(wiped, *self._ground.shape[:2]):
                self._ground[band.part] = self._backdrop[band.part]
            for trail, past in zip(self._trails, pasts, strict=True):
                if not past.empty:
                    drawn.append(trail.draw_past(ground, past))
        for bundle, before, now in zip(self._bundles, self._reached, reached, strict=True):
            drawn.append(bundle.draw_past(ground, before, now))
        self._pasts, self._reached = pasts, reached
        self._past_boxes += drawn
        return [*wiped, *drawn]

    def _ground_layer(self) -> RendererAgg:
        """The renderer of the backdrop with the older parts of the trails."""
        if self._ground_renderer is None:
            height, width = self._backdrop.shape[:2]
            self._ground_renderer = RendererAgg(width, height, self._renderer.dpi)
            self._ground = np.asarray(self._ground_renderer.buffer_rgba())
            np.copyto(self._ground, self._backdrop)
        return self._ground_renderer

    def _panels(
        self, figure: Figure, top: float, legend_width: float, legend_height: float
    ) -> list[Mark]:
        """Draw the panels in the room that header and legend leave.

        They are drawn a second time, with wider margins, if the labels of axes or color bars need
        it, and a third time if the labels of bars are wider then.
        """
        unit, scene = self.scene.unit, self.scene
        above = CELL_HEADER_HEIGHT if scene.grid else AXIS_NAME_HEIGHT
        margins = np.array([44.0, 44.0, above]) * unit
        bars = np.zeros(len(scene.panels))
        size = figure.bbox.bounds[2:]
        if not scene.grid:
            # In a tiny picture, a name that is too near is better than no panel.
            spare_height = size[1] - top - legend_height - margins[1] - MIN_AXES_SIZE * unit
            margins[2] = min(margins[2], max(spare_height - 1, 0))
        right, headers_height = legend_width, 0.0
        if scene.has_headers:
            right, headers_height = right + HEADER_SIZE * unit, 0.7 * HEADER_SIZE * unit
            top += headers_height
        # The numbers of a landscape are at its own box.
        landscape = any(panel.entry.name == "surface3d" for panel in scene.panels)
        same_limits, same_levels = not landscape, True
        for attempt in (1, 2, 3):
            room = (size[0] - right, size[1] - top - legend_height)
            places = [
                replace(place, bottom=place.bottom + legend_height)
                for place in self._places(room, margins, bars, same_limits, same_levels)
            ]
            marks = self._draw_panels(figure, places)
            limits = {(axes.get_xlim(), axes.get_ylim()) for axes in self.axes}
            same_limits = not scene.grid or (len(limits) == 1 and not landscape)
            same_levels = bool(scene.grid) and are_alike(level_bars(self.axes))
            needed = bar_widths(self.axes, self._renderer)
            bars_fit = bool((needed <= bars).all())
            if attempt == 3 or (attempt == 2 and bars_fit):
                break
            # Labels are measured only where something follows: this takes longer than drawing.
            lack = self._margin_lack(places, margins)
            if bars_fit and (lack <= 0).all() and (same_limits or landscape):
                break
            margins += np.ceil(np.maximum(lack, 0))
            bars = np.maximum(bars, needed)
            for axes in self.axes:
                axes.remove()
        if scene.grid:
            part_numbers(self.axes)
            marks += cell_headers(figure, self._renderer, scene, self.axes)
        if same_levels and level_bars(self.axes):
            share_bar(self.axes, HEADER_SIZE * unit if scene.has_headers else 0)
        if scene.has_headers:
            baseline = top + margins[2] - above * unit - 0.2 * headers_height
            own_bars = 0.0 if same_levels else float(bars.max())
            draw_headers(figure, self._renderer, scene, self.axes, baseline, own_bars)
        return marks

    def _places(
        self, room: tuple[float, float], margins: npt.NDArray[np.float64],
        bars: npt.NDArray[np.float64], same_limits: bool, same_levels: bool,
    ) -> list[AxesPlace]:  # fmt: skip
        """The place of each panel's axes; only axes with the same limits share their labels.

        Args:
            room: the width and height of the space for all panels, in pixels.
            margins: at the left, at the bottom and above, (3,).
            bars: the widths of the color bars of the panels, (n,).
            same_limits: whether all axes have the same limits.
            same_levels: whether one bar stands for all panels.
        """
        scene = self.scene
        left, below, above = margins.tolist()
        if same_levels:
            room, bars = (room[0] - bars.max(), room[1]), np.zeros(len(bars))
        return place_panels(
            len(scene.panels), room, Margins(left, below, PADDING * scene.unit, above),
            scene.across, bars=bars.tolist(), alike=scene.grid and same_limits,
            filled=not scene.grid,
        )  # fmt: skip

    def _draw_panels(self, figure: Figure, places: Sequence[AxesPlace]) -> list[Mark]:
        """Draw each panel at its place and set `axes`; the marks of all panels are returned."""
        scene, (width, height) = self.scene, figure.bbox.bounds[2:]
        marks: list[Mark] = []
        self.axes: list[Axes] = []
        for i, (place, panel) in enumerate(zip(places, scene.panels, strict=True)):
            if min(place.width, place.height) < MIN_AXES_SIZE * scene.unit:
                help = "a larger figure.size, fewer panels, or figure.legend: none"
                if scene.view.colorbar:
                    help = help.replace("or", "view.colorbar: false, or")
                raise ConfigError([Problem("figure.size leaves no room for a panel", "", help)])
            axes = figure.add_axes(
                (place.left / width, place.bottom / height,
                 place.width / width, place.height / height)
            )  # fmt: skip
            try:
                marks += panel.entry.function(axes, scene, **panel.options)
            except OptionError as error:
                raise ConfigError([self._option_problem(i, error)]) from None
            if scene.grid:
                hide_inner_labels(axes, place)
            self.axes.append(axes)
        return marks

    def _option_problem(self, panel: int, error: OptionError) -> Problem:
        """The problem of an option that the trajectories rule out, at its place in the config."""
        key = str(error.path[0]) if error.path else ""
        places = self.scene.panel_places
        place = places[panel].get(key, "") if panel < len(places) else ""
        return Problem(f"panels[{panel}].{key}: {error}", place, error.help)

    def _margin_lack(
        self, places: Sequence[AxesPlace], margins: npt.NDArray[np.float64]
    ) -> npt.NDArray[np.float64]:
        """The pixels that the labels of axes lack at the left, at the bottom and above, (3,).

        Args:
            places: of the axes.
            margins: at the left, at the bottom and above, (3,).
        """
        unit, lack = self.scene.unit, np.zeros(3)
        for place, axes in zip(places, self.axes, strict=True):
            box = axes.get_tightbbox(self._renderer)
            if box is None:
                continue
            # Half of a tick's label is above the axes; its name and common factor need more.
            above = place.bottom + place.height + margins[2] + 4 * unit - box.y1
            edge = place.left - margins[0] if place.numbers_left else -np.inf
            below = place.bottom - margins[1] if place.numbers_below else -np.inf
            spare = np.array([box.x0 - edge - 6 * unit, box.y0 - below - 6 * unit, above])
            lack = np.maximum(lack, -spare)
        spare_height = min(place.height for place in places) // 1 - MIN_AXES_SIZE * unit
        lack[1] = min(lack[1], max(0.0, spare_height))
        lack[2] = min(lack[2], max(0.0, spare_height - lack[1] // 1 - 1))
        return lack


def _with_shared_maths(renderer: RendererAgg) -> RendererAgg:
    """A renderer with the maths that earlier figures with the same fonts have parsed.

    A parser remembers its last texts, and each renderer would have one of its own.
    """
    fonts = tuple(matplotlib.rcParams["font.family"])
    renderer.mathtext_parser = _maths_parsers.setdefault(fonts, renderer.mathtext_parser)
    return renderer


def _damaged_font(error: RuntimeError) -> ConfigError:
    """What FreeType says of a font that it reads only when a letter is drawn."""
    return ConfigError([Problem(f"a letter cannot be drawn: {error}")])
