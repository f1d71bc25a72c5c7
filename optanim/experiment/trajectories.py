"""Many trajectories of one optimizer, as arrays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from optanim.experiment.divergence import NEVER
from optanim.experiment.simulate import Trajectory
from optanim.surfaces import Array


@dataclass(frozen=True)
class Trajectories:
    """R trajectories of one optimizer, with d coordinates and at most T updates.

    Attributes:
        label: the name of the optimizer.
        starts: (d, R), the first points.
        ends: (d, R), the last points, all finite.
        end_values: (R,), the losses there.
        steps: (R,), the number of updates of each.
        status: (R,), of each "finished", "diverged" or "undefined"; see `Trajectory`.
        grows_from: (R,), the step at which growth without end began, or `NEVER`.
        stopped: (R,), the key of the rule of `Stop` that ended each; "" without one.
        ended: (R,), whether the optimizer ended by itself before it had made all updates.
        points: (d, T + 1, R), NaN after the last point of each; None if only ends were kept.
        values: (T + 1, R), the losses there, NaN after the last; None if only ends were kept.
    """

    label: str
    starts: Array
    ends: Array
    end_values: Array
    steps: npt.NDArray[np.int64]
    status: npt.NDArray[np.str_]
    grows_from: npt.NDArray[np.int64]
    stopped: npt.NDArray[np.str_]
    ended: npt.NDArray[np.bool_]
    points: Array | None = None
    values: Array | None = None

    def __len__(self) -> int:
        """The number of trajectories, R."""
        return len(self.steps)

    def __repr__(self) -> str:
        finished = np.count_nonzero(self.status == "finished")
        return f"<Trajectories of {self.label}: {len(self)}, {finished} finished>"

    @property
    def since(self) -> npt.NDArray[np.int64]:
        """The step at which each diverged or became undefined, (R,), or `NEVER`."""
        broken = np.where(self.grows_from == NEVER, self.steps + 1, self.grows_from)
        return np.where(self.status == "finished", NEVER, broken)

    @property
    def only_ends(self) -> Trajectories:
        """The same without points and losses on the way."""
        return replace(self, points=None, values=None)

    @property
    def of_ascent(self) -> Trajectories:
        """The same of a surface f that was climbed, if these are those of −f."""
        values = None if self.values is None else -self.values
        return replace(self, end_values=-self.end_values, values=values)

    def __getitem__(self, r: int) -> Trajectory:
        """The points and losses of one of them, without what it asked of the surface.

        Raises:
            ValueError: only ends were kept.
        """
        if self.points is None or self.values is None:
            raise ValueError("only the ends were kept: simulate them with keep='points'")
        count, d = int(self.steps[r]) + 1, len(self.starts)
        return Trajectory(
            label=self.label,
            points=self.points[:, :count, r],
            values=self.values[:count, r],
            looked=np.zeros((d, 0)),
            gradients=np.zeros((d, 0)),
            asked=np.zeros(0, dtype=np.int64),
            status=str(self.status[r]),  # type: ignore[arg-type]
            grows_from=None if self.grows_from[r] == NEVER else int(self.grows_from[r]),
            stopped=(str(self.stopped[r]), np.nan) if self.stopped[r] else None,
            ended=bool(self.ended[r]),
        )


def as_arrays(trajectories: Sequence[Trajectory], steps: int) -> Trajectories:
    """Single trajectories of at most `steps` updates each, as arrays; one or more."""
    d, count = len(trajectories[0].points), len(trajectories)
    points, values = np.full((d, steps + 1, count), np.nan), np.full((steps + 1, count), np.nan)
    for r, trajectory in enumerate(trajectories):
        points[:, : trajectory.steps + 1, r] = trajectory.points
        values[: trajectory.steps + 1, r] = trajectory.values

    def each(attribute: Any, dtype: Any) -> Any:
        return np.array([attribute(trajectory) for trajectory in trajectories], dtype=dtype)

    return Trajectories(
        label=trajectories[0].label,
        starts=points[:, 0].copy(),
        ends=np.stack([trajectory.points[:, -1] for trajectory in trajectories], axis=1),
        end_values=each(lambda t: t.values[-1], np.float64),
        steps=each(lambda t: t.steps, np.int64),
        status=each(lambda t: t.status, np.str_),
        grows_from=each(lambda t: NEVER if t.grows_from is None else t.grows_from, np.int64),
        stopped=each(lambda t: t.stopped[0] if t.stopped else "", np.str_),
        ended=each(lambda t: t.ended, np.bool_),
        points=points,
        values=values,
    )


def joined(parts: Sequence[tuple[npt.NDArray[np.intp], Trajectories]]) -> Trajectories:
    """The trajectories of one or more blocks in order, each with the array of its indices."""
    if len(parts) == 1:
        return parts[0][1]
    order = np.argsort(np.concatenate([numbers for numbers, _ in parts]))

    def all_of(name: str) -> Any:
        arrays = [getattr(part, name) for _, part in parts]
        return None if arrays[0] is None else np.concatenate(arrays, axis=-1)[..., order]

    names = ("starts", "ends", "end_values", "steps", "status", "grows_from", "stopped", "ended",
             "points", "values")  # fmt: skip
    return Trajectories(label=parts[0][1].label, **{name: all_of(name) for name in names})
