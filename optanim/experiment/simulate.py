"""The engine: an optimizer on a surface becomes a trajectory."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice
from math import isfinite
from typing import Literal

import numpy as np
import numpy.typing as npt

from optanim.config.run import Trial
from optanim.optimizers import Optimizer
from optanim.surfaces import Array, Surface, drawn


@dataclass(frozen=True)
class Trajectory:
    """What an optimizer did, d coordinates and T updates long.

    Attributes:
        label: the name to show.
        points: (d, T + 1), the start and the point after each update; all finite.
        values: (T + 1,), the loss there; all finite.
        looked: (d, n), where the gradient was asked for, in order; n = T unless an optimizer asks
            more or less often than once an update.
        gradients: (d, n), the answers, with their noise.
        asked: (n,), the update t = 1, 2, … that asked.
        status: "finished", after all updates or when the optimizer stopped; or "diverged": update
            T + 1 led to a point or loss that is not finite.
    """

    label: str
    points: Array
    values: Array
    looked: Array
    gradients: Array
    asked: npt.NDArray[np.int64]
    status: Literal["finished", "diverged"] = "finished"

    @property
    def steps(self) -> int:
        return len(self.values) - 1

    def questions(self, t: int) -> slice:
        """Which of `looked` and `gradients` belong to update t = 1, 2, …; there may be none."""
        first, end = np.searchsorted(self.asked, (t, t + 1))
        return slice(int(first), int(end))

    @cached_property
    def rates(self) -> Array:
        """The effective step of update t along coordinate i, (d, T): how far it moved per gradient.

            |wᵢ(t) − wᵢ(t − 1)| / |gᵢ(t)|

        where g(t) is the gradient that the update asked for, the last one if there were several.
        NaN where there is none or it is 0, and where the move is lost in the digits of w.
        """
        updates = np.arange(1, self.steps + 1)
        last = np.searchsorted(self.asked, updates, side="right") - 1
        known = (last >= 0) & np.isin(updates, self.asked)
        with np.errstate(all="ignore"):
            gradients = np.where(known, np.abs(self.gradients.T[last].T if known.any() else 0), 0)
            moved, size = np.abs(np.diff(self.points)), np.abs(self.points)
            # Less than two digits of such a difference would be rounding.
            lost = moved < 100 * np.finfo(float).eps * np.maximum(size[:, 1:], size[:, :-1])
            rates = moved / gradients
        return np.where(lost | (gradients == 0) | ~np.isfinite(rates), np.nan, rates)


def simulate(
    surface: Surface,
    optimizer: Optimizer,
    start: Array | list[float],
    *,
    steps: int,
    label: str = "",
    noise: float = 0.0,
    seed: int = 0,
) -> Trajectory:
    """Let an optimizer trial on a surface.

    Args:
        surface: what is minimised.
        optimizer: called with the surface and the start; an iterator over the points after each
            update. Set its options beforehand: `functools.partial(adam, lr=0.3)`.
        start: (d,) numbers.
        steps: how many updates at most.
        label: the name of the trajectory; by default that of the optimizer.
        noise: the standard deviation of what is added to each coordinate of each gradient.
        seed: of the noise and of the batches; every trial of a seed sees the same ones.

    Raises:
        ValueError: the start has the wrong shape, or value or gradient is not finite there.
    """
    surface = drawn(surface, noise, seed)
    w = np.array(start, dtype=np.float64)
    if w.shape != (surface.dimensions,):
        raise ValueError(f"start must have {surface.dimensions} numbers, got shape {w.shape}")
    points, looked, gradients, asked = [w], list[Array](), list[Array](), list[int]()

    def gradient(p: Array) -> Array:
        g = surface.gradient(p)
        # The first answer, and no question of our own: that would cost a draw.
        if not looked and np.array_equal(p, start) and not np.isfinite(g).all():
            raise ValueError(f"gradient is not finite at the start {p.tolist()}")
        looked.append(p.copy())
        gradients.append(g)
        asked.append(len(points))
        return g

    overflow = False
    # Overflow is how divergence shows itself: a result here, not a warning.
    with np.errstate(all="ignore"):
        if not np.isfinite(surface.value(w)):
            raise ValueError(f"value is not finite at the start {w.tolist()}")
        for point in islice(optimizer(replace(surface, gradient=gradient), w.copy()), steps):
            if not all(map(isfinite, point.tolist())):
                overflow = True
                break
            points.append(point.copy())
        path = np.stack(points, axis=1)
        values = np.broadcast_to(surface.value(path), path.shape[1:]).astype(np.float64)
    bad = np.flatnonzero(~np.isfinite(values))
    end = int(bad[0]) if len(bad) else len(values)
    name = label or getattr(getattr(optimizer, "func", optimizer), "__name__", "")
    seen = sum(t <= end for t in asked)
    return Trajectory(
        label=name,
        points=path[:, :end],
        values=values[:end],
        looked=np.array(looked[:seen]).reshape(seen, len(w)).T,
        gradients=np.array(gradients[:seen]).reshape(seen, len(w)).T,
        asked=np.array(asked[:seen], dtype=np.int64),
        status="diverged" if overflow or len(bad) else "finished",
    )


def simulate_trial(trial: Trial) -> Trajectory:
    """What one optimizer of a run does."""
    return simulate(
        trial.surface, trial.optimizer, list(trial.start),
        steps=trial.steps, label=trial.label, noise=trial.noise, seed=trial.seed,
    )  # fmt: skip
