"""Values against steps or evaluations: the vertical axis, its scale, and the trails on it.

No value is changed to fit the axis. A value outside of it leaves the panel at its true slope, and
0 leaves a logarithmic one straight down; `Trail` marks where.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Polygon

from optanim.drawing.axes import to_pixels
from optanim.drawing.marks import Mark
from optanim.drawing.trail import Trail
from optanim.drawing.vectors import trace_id
from optanim.errors import OptionError
from optanim.experiment.simulate import Trajectory
from optanim.scene.scene import Scene, Trace
from optanim.surfaces import Array

Scale = Literal["linear", "log"]

MAX_LINEAR_RATIO = 100.0
"""A larger ratio of the largest to the smallest value is shown on a logarithmic axis."""

MARGIN = 0.06
"""The margin above and below the values, as a share of their range or of its logarithm."""

DIVERGING_REACH = {"linear": (1.5, 1.5), "log": (10.0, 100.0)}
"""A trial that diverges is shown up to this multiple of the largest value of the others, at least
and at most. On a logarithmic axis it may take half as much of the axis as they do."""

VANISHED = 1e-60
"""Values that are this much smaller than the first one of their trial may lie below the axis."""

MAX_POWER = 307
"""The largest power of ten on an axis; the smallest is its opposite."""

GHOST_ALPHA, GHOST_WIDTH = 0.2, 1.0
"""The opacity of the whole curve before it is drawn, and its width in pixels of the default
figure."""

BAND_ALPHA, MAX_VALUE = 0.16, 1e300
"""The opacity of a band, and the largest value that has a pixel."""

FAR = 1e5
"""Pixels: where a value is drawn that has no place on the axis."""


@dataclass(frozen=True)
class ValueAxis:
    """The scale and the limits of a vertical axis.

    Attributes:
        scale: linear or logarithmic.
        limits: the lowest and the highest value of the axis.
    """

    scale: Scale
    limits: tuple[float, float]

    def apply(self, axes: Axes, end: float) -> None:
        """Set the scale and the limits of axes, with the progress from 0 to `end` along the other.

        The vertical scale is set before the limits: setting it resets them.
        """
        if self.scale == "log":
            axes.set_yscale("log")
        axes.set(ylim=self.limits, xlim=(-0.02 * end, 1.02 * end))


def axis_of_all(values: Array, scale: Scale | None = None) -> ValueAxis:
    """The axis that shows all values, except for zeros on a logarithmic one.

    By default it is logarithmic if no value is negative and the ratio of the largest to the
    smallest positive value is above 100. An axis without a positive value is linear.

    Args:
        values: finite, (n,).
        scale: as asked for.

    Raises:
        OptionError: a logarithmic axis is asked for, and a value is negative.
    """
    low, high, positive = float(values.min()), float(values.max()), values[values > 0]
    if scale == "log" and low < 0:
        message = f"a logarithmic axis has no place for negative values, and one is {low:.4g}"
        raise OptionError(message, ("scale",), help="scale: linear")
    lowest = float(positive.min()) if positive.size else 1.0
    if positive.size and (scale or (_scale_of(lowest, high) if low >= 0 else "linear")) == "log":
        margin = MARGIN * (np.log10(high) - np.log10(lowest)) or 1.0
        return ValueAxis("log", _powers(np.log10(lowest) - margin, np.log10(high) + margin))
    # The difference of larger numbers overflows.
    low, high = max(low, -(10.0**MAX_POWER)), min(high, 10.0**MAX_POWER)
    margin = MARGIN * (high - low) or 1.0
    return ValueAxis("linear", (low - margin, high + margin))


def axis_of_most(values: Array, scale: Scale | None = None) -> ValueAxis:
    """The axis that shows positive values, except for outliers; a linear one begins at 0.

    By default it is logarithmic if the ratio of the largest to the smallest value is above 100,
    outliers aside.

    Args:
        values: (n,); values that are not positive, and NaN, are ignored.
        scale: as asked for.
    """
    positive = values[values > 0]
    low, high = map(float, np.quantile(positive, [0.005, 0.995])) if positive.size else (1.0, 1.0)
    if (scale or _scale_of(low, high)) == "log":
        margin = max(MARGIN * (np.log10(high) - np.log10(low)), np.log10(1.5))
        return ValueAxis("log", _powers(np.log10(low) - margin, np.log10(high) + margin))
    return ValueAxis("linear", (0.0, (1 + 2 * MARGIN) * high))


def _powers(low: float, high: float) -> tuple[float, float]:
    """The limits of a logarithmic axis, from their logarithms."""
    return 10.0 ** max(low, -MAX_POWER), 10.0 ** min(high, MAX_POWER)


def _scale_of(low: float, high: float) -> Scale:
    return "log" if high / MAX_LINEAR_RATIO > low else "linear"


def framing_values(values: Iterable[tuple[Trace, Array]], scale: Scale | None = None) -> Array:
    """The values that an axis must show, (n,), so that no trial presses the others flat.

    These are all of them, except for the largest ones of trials that diverge beside others that do
    not, and for those that have vanished beside the first one of their trial.

    Args:
        values: each trace and its value at step 0, 1, …, (n,); those that are not finite are left
            out.
        scale: as asked for.
    """
    kept, diverging = list[Array](), list[Array]()
    for trace, heights in values:
        finite = heights[np.isfinite(heights)]
        part = finite[(finite <= 0) | (finite >= VANISHED * np.abs(finite[:1]).sum())]
        diverges = trace.trajectory.status == "diverged"
        (diverging if diverges else kept).append(part)
    together = np.concatenate(kept or diverging)
    if kept and diverging and together.size:
        size = np.abs(together)
        ratio = size.max() / size[size > 0].min() if size.any() else 1.0
        reach = float(size.max() * np.clip(ratio**0.5, *DIVERGING_REACH[scale or "log"]))
        together = np.concatenate([together, *(part[np.abs(part) <= reach] for part in diverging)])
    return together if together.size else np.ones(1)


def value_pixels(axes: Axes, heights: Array, progress: Array) -> Array:
    """The pixels (n, 2) of the values (n,) at step 0, 1, …, over the progress (n or more,) there.

    0 is far below a logarithmic axis. NaN is a gap, and so is a negative value on such an axis.
    """
    logarithmic = axes.get_yscale() == "log"
    gap = np.isnan(heights) | (logarithmic & (heights < 0))
    zero = logarithmic & (heights == 0)
    # A gap has no place on a logarithmic axis, nor has NaN a pixel: it becomes one afterwards.
    progress = progress[: len(heights)]
    pixels = to_pixels(axes, np.stack([progress, np.where(gap | zero, 1.0, heights)]))
    pixels[zero, 1] = axes.bbox.y0 - FAR
    # What is far above or below keeps its progress.
    edge = np.full(len(heights), axes.get_ylim()[0])
    pixels[:, 0] = to_pixels(axes, np.stack([progress, edge]))[:, 0]
    pixels[gap] = np.nan
    return pixels


def draw_ghost(
    axes: Axes, scene: Scene, pixels: Array, trace: Trace, dash: tuple[float, ...] | None = None
) -> None:
    """Draw the whole curve of a trace, thin and pale, so that the first frame is not empty.

    Args:
        axes: to draw on.
        scene: that has the trace.
        pixels: of the curve, (n, 2).
        trace: that has the color.
        dash: the lengths of its dashes and gaps; None is a solid line.
    """
    axes.plot(*pixels.T, color=trace.color, alpha=GHOST_ALPHA * trace.pen.alpha,
              linewidth=GHOST_WIDTH, zorder=1, linestyle=(0, dash or ()), transform=None,
              scalex=False, scaley=False, clip_on=True, gid=trace_id(scene, trace))  # fmt: skip


def draw_band(axes: Axes, scene: Scene, trace: Trace, low: Array, high: Array) -> None:
    """Draw the band between two curves of a trace, pale.

    Args:
        axes: to draw on, with their scales and limits.
        scene: that has the trace.
        trace: that has the color.
        low: the values of the lower curve at step 0, 1, …, (n,).
        high: those of the upper one.
    """
    progress = scene.progress(trace)
    edges = [value_pixels(axes, values, progress) for values in (low, np.minimum(high, MAX_VALUE))]
    axes.add_patch(
        Polygon(np.concatenate([edges[0], edges[1][::-1]]), facecolor=trace.color, linewidth=0,
                alpha=BAND_ALPHA, zorder=0.5, transform=None, clip_path=axes.patch,
                gid=trace_id(scene, trace))
    )  # fmt: skip


def value_trails(
    axes: Axes, scene: Scene, values: Iterable[tuple[Trace, Array]],
    again: Callable[[Trace], Array] | None = None,
) -> list[Mark]:  # fmt: skip
    """A trail for each trace: its values against its progress, over the ghost of the whole curve.

    Args:
        axes: with their scales and limits.
        scene: that has the traces.
        values: each trace and its value at step 0, 1, …, (n,); see `value_pixels`.
        again: gives the values of a trace; with it a trail can be that of another trajectory.
    """
    marks = list[Mark]()
    for trace, heights in values:
        pixels = value_pixels(axes, heights, scene.progress(trace))
        draw_ghost(axes, scene, pixels, trace, trace.pen.dash)
        follow = partial(_pixels_of, axes, scene, trace, again) if again else None
        marks.append(
            Trail(pixels, trace.color, scene.theme.halo, trace.marker, clip=axes.bbox.frozen(),
                  unit=scene.unit, dots=False, pen=trace.pen, owner=trace, follow=follow)
        )  # fmt: skip
    return marks


def _pixels_of(
    axes: Axes, scene: Scene, trace: Trace, values: Callable[[Trace], Array], trajectory: Trajectory
) -> Array:
    """The pixels of the values of a trace if it had another trajectory, (n, 2)."""
    other = replace(trace, trajectory=trajectory)
    return value_pixels(axes, values(other), scene.progress(other))
