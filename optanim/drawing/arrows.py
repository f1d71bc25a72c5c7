"""Arrows: what explains the update under way, over the trails and under the heads.

At a step in [k, k + 1) they belong to update k + 1 and stay while the head slides from w_k to
w_{k+1}; at the last step of a trace there are none. They follow from the trajectory alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import floor

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.colors import to_hex, to_rgb, to_rgba
from matplotlib.path import Path as Outline
from matplotlib.transforms import Affine2D, Bbox

from optanim.drawing.axes import pixels_a_unit, to_pixels
from optanim.drawing.marks import STAY, far_off
from optanim.experiment.simulate import Trajectory
from optanim.scene.scene import Scene, Trace
from optanim.surfaces import Array

Spans = Callable[[int], Array]
"""k -> root and tip of each arrow of update k + 1, (m, 2, 2) in pixels; m may be 0."""

SHORTEST, LONGEST = 14.0, 90.0
"""Pixels of the default figure: the lengths of the arrow of a gradient."""

LEAST = 8.0
"""A step or look-ahead of fewer pixels has no arrow: there would be a blob under the head."""

RING = 3.6
"""The radius of the ring around the point where a gradient was asked for."""

CIRCLE = Outline.unit_circle()


@dataclass(frozen=True)
class Style:
    """How an arrow looks, in pixels of the default figure; `ink` of 1 is the theme's ink."""

    words: str
    shaft: float
    head: float
    ink: float


STYLES = {
    "step": Style("step", 5.6, 14.0, 0.0),
    "gradient": Style(r"$-\nabla f$", 1.8, 9.0, 0.5),
    "lookahead": Style("look-ahead", 1.4, 0.0, 0.5),
}
"""From the lowest to the uppermost; a slim gradient on a broad step shows both of one direction."""


def arrows(axes: Axes, scene: Scene, traces: Sequence[Trace]) -> list[Arrows]:
    """The arrows that a view asks for, for panels seen from above.

    Args:
        axes: of a panel, with its limits set, both linear.
        scene: for the kinds of arrows and for colors.
        traces: those that the panel shows.
    """
    clip, unit, wanted = axes.bbox.frozen(), scene.unit, scene.view.arrows
    most = _steepest(axes, traces)
    marks = []
    for trace in traces:
        spans = {
            "gradient": _gradients(axes, trace.trajectory, most, unit),
            "step": _steps(axes, trace.trajectory, clip, unit),
            "lookahead": _lookaheads(axes, trace.trajectory, unit),
        }
        marks += [
            Arrows(spans[kind], kind, tinted(scene, trace.color, kind), scene.theme.halo,
                   steps=trace.trajectory.steps, clip=clip, unit=unit)
            for kind in STYLES if kind in wanted
        ]  # fmt: skip
    return marks


def _gradients(axes: Axes, trajectory: Trajectory, most: float, unit: float) -> Spans:
    """From where each gradient was asked for, downhill: −∇f as steps are drawn, in pixels.

    The length in pixels of the default figure is 14 + 76 √(|∇f| / G), up to 90, where G is `most`.
    """
    root, size = to_pixels(axes, trajectory.looked), _size(trajectory.gradients)
    with np.errstate(all="ignore"):
        way = -(trajectory.gradients / size).T * pixels_a_unit(axes)
        way = np.nan_to_num(way / np.hypot(*way.T)[:, None])
        part = np.minimum(np.sqrt(size / most), 1)[:, None]
    tip = root + way * (SHORTEST + (LONGEST - SHORTEST) * part) * unit
    return _of_each_update(trajectory, np.stack([root, tip], axis=1), least=unit)


def _steepest(axes: Axes, traces: Sequence[Trace]) -> float:
    """The largest gradient that was asked for within the axes; far out they may be of any size."""
    all_of = [trace.trajectory for trace in traces]
    with np.errstate(all="ignore"):
        low, high = axes.viewLim.get_points()[..., None]
        inside = [((low <= t.looked) & (t.looked <= high)).all(axis=0) for t in all_of]
    seen = [_size(t.gradients)[i] for t, i in zip(all_of, inside, strict=True)]
    return float(np.concatenate([[1e-300], *seen]).max())


def _steps(axes: Axes, trajectory: Trajectory, clip: Bbox, unit: float) -> Spans:
    """From each point to the next, except where both are far off."""
    points = to_pixels(axes, trajectory.points)
    spans, far = np.stack([points[:-1], points[1:]], axis=1), far_off(points, clip)
    spans[far[:-1] & far[1:], 1] = spans[far[:-1] & far[1:], 0]
    return lambda k: _long(spans[k : k + 1], LEAST * unit)


def _lookaheads(axes: Axes, trajectory: Trajectory, unit: float) -> Spans:
    """From the point before each update to where it asked for the gradient."""
    points = to_pixels(axes, trajectory.points)[trajectory.asked - 1]
    spans = np.stack([points, to_pixels(axes, trajectory.looked)], axis=1)
    return _of_each_update(trajectory, spans, LEAST * unit)


def _of_each_update(trajectory: Trajectory, spans: Array, least: float) -> Spans:
    return lambda k: _long(spans[trajectory.questions(k + 1)], least)


def _long(spans: Array, least: float) -> Array:
    return spans[np.hypot(*(spans[:, 1] - spans[:, 0]).T) >= least]


def _size(gradients: Array) -> Array:
    """Euclidean norms, (n,), of gradients (d, n), short of an overflow."""
    return np.minimum(np.hypot(*np.clip(gradients, -1e300, 1e300)), 1e300)


class Arrows:
    """The arrows of one kind of one trace.

    Attributes:
        spans: where they are; the origin is at the bottom left.
        kind: of `STYLES`.

    Args:
        color: `#RRGGBB`; `halo` is around it.
        steps: how many updates there are.
        clip: where it may be drawn.
        unit: pixels of a pixel of the default figure.
    """

    def __init__(
        self, spans: Spans, kind: str, color: str, halo: str, *,
        steps: int, clip: Bbox, unit: float,
    ) -> None:  # fmt: skip
        self.spans, self.kind = spans, kind
        self._color, self._halo = to_rgba(color), to_rgba(halo)
        self._steps, self._clip, self._unit = steps, clip, unit
        self._ring = Affine2D().scale(RING * unit)

    def draw(self, renderer: RendererAgg, step: float) -> None:
        """Draw those of the update that a step is in."""
        k = floor(max(step, 0.0))
        spans = self.spans(k) if k < self._steps else np.empty((0, 2, 2))
        if not len(spans):
            return
        gc = renderer.new_gc()
        gc.set_clip_rectangle(self._clip)
        gc.set_joinstyle("round")
        gc.set_foreground(self._halo, isRGBA=True)
        style = STYLES[self.kind]
        if self.kind == "lookahead":
            line = connectors(spans, RING * self._unit)
            gc.set_linewidth(style.shaft + 2)
            renderer.draw_path(gc, line, STAY)
            gc.set_foreground(self._color, isRGBA=True)
            gc.set_linewidth(style.shaft)
            renderer.draw_markers(gc, CIRCLE, self._ring, Outline(spans[:, 1]), STAY, self._halo)
            gc.set_dashes(0, (4, 2.6))
            renderer.draw_path(gc, line, STAY)
        else:
            shape = outline(spans, style.shaft * self._unit, style.head * self._unit)
            gc.set_linewidth(1.6)
            renderer.draw_path(gc, shape, STAY)
            gc.set_linewidth(0)
            renderer.draw_path(gc, shape, STAY, self._color)
        gc.restore()


def outline(spans: Array, shaft: float, head: float) -> Outline:
    """Arrows as polygons: a shaft and a head that is no longer than the shaft.

    Args:
        spans: (m, 2, 2), root and tip of each, apart.
        shaft: the width of a shaft; a short arrow is slimmer.
        head: the length of a head, of a long arrow.
    """
    root, tip = spans[:, 0], spans[:, 1]
    length = np.hypot(*(tip - root).T)[:, None]
    along = (tip - root) / length
    across = along[:, ::-1] * (-1, 1)
    long = np.minimum(head, length / 2)
    neck, side, wing = tip - long * along, across * shaft / 2 * long / head, across * long * 0.45
    corners = [root + side, neck + side, neck + wing, tip, neck - wing, neck - side, root - side]
    codes = [Outline.MOVETO, *[Outline.LINETO] * 6, Outline.CLOSEPOLY]
    points = np.stack([*corners, corners[0]], axis=1).reshape(-1, 2)
    return Outline(points, np.tile(codes, len(spans)).astype(Outline.code_type))


def connectors(spans: Array, radius: float) -> Outline:
    """Lines from root to tip that end at a ring around the tip."""
    root, tip = spans[:, 0], spans[:, 1]
    end = tip - radius * (tip - root) / np.hypot(*(tip - root).T)[:, None]
    codes = np.tile([Outline.MOVETO, Outline.LINETO], len(spans)).astype(Outline.code_type)
    return Outline(np.stack([root, end], axis=1).reshape(-1, 2), codes)


def tinted(scene: Scene, color: str, kind: str) -> str:
    """The trace's own color for a step; nearer to the theme's ink for what led to it."""
    own, ink, part = np.array(to_rgb(color)), np.array(to_rgb(scene.theme.ink)), STYLES[kind].ink
    return to_hex(own + part * (ink - own))
