"""The scene: the content of a figure in numbers and words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from math import floor
from typing import Literal

import numpy as np

from optanim.config.panels import MAP_PANELS, needs_of
from optanim.config.run import Trial
from optanim.config.sweep import Sweep
from optanim.errors import Place
from optanim.experiment.simulate import Trajectory
from optanim.experiment.swarm import SwarmTrajectory
from optanim.scene.layout import panel_columns
from optanim.scene.line_style import LineStyle
from optanim.scene.map_picture import MapName, MapPicture, ZoomedPicture
from optanim.scene.outcome_groups import OutcomeGroup
from optanim.scene.swarm import DotColors
from optanim.scene.timeline import Moment
from optanim.schema.choice import Chosen
from optanim.schema.figure import Figure, Theme, default_size, grid_columns
from optanim.schema.view import View
from optanim.schema.words import Words
from optanim.surfaces import Array, Surface

MARKERS: tuple[str, ...] = ("o", "s", "^", "D", "v", "P", "X", "h")
"""The markers of traces, in turn, as matplotlib names them."""

MAX_NAMES_AT_HEADS = 6
"""With more traces than this, the default legend is a box."""

SAMPLED_MEMBERS = 64
"""Number of the trajectories of a swarm by which the pace and the levels are chosen."""

LegendKind = Literal["end", "row", "box", "none"]

SECOND_DASH = (5.0, 2.5)
"""The strokes and gaps of the traces after the first eight."""


@dataclass(frozen=True)
class Trace:
    """A trajectory as it is drawn.

    Attributes:
        trajectory: its points and losses.
        surface: the surface of its trial.
        label: its name in the figure; "" if it needs none.
        color: `#RRGGBB`.
        marker: the marker at its end, as matplotlib names it.
        pen: the style of its line.
        mean_of: the number of trials whose mean it is; 0 for a trial.
        trial: the optimizer with its options; None if nothing is known of them.
        dots: the colors of its dots if it is a swarm, otherwise None.
    """

    trajectory: Trajectory
    surface: Surface
    label: str
    color: str
    marker: str
    pen: LineStyle = LineStyle()
    mean_of: int = 0
    trial: Trial | None = None
    dots: DotColors | None = None

    @property
    def swarm(self) -> SwarmTrajectory | None:
        """All trajectories if it is a swarm, otherwise None."""
        return self.trajectory if isinstance(self.trajectory, SwarmTrajectory) else None

    @property
    def steps(self) -> int:
        """The last step; of a swarm that of the longest of its trajectories."""
        return self.swarm.last_step if self.swarm else self.trajectory.steps

    @cached_property
    def trajectories(self) -> tuple[Trajectory, ...]:
        """Its trajectory, or some of those of a swarm, from which others differ little."""
        if not self.swarm:
            return (self.trajectory,)
        return tuple(self.swarm.members[r] for r in self.swarm.sample(SAMPLED_MEMBERS))

    @property
    def points(self) -> list[Array]:
        """The points, (d, T + 1); of a swarm corners of what a window must show, (d, 1) each."""
        return self.swarm.corners if self.swarm else [self.trajectory.points]

    @property
    def paths(self) -> list[Array]:
        """What a window must show: `points`, and those of a mean if there is one, (d, n)."""
        paths, means = self.points, self.trajectory.means
        if means is not None and (known := np.isfinite(means).all(axis=0)).any():
            paths.append(means[:, known])
        return paths

    def at(self, step: float) -> Array:
        """The point, (d,), at a step; linear interpolation between two updates."""
        points = self.trajectory.points
        step = min(max(step, 0.0), self.trajectory.steps)
        k = floor(step)
        point = points[:, k]
        return point if k == step else point + (step - k) * (points[:, k + 1] - point)


@dataclass(frozen=True)
class Scene:
    """Everything that is needed to draw a figure.

    Attributes:
        surface: the surface of the run.
        traces: one for each optimizer, in the order of the run; then means of a sweep over seeds.
        title: the text above the panels; TeX between dollar signs, as in the caption.
        caption: the lines below the title.
        result: what became of the traces, in a sentence of the last frame; the longest text first.
        panels: the entries of the panels with their options.
        view: the section `view` of the config.
        figure: the section `figure` of the config.
        theme: the colors.
        words: in the language of the config.
        trail: the number of the last steps that stay drawn; -1 for all.
        grid: whether there is a panel for each optimizer.
        sweep: the sweep whose trials are shown; None if there is none.
        groups: the trials of a sweep over starts, or the starts of swarms, by what became of them;
            () without these.
        dots_by: what the colors of the dots of swarms show, "minimum", "optimizer" or "loss"; ""
            without swarms.
        moments: the steps of the animation, and how long each is shown.
        still: the step of a still in place of the animation, which has names, too; None for none.
        maps: the outcome map of each panel that is one, by its name; empty where only the layout is
            tried.
        panel_places: for each panel the place in the config of each option that is set.
    """

    surface: Surface
    traces: tuple[Trace, ...]
    title: str
    caption: tuple[str, ...]
    panels: tuple[Chosen, ...]
    view: View
    figure: Figure
    theme: Theme
    words: Words = Words()
    result: tuple[str, ...] = ()
    trail: int = -1
    grid: bool = False
    sweep: Sweep | None = None
    groups: tuple[OutcomeGroup, ...] = ()
    dots_by: str = ""
    moments: tuple[Moment, ...] = ()
    still: int | None = None
    maps: Mapping[MapName, MapPicture] = field(default_factory=dict)
    panel_places: tuple[Mapping[str, Place], ...] = ()

    def shown(self, of: int | None) -> tuple[Surface, tuple[Trace, ...]]:
        """The surface of a panel and the traces drawn on it.

        They are those of one trace, by its number from 1 on, or those of the run's surface if
        `of` is None.
        """
        if of is not None:
            return self.traces[of - 1].surface, self.chosen(of)
        return self.surface, self.on(self.surface)

    def on(self, surface: Surface) -> tuple[Trace, ...]:
        """The traces on a surface."""
        return tuple(trace for trace in self.traces if trace.surface is surface)

    def framed(self, of: int | None) -> tuple[Trace, ...]:
        """The traces that determine the window of a panel.

        Panels of the same surface have the same window, so that they can be compared.
        """
        # The panels of a sweep are compared even if their surfaces differ.
        return self.traces if self.sweep else self.on(self.shown(of)[0])

    def chosen(self, of: int | None) -> tuple[Trace, ...]:
        """One trace by its number from 1 on, or all traces if `of` is None."""
        return self.traces if of is None else (self.traces[of - 1],)

    def index_of(self, trace: Trace) -> int | None:
        """The index of a trace, also of one that has another pen; None if it is of no trace."""
        return self._indices.get(id(trace), self._indices.get(id(trace.trajectory)))

    @cached_property
    def _indices(self) -> dict[int, int]:
        """The index of each trace by its identity, and by that of its trajectory."""
        parts = [*enumerate(self.traces), *enumerate(trace.trajectory for trace in self.traces)]
        return {id(part): i for i, part in reversed(parts)}

    def goal_color(self, minimum: Sequence[float]) -> str:
        """The color of the ring around a minimum: that of the trials that a sweep groups there."""
        colored = self.groups if self.dots_by in ("", "minimum") else ()
        colors = {group.minimum: group.color for group in colored if group.minimum}
        return colors.get(tuple(minimum), self.theme.ink)

    @cached_property
    def steps(self) -> int:
        """The last step of the longest trace or map; the last window of a zoom."""
        if self.zoom_factors:
            return len(self.zoom_factors) - 1
        maps = (picture.last_step for picture in self.maps.values())
        return max(*(trace.steps for trace in self.traces), *maps, 0)

    def progress(self, trace: Trace) -> Array:
        """The number of updates or of evaluations up to each step of a trace, (T + 1,)."""
        if self.view.against == "evaluations":
            return np.asarray(trace.trajectory.evaluations, dtype=np.float64)
        return np.arange(trace.steps + 1.0)

    @property
    def progress_end(self) -> float:
        """The largest progress of all traces."""
        return max(float(self.progress(trace)[-1]) for trace in self.traces)

    @property
    def progress_word(self) -> str:
        """The name of the axis of the progress."""
        against = self.view.against
        return self.words.evaluations if against == "evaluations" else self.words.step

    @property
    def value_word(self) -> str:
        """The name of the value of the surface: what is climbed is no loss."""
        return self.words.value if self.surface.ascends else self.words.loss

    @property
    def pixels(self) -> tuple[int, int]:
        """The width and height of the picture in pixels."""
        width, height = self.size
        return width * self.figure.scale, height * self.figure.scale

    @property
    def size(self) -> tuple[int, int]:
        """The width and height in pixels before scaling by `figure.scale`."""
        count = len(self.panels)
        return self.figure.size or default_size(count, count if self.grid else 0)

    @property
    def portrait(self) -> bool:
        """Whether the picture is higher than wide: the legend is below the panels."""
        width, height = self.size
        return height > width

    @property
    def across(self) -> int:
        """The number of columns of panels."""
        count = len(self.panels)
        if self.grid:
            return self.sweep.across if self.sweep else grid_columns(count)
        return panel_columns(count, self.size)

    @property
    def colors(self) -> tuple[str, ...]:
        """The colors that a file must keep exactly: the background and those of the traces."""
        traces = [trace.dots.colors if trace.dots else (trace.color,) for trace in self.traces]
        return (self.theme.background, *chain.from_iterable(traces))

    @property
    def unit(self) -> float:
        """The factor of sizes of lines and letters, relative to the default figure of 640 × 480.

        It grows with the square root of the size: larger figures have larger letters, and more
        of them.
        """
        width, height = self.size
        return self.figure.scale * min(max(min(width / 640, height / 480) ** 0.5, 0.75), 2.0)

    @property
    def legend(self) -> LegendKind:
        """The kind of legend; where names have no room at the heads, `end` becomes a box.

        By default there is one if there are several traces. In a grid, there is none by default:
        each panel has the name of its trace. That of a sweep is a scale of its values, and that of
        swarms counts their dots, where a panel shows them.
        """
        kind = self.figure.legend
        if self.dots_by:
            return kind or ("box" if self.has_traces else "none")
        if kind is None:
            kind = "end" if len(self.traces) <= MAX_NAMES_AT_HEADS else "box"
            kind = kind if len(self.traces) > 1 and not self.grid else "none"
        if kind == "end" and (self.sweep or not self.has_map):
            return "box"
        return kind

    @property
    def has_headers(self) -> bool:
        """Whether it is a grid whose rows and columns are values of a sweep."""
        return self.grid and self.sweep is not None and len(self.sweep.keys) > 1

    @property
    def zoom_factors(self) -> tuple[float, ...]:
        """By what the windows of a zoom are smaller than the first; () without a zoom."""
        zoomed = (p.factors for p in self.maps.values() if isinstance(p, ZoomedPicture))
        return next(zoomed, ())

    @property
    def has_traces(self) -> bool:
        """Whether a panel shows traces; outcome maps do not."""
        return any(panel.entry.name not in MAP_PANELS for panel in self.panels)

    @property
    def has_map(self) -> bool:
        """Whether a panel shows heads at their places on the surface."""
        return any(needs_of(panel.entry).dimensions for panel in self.panels)


def themed_traces(
    trials: Sequence[Trial], trajectories: Sequence[Trajectory], theme: Theme, names: Sequence[str]
) -> tuple[Trace, ...]:
    """The traces of trials, with the names, colors and markers of the config.

    Colors and markers that the config does not give are the next free ones of the theme.
    """
    set_colors = {trial.look.color for trial in trials}
    free_colors = [color for color in theme.paths if color not in set_colors] or theme.paths
    return tuple(
        Trace(
            trajectory,
            trial.surface,
            names[i],
            trial.look.color or free_colors[i % len(free_colors)],
            # The ninth has the color of the first, and neither its marker nor its line.
            trial.look.marker or MARKERS[(i + i // len(MARKERS)) % len(MARKERS)],
            LineStyle(dots=False, dash=SECOND_DASH) if i >= len(MARKERS) else LineStyle(),
            trial=trial,
        )
        for i, (trial, trajectory) in enumerate(zip(trials, trajectories, strict=True))
    )
