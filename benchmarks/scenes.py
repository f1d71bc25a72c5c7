"""The scenes of the benchmark: a config for optanim, and the same in numbers for the others."""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path

import numpy as np
from matplotlib.colors import LinearSegmentedColormap

import optanim
from optanim.drawing.painter import Painter
from optanim.encoding.film import Film
from optanim.encoding.formats.gif import gif
from optanim.encoding.write import write
from optanim.experiment.trials import trajectories_of
from optanim.scene.compose import compose_scene
from optanim.scene.framing import fit_window
from optanim.scene.viewport import contour_levels, loss_grid

ROOT = Path(__file__).parents[1]

MOMENTUM = """
surface: quadratic
start: [-4, 3]
optimizer: {{name: momentum, lr: 0.1, momentum: 0.9}}
steps: {steps}
view: {{contours: {contours}}}
figure: {{theme: {theme}}}
animation: {{steps_per_second: {pace}}}
"""


@dataclass(frozen=True)
class Made:
    """A config in a file, what it draws, and where its pictures go."""

    name: str
    config: Path

    @cached_property
    def film(self) -> Film:
        """The frames as optanim paints them."""
        run = optanim.load(self.config)
        drawn = compose_scene(run, trajectories_of(run))
        return Film(Painter(drawn).paint, drawn.moments, run.animation.loop, drawn.colors)

    def encoded(self, *, compact: bool = False) -> bytes:
        """The GIF: every frame painted and encoded anew, its palette chosen anew."""
        file = io.BytesIO()
        # A film of its own: the palette of a film is chosen once.
        write(self.film[:], [(partial(gif, compact=compact), file)])
        return file.getvalue()

    @cached_property
    def numbers(self) -> Path:
        """The scene for a script that does not know optanim."""
        run = optanim.load(self.config)
        drawn = compose_scene(run, trajectories_of(run))
        paths = [path.trajectory for path in drawn.traces]
        # The axes of the default figure, in pixels; a contour sees every second one.
        sides = fit_window(drawn.surface, [path.points for path in paths], 576 / 379)
        x, y, z = loss_grid(drawn.surface, sides, (190, 288))
        edges = contour_levels(z, drawn.view.levels, drawn.view.scale)
        ramp = LinearSegmentedColormap.from_list("bands", drawn.theme.bands, N=len(edges) - 1)
        file = self.config.with_suffix(".npz")
        np.savez(
            file, x=x, y=y, z=np.clip(z, edges[0], edges[-1]), edges=edges,
            bands=ramp(np.linspace(0, 1, len(edges) - 1)), contour=drawn.theme.contour,
            contours=drawn.view.contours, size=drawn.pixels, fps=run.animation.fps,
            title=drawn.title, caption="   ".join(drawn.caption), losses=paths[0].values,
            steps=[moment.step for moment in drawn.moments],
            colors=[path.color for path in drawn.traces],
            markers=[path.marker for path in drawn.traces],
            labels=[path.label for path in drawn.traces],
            **{f"path{i}": path.points for i, path in enumerate(paths)},  # type: ignore[arg-type]
        )  # fmt: skip
        return file


def momentum(folder: Path, contours: str, frames: int, theme: str = "light") -> Made:
    """Momentum on x² + 2y², so many frames and one long.

    Fifty steps; more frames show them slower, since on from there hardly a pixel would move.
    """
    steps = 50
    words = {"both": "lines on bands", "bands": "bands", "lines": "lines"}[contours]
    words += f" in {theme}" * (theme != "light")
    made = Made(f"{words}, {frames + 1} frames", folder / f"{contours}{theme}{frames}.yaml")
    text = MOMENTUM.format(steps=steps, contours=contours, theme=theme, pace=20 * steps / frames)
    made.config.write_text(text, "utf-8")
    return made


def article(folder: Path) -> list[Made]:
    """The article's seven figures."""
    names = ("gd", "momentum", "nesterov", "adagrad", "rmsprop", "adam", "adamw")
    found = []
    for name in names:
        config = folder / f"{name}_optimization.yaml"
        config.write_bytes((ROOT / "configs" / config.name).read_bytes())
        found.append(Made(name, config))
    return found
