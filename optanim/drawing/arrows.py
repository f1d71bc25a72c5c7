"""Arrows that explain the current update, over the trails and under the heads.

At a step in [k, k + 1) they belong to update k + 1. They stay while the head moves from w_k to
w_{k+1}. At the last step of a trace there are none. They depend on the trajectory alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import floor

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.colors import to_hex, to_rgb, to_rgba
from matplotlib.path import Path
from matplotlib.transforms import Affine2D, Bbox

from optanim.drawing.axes import pixels_per_unit, to_pixels
from optanim.drawing.marks import IDENTITY
from optanim.drawing.pixel_boxes import NO_PIXELS, PixelBox, box_around
from optanim.drawing.trail import far_outside
from optanim.experiment.simulate import Trajectory
from optanim.scene.scene import Scene, Trace
from optanim.surfaces import Array

Spans = Callable[[int], Array]
"""k -> root and tip of each arrow of update k + 1, (m, 2, 2) in pixels; m may be 0."""

MIN_LENGTH, MAX_LENGTH = 14.0, 90.0
"""Pixels of the default figure: the lengths of the arrow of a gradient."""

MIN_SPAN = 8.0
"""Pixels of the default figure: a shorter step or look-ahead has no arrow, as the head hides it."""

RING_RADIUS = 3.6
"""Pixels of the default figure: the ring around the point where the gradient is evaluated."""

MAX_REACH = 14.0
"""Pixels of the default figure: no part of an arrow is farther from its root and its tip, or from
the line between them."""

CIRCLE = Path.unit_circle()


@dataclass(frozen=True)
class ArrowStyle:
    """The look of an arrow; lengths in pixels of the default figure.

    Attributes:
        label: its text in the legend of arrows, or the name of its words.
        shaft: the width of the shaft.
        head: the length of the head.
        ink: the share of the theme's ink in its color; the rest is the trace's color.
    """

    label: str
    shaft: float
    head: float
    ink: float


STYLES = {
    "step": ArrowStyle("step_arrow", 5.6, 14.0, 0.0),
    "gradient": ArrowStyle(r"$-\nabla f$", 1.8, 9.0, 0.5),
    "lookahead": ArrowStyle("lookahead", 1.4, 0.0, 0.5),
}
"""In the order of drawing. A slim gradient on a broad step: both are seen in one direction."""


def arrow_marks(axes: Axes, scene: Scene, traces: Sequence[Trace]) -> list[Arrows]:
    """The arrows that a view asks for, in a panel that shows the surface from above.

    Args:
        axes: of the panel, with its limits set, both linear.
        scene: for the kinds of arrows and for colors.
        traces: those that the panel shows.
    """
    clip, unit = axes.bbox.frozen(), scene.unit
    # A mean asks for no gradient.
    traces = [trace for trace in traces if not trace.mean_of]
    max_gradient = _max_gradient(axes, traces)
    marks = []
    for trace in traces:
        spans = {
            "gradient": _gradient_spans(axes, trace.trajectory, max_gradient, unit),
            "step": _step_spans(axes, trace.trajectory, clip, unit),
            "lookahead": _lookahead_spans(axes, trace.trajectory, unit),
        }
        marks += [
            Arrows(spans[kind], kind, arrow_color(scene, trace.color, kind), scene.theme.halo,
                   steps=trace.trajectory.steps, clip=clip, unit=unit,
                   owner=trace)
            for kind in STYLES if kind in scene.view.arrows
        ]  # fmt: skip
    return marks


def _gradient_spans(axes: Axes, trajectory: Trajectory, max_gradient: float, unit: float) -> Spans:
    """Arrows of −∇f from the points where gradients are evaluated, scaled as steps are.

    The length in pixels of the default figure is 14 + 76 √(|∇f| / G), up to 90, where G is
    `max_gradient`.
    """
    root, norms = to_pixels(axes, trajectory.looked), _norms(trajectory.gradients)
    with np.errstate(all="ignore"):
        direction = -(trajectory.gradients / norms).T * pixels_per_unit(axes)
        direction = np.nan_to_num(direction / np.hypot(*direction.T)[:, None])
        share = np.minimum(np.sqrt(norms / max_gradient), 1)[:, None]
    tip = root + direction * (MIN_LENGTH + (MAX_LENGTH - MIN_LENGTH) * share) * unit
    return _spans_by_update(trajectory, np.stack([root, tip], axis=1), min_length=unit)


def _max_gradient(axes: Axes, traces: Sequence[Trace]) -> float:
    """The largest norm of a gradient evaluated within the axes; outside, it may be of any size."""
    trajectories = [trace.trajectory for trace in traces]
    with np.errstate(all="ignore"):
        low, high = axes.viewLim.get_points()[..., None]
        inside = [((low <= t.looked) & (t.looked <= high)).all(axis=0) for t in trajectories]
    norms = [_norms(t.gradients)[i] for t, i in zip(trajectories, inside, strict=True)]
    return float(np.concatenate([[1e-300], *norms]).max())


def _step_spans(axes: Axes, trajectory: Trajectory, clip: Bbox, unit: float) -> Spans:
    """Arrows from each point to the next, except where both are far outside."""
    points = to_pixels(axes, trajectory.points)
    spans, far = np.stack([points[:-1], points[1:]], axis=1), far_outside(points, clip)
    spans[far[:-1] & far[1:], 1] = spans[far[:-1] & far[1:], 0]
    return lambda k: _long_enough(spans[k : k + 1], MIN_SPAN * unit)


def _lookahead_spans(axes: Axes, trajectory: Trajectory, unit: float) -> Spans:
    """Arrows from the point before each update to the points where it evaluates gradients."""
    points = to_pixels(axes, trajectory.points)[trajectory.asked - 1]
    spans = np.stack([points, to_pixels(axes, trajectory.looked)], axis=1)
    return _spans_by_update(trajectory, spans, MIN_SPAN * unit)


def _spans_by_update(trajectory: Trajectory, spans: Array, min_length: float) -> Spans:
    return lambda k: _long_enough(spans[trajectory.questions(k + 1)], min_length)


def _long_enough(spans: Array, min_length: float) -> Array:
    return spans[np.hypot(*(spans[:, 1] - spans[:, 0]).T) >= min_length]


def _norms(gradients: Array) -> Array:
    """Euclidean norms, (n,), of gradients (d, n); at most 1e300."""
    return np.minimum(np.hypot(*np.clip(gradients, -1e300, 1e300)), 1e300)


class Arrows:
    """The arrows of one kind of one trace.

    Attributes:
        spans: their places, from the bottom left.
        kind: a key of `STYLES`.

    Args:
        spans: as above.
        kind: as above.
        color: `#RRGGBB`.
        halo: the color around it.
        steps: the number of updates.
        clip: the rectangle in which they are drawn.
        unit: pixels per pixel of the default figure.
        owner: the trace that they belong to.
    """

    def __init__(
        self, spans: Spans, kind: str, color: str, halo: str, *,
        steps: int, clip: Bbox, unit: float, owner: Trace | None = None,
    ) -> None:  # fmt: skip
        self.owner = owner
        self.spans, self.kind = spans, kind
        self._color, self._halo = to_rgba(color), to_rgba(halo)
        self._steps, self._clip, self._unit = steps, clip, unit
        self._ring = Affine2D().scale(RING_RADIUS * unit)

    def draw(self, renderer: RendererAgg, step: float) -> PixelBox:
        """Draw the arrows of the update that a step belongs to."""
        k = floor(max(step, 0.0))
        spans = self.spans(k) if k < self._steps else np.empty((0, 2, 2))
        if not len(spans):
            return NO_PIXELS
        gc = renderer.new_gc()
        gc.set_clip_rectangle(self._clip)
        gc.set_joinstyle("round")
        gc.set_foreground(self._halo, isRGBA=True)
        style = STYLES[self.kind]
        if self.kind == "lookahead":
            line = connectors(spans, RING_RADIUS * self._unit)
            gc.set_linewidth(style.shaft + 2)
            renderer.draw_path(gc, line, IDENTITY)
            gc.set_foreground(self._color, isRGBA=True)
            gc.set_linewidth(style.shaft)
            tips = Path(spans[:, 1])
            renderer.draw_markers(gc, CIRCLE, self._ring, tips, IDENTITY, self._halo)
            gc.set_dashes(0, (4, 2.6))
            renderer.draw_path(gc, line, IDENTITY)
        else:
            shape = outline(spans, style.shaft * self._unit, style.head * self._unit)
            gc.set_linewidth(1.6)
            renderer.draw_path(gc, shape, IDENTITY)
            gc.set_linewidth(0)
            renderer.draw_path(gc, shape, IDENTITY, self._color)
        gc.restore()
        return box_around(spans.reshape(-1, 2), MAX_REACH * self._unit, self._clip)


def outline(spans: Array, shaft: float, head: float) -> Path:
    """Arrows as polygons, with heads that are no longer than their shafts.

    Args:
        spans: root and tip of each, (m, 2, 2); they differ.
        shaft: the width of the shaft of a long arrow; a short arrow is slimmer.
        head: the length of the head of a long arrow.
    """
    root, tip = spans[:, 0], spans[:, 1]
    length = np.hypot(*(tip - root).T)[:, None]
    along = (tip - root) / length
    across = along[:, ::-1] * (-1, 1)
    long = np.minimum(head, length / 2)
    neck, side, wing = tip - long * along, across * shaft / 2 * long / head, across * long * 0.45
    corners = [root + side, neck + side, neck + wing, tip, neck - wing, neck - side, root - side]
    codes = [Path.MOVETO, *[Path.LINETO] * 6, Path.CLOSEPOLY]
    points = np.stack([*corners, corners[0]], axis=1).reshape(-1, 2)
    return Path(points, np.tile(codes, len(spans)).astype(Path.code_type))


def connectors(spans: Array, radius: float) -> Path:
    """Lines from root to tip that end at a ring around the tip."""
    root, tip = spans[:, 0], spans[:, 1]
    end = tip - radius * (tip - root) / np.hypot(*(tip - root).T)[:, None]
    codes = np.tile([Path.MOVETO, Path.LINETO], len(spans)).astype(Path.code_type)
    return Path(np.stack([root, end], axis=1).reshape(-1, 2), codes)


def arrow_color(scene: Scene, color: str, kind: str) -> str:
    """The color of an arrow: the trace's own, mixed with the theme's ink as its style asks."""
    own, ink = np.array(to_rgb(color)), np.array(to_rgb(scene.theme.ink))
    return to_hex(own + STYLES[kind].ink * (ink - own))
