"""The color bar of a contour panel: its bands one above the other, and the values between them."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.colors import ListedColormap
from matplotlib.patches import Polygon
from matplotlib.transforms import Bbox

from optanim.formulas.numbers import number_label
from optanim.scene.scene import Scene
from optanim.surfaces import Array

BAR_GAP, BAR_WIDTH = 11, 11
"""Pixels of the default figure: between a panel and its bar, and the width of the bar."""

LABEL_DISTANCE = 28
"""Pixels of the default figure between the middles of two labels, at least."""

TIP_HEIGHT = 8
"""Pixels of the default figure: the height of a tip, which says that there is more."""

MIN_BAND_HEIGHT = 4
"""Pixels of the default figure; lower bands have no line between them."""


class LevelBar(Axes):
    """The axes of a bar. Its bands are equally high, because levels may be dense at one end.

    Attributes:
        levels: the values at the ends of the bands, (n + 1,), rising.
    """

    levels: Array

    def set_bands(
        self, scene: Scene, levels: Array, colors: Array, tips: tuple[bool, bool]
    ) -> None:
        """Set what the bar shows, and name the value.

        Args:
            scene: for its colors, its unit, its lines and the name of the value.
            levels: of the panel, (n + 1,), rising.
            colors: of its bands, (n, 4).
            tips: whether the lowest and the highest band have values beyond the levels, too.
        """
        self.levels, self._scene, self._colors, self._tips = levels, scene, colors, tips
        theme = scene.theme
        self.patch.set_visible(False)
        self.spines[:].set_visible(False)
        self.set(xlim=(0, 1), xticks=[])
        self.yaxis.tick_right()
        self.tick_params(
            length=3, width=0.8, color=theme.contour, labelcolor=theme.faint, labelsize=12, pad=3
        )
        # Above the label of the highest level.
        self.set_title(scene.value_word, loc="left", size=12, color=theme.faint, pad=8)

    def place(self, left: float, bottom: float, height: float) -> None:
        """Draw the bar at a place in pixels from the bottom left, in place of where it was."""
        unit, theme, count = self._scene.unit, self._scene.theme, len(self._colors)
        figure: Any = self.get_figure(root=True)
        box = Bbox.from_bounds(left, bottom, BAR_WIDTH * unit, height)
        box = box.transformed(figure.transFigure.inverted())
        self.set_axes_locator(lambda axes, renderer: box)
        for artist in [*self.collections, *self.patches]:
            artist.remove()
        low, high = self._tips
        band = (height - (low + high) * TIP_HEIGHT * unit) / count
        tip = TIP_HEIGHT * unit / band
        ends = -tip * low, count + tip * high
        self.pcolormesh([0, 1], np.arange(count + 1), np.arange(count)[:, None], zorder=1,
                        cmap=ListedColormap(self._colors), vmin=-0.5, vmax=count - 0.5)  # fmt: skip
        for color, edge, end in ((0, 0, ends[0]), (-1, count, ends[1])):
            if end != edge:
                corners = [(0, edge), (1, edge), (0.5, end)]
                self.add_patch(Polygon(corners, facecolor=self._colors[color], linewidth=0))
        if self._scene.view.contours != "bands" and band >= MIN_BAND_HEIGHT * unit:
            self.hlines(np.arange(1, count), 0, 1, colors=theme.contour, linewidths=0.7, zorder=2)
        outline = [(0, 0), (0.5, ends[0]), (1, 0), (1, count), (0.5, ends[1]), (0, count)]
        self.add_patch(Polygon(outline, fill=False, edgecolor=theme.contour, linewidth=0.8,
                               clip_on=False, zorder=3))  # fmt: skip
        texts = [number_label(float(level)) for level in self.levels]
        ticks = _labelled(self.levels, texts, ceil(LABEL_DISTANCE * unit / band))
        self.set_yticks(ticks, [texts[i] for i in ticks])
        self.set_ylim(ends)


def draw_level_bar(axes: Axes, scene: Scene, levels: Array, colors: Array, z: Array) -> None:
    """Draw the bar of a panel at its right.

    Args:
        axes: of the panel.
        scene: for its colors, its unit, its lines and the name of the value.
        levels: of the panel, (n + 1,), rising.
        colors: of its bands, (n, 4).
        z: (H, W), the values that are shown; NaN where there is none.
    """
    figure: Any = axes.get_figure(root=True)
    bar = LevelBar(figure, (0.0, 0.0, 1.0, 1.0))
    rounding = 1e-9 * (levels[-1] - levels[0])
    tips = bool((z < levels[0] - rounding).any()), bool((z > levels[-1] + rounding).any())
    bar.set_bands(scene, levels, colors, tips)
    bar.place(axes.bbox.x1 + BAR_GAP * scene.unit, axes.bbox.y0, axes.bbox.height)
    axes.add_child_axes(bar)


def level_bars(panels: Sequence[Axes]) -> list[LevelBar]:
    """The bars of panels."""
    return [bar for axes in panels for bar in axes.child_axes if isinstance(bar, LevelBar)]


def bar_widths(panels: Sequence[Axes], renderer: RendererAgg) -> Array:
    """The width of the bar of each panel with its gap and its labels, in pixels; 0 without one."""
    widths = np.zeros(len(panels))
    for i, axes in enumerate(panels):
        for bar in level_bars([axes]):
            box = bar.get_tightbbox(renderer)
            widths[i] = ceil(box.x1 - axes.bbox.x1) if box else 0
    return widths


def are_alike(bars: Sequence[LevelBar]) -> bool:
    """Whether all bars have the same levels, so that one can stand for all."""
    return all(np.array_equal(bar.levels, bars[0].levels) for bar in bars[1:])


def share_bar(panels: Sequence[Axes], gap: float) -> None:
    """Keep one bar for all panels: at the right of them, as high as all rows.

    Args:
        panels: of a grid, each with a bar.
        gap: pixels between the panels and the bar, beside its own gap.
    """
    first, *others = level_bars(panels)
    for axes, bar in zip(panels[1:], others, strict=True):
        axes.child_axes.remove(bar)
    boxes = [axes.bbox for axes in panels]
    bottom, top = min(box.y0 for box in boxes), max(box.y1 for box in boxes)
    left = max(box.x1 for box in boxes) + gap + BAR_GAP * first._scene.unit
    first.place(left, bottom, top - bottom)


def _labelled(levels: Array, texts: Sequence[str], every: int) -> list[int]:
    """The indices of the levels that are labelled: those that give most and shortest labels.

    A value of more than six digits has no label, as on the lines of the panel. In a low bar, the
    first and the last that can be written have one.
    """
    written = [float(f"{level:.6g}") == level for level in levels.tolist()]
    choices = [
        [i for i in range(first, len(levels), every) if written[i]]
        for first in range(min(every, len(levels)))
    ]
    best = max(choices, key=lambda choice: (len(choice), -sum(len(texts[i]) for i in choice)))
    all_written = [i for i in range(len(levels)) if written[i]]
    return best if len(best) > 1 else sorted({*all_written[:1], *all_written[-1:]})
