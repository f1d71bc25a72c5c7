"""The same animation by matplotlib's own means: FuncAnimation and PillowWriter.

python benchmarks/with_matplotlib.py CONFIG OUT.gif

The scene is the config's own: the same surface, window, levels, path, title, captions and frames.
Its artists are updated in place and not made anew, as its documentation advises.
"""

from __future__ import annotations

import sys
from math import floor

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.animation import FuncAnimation, PillowWriter
from matplotlib.colors import LinearSegmentedColormap

import optanim
from optanim.framing import grid, levels, window
from optanim.rendering import scene, trajectories_of
from optanim.timeline import timeline


def main(config: str, out: str, *set: str) -> None:
    run = optanim.load(config, set=set)
    drawn = scene(run, trajectories_of(run))
    moments = timeline(drawn.steps, run.animation)
    width, height = drawn.pixels
    figure, axes = plt.subplots(figsize=(width / 100, height / 100), dpi=100)
    sides = window(drawn.surface, [path.trajectory.points for path in drawn.paths], 1.5)
    x, y, z = grid(drawn.surface, sides, (190, 288))
    edges = levels(z, drawn.view.levels, drawn.view.scale)
    if drawn.view.filled:
        ramp = LinearSegmentedColormap.from_list("bands", drawn.theme.bands)
        axes.contourf(x, y, z, edges, cmap=ramp)
    axes.contour(x, y, z, edges, colors=drawn.theme.contour, linewidths=0.7)
    axes.set(xlim=sides[0], ylim=sides[1], title=f"{drawn.title}  {drawn.caption[-1]}")
    lines = [
        axes.plot([], [], ".-", color=path.color, markersize=4, linewidth=1.7)[0]
        for path in drawn.paths
    ]
    heads = [
        axes.plot([], [], path.marker, color=path.color, markersize=9)[0] for path in drawn.paths
    ]
    counter = axes.text(0.98, 0.95, "", transform=axes.transAxes, ha="right")

    def update(index: int) -> list[object]:
        step = moments[index].step
        for path, line, head in zip(drawn.paths, lines, heads, strict=True):
            points = path.trajectory.points
            last = min(step, path.trajectory.steps)
            at = [np.interp(last, range(points.shape[1]), axis) for axis in points]
            shown = np.column_stack([points[:, : floor(last) + 1], at])
            line.set_data(*shown)
            head.set_data(*[[value] for value in at])
        loss = drawn.paths[0].trajectory.values[floor(min(step, drawn.paths[0].trajectory.steps))]
        counter.set_text(f"step {floor(step)}  loss {loss:.2e}")
        return [*lines, *heads, counter]

    animation = FuncAnimation(figure, update, frames=len(moments), blit=False)
    animation.save(out, writer=PillowWriter(fps=run.animation.fps))


if __name__ == "__main__":
    main(*sys.argv[1:])
