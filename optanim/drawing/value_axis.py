"""Values against steps: the vertical axis, logarithmic or linear, and the trails on it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from matplotlib.axes import Axes

from optanim.drawing.axes import to_pixels
from optanim.drawing.marks import Mark, Trail
from optanim.scene.scene import Scene, Trace
from optanim.surfaces import Array

Scale = Literal["linear", "log"]

MAX_LINEAR_RATIO = 100.0
"""A larger ratio of the largest to the smallest value is shown on a logarithmic axis."""

MARGIN = 0.06
"""The margin above and below the values, as a share of their range or of its logarithm."""


@dataclass(frozen=True)
class ValueAxis:
    """The scale and the limits of a vertical axis.

    Attributes:
        scale: linear or logarithmic.
        limits: the lowest and the highest value of the axis.
        floor: lower values are drawn at this value.
    """

    scale: Scale
    limits: tuple[float, float]
    floor: float = -np.inf

    def apply(self, axes: Axes, steps: int) -> None:
        """Set the scale and the limits of axes, with steps from 0 to `steps` along the other axis.

        The vertical scale is set before the limits: setting it resets them.
        """
        if self.scale == "log":
            axes.set_yscale("log")
        axes.set(ylim=self.limits, xlim=(-0.02 * steps, 1.02 * steps))


def axis_of_all(values: Array, scale: Scale | None = None) -> ValueAxis:
    """The axis that shows all values.

    By default it is logarithmic if no value is negative and the ratio of the largest to the
    smallest positive value is above 100. An axis without a positive value is linear.

    Args:
        values: finite, (n,).
        scale: as asked for.
    """
    high, positive = float(values.max()), values[values > 0]
    # Zero has no logarithm. Values below the precision of the largest one are drawn at the floor.
    low = max(float(positive.min()), 1e-16 * high) if positive.size else 1.0
    chosen = scale or (_scale_of(low, high) if values.min() >= 0 else "linear")
    if chosen == "log" and positive.size:
        factor = (high / low) ** MARGIN if high > low else 10.0
        return ValueAxis("log", (low / factor, high * factor), floor=low)
    low = float(values.min())
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
        factor = max((high / low) ** MARGIN, 1.5)
        return ValueAxis("log", (low / factor, high * factor))
    return ValueAxis("linear", (0.0, (1 + 2 * MARGIN) * high))


def value_trails(
    axes: Axes, scene: Scene, values: Iterable[tuple[Trace, Array]], floor: float
) -> list[Mark]:
    """A trail for each trace: its values against the steps.

    Args:
        axes: with their scales and limits.
        scene: that has the traces.
        values: each trace and its value at step 0, 1, …, (n,); a gap where one is not finite.
        floor: lower values are drawn at this value, as in `ValueAxis`.
    """
    marks: list[Mark] = []
    for trace, heights in values:
        gap = ~np.isfinite(heights)
        # A gap has no place on a logarithmic axis, nor has NaN a pixel: it becomes one afterwards.
        drawn = np.where(gap, 1.0, np.maximum(heights, floor))
        pixels = to_pixels(axes, np.stack([np.arange(len(drawn)), drawn]))
        pixels[gap] = np.nan
        marks.append(
            Trail(pixels, trace.color, scene.theme.halo, trace.marker,
                  clip=axes.bbox.frozen(), unit=scene.unit, dots=False, pen=trace.pen)
        )  # fmt: skip
    return marks


def _scale_of(low: float, high: float) -> Scale:
    return "log" if high > MAX_LINEAR_RATIO * low else "linear"
