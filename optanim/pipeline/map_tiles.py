"""The outcome maps of a few runs, split into tiles that several workers simulate."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from optanim.config.run import Run
from optanim.errors import ConfigError
from optanim.experiment.outcome_map import MapArrays, OutcomeMap, joined_map
from optanim.experiment.trials import trajectories_of
from optanim.pipeline.jobs import TileJob
from optanim.pipeline.provenance import shown_frame
from optanim.pipeline.workers import Execute
from optanim.scene.map_cells import map_grids, map_panels
from optanim.scene.map_picture import MapName
from optanim.schema.types import AUTO

TILE_CELLS = 8_192
"""Cells of a tile, about: a tenth of a second for each hundred steps."""

MAX_SPLIT_RUNS = 4
"""With more runs that have maps, the runs themselves keep the workers busy."""

Maps = Mapping[MapName, OutcomeMap]


def tiled_maps(
    runs: Sequence[Run], frame: int | None, execute: Execute,
    progress: Callable[[Run, int, int], None],
) -> dict[int, Maps]:  # fmt: skip
    """The outcome maps of runs by the index of the run, simulated by several workers.

    Left out are runs whose maps are not worth it, and those that fail: rendering says why.

    Args:
        runs: the runs.
        frame: as for `optanim.render`.
        execute: from `batch_workers`.
        progress: called with a run, the number of its simulated cells, and of all its cells.
    """
    indices = [i for i, run in enumerate(runs) if _is_splittable(run)]
    tiles = list[tuple[int, MapName, TileJob]]()
    grids = {}
    for i in indices if len(indices) <= MAX_SPLIT_RUNS else ():
        try:
            paths = [trajectory.points for trajectory in trajectories_of(runs[i])]
        except ConfigError:
            continue
        for name, grid in map_grids(runs[i], paths, shown_frame(runs[i], frame)).items():
            grids[i, name] = grid
            rows = max(1, TILE_CELLS // grid.x.count)
            tiles += [(i, name, TileJob(tile)) for tile in grid.tiles(rows)]
    parts: dict[int, MapArrays] = {}
    for number, result in execute([job for _, _, job in tiles], lambda number, message: None):
        if not isinstance(result, tuple):
            return {}
        parts[number] = result
        run = tiles[number][0]
        of_run = [k for k, (i, _, _) in enumerate(tiles) if i == run]
        progress(runs[run], sum(k in parts for k in of_run), len(of_run))
    maps: dict[int, dict[MapName, OutcomeMap]] = {}
    for (i, name), grid in grids.items():
        numbers = [k for k, (run, panel, _) in enumerate(tiles) if (run, panel) == (i, name)]
        maps.setdefault(i, {})[name] = joined_map(grid, [parts[k] for k in numbers])
    return dict(maps)


def _is_splittable(run: Run) -> bool:
    """Whether a run has maps, and no rates that must be found first."""
    tuned = any(AUTO in trial.chosen.options.values() for trial in run.trials)
    return bool(map_panels(run)) and not tuned
