"""The same animation by matplotlib's own means: FuncAnimation and PillowWriter.

python benchmarks/with_matplotlib.py SCENE.npz OUT.gif

A scene is what `benchmarks.scenes` writes: surface, levels, colors and paths of a config. The sizes
are optanim's, in pixels; its artists are made once and updated, as matplotlib's documentation
advises. Prints the seconds that the frames took, without imports and figure.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.animation import FuncAnimation, PillowWriter
from matplotlib.artist import Artist
from matplotlib.figure import Figure


def drawn(scene: Any) -> tuple[Figure, Callable[[float], list[Artist]]]:
    """The figure, and a function that moves to a step what moves, and returns it."""
    width, height = scene["size"]
    # At 72 dots an inch a point is a pixel.
    figure = plt.figure(figsize=(width / 72, height / 72), dpi=72)
    figure.text(14 / width, 1 - 25 / height, str(scene["title"]), size=17)
    figure.text(14 / width, 1 - 45 / height, str(scene["caption"]), size=13)
    legend = len(scene["colors"]) > 1
    axes = figure.add_axes((0.08, 0.09, 0.65 if legend else 0.9, 0.79))
    x, y, z, edges = (scene[name] for name in ("x", "y", "z", "edges"))
    if scene["contours"] != "lines":
        axes.contourf(x, y, z, edges, colors=list(scene["bands"]))
    if scene["contours"] != "bands":
        axes.contour(x, y, z, edges[1:-1], colors=str(scene["contour"]), linewidths=0.7)
    axes.set(xlim=x[[0, -1]], ylim=y[[0, -1]])
    looks = list(zip(scene["colors"], scene["markers"], scene["labels"], strict=True))
    lines = [
        axes.plot([], [], ".-", color=c, ms=4, lw=1.7, label=label)[0] for c, _, label in looks
    ]
    heads = [axes.plot([], [], marker, color=c, ms=10.5)[0] for c, marker, _ in looks]
    if legend:
        axes.legend(loc="upper left", bbox_to_anchor=(1, 1), fontsize=11)
    counter = figure.text(1 - 14 / width, 1 - 25 / height, "", ha="right", size=14)
    paths = [scene[f"path{i}"] for i in range(len(looks))]
    losses = scene["losses"]

    def update(step: float) -> list[Artist]:
        for path, line, head in zip(paths, lines, heads, strict=True):
            whole = int(step)
            at = [np.interp(step, range(path.shape[1]), axis) for axis in path]
            line.set_data(*np.column_stack([path[:, : whole + 1], at]))
            head.set_data(*[[value] for value in at])
        counter.set_text(f"step {int(step)}  loss {losses[int(step)]:.2e}")
        return [*lines, *heads, counter]

    return figure, update


def main(scene: Any, out: str) -> None:
    figure, update = drawn(scene)
    animation = FuncAnimation(figure, update, frames=list(scene["steps"]), blit=False)
    began = time.perf_counter()
    animation.save(out, writer=PillowWriter(fps=float(scene["fps"])))
    print(time.perf_counter() - began)


if __name__ == "__main__":
    main(np.load(sys.argv[1]), sys.argv[2])
