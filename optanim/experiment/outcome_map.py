"""Outcome maps: the outcomes of the trials of a grid, whose cells differ in two numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import numpy.typing as npt

from optanim.config.run import Trial
from optanim.config.varied_key import VariedKey
from optanim.experiment.contraction import contraction_rates
from optanim.experiment.divergence import NEVER
from optanim.experiment.outcomes import NO_MINIMUM, measure_outcomes
from optanim.experiment.simulate_many import SEEDS, simulate_blocks
from optanim.experiment.trajectories import Trajectories
from optanim.schema.choice import Chosen
from optanim.surfaces import Array, Surface, Window

STATUSES = ("arrived", "resting", "left", "moving", "diverged", "undefined")
"""The statuses of `Outcomes`; a map has their indices."""

MapArrays = tuple[
    npt.NDArray[np.uint8], npt.NDArray[np.int32], npt.NDArray[np.int16], Array,
]  # fmt: skip
"""The status, since, minimum and values of an `OutcomeMap`."""

Measure = Literal["outcome", "loss", "rate"]
"""What is measured beside the outcome: nothing, the loss, or the contraction of the distance."""


@dataclass(frozen=True)
class CellAxis:
    """An axis of a map: a key, and its numbers in the middles of equal parts of a range.

    Attributes:
        key: that differs along the axis.
        low: the lower edge of the first cell.
        high: the upper edge of the last cell.
        count: the number of cells.
        log: whether cells are at equal ratios; then `low` is positive.
    """

    key: VariedKey
    low: float
    high: float
    count: int
    log: bool = False

    def zoomed(self, to: float, factor: float) -> CellAxis:
        """The axis with its ends nearer to a number by a factor; by its logarithm, if it is log."""
        if self.log:
            low, high = (to * (end / to) ** (1 / factor) for end in (self.low, self.high))
        else:
            low, high = (to + (end - to) / factor for end in (self.low, self.high))
        return replace(self, low=low, high=high)

    @property
    def values(self) -> Array:
        """The number of each cell, (count,)."""
        shares = (np.arange(self.count) + 0.5) / self.count
        if self.log:
            values = self.low * (self.high / self.low) ** shares
        else:
            values = self.low + (self.high - self.low) * shares
        return np.rint(values) if self.key.whole else np.asarray(values)


@dataclass(frozen=True)
class MapGrid:
    """The trials of a map: one for each cell of a grid.

    Attributes:
        trial: what all cells have in common.
        surface: the entry of the surface, for a key of its options.
        x: the axis of the W columns.
        y: the axis of the H rows, from the bottom.
        measure: what is measured beside the outcomes.
        shown: the steps at which it is measured, (F,), rising; empty for "outcome".
        frame: the visible window, as for `measure_outcome`.
        rows: the rows of a tile; None for all.
    """

    trial: Trial
    surface: Chosen
    x: CellAxis
    y: CellAxis
    measure: Measure = "outcome"
    shown: tuple[int, ...] = ()
    frame: Window | None = None
    rows: range | None = None

    @property
    def shape(self) -> tuple[int, int]:
        """The number of rows and of columns."""
        return len(self.rows) if self.rows else self.y.count, self.x.count

    @property
    def numbers(self) -> tuple[Array, Array]:
        """The numbers of both keys in each cell, row by row, (H·W,) each."""
        rows = self.y.values if self.rows is None else self.y.values[self.rows]
        x, y = np.meshgrid(self.x.values, rows)
        return x.ravel(), y.ravel()

    def tiles(self, rows: int) -> list[MapGrid]:
        """The grid in parts of up to this number of rows."""
        count = self.y.count
        return [replace(self, rows=range(i, min(i + rows, count))) for i in range(0, count, rows)]


@dataclass(frozen=True)
class OutcomeMap:
    """The outcomes of the trials of a grid.

    Attributes:
        grid: the trials.
        status: (H, W), of each an index of `STATUSES`.
        since: (H, W), the step at which the status began, or `NEVER`.
        minimum: (H, W), the index of the minimum that was reached, or `NO_MINIMUM`.
        values: (F, H, W) at the shown steps, the loss, or the factor of the distance to the minimum
            in an update; NaN where there is none. F is 0 if nothing is measured.
    """

    grid: MapGrid
    status: npt.NDArray[np.uint8]
    since: npt.NDArray[np.int32]
    minimum: npt.NDArray[np.int16]
    values: Array

    @property
    def arrays(self) -> MapArrays:
        """The numbers without the trials, which another process cannot send."""
        return self.status, self.since, self.minimum, self.values

    def is_status(self, name: str) -> npt.NDArray[np.bool_]:
        """Whether each cell has a status, (H, W)."""
        return self.status == STATUSES.index(name)

    def share(self, cells: npt.NDArray[np.bool_]) -> float:
        """The part of the map that some cells (H, W) are, from 0 to 1."""
        return float(cells.mean())


def simulate_map(grid: MapGrid, progress: Callable[[int], None] = lambda cells: None) -> OutcomeMap:
    """Simulate the trials of a grid.

    Args:
        grid: the trials.
        progress: called with the number of cells of each block that is done.
    """
    count = grid.shape[0] * grid.shape[1]
    # A cell that is not simulated begins where the surface has no value.
    status, since = np.full(count, STATUSES.index("undefined"), np.uint8), np.zeros(count, np.int32)
    minimum, left = np.full(count, NO_MINIMUM, np.int16), count
    values = np.full((len(grid.shown), count), np.nan)
    for cells, block, surface in _blocks(grid):
        outcomes = measure_outcomes(block, surface, frame=grid.frame)
        status[cells] = [STATUSES.index(name) for name in outcomes.status.tolist()]
        since[cells], minimum[cells] = outcomes.since, outcomes.minimum
        if grid.measure != "outcome":
            values[:, cells] = _measured(grid, block, surface)
        progress(len(cells))
        left -= len(cells)
    progress(left)
    shape = grid.shape
    return OutcomeMap(
        grid, status.reshape(shape), since.reshape(shape), minimum.reshape(shape),
        values.reshape(len(grid.shown), *shape),
    )  # fmt: skip


def joined_map(grid: MapGrid, tiles: Sequence[MapArrays]) -> OutcomeMap:
    """The map of a grid from the arrays of its `tiles`, in their order."""
    status, since, minimum, values = zip(*tiles, strict=True)
    return OutcomeMap(
        grid, np.concatenate(status), np.concatenate(since), np.concatenate(minimum),
        np.concatenate(values, axis=1),
    )  # fmt: skip


def _blocks(grid: MapGrid) -> Iterator[tuple[npt.NDArray[np.int64], Trajectories, Surface]]:
    """Yield the indices of some cells, row by row, their trajectories, and their surface."""
    trial = grid.trial
    numbers = grid.numbers
    for cells, surface, noise in _alike(grid, numbers):
        starts = np.repeat(np.array(trial.start, np.float64)[:, None], len(cells), axis=1)
        options, seeds = dict[str, Array](), np.full(len(cells), trial.seed)
        for axis, values in zip((grid.x, grid.y), numbers, strict=True):
            key = axis.key
            if key.kind == "start":
                starts[key.index] = values[cells]
            elif key.kind == "seed":
                seeds = values[cells].astype(np.int64) % SEEDS
            elif key.kind == "optimizer":
                chosen = values[cells]
                options[key.name] = chosen.astype(np.int64) if key.whole else chosen
        whole = np.flatnonzero(surface.is_finite_at(starts))
        if not whole.size:
            continue
        cells, starts, seeds = cells[whole], starts[:, whole], seeds[whole]
        options = {name: values[whole] for name, values in options.items()}
        for block, trajectories in simulate_blocks(
            surface, trial.optimizer, starts, steps=trial.steps, options=options, seeds=seeds,
            noise=noise, stop=trial.stop, label=trial.label,
        ):  # fmt: skip
            yield cells[block], trajectories, surface


def _alike(
    grid: MapGrid, numbers: Sequence[Array]
) -> Iterator[tuple[npt.NDArray[np.int64], Surface, float]]:
    """Yield the cells that are simulated together, with their surface and their noise."""
    trial, keys = grid.trial, (grid.x.key, grid.y.key)
    apart = [i for i, key in enumerate(keys) if not key.together]
    if not apart:
        yield np.arange(len(numbers[0])), trial.surface, trial.noise
        return
    rows, group = np.unique(np.stack([numbers[i] for i in apart]), axis=1, return_inverse=True)
    for k, row in enumerate(rows.T.tolist()):
        surface, noise, options = trial.surface, trial.noise, dict[str, float]()
        for i, value in zip(apart, row, strict=True):
            key = keys[i]
            if key.kind == "noise":
                noise = value
            else:
                options[key.name] = int(value) if key.whole else value
        if options:
            surface = grid.surface.entry.function(**{**grid.surface.options, **options})
            surface = surface.climbed if trial.surface.ascends else surface
        yield np.flatnonzero(group.ravel() == k), surface, noise


def _measured(grid: MapGrid, block: Trajectories, surface: Surface) -> Array:
    """What is measured of a block at the shown steps, (F, R)."""
    assert block.points is not None and block.values is not None
    shown = np.array(grid.shown)[:, None]
    if grid.measure == "rate":
        return contraction_rates(block.points, block.steps, surface, grid.shown)
    losses = np.take_along_axis(block.values, np.minimum(shown, block.steps), axis=0)
    return np.where((block.since != NEVER) & (block.since <= shown), np.nan, losses)
