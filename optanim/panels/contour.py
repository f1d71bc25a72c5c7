from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from optanim.errors import ConfigError, Problem
from optanim.expression import name_in_tex
from optanim.framing import grid, levels, window
from optanim.scene import Scene
from optanim.surface import Array

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from optanim.marks import Mark


def contour(axes: Axes, scene: Scene) -> list[Mark]:
    """Contour: the surface seen from above, and the paths on it.

    Reference: bands of equal loss, between the levels that `optanim.framing.levels` chooses.
    """
    # Here and not above: a config is checked without matplotlib.
    from matplotlib.colors import LinearSegmentedColormap

    from optanim.marks import Trail

    theme, view, surface = scene.theme, scene.view, scene.surface
    if surface.dimensions != 2:
        message = f"a contour needs a surface of two axes, this one has {surface.axes[0]}"
        raise ConfigError([Problem(message, "", "'optanim trace' has its numbers")])
    width, height = axes.bbox.size
    framed = window(surface, [path.trajectory.points for path in scene.paths], width / height)
    sides = (view.x or framed[0], view.y or framed[1])
    axes.set(xlim=sides[0], ylim=sides[1])
    x, y, z = grid(surface, sides, (round(height / 2), round(width / 2)))
    edges = levels(z, view.levels, view.scale)
    z = np.clip(z, edges[0], edges[-1])
    if view.contours != "lines":
        ramp = LinearSegmentedColormap.from_list("bands", theme.bands, N=len(edges) - 1)
        colors = ramp(np.linspace(0, 1, len(edges) - 1))
        axes.contourf(x, y, z, edges, colors=colors, zorder=1)
    if view.contours != "bands":
        axes.contour(x, y, z, edges[1:-1], colors=theme.contour, linewidths=0.7, zorder=2)
    _ticks(axes, scene)
    marked = [m for m in surface.minima if view.minimum and _inside(m, sides)]
    if marked:
        axes.plot(*np.array(marked).T, "*", color=theme.ink, markersize=13,
                  markeredgecolor=theme.halo, markeredgewidth=1, zorder=3)  # fmt: skip
    marks: list[Mark] = []
    for path in scene.paths:
        points = _pixels(axes, path.trajectory.points)
        axes.plot(*path.trajectory.points[:, 0], "o", color=theme.halo, markersize=7,
                  markeredgecolor=path.color, markeredgewidth=1.6, zorder=4)  # fmt: skip
        marks.append(
            Trail(points, path.color, theme.halo, path.marker,
                  clip=axes.bbox.frozen(), unit=scene.unit, last=scene.trail)
        )  # fmt: skip
    return marks


def _ticks(axes: Axes, scene: Scene) -> None:
    from matplotlib.ticker import MaxNLocator

    theme, names = scene.theme, [name_in_tex(axis) for axis in scene.surface.axes]
    axes.set_xlabel(f"${names[0]}$", color=theme.ink, size=14, labelpad=2)
    axes.set_ylabel(
        f"${names[1]}$", color=theme.ink, size=14, labelpad=4, rotation=0, va="center", ha="right"
    )
    axes.tick_params(length=3, width=0.8, color=theme.contour, labelcolor=theme.faint, labelsize=12)
    for axis, pixels in ((axes.xaxis, axes.bbox.width), (axes.yaxis, axes.bbox.height)):
        count = min(7, max(2, int(pixels / scene.unit / 60)))
        axis.set_major_locator(MaxNLocator(count, steps=[1, 2, 5, 10]))
    for spine in axes.spines.values():
        spine.set(color=theme.contour, linewidth=0.8)


def _inside(point: tuple[float, ...], sides: tuple[tuple[float, float], ...]) -> bool:
    return all(low <= part <= high for part, (low, high) in zip(point, sides, strict=True))


def _pixels(axes: Axes, points: Array) -> Array:
    """Points (2, T) as pixels (T, 2); one far away is drawn in its direction, nearer by."""
    with np.errstate(over="ignore", invalid="ignore"):
        pixels = np.nan_to_num(axes.transData.transform(points.T), posinf=1e300, neginf=-1e300)
    middle = np.array([axes.bbox.x0 + axes.bbox.width / 2, axes.bbox.y0 + axes.bbox.height / 2])
    away = np.abs(pixels - middle).max(axis=1, keepdims=True)
    return np.asarray(middle + (pixels - middle) * np.minimum(1, 1e5 / np.maximum(away, 1)))
