"""Many simulations of one optimizer at once: R starts, R values of its options, or R seeds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from optanim.experiment.simulate import simulate
from optanim.experiment.trajectories import Trajectories, as_arrays, joined
from optanim.optimizers import Optimizer
from optanim.schema.stop import Stop
from optanim.surfaces import Array, Surface

MAX_NUMBERS = 4_000_000
"""Number of coordinates of a block of trajectories: 32 MB."""


def simulate_many(
    surface: Surface,
    optimizer: Optimizer,
    starts: Array | Sequence[Any],
    *,
    steps: int,
    options: Mapping[str, Sequence[float] | Array] | None = None,
    seeds: int | Sequence[int] | npt.NDArray[np.int64] = 0,
    noise: float = 0.0,
    stop: Stop | None = None,
    label: str = "",
    keep: Literal["points", "ends"] = "points",
) -> Trajectories:
    """The trajectories of an optimizer from R starts, with R values of options, or R seeds.

    Each is that of `simulate` with its start, its values and its seed.

    Args:
        surface: as for `simulate`.
        optimizer: as for `simulate`; options that all trajectories share are set beforehand.
        starts: (d, R), or (d,) if all have the same.
        steps: the largest number of updates, T.
        options: of each option that differs its R values.
        seeds: R seeds, or one for all.
        noise: as for `simulate`.
        stop: as for `simulate`.
        label: the name of the trajectories; by default that of the optimizer.
        keep: "ends" keeps the last point of each, so that memory does not grow with T.

    Raises:
        ValueError: an array has the wrong shape; or the value or gradient at a start is not finite.
    """
    parts = [
        block if keep == "points" else block.only_ends
        for _, block in simulate_blocks(
            surface, optimizer, starts, steps=steps, options=options, seeds=seeds, noise=noise,
            stop=stop, label=label,
        )
    ]  # fmt: skip
    return joined(parts)


def simulate_blocks(
    surface: Surface,
    optimizer: Optimizer,
    starts: Array | Sequence[Any],
    *,
    steps: int,
    options: Mapping[str, Sequence[float] | Array] | None = None,
    seeds: int | Sequence[int] | npt.NDArray[np.int64] = 0,
    noise: float = 0.0,
    stop: Stop | None = None,
    label: str = "",
) -> Iterator[tuple[slice, Trajectories]]:
    """Yield the trajectories of `simulate_many` in blocks, each with the slice of its indices.

    A block with its points has about 32 MB, whatever the number of trajectories.
    """
    starts = np.array(starts, dtype=np.float64)
    values_of = {name: np.asarray(values) for name, values in (options or {}).items()}
    seeds = np.asarray(seeds)
    counts = {*(len(v) for v in values_of.values()), *starts.shape[1:], *seeds.shape}
    if len(starts) != surface.dimensions or starts.ndim > 2 or len(counts) > 1:
        shapes = [array.shape for array in (starts, seeds, *values_of.values())]
        raise ValueError(
            f"starts must be (d,) or (d, R) with d = {surface.dimensions}, seeds and options (R,), "
            f"all with one R; got {', '.join(map(str, shapes))}"
        )
    count = counts.pop() if counts else 1
    starts = np.broadcast_to(starts.reshape(len(starts), -1), (len(starts), count))
    seeds = np.broadcast_to(seeds, count)
    size = max(1, MAX_NUMBERS // (len(starts) * (steps + 1)))
    for first in range(0, count, size):
        block = slice(first, min(first + size, count))
        singles = [
            simulate(
                surface,
                partial(optimizer, **{name: values[r] for name, values in values_of.items()}),
                starts[:, r], steps=steps, label=label, noise=noise, seed=int(seeds[r]), stop=stop,
            )
            for r in range(block.start, block.stop)
        ]  # fmt: skip
        yield block, as_arrays(singles, steps)
