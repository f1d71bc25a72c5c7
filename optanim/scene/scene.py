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
class Trace:
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
    traces: tuple[Trace, ...]
    title: str
    caption: tuple[str, ...]
    panels: tuple[Chosen, ...]
    view: View
    figure: Figure
    theme: Theme
    trail: int = -1
    grid: bool = False
    sweep: Sweep | None = None

    def shown(self, of: int | None) -> tuple[Surface, tuple[Trace, ...]]:
        """A surface and the traces on it: that of one trace, by number; or the run's."""
        if of is not None:
            return self.traces[of - 1].surface, self.chosen(of)
        return self.surface, self.on(self.surface)

    def on(self, surface: Surface) -> tuple[Trace, ...]:
        """The traces on a surface."""
        return tuple(trace for trace in self.traces if trace.surface is surface)

    def framed(self, of: int | None) -> tuple[Trace, ...]:
        """The traces on a panel's surface: its axes are the same for each, to be compared."""
        # A sweep of surfaces is compared, too.
        return self.traces if self.sweep else self.on(self.shown(of)[0])

    def chosen(self, of: int | None) -> tuple[Trace, ...]:
        """One trace by its number, or all."""
        return self.traces if of is None else (self.traces[of - 1],)

    @property
    def steps(self) -> int:
        """The last step of the longest trace."""
        return max(trace.trajectory.steps for trace in self.traces)

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
        """Colors that must come out exactly: those that tell the traces apart."""
        return (self.theme.background, *(trace.color for trace in self.traces))

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
        return len(self.traces) > 1 and not self.grid if wanted is None else wanted == "box"


def traces_of(
    trajectories: Sequence[Trajectory],
    surfaces: Sequence[Surface],
    looks: Sequence[Look],
    chosen: Sequence[Chosen],
    theme: Theme,
) -> tuple[Trace, ...]:
    """The trajectories with the labels, colors and markers they asked for.

    Else with the next free ones; in a race a label then tells the rate, too.
    """
    free = [color for color in theme.paths if color not in {look.color for look in looks}]
    free = free or theme.paths
    return tuple(
        Trace(
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
