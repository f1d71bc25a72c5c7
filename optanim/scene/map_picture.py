"""Outcome maps in colors and words: the color of each cell at a step, and the key beside them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from optanim.experiment.outcome_map import STATUSES, OutcomeMap
from optanim.experiment.outcomes import NO_MINIMUM
from optanim.scene.color_scale import ColorScale
from optanim.scene.outcome_groups import mixed, muted_colors, own_colors, point_label
from optanim.schema.figure import Theme
from optanim.schema.words import Words
from optanim.surfaces import Array

MapName = tuple[str, int, int, int]
"""The name of a panel, the number of its trial, the side of its cells in pixels, and the number of
the frame of a zoom; 0 without one."""

Indices = npt.NDArray[np.uint8]

SHADES = 8
"""Shades of the color of a minimum; more would hardly be told apart, and make a larger file."""

PALEST = 0.68
"""The part of the background in the shade of the slowest starts."""

WAITING_INK = 0.07
"""The part of the ink in the color of cells of which nothing is known yet."""


@dataclass(frozen=True)
class KeyLine:
    """A line of the key beside a map: a color, or its shades, and what it stands for.

    Attributes:
        colors: `#RRGGBB`, the first is the strongest; of a line only one.
        label: in words.
        dashed: whether it is a dashed line on the map.
    """

    colors: tuple[str, ...]
    label: str
    dashed: bool = False


@dataclass(frozen=True)
class KeyBar:
    """The color bar of a key.

    Attributes:
        colors: `#RRGGBB`, from the lowest value on.
        scale: of the values.
        title: of the values.
    """

    colors: tuple[str, ...]
    scale: ColorScale
    title: str


@dataclass(frozen=True)
class MapPicture:
    """A map as it is drawn.

    Attributes:
        outcomes: the numbers.
        palette: the colors, `#RRGGBB`.
        final: (H, W), of each cell the index of its color once its outcome is known.
        known_from: (H, W), the step from which on it is known.
        waiting: the index of the color before.
        key: the lines of the key, from the top.
        title: of the key.
        bar: its color bar; None if it has none.
        lines: dashed lines, each (2, n) of points in the units of the keys.
    """

    outcomes: OutcomeMap
    palette: tuple[str, ...]
    final: Indices
    known_from: npt.NDArray[np.int32]
    waiting: int
    key: tuple[KeyLine, ...]
    title: str
    bar: KeyBar | None = None
    lines: tuple[Array, ...] = ()

    @property
    def last_step(self) -> int:
        """The last step that it shows."""
        return self.outcomes.grid.trial.steps

    def at(self, step: float) -> Indices:
        """The index of the color of each cell at a step, (H, W); the first row is the lowest."""
        shown = np.where(self.known_from <= step + 1e-9, self.final, self.waiting)
        return np.asarray(shown, dtype=np.uint8)


@dataclass(frozen=True)
class ZoomedPicture(MapPicture):
    """Maps of smaller and smaller windows; a step is the number of a window.

    Attributes:
        frames: (H, W) by the number of the window, of each cell the index of its color.
        factors: by which each window is smaller than the first.
    """

    frames: Mapping[int, Indices] = field(default_factory=dict)
    factors: tuple[float, ...] = ()

    @property
    def last_step(self) -> int:
        """The number of the last window."""
        return len(self.factors) - 1

    def at(self, step: float) -> Indices:
        """The index of the color of each cell of a window, (H, W)."""
        return self.frames[round(step)]


def zoomed_picture(pictures: Mapping[int, MapPicture], factors: tuple[float, ...]) -> ZoomedPicture:
    """One picture of the maps of several windows, by their numbers, after all of their steps."""
    first = next(iter(pictures.values()))
    frames = {i: picture.at(picture.outcomes.grid.trial.steps) for i, picture in pictures.items()}
    return ZoomedPicture(
        first.outcomes, first.palette, first.final, np.zeros_like(first.known_from), first.waiting,
        first.key, first.title, first.bar, (), frames, factors,
    )  # fmt: skip


def known_part(pictures: Collection[MapPicture]) -> Array | None:
    """The part of the cells of maps that are known at each step, (T + 1,); None without a map."""
    if not pictures:
        return None
    steps = np.concatenate([picture.known_from.ravel() for picture in pictures])
    last = max(picture.outcomes.grid.trial.steps for picture in pictures)
    return np.asarray(np.bincount(steps, minlength=last + 1).cumsum() / steps.size)


def basin_picture(
    outcomes: OutcomeMap, theme: Theme, words: Words, beside: Collection[OutcomeMap] = (),
    zoomed: float = 1.0,
) -> MapPicture:  # fmt: skip
    """A map of starts: the minimum that each reaches by color, the steps that it takes by shade.

    Args:
        outcomes: of trials that differ in their starts.
        theme: that has the colors.
        words: of the figure.
        beside: maps of a grid, which have one key: it has what any of them has, and no shares.
        zoomed: by what the window is smaller than the first of a zoom, which all names are for.
    """
    grid = outcomes.grid
    surface, steps = grid.trial.surface, grid.trial.steps
    side = zoomed * np.array([grid.x.high - grid.x.low, grid.y.high - grid.y.low])
    waiting = mixed(theme.background, theme.ink, WAITING_INK)
    palette, key = [waiting], list[KeyLine]()
    final = np.zeros(grid.shape, np.uint8)
    known_from = np.where(outcomes.since >= 0, outcomes.since, steps).astype(np.int32)
    shade = _shades(outcomes)
    colors = _colors_of_minima(outcomes, theme)

    def line(colors: tuple[str, ...], label: str, cells: npt.NDArray[np.bool_]) -> None:
        key.append(KeyLine(colors, part_label(label, cells, beside)))

    for index, color in colors.items():
        reached = outcomes.minimum == index
        if not beside and not reached.any():
            continue
        shades = tuple(
            mixed(color, theme.background, PALEST * k / (SHADES - 1)) for k in range(SHADES)
        )
        final = np.where(reached, len(palette) + shade, final).astype(np.uint8)
        palette += shades
        line(shades, point_label(surface.minima[index], surface, side), reached)
    elsewhere = (outcomes.minimum != NO_MINIMUM) & ~np.isin(outcomes.minimum, [*colors])
    seen = {
        name for shown in (outcomes, *beside) for name in STATUSES if shown.is_status(name).any()
    }
    for name, text in other_statuses(words).items():
        cells = outcomes.is_status(name)
        if name == "resting":
            cells |= elsewhere
        if name in seen or cells.any():
            color = status_colors(theme)[name]
            final = np.where(cells, len(palette), final).astype(np.uint8)
            palette.append(color)
            line((color,), text, cells)
    # What only the last step shows is known there.
    known_from = np.where(np.isin(outcomes.status, LATE_STATUSES), steps, known_from)
    return MapPicture(outcomes, tuple(palette), final, known_from, 0, tuple(key), words.reached)


LATE_STATUSES = [STATUSES.index(name) for name in ("resting", "left", "moving")]
"""Statuses of which another may follow until the last step."""


def _shades(outcomes: OutcomeMap) -> Indices:
    """The shade of each cell that has arrived, (H, W): 0 is the fastest eighth of all."""
    since = outcomes.since
    arrived = outcomes.is_status("arrived")
    if not arrived.any():
        return np.zeros(since.shape, np.uint8)
    edges = np.quantile(since[arrived], np.arange(1, SHADES) / SHADES)
    return np.searchsorted(edges, since, side="left").astype(np.uint8)


def _colors_of_minima(outcomes: OutcomeMap, theme: Theme) -> dict[int, str]:
    """The colors of minima by their indices; those that most cells reach, if there are too many."""
    surface = outcomes.grid.trial.surface
    if own := own_colors(surface, theme):
        return {i: own[minimum] for i, minimum in enumerate(surface.minima)}
    found, counts = np.unique(outcomes.minimum[outcomes.minimum != NO_MINIMUM], return_counts=True)
    most = sorted(found[np.argsort(-counts, kind="stable")][: len(theme.paths)].tolist())
    return dict(zip(most, theme.paths, strict=False))


def other_statuses(words: Words) -> dict[str, str]:
    """The statuses that reach no minimum, in words, in the order of a key."""
    return {
        "resting": words.rests_elsewhere,
        "moving": words.still_moving,
        "left": words.left,
        "diverged": words.diverged,
        "undefined": words.undefined,
    }


def status_colors(theme: Theme) -> dict[str, str]:
    """The color of each status that reaches no minimum: muted, so that no minimum has it."""
    failing, quiet = muted_colors(theme)
    return {
        "resting": quiet,
        "moving": mixed(quiet, theme.background, 0.45),
        "left": mixed(quiet, theme.background, 0.7),
        "diverged": mixed(failing, theme.background, 0.35),
        "undefined": mixed(failing, theme.ink, 0.4),
    }


def part_label(label: str, cells: npt.NDArray[np.bool_], beside: Collection[OutcomeMap]) -> str:
    """A label with the part of the map that its cells are; without, in the key of several maps."""
    return label if beside else f"{label}: {percent(float(cells.mean()))}"


def percent(share: float) -> str:
    """A share in percent: `27 %`, `0.4 %`, and `<0.1 %`."""
    if 0 < share < 0.0005:
        return "<0.1 %"
    number = 100 * share
    return f"{number:.0f} %" if number >= 0.95 or not share else f"{number:.1f} %"
