"""The axes of every panel: names, ticks and frame, and pixels of data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator, NullFormatter

from optanim.drawing.text_fit import fit_text
from optanim.formulas.numbers import mantissa_and_exponent, number_label, power_label
from optanim.scene.scene import Scene, Trace
from optanim.schema.figure import Theme
from optanim.surfaces import Array

MAX_UNMEASURED = 12
"""A name with more characters is measured, which takes time; a shorter one fits any axis."""

MAX_RINGS = 24
"""A sweep with more starts than this has no ring around each."""


def dress(axes: Axes, scene: Scene, x: str, y: str, *, flat: bool = False) -> None:
    """Give axes their names, few round ticks, and a quiet frame.

    Args:
        axes: with their limits set.
        scene: for its colors and its unit.
        x: the name of the horizontal axis; maths between dollar signs.
        y: the name of the vertical axis; maths between dollar signs.
        flat: whether the name of the vertical axis is short and horizontal.
    """
    theme = scene.theme
    axes.set_facecolor(theme.background)
    axes.set_xlabel(x, color=theme.ink, size=14 if x.startswith("$") else 13, labelpad=2)
    rotation: dict[str, Any] = {"rotation": 0, "va": "center", "ha": "right"} if flat else {}
    axes.set_ylabel(
        y,
        color=theme.ink,
        size=14 if y.startswith("$") else 13,
        labelpad=4 if flat else 2,
        **rotation,
    )
    _fit_names(axes, 64 * scene.unit if flat else axes.bbox.height)
    axes.tick_params(length=3, width=0.8, color=theme.contour, labelcolor=theme.faint, labelsize=12)
    axes.tick_params(which="minor", length=0)
    for axis, pixels in ((axes.xaxis, axes.bbox.width), (axes.yaxis, axes.bbox.height)):
        if axis.get_scale() == "linear":
            max_count = min(7, max(2, int(pixels / scene.unit / 60)))
            axis.set_major_locator(MaxNLocator(max_count, steps=[1, 2, 5, 10]))
        else:
            low, high = axis.get_view_interval()
            axis.set_major_formatter(FuncFormatter(_power_label))
            # A range of little more than a decade may contain no or one power of ten.
            short = high < 20 * low
            axis.set_minor_formatter(FuncFormatter(_minor_label) if short else NullFormatter())
            axes.tick_params(axis="y", which="minor", labelcolor=theme.faint, labelsize=12)
    for spine in axes.spines.values():
        spine.set(color=theme.contour, linewidth=0.8)


def _power_label(value: float, position: int | None = None) -> str:
    """A power of ten as TeX; any other number as plain text.

    matplotlib's own formatter uses `mathdefault`, which takes the minus from the font of the text
    alone, and a Hangul font has none.
    """
    return power_label(value)


def _minor_label(value: float, position: int | None = None) -> str:
    """A number whose first digit is 2 or 5; otherwise nothing, because labels would overlap."""
    return number_label(value) if mantissa_and_exponent(value)[0][0] in "25" else ""


def _fit_names(axes: Axes, height: float) -> None:
    """Shorten names that are longer than their axes, such as those of columns of a table."""
    for label, room in ((axes.xaxis.label, axes.bbox.width), (axes.yaxis.label, height)):
        if len(label.get_text()) > MAX_UNMEASURED:
            rotation = label.get_rotation()
            label.set_rotation(0)
            canvas: Any = axes.get_figure(root=True).canvas  # type: ignore[union-attr]
            fit_text(label, canvas.get_renderer(), room, np.inf, 10)
            label.set_rotation(rotation)


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


def star(axes: Axes, theme: Theme, points: Array) -> None:
    """Mark minima, (2, n), by stars; n may be 0."""
    axes.plot(*points, "*", color=theme.ink, markersize=16,
              markeredgecolor=theme.halo, markeredgewidth=1, zorder=3)  # fmt: skip


def rings(axes: Axes, scene: Scene, traces: Sequence[Trace], starts: Sequence[Array]) -> None:
    """Mark the starts of traces by rings.

    In a sweep equal starts have one ring, and more than 24 different ones have none.

    Args:
        axes: to draw on.
        scene: for its colors.
        traces: whose starts are marked.
        starts: a point of the axes for each trace, (2,).
    """
    theme = scene.theme
    marked = list(zip(starts, [trace.color for trace in traces], strict=True))
    if scene.sweep:
        colors: dict[tuple[float, ...], set[str]] = {}
        for start, color in marked:
            colors.setdefault(tuple(map(float, start)), set()).add(color)
        marked = [
            (np.array(start), min(here) if len(here) == 1 else theme.ink)
            for start, here in colors.items()
        ]
        marked = marked if len(marked) <= MAX_RINGS else []
    for start, color in marked:
        axes.plot(*start, "o", color=theme.halo, markersize=7,
                  markeredgecolor=color, markeredgewidth=1.6, zorder=4)  # fmt: skip


def hide_inner_labels(axes: Axes, *, left: bool, below: bool) -> None:
    """Hide names and numbers except at the given sides: a neighbour has the others."""
    axes.tick_params(labelleft=left, labelbottom=below)
    if not left:
        axes.set_ylabel("")
    if not below:
        axes.set_xlabel("")
