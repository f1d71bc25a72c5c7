"""Many simulations of one optimizer at once: R starts, R values of its options, or R seeds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from optanim.experiment.simulate import simulate
from optanim.experiment.trajectories import Trajectories, as_arrays, joined
from optanim.experiment.vectorized import options_as_arrays, simulate_together
from optanim.optimizers import Optimizer
from optanim.schema.stop import Stop
from optanim.surfaces import Array, Surface

MAX_NUMBERS = 2_000_000
"""Maximum number of coordinates of a block of trajectories: 16 MB."""

SEEDS = 2**32
"""The number of seeds; the one after the largest is 0."""

MAX_BLOCK = 4096
"""Maximum number of trajectories of a block: the arrays of an optimizer fit into a cache."""


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
        ValueError: an array has the wrong shape; the value or gradient at a start is not finite; or
            `keep` is another word.
    """
    if keep not in ("points", "ends"):
        raise ValueError(f"keep must be 'points' or 'ends', got {keep!r}")
    parts = [
        (numbers, part if keep == "points" else part.only_ends)
        for numbers, part in simulate_blocks(
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
) -> Iterator[tuple[npt.NDArray[np.intp], Trajectories]]:
    """Yield the trajectories of `simulate_many` in blocks, each with the array of its indices.

    A block with its points has at most about 16 MB, whatever the number of trajectories.
    """
    starts, seeds, values_of = _of_one_length(surface, starts, seeds, options or {})
    if steps < 0 or noise < 0:
        raise ValueError(f"steps and noise must be at least 0, got {steps} and {noise}")
    count = starts.shape[1]
    label = label or _name(optimizer)
    size = max(1, min(MAX_BLOCK, MAX_NUMBERS // (len(starts) * (steps + 1))))
    keys: dict[str, Any] = {"steps": steps, "noise": noise, "stop": stop, "label": label}
    arrays = options_as_arrays(optimizer)
    for members in _groups([v for n, v in values_of.items() if n not in (arrays or ())], count):
        for first in range(0, len(members), size):
            block = members[first : first + size]
            several = {name: values[block] for name, values in values_of.items()}
            if arrays is None or len(block) == 1:
                yield (
                    block,
                    _one_by_one(
                        surface, optimizer, several, starts[:, block], seeds[block], **keys
                    ),
                )
            else:
                one = {name: v[0].item() for name, v in several.items() if name not in arrays}
                bound: Any = partial(optimizer, **{**several, **one})
                yield (
                    block,
                    simulate_together(surface, bound, starts[:, block], seeds=seeds[block], **keys),
                )


def _of_one_length(
    surface: Surface, starts: Any, seeds: Any, options: Mapping[str, Any]
) -> tuple[Array, npt.NDArray[np.int64], dict[str, npt.NDArray[Any]]]:
    """The starts (d, R), seeds (R,) and options (R,) of trajectories.

    Raises:
        ValueError: they do not have one R, or it is 0.
    """
    starts = np.array(starts, dtype=np.float64)
    values_of = {name: np.asarray(values) for name, values in options.items()}
    seeds = np.asarray(seeds, dtype=np.int64)
    lists = [*values_of.values(), *([seeds] if seeds.ndim else [])]
    counts = {*starts.shape[1:], *(array.size for array in lists)}
    fits = starts.shape[:1] == (surface.dimensions,) and starts.ndim <= 2 and len(counts) <= 1
    if not fits or 0 in counts or any(array.ndim != 1 for array in lists):
        shapes = [array.shape for array in (starts, seeds, *values_of.values())]
        raise ValueError(
            f"starts must be (d,) or (d, R) with d = {surface.dimensions}, seeds and options (R,), "
            f"all with one R of 1 or more; got {', '.join(map(str, shapes))}"
        )
    count = counts.pop() if counts else 1
    starts = np.broadcast_to(starts.reshape(len(starts), -1), (len(starts), count))
    return starts, np.broadcast_to(seeds, count), values_of


def _groups(shared: Sequence[npt.NDArray[Any]], count: int) -> Iterable[npt.NDArray[np.intp]]:
    """The indices of trajectories that have the same values of options that one walk shares."""
    if not shared:
        return [np.arange(count)]
    groups: dict[tuple[Any, ...], list[int]] = {}
    for r, values in enumerate(zip(*shared, strict=True)):
        groups.setdefault(values, []).append(r)
    return map(np.array, groups.values())


def _one_by_one(
    surface: Surface,
    optimizer: Any,
    options: Mapping[str, npt.NDArray[Any]],
    starts: Array,
    seeds: npt.NDArray[np.int64],
    *,
    steps: int,
    **keys: Any,
) -> Trajectories:
    """The trajectories of an optimizer that is handed one point, one after the other."""
    singles = [
        simulate(
            surface,
            partial(optimizer, **{name: values[r].item() for name, values in options.items()}),
            starts[:, r], steps=steps, seed=int(seeds[r]), **keys,
        )
        for r in range(starts.shape[1])
    ]  # fmt: skip
    return as_arrays(singles, steps)


def _name(optimizer: Any) -> str:
    return getattr(getattr(optimizer, "func", optimizer), "__name__", "")
