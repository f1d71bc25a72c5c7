"""Axes as every panel has them: names, ticks and frame, and data as pixels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator, NullFormatter

from optanim.drawing.text_fit import fit
from optanim.formulas.numbers import mantissa_and_exponent, number_label, power_label
from optanim.scene.scene import Scene, Trace
from optanim.schema.figure import Theme
from optanim.surfaces import Array

SHORT = 12
"""So many characters fit on any axis; to measure a text takes time."""


def dress(axes: Axes, scene: Scene, x: str, y: str, *, flat: bool = False) -> None:
    """Give axes their names, few round ticks, and a quiet frame.

    Args:
        axes: with their limits set.
        scene: for its colors and its unit.
        x: the name of the horizontal axis; between dollar signs, it is maths.
        y: that of the vertical one.
        flat: a short name of the vertical axis lies beside it, and is not turned.
    """
    theme = scene.theme
    axes.set_facecolor(theme.background)
    axes.set_xlabel(x, color=theme.ink, size=14 if x.startswith("$") else 13, labelpad=2)
    turned: dict[str, Any] = {"rotation": 0, "va": "center", "ha": "right"} if flat else {}
    axes.set_ylabel(
        y,
        color=theme.ink,
        size=14 if y.startswith("$") else 13,
        labelpad=4 if flat else 2,
        **turned,
    )
    _fitted(axes, 64 * scene.unit if flat else axes.bbox.height)
    axes.tick_params(length=3, width=0.8, color=theme.contour, labelcolor=theme.faint, labelsize=12)
    axes.tick_params(which="minor", length=0)
    for axis, pixels in ((axes.xaxis, axes.bbox.width), (axes.yaxis, axes.bbox.height)):
        if axis.get_scale() == "linear":
            count = min(7, max(2, int(pixels / scene.unit / 60)))
            axis.set_major_locator(MaxNLocator(count, steps=[1, 2, 5, 10]))
        else:
            low, high = axis.get_view_interval()
            axis.set_major_formatter(FuncFormatter(_power))
            # Within a decade or so there is hardly a power of ten to be named.
            few = high < 20 * low
            axis.set_minor_formatter(FuncFormatter(_round) if few else NullFormatter())
            axes.tick_params(axis="y", which="minor", labelcolor=theme.faint, labelsize=12)
    for spine in axes.spines.values():
        spine.set(color=theme.contour, linewidth=0.8)


def _power(value: float, position: int | None = None) -> str:
    """A power of ten in maths, any other number plainly.

    Not as matplotlib's own formatter sets it: its `mathdefault` takes the minus from the font of
    the text alone, and a Hangul font has none.
    """
    return power_label(value)


def _round(value: float, position: int | None = None) -> str:
    """A number whose first digit is 2 or 5; nothing for others, which would crowd."""
    return number_label(value) if mantissa_and_exponent(value)[0][0] in "25" else ""


def _fitted(axes: Axes, high: float) -> None:
    """Names, as of a table's columns, that would be longer than their axes."""
    for label, room in ((axes.xaxis.label, axes.bbox.width), (axes.yaxis.label, high)):
        if len(label.get_text()) > SHORT:
            turned = label.get_rotation()
            label.set_rotation(0)
            canvas: Any = axes.get_figure(root=True).canvas  # type: ignore[union-attr]
            fit(label, canvas.get_renderer(), room, np.inf, 10)
            label.set_rotation(turned)


def to_pixels(axes: Axes, points: Array) -> Array:
    """Points (2, T) as pixels (T, 2); one far away is drawn in its direction, nearer by."""
    with np.errstate(all="ignore"):
        pixels = np.nan_to_num(axes.transData.transform(points.T), posinf=1e300, neginf=-1e300)
    middle = np.array([axes.bbox.x0 + axes.bbox.width / 2, axes.bbox.y0 + axes.bbox.height / 2])
    away = np.abs(pixels - middle).max(axis=1, keepdims=True)
    return np.asarray(middle + (pixels - middle) * np.minimum(1, 1e5 / np.maximum(away, 1)))


def pixels_a_unit(axes: Axes) -> Array:
    """How many pixels a unit is along each axis, (2,); both are linear."""
    return np.asarray(axes.bbox.size / np.ptp(axes.viewLim.get_points(), axis=0))


def star(axes: Axes, theme: Theme, points: Array) -> None:
    """Mark minima, (2, n); n may be 0."""
    axes.plot(*points, "*", color=theme.ink, markersize=16,
              markeredgecolor=theme.halo, markeredgewidth=1, zorder=3)  # fmt: skip


RINGS = 24
"""So many starts have room for a ring each."""


def rings(axes: Axes, scene: Scene, traces: Sequence[Trace], starts: Sequence[Array]) -> None:
    """Mark where traces begin, (2,) each; in a sweep a place once, and not if there are many."""
    theme = scene.theme
    found = list(zip(starts, [trace.color for trace in traces], strict=True))
    if scene.sweep:
        colors: dict[tuple[float, ...], set[str]] = {}
        for start, color in found:
            colors.setdefault(tuple(map(float, start)), set()).add(color)
        found = [
            (np.array(start), min(met) if len(met) == 1 else theme.ink)
            for start, met in colors.items()
        ]
        found = found if len(found) <= RINGS else []
    for start, color in found:
        axes.plot(*start, "o", color=theme.halo, markersize=7,
                  markeredgecolor=color, markeredgewidth=1.6, zorder=4)  # fmt: skip


def outer(axes: Axes, *, left: bool, below: bool) -> None:
    """Leave names and numbers only at the edges that are said: a neighbour has the others."""
    axes.tick_params(labelleft=left, labelbottom=below)
    if not left:
        axes.set_ylabel("")
    if not below:
        axes.set_xlabel("")
