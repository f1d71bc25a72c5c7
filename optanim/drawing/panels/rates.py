from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Literal

import numpy as np

from optanim.formulas.expression import name_in_tex
from optanim.scene.line_style import LINE_WIDTH
from optanim.scene.scene import Scene, Trace
from optanim.schema.view import TrialNumber

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from optanim.drawing.marks import Mark
    from optanim.experiment.simulate import Trajectory
    from optanim.surfaces import Array

DASHES: tuple[tuple[float, ...] | None, ...] = (None, (5.0, 3.0))
"""The lines of the first and of the second coordinate."""


def rates(
    axes: Axes,
    scene: Scene,
    *,
    scale: Literal["linear", "log"] | None = None,
    of: TrialNumber = None,
) -> list[Mark]:
    """Rates: the effective step along each coordinate against the steps, which optimizers adapt.

        |wᵢ(t) − wᵢ(t − 1)| / |gᵢ(t)|

    Reference: η for gradient descent, η/(√s + ε) for AdaGrad and RMSProp. With momentum, as in
    Adam, it contains earlier gradients, too, and rises where g passes 0. There is a gap where g
    is 0, or where the step is smaller than the precision of w.
    """
    # Not at the top: a config is checked without matplotlib.
    from optanim.drawing.axes import dress
    from optanim.drawing.marks import Stroke
    from optanim.drawing.trail import Trail
    from optanim.drawing.value_axis import axis_of_most, draw_ghost, value_pixels

    theme, traces = scene.theme, scene.chosen(of)
    framed = traces if of is None else scene.framed(of)
    values = np.concatenate([trace.trajectory.rates.ravel() for trace in framed])
    # Near a slope of 0 a rate may be of any size: such outliers may lie outside.
    axis = axis_of_most(values, scale)
    axis.apply(axes, scene.progress_end)
    dress(axes, scene, scene.progress_word, r"$|\Delta w_i\,/\,g_i|$")
    lines: list[Mark] = []
    heads: list[Mark] = []

    def pixels(trace: Trace, i: int, trajectory: Trajectory) -> Array:
        # There is no rate before the first update.
        other = replace(trace, trajectory=trajectory)
        return value_pixels(axes, np.r_[np.nan, trajectory.rates[i]], scene.progress(other))

    for trace in traces:
        for i, dash in zip(range(len(trace.trajectory.points)), DASHES, strict=False):
            follow = partial(pixels, trace, i)
            draw_ghost(axes, scene, follow(trace.trajectory), trace, dash)
            head = Trail(follow(trace.trajectory), trace.color, theme.halo, trace.marker,
                         clip=axes.bbox.frozen(), unit=scene.unit, last=0, dots=False,
                         pen=trace.pen, owner=trace, follow=follow)  # fmt: skip

            def line(step: float, head: Trail = head) -> Array:
                whole = int(min(step, len(head.points) - 1))
                return np.concatenate([head.points[: whole + 1], head.position(step)[None]])

            heads.append(head)
            lines.append(
                Stroke(line, trace.color, clip=axes.bbox.frozen(), width=trace.pen.width,
                       halo=theme.halo if trace.pen.halo and (trace.mean_of or not dash) else None,
                       dash=dash, alpha=trace.pen.alpha, along=head,
                       owner=trace)
            )  # fmt: skip
    if len(scene.surface.axes) > 1:
        _draw_legend(axes, scene, scene.surface.axes)
    return [*lines, *heads]


def _draw_legend(axes: Axes, scene: Scene, names: tuple[str, ...]) -> None:
    """Draw the line of each coordinate below the axes, beside the name of the horizontal one."""
    from matplotlib.lines import Line2D
    from matplotlib.transforms import Affine2D

    theme = scene.theme
    if axes.bbox.width < 240 * scene.unit:
        axes.set_xlabel(axes.get_xlabel(), loc="left")  # so that there is room for both
    color = scene.traces[0].color if len(scene.traces) == 1 else theme.ink
    lines = [
        Line2D([], [], color=color, linewidth=LINE_WIDTH, linestyle=(0, dash or ()))
        for dash in DASHES
    ]
    down = Affine2D().translate(0, -21 * scene.unit)
    axes.legend(lines, [f"${name_in_tex(name)}$" for name in names], loc="upper right",
                bbox_to_anchor=(1, 0), bbox_transform=axes.transAxes + down, ncols=2,
                frameon=False, fontsize=13, labelcolor=theme.ink, handlelength=1.6,
                handletextpad=0.5, columnspacing=1.2, borderpad=0, borderaxespad=0)  # fmt: skip
