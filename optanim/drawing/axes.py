"""The axes of every panel: names, ticks and frame, and pixels of data."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import ceil, floor, log10
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.patches import PathPatch
from matplotlib.text import Text
from matplotlib.ticker import Formatter, FuncFormatter, MaxNLocator, NullFormatter
from matplotlib.transforms import Affine2D, offset_copy

from optanim.drawing.frame_exit import TRIANGLE, exit_points, outside, triangle
from optanim.drawing.text_fit import fit_text, text_width
from optanim.drawing.trail import EXIT_SIZE
from optanim.drawing.vectors import trace_id
from optanim.formulas.numbers import mantissa_and_exponent, number_label, power_label
from optanim.scene.layout import AxesPlace
from optanim.scene.line_style import MARKER_SIZE
from optanim.scene.scene import Scene, Trace
from optanim.schema.figure import MIN_LETTERS, Theme
from optanim.surfaces import Array

MAX_UNMEASURED = 12
"""A name with more characters is measured, which takes time; a shorter one fits any axis."""

TICK_ROOM, NAME_ROOM, NAME_GAP = 6, 32, 6
"""Pixels of the default figure: between the numbers and the axis, the width of a name that stands
above the numbers alone, and the gap between a name and the axes below it."""

DESCENDERS = frozenset("gjpqyQ()[]{}|,;_/")
"""Characters that reach below the line; those of other scripts do not."""

NUMBER_GAP = 8
"""Pixels of the default figure between the numbers of two neighbors in a grid."""

CELL_NAME_GAP = 12
"""Pixels of the default figure between the name of the vertical axis and the header of a cell."""

MAX_DIGITS = 1e4
"""Numbers at an axis are larger than its length by at most this factor."""

OFFSET_SIZE = 11
"""Pixels of the default figure: the letters of what all numbers of an axis have in common."""

GOAL_SIZE = 22
"""Pixels of the default figure: the diameter of the ring around a minimum, wider than a head."""

MIN_EXPONENT, MAX_EXPONENT = -5, 6
"""Numbers with exponents between these are written without a factor at the end of the axis."""

MAX_RINGS, MAX_STARTS = 24, 400
"""A sweep with more starts than these has smaller rings around them, and then none."""


def dress(axes: Axes, scene: Scene, x: str, y: str) -> None:
    """Give axes their names, few round ticks, and a quiet frame.

    The name of the vertical axis stands at its upper end, so that it is no part of a number.

    Args:
        axes: with their limits set.
        scene: for its colors and its unit.
        x: the name of the horizontal axis; maths between dollar signs.
        y: the name of the vertical axis; maths between dollar signs.
    """
    theme = scene.theme
    axes.set_facecolor(theme.background)
    axes.set_xlabel(x, color=theme.ink, size=14 if x.startswith("$") else 13, labelpad=2)
    axes.set_ylabel(y, color=theme.ink, size=14 if y.startswith("$") else 13, labelpad=4)
    _fit(axes, axes.xaxis.label, axes.bbox.width)
    axes.tick_params(length=3, width=0.8, color=theme.contour, labelcolor=theme.faint, labelsize=12)
    axes.tick_params(which="minor", length=0)
    for axis, pixels in ((axes.xaxis, axes.bbox.width), (axes.yaxis, axes.bbox.height)):
        if axis.get_scale() == "linear":
            max_count = min(7, max(2, int(pixels / scene.unit / 60)))
            axis.set_major_locator(MaxNLocator(max_count, steps=[1, 2, 5, 10]))
            numbers = _RoundNumbers(*axis.get_view_interval())
            axis.set_major_formatter(numbers)
            numbers.set_locs(axis.get_majorticklocs().tolist())
            if common := numbers.get_offset():
                _fit_common(axes, axis.get_offset_text(), common, theme.faint)
        else:
            low, high = axis.get_view_interval()
            axis.set_major_formatter(FuncFormatter(_power_label))
            # A range of little more than a decade may contain no or one power of ten.
            short = high < 20 * low
            axis.set_minor_formatter(FuncFormatter(_minor_label) if short else NullFormatter())
            axes.tick_params(axis="y", which="minor", labelcolor=theme.faint, labelsize=12)
    _set_upper_name(axes, scene)
    for spine in axes.spines.values():
        spine.set(color=theme.contour, linewidth=0.8)


def _set_upper_name(axes: Axes, scene: Scene) -> None:
    """Set the name of the vertical axis above its numbers; a long one goes on above the axes.

    In a cell of a grid the header is there: a long name is beside the numbers, turned.
    """
    axis, unit = axes.yaxis, scene.unit
    name, width = axis.label, _width(axes, axis.label)
    if not name.get_text():
        return
    short = width <= NAME_ROOM * unit
    if scene.grid and not short:
        _fit(axes, name, axes.bbox.height)
        return
    # A number at the end of the axis reaches above it.
    low, high = sorted(axis.get_view_interval())
    ends = [tick for tick in axis.get_majorticklocs() if low <= tick <= high]
    top = axes.bbox.y1 / unit
    ends = [float(axes.transData.transform((axes.get_xlim()[0], tick))[1]) / unit for tick in ends]
    descends = any(char in DESCENDERS for char in name.get_text())
    up = max(NAME_GAP, max(ends, default=0) - top + (13 if descends else 11))
    left = -TICK_ROOM if short else -TICK_ROOM - NAME_ROOM
    if scene.grid and not scene.has_headers:
        left = -CELL_NAME_GAP
    place = offset_copy(axes.transAxes, axes.get_figure(root=True), left, up, units="points")
    axis.set_label_coords(0, 1, place)
    name.set(rotation=0, ha="right" if short else "left", va="baseline")
    _fit(axes, name, axes.bbox.width - left * unit)
    if not short:
        # What all numbers have in common follows the name.
        end = (_width(axes, name) + (left + 8) * unit) / axes.bbox.width
        axis.get_offset_text().set_x(max(0.0, end))


class _RoundNumbers(Formatter):
    """Numbers of a linear axis, without those that all of them have in common.

    Far from zero they count from a round number, and very large or small ones have a factor. Both
    stand at the end of the axis. matplotlib's own formatter writes `1e−6+1e3` there.

    Args:
        low: the lower limit of the axis.
        high: the upper limit.
    """

    def __init__(self, low: float, high: float) -> None:
        self._from, self._power, self._decimals = 0.0, 0, 0
        self._low, self._high = sorted((low, high))

    def set_locs(self, locs: Sequence[float]) -> None:
        """Choose the factor and the number of decimals for numbers in equal steps."""
        extent = self._high - self._low
        shown = [x for x in locs if self._low <= x <= self._high]
        largest = max(map(abs, shown), default=0.0)
        self._from, self._power = 0.0, 0
        if largest > MAX_DIGITS * extent > 0:
            unit = 10.0 ** (ceil(log10(extent)) + 1)
            middle = (self._low + self._high) / 2 / unit
            # What all have in common is not above all of them, unless they are negative.
            count = round(middle) - (round(middle) * unit > self._high > 0)
            self._from = float(f"{count * unit:.15g}")
            largest = max(abs(x - self._from) for x in shown)
        # 1e-6: a power of ten that is a little less, and so is a step of 0.1.
        exponent = floor(log10(largest) + 1e-6) if largest else 0
        if not MIN_EXPONENT < exponent < MAX_EXPONENT:
            self._power = exponent
        step = locs[1] - locs[0] if len(locs) > 1 else largest or 1.0
        self._decimals = max(0, self._power - floor(log10(step) + 1e-6))

    def __call__(self, x: float, pos: int | None = None) -> str:
        """The number at a tick."""
        text = f"{(x - self._from) / 10.0**self._power:.{self._decimals}f}"
        return text.lstrip("-") if not float(text) else text.replace("-", "−")

    def get_offset(self) -> str:
        """The factor of the numbers, and what they count from, such as `× 10⁻⁶ + 1000`."""
        factor = [rf"$\times$ {power_label(10.0**self._power)}"] if self._power else []
        # All of its digits: without the last ones, the numbers would be false.
        digits, _, exponent = f"{abs(self._from):.15g}".partition("e")
        count = rf"{digits} $\times$ {power_label(float(f'1e{exponent}'))}" if exponent else digits
        sign = "−" if self._from < 0 else "+"
        return " ".join([*factor, *([f"{sign} {count}"] if self._from else [])])


def _power_label(value: float, position: int | None = None) -> str:
    """A power of ten as TeX; any other number as plain text.

    matplotlib's own formatter uses `mathdefault`, which takes the minus from the font of the text
    alone, and a Hangul font has none.
    """
    return power_label(value)


def _minor_label(value: float, position: int | None = None) -> str:
    """A number whose first digit is 2 or 5; otherwise nothing, because labels would overlap."""
    return number_label(value) if mantissa_and_exponent(value)[0][0] in "25" else ""


def _width(axes: Axes, text: Text) -> float:
    """The width of a text of the axes in pixels, as if it were horizontal."""
    probe = Text(text=text.get_text(), size=text.get_fontsize(), figure=axes.get_figure(root=True))
    return text_width(probe, _renderer(axes))


def _renderer(axes: Axes) -> RendererAgg:
    canvas: Any = axes.get_figure(root=True).canvas  # type: ignore[union-attr]
    return canvas.get_renderer()


def _fit(axes: Axes, name: Text, room: float) -> None:
    """Shorten a name that is longer than its room, such as that of a column of a table."""
    if len(name.get_text()) > MAX_UNMEASURED:
        rotation = name.get_rotation()
        name.set_rotation(0)
        fit_text(name, _renderer(axes), room, np.inf, MIN_LETTERS)
        name.set_rotation(rotation)


def _fit_common(axes: Axes, text: Text, common: str, color: str) -> None:
    """Make the text of what all numbers of an axis have in common as long as the axes at most."""
    text.set(color=color, size=OFFSET_SIZE)
    probe = Text(text=common, size=OFFSET_SIZE, figure=axes.get_figure(root=True))
    width = text_width(probe, _renderer(axes))
    text.set_fontsize(OFFSET_SIZE * min(1, axes.bbox.width / width))


def to_pixels(axes: Axes, points: Array) -> Array:
    """Points (2, T) as pixels (T, 2), from the bottom left.

    Agg cannot draw points at any distance. Those more than 100,000 pixels away are moved nearer,
    in the same direction from the middle of the axes.
    """
    with np.errstate(all="ignore"):
        pixels = np.nan_to_num(axes.transData.transform(points.T), posinf=1e300, neginf=-1e300)
    middle = np.array([axes.bbox.x0 + axes.bbox.width / 2, axes.bbox.y0 + axes.bbox.height / 2])
    distance = np.abs(pixels - middle).max(axis=1, keepdims=True)
    return np.asarray(middle + (pixels - middle) * np.minimum(1, 1e5 / np.maximum(distance, 1)))


def pixels_per_unit(axes: Axes) -> Array:
    """Pixels per unit along each of two linear axes, (2,)."""
    return np.asarray(axes.bbox.size / np.ptp(axes.viewLim.get_points(), axis=0))


def shape(axes: Axes, aspect: float) -> None:
    """Make axes shorter, from below, or narrower, from both sides, for a width over height."""
    box, (width, height) = axes.get_position(), axes.bbox.size
    if aspect > width / height:
        axes.set_position((box.x0, box.y1 - box.height * width / height / aspect,
                           box.width, box.height * width / height / aspect))  # fmt: skip
    else:
        new = box.width * aspect * height / width
        axes.set_position((box.x0 + (box.width - new) / 2, box.y0, new, box.height))


def star(axes: Axes, theme: Theme, points: Array, colors: Sequence[str] | None = None) -> None:
    """Mark minima, (2, n), by whole stars; those outside by triangles at the frame. n may be 0.

    The ring around each is seen also when a head has arrived and covers the star.

    Args:
        axes: to draw on.
        theme: of the figure.
        points: of the axes, (2, n).
        colors: of the rings, one for each point; None is the color of the ink.
    """
    if not points.size:
        return
    clip, pixels = axes.bbox.frozen(), to_pixels(axes, points)
    # Half a pixel: a minimum on the frame is not outside because of a rounding.
    away = outside(pixels, clip.padded(0.5))
    shown = points[:, ~away]
    inks = [theme.ink] * points.shape[1] if colors is None else colors
    for point, ink in zip(shown.T, np.array(inks)[~away], strict=True):
        for color, width in ((theme.halo, 2.8), (ink, 1.2 if ink == theme.ink else 1.8)):
            axes.plot(*point, "o", markerfacecolor="none", markersize=GOAL_SIZE,
                      markeredgecolor=color, markeredgewidth=width, zorder=3)  # fmt: skip
    axes.plot(*shown, "*", color=theme.ink, markersize=14, clip_on=False,
              markeredgecolor=theme.halo, markeredgewidth=1, zorder=3)  # fmt: skip
    for pixel in pixels[away]:
        exit_triangle(axes, theme, pixel)


def exit_triangle(axes: Axes, theme: Theme, pixel: Array) -> Array:
    """Mark a pixel outside of the axes by a triangle at the frame; the pixel of its tip."""
    # One point is one pixel of the default figure, whose unit this is.
    unit = axes.get_figure(root=True).dpi / 72  # type: ignore[union-attr]
    clip = axes.bbox.frozen()
    middle = clip.get_points().mean(axis=0)
    (exit,), (edge,) = exit_points(np.stack([middle, pixel]), clip)
    place = triangle(exit, int(edge), EXIT_SIZE * MARKER_SIZE * unit)
    axes.add_patch(PathPatch(
        place.transform_path(TRIANGLE), facecolor=theme.ink, edgecolor=theme.halo,
        linewidth=0.8, transform=None, zorder=3,
    ))  # fmt: skip
    return np.asarray(exit)


def rings(axes: Axes, scene: Scene, traces: Sequence[Trace], starts: Sequence[Array]) -> None:
    """Mark the starts of traces by rings.

    In a sweep equal starts have one ring, more than 24 different ones have smaller rings, and more
    than 400 have none.

    Args:
        axes: to draw on.
        scene: for its colors.
        traces: whose starts are marked.
        starts: a point of the axes for each trace, (2,).
    """
    theme = scene.theme
    names: list[str | None] = [trace_id(scene, trace) for trace in traces]
    marked = list(zip(starts, [trace.color for trace in traces], strict=True))
    if scene.sweep:
        colors: dict[tuple[float, ...], set[str]] = {}
        for start, color in marked:
            colors.setdefault(tuple(map(float, start)), set()).add(color)
        marked = [
            (np.array(start), min(here) if len(here) == 1 else theme.ink)
            for start, here in colors.items()
        ]
        marked = marked if len(marked) <= MAX_STARTS else []
        names = [None] * len(marked)
    size, width = (7.0, 1.6) if len(marked) <= MAX_RINGS else (4.5, 1.1)
    for (start, color), name in zip(marked, names, strict=True):
        axes.plot(*start, "o", color=theme.halo, markersize=size,
                  markeredgecolor=color, markeredgewidth=width, zorder=4, gid=name)  # fmt: skip


def part_numbers(cells: Sequence[Axes]) -> None:
    """Move the last number below each cell away from the first one below its neighbor.

    Each moves half of what lacks, so that they are `NUMBER_GAP` apart.

    Args:
        cells: of a grid, drawn, from the top left.
    """
    for left, right in pairwise(cells):
        figure: Any = left.get_figure(root=True)
        gap = NUMBER_GAP * figure.dpi / 72
        if left.bbox.x1 > right.bbox.x0:  # the next row
            continue
        boxes = [[(label.get_window_extent(_renderer(axes)), label) for label in _numbers(axes)]
                 for axes in (left, right)]  # fmt: skip
        if not all(boxes):
            continue
        end, last = max(boxes[0], key=lambda item: item[0].x1)
        start, first = min(boxes[1], key=lambda item: item[0].x0)
        shift = (gap - (start.x0 - end.x1)) / 2
        if shift > 0:
            for label, move in ((last, -shift), (first, shift)):
                move = Affine2D().translate(round(move), 0)
                label.set_transform(label.get_transform() + move)


def _numbers(axes: Axes) -> list[Text]:
    """The numbers below axes."""
    low, high = sorted(axes.get_xlim())
    ticks = [*axes.xaxis.get_major_ticks(), *axes.xaxis.get_minor_ticks()]
    return [
        tick.label1 for tick in ticks
        if tick.label1.get_visible() and tick.label1.get_text() and low <= tick.get_loc() <= high
    ]  # fmt: skip


def hide_inner_labels(axes: Axes, place: AxesPlace) -> None:
    """Hide names and numbers that a neighbour of a cell has."""
    axes.tick_params(labelleft=place.numbers_left, labelbottom=place.numbers_below)
    if not place.named:
        axes.set_ylabel("")
    if not place.numbers_below:
        axes.set_xlabel("")
