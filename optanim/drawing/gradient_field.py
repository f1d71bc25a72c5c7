"""The field of gradients in a contour panel: small arrows on a grid, which stand still."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import PathPatch

from optanim.drawing.arrows import outline
from optanim.drawing.axes import pixels_per_unit, to_pixels
from optanim.drawing.marks import IDENTITY
from optanim.scene.scene import Scene
from optanim.surfaces import Array, Surface

SPACING = 42.0
"""Pixels of the default figure between two arrows."""

MIN_LENGTH, MAX_LENGTH = 8.0, 24.0
"""Pixels of the default figure: the lengths of an arrow."""

SHAFT, HEAD = 1.0, 5.0
"""Pixels of the default figure: the width of a shaft and the length of a head."""


def draw_field(axes: Axes, scene: Scene, surface: Surface) -> None:
    """Draw the field of −∇f, or of ∇f where optimizers climb, under the traces.

    Args:
        axes: of the panel, with its limits set, both linear.
        scene: for its colors and its unit.
        surface: of two parameters.
    """
    spans = field_spans(axes, surface, scene.unit)
    if len(spans):
        shape = outline(spans, SHAFT * scene.unit, HEAD * scene.unit)
        patch = PathPatch(shape, facecolor=scene.theme.faint, linewidth=0, zorder=2.5)
        patch.set_transform(IDENTITY)
        axes.add_artist(patch)
        patch.set_clip_path(axes.patch)


def field_spans(axes: Axes, surface: Surface, unit: float) -> Array:
    """Root and tip of each arrow, (m, 2, 2) in pixels; the middle is on the grid.

    The length in pixels of the default figure is 8 + 16 √(|∇f| / G), where G is the largest norm on
    the grid. There is no arrow where the gradient is 0 or has no value.
    """
    counts = np.maximum(1, np.floor(np.array(axes.bbox.size) / (SPACING * unit))).astype(int)
    sides = [
        low + (np.arange(n) + 0.5) / n * (high - low)
        for n, (low, high) in zip(counts, axes.viewLim.get_points().T, strict=True)
    ]
    points = np.stack([part.ravel() for part in np.meshgrid(*sides)])
    with np.errstate(all="ignore"):
        gradients = np.broadcast_to(surface.gradient(points), points.shape)
        norms = np.hypot(*gradients)
    kept = np.isfinite(norms) & (norms > 0)
    points, gradients, norms = points[:, kept], gradients[:, kept], norms[kept]
    sign = 1.0 if surface.ascends else -1.0
    direction = sign * (gradients / norms).T * pixels_per_unit(axes)
    direction /= np.hypot(*direction.T)[:, None]
    share = np.sqrt(norms / norms.max(initial=1e-300))[:, None]
    half = direction * (MIN_LENGTH + (MAX_LENGTH - MIN_LENGTH) * share) / 2 * unit
    middle = to_pixels(axes, points)
    return np.stack([middle - half, middle + half], axis=1)
