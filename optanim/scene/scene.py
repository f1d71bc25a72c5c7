"""The scene: what a figure shows, in words and numbers and without a pixel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor

from optanim.config.sweep import Sweep
from optanim.experiment.simulate import Trajectory
from optanim.scene.caption import rate
from optanim.scene.line_style import Pen
from optanim.schema.choice import Chosen
from optanim.schema.figure import Figure, Look, Theme, default_size
from optanim.schema.view import View
from optanim.surfaces import Array, Surface

MARKERS: tuple[str, ...] = ("o", "s", "^", "D", "v", "P", "X", "h")


@dataclass(frozen=True)
class Path:
    """A trajectory as it is drawn, on its surface."""

    trajectory: Trajectory
    surface: Surface
    label: str
    color: str
    marker: str
    pen: Pen = Pen()

    def at(self, step: float) -> Array:
        """The point, (d,), at a step; between two updates on the line between them."""
        points = self.trajectory.points
        step = min(max(step, 0.0), self.trajectory.steps)
        k = floor(step)
        here = points[:, k]
        return here if k == step else here + (step - k) * (points[:, k + 1] - here)


@dataclass(frozen=True)
class Scene:
    """Everything that a painter needs to know."""

    surface: Surface
    paths: tuple[Path, ...]
    title: str
    caption: tuple[str, ...]
    panels: tuple[Chosen, ...]
    view: View
    figure: Figure
    theme: Theme
    trail: int = -1
    grid: bool = False
    sweep: Sweep | None = None

    def shown(self, of: int | None) -> tuple[Surface, tuple[Path, ...]]:
        """A surface and the paths on it: that of one path, by number; or the run's."""
        if of is not None:
            return self.paths[of - 1].surface, self.chosen(of)
        return self.surface, self.on(self.surface)

    def on(self, surface: Surface) -> tuple[Path, ...]:
        """The paths on a surface."""
        return tuple(path for path in self.paths if path.surface is surface)

    def framed(self, of: int | None) -> tuple[Path, ...]:
        """The paths on a panel's surface: its axes are the same for each, to be compared."""
        # A sweep of surfaces is compared, too.
        return self.paths if self.sweep else self.on(self.shown(of)[0])

    def chosen(self, of: int | None) -> tuple[Path, ...]:
        """One path by its number, or all."""
        return self.paths if of is None else (self.paths[of - 1],)

    @property
    def steps(self) -> int:
        """The last step of the longest path."""
        return max(path.trajectory.steps for path in self.paths)

    @property
    def pixels(self) -> tuple[int, int]:
        """Width and height of the picture."""
        width, height = self.size
        return width * self.figure.scale, height * self.figure.scale

    @property
    def size(self) -> tuple[int, int]:
        """Width and height before the scale."""
        count = len(self.panels)
        return self.figure.size or default_size(count, count if self.grid else 0)

    @property
    def colors(self) -> tuple[str, ...]:
        """Colors that must come out exactly: those that tell the paths apart."""
        return (self.theme.background, *(path.color for path in self.paths))

    @property
    def unit(self) -> float:
        """How many pixels a pixel of the default figure of 640 × 480 is: for lines and letters.

        Larger figures have larger letters, though not in proportion: there is more to read, too.
        """
        width, height = self.size
        return self.figure.scale * min(max(min(width / 640, height / 480) ** 0.5, 0.75), 2.0)

    @property
    def legend(self) -> bool:
        wanted = self.figure.legend
        # The cells of a grid have names of their own.
        return len(self.paths) > 1 and not self.grid if wanted is None else wanted == "box"


def paths_of(
    trajectories: Sequence[Trajectory],
    surfaces: Sequence[Surface],
    looks: Sequence[Look],
    chosen: Sequence[Chosen],
    theme: Theme,
) -> tuple[Path, ...]:
    """The trajectories with the labels, colors and markers they asked for.

    Else with the next free ones; in a race a label then tells the rate, too.
    """
    free = [color for color in theme.paths if color not in {look.color for look in looks}]
    free = free or theme.paths
    return tuple(
        Path(
            trajectory,
            surface,
            look.label or (f"{trajectory.label}, {rate(entry)}" if len(looks) > 1 else ""),
            look.color or free[i % len(free)],
            look.marker or MARKERS[i % len(MARKERS)],
        )
        for i, (trajectory, surface, look, entry) in enumerate(
            zip(trajectories, surfaces, looks, chosen, strict=True)
        )
    )
