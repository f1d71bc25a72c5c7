"""The simulation of an optimizer on a surface, which gives a trajectory."""

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
from optanim.surfaces import Array, Surface, stochastic


@dataclass(frozen=True)
class Trajectory:
    """The points and losses of an optimizer, with d coordinates and T updates.

    Attributes:
        label: the name in the figure.
        points: (d, T + 1), the start and the point after each update; all finite.
        values: (T + 1,), the loss at each point; all finite.
        looked: (d, n), the points at which the optimizer computed the gradient, in order; n = T if
            each update computes one gradient.
        gradients: (d, n), the gradients there, with noise.
        asked: (n,), the update t = 1, 2, … that computed each gradient.
        status: "finished" after all updates, or when the optimizer stopped; "diverged" if update
            T + 1 led to a point or a loss that is not finite.
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
        """The number of updates, T."""
        return len(self.values) - 1

    def questions(self, t: int) -> slice:
        """The indices of the gradients that update t = 1, 2, … computed; there may be none."""
        first, end = np.searchsorted(self.asked, (t, t + 1))
        return slice(int(first), int(end))

    @cached_property
    def rates(self) -> Array:
        """The effective rate of update t along coordinate i, (d, T): the step per gradient.

            |wᵢ(t) − wᵢ(t − 1)| / |gᵢ(t)|

        where g(t) is the gradient that the update computed, the last one if there were several.
        NaN if there is no gradient, if it is 0, or if rounding of w dominates the difference.
        """
        updates = np.arange(1, self.steps + 1)
        last = np.searchsorted(self.asked, updates, side="right") - 1
        computed = (last >= 0) & np.isin(updates, self.asked)
        with np.errstate(all="ignore"):
            sizes = np.abs(self.gradients.T[last].T if computed.any() else 0)
            gradients = np.where(computed, sizes, 0)
            steps, magnitudes = np.abs(np.diff(self.points)), np.abs(self.points)
            larger = np.maximum(magnitudes[:, 1:], magnitudes[:, :-1])
            # Such a difference has fewer than two correct digits.
            rounding = steps < 100 * np.finfo(float).eps * larger
            rates = steps / gradients
        return np.where(rounding | (gradients == 0) | ~np.isfinite(rates), np.nan, rates)


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
    """The trajectory of an optimizer on a surface.

    Args:
        surface: the loss to minimize.
        optimizer: a function of the surface and the start that yields the point after each update.
            Set its options beforehand: `functools.partial(adam, lr=0.3)`.
        start: (d,) numbers.
        steps: the largest number of updates.
        label: the name of the trajectory; by default that of the optimizer.
        noise: the standard deviation of the normal noise in each coordinate of each gradient.
        seed: of the noise and of the batches; trials with the same seed see the same ones.

    Raises:
        ValueError: the start has the wrong shape, or the value or gradient there is not finite.
    """
    surface = stochastic(surface, noise, seed)
    w = np.array(start, dtype=np.float64)
    if w.shape != (surface.dimensions,):
        raise ValueError(f"start must have {surface.dimensions} numbers, got shape {w.shape}")
    record = _Record(surface, w)
    overflow = False
    # A trial that diverges overflows: that is a result here, not a warning.
    with np.errstate(all="ignore"):
        if not np.isfinite(surface.value(w)):
            raise ValueError(f"value is not finite at the start {w.tolist()}")
        recorded = replace(surface, gradient=record.gradient)
        for point in islice(optimizer(recorded, w.copy()), steps):
            if not all(map(isfinite, point.tolist())):
                overflow = True
                break
            record.points.append(point.copy())
        name = label or getattr(getattr(optimizer, "func", optimizer), "__name__", "")
        return record.trajectory(name, overflow=overflow)


class _Record:
    """The points of an optimizer and the gradients that it computes, while it runs.

    Attributes:
        points: the start and the point after each update.
        gradient_points: the points of the gradients.
        gradients: their values.
        updates: the update t = 1, 2, … that computed each gradient.
    """

    def __init__(self, surface: Surface, start: Array) -> None:
        self._surface = surface
        self.points, self.gradient_points, self.gradients = [start], list[Array](), list[Array]()
        self.updates = list[int]()

    def gradient(self, p: Array) -> Array:
        """The gradient of the surface, which is recorded."""
        g = self._surface.gradient(p)
        # Only the first gradient is checked. A call before the loop would use up a draw of noise.
        first = not self.gradients and np.array_equal(p, self.points[0])
        if first and not np.isfinite(g).all():
            raise ValueError(f"gradient is not finite at the start {p.tolist()}")
        self.gradient_points.append(p.copy())
        self.gradients.append(g)
        self.updates.append(len(self.points))
        return g

    def trajectory(self, label: str, *, overflow: bool) -> Trajectory:
        """The finite part of the record; `overflow` says that the next point is not finite."""
        points = np.stack(self.points, axis=1)
        values = np.broadcast_to(self._surface.value(points), points.shape[1:])
        values = values.astype(np.float64)
        infinite = np.flatnonzero(~np.isfinite(values))
        end = int(infinite[0]) if len(infinite) else len(values)
        count, d = sum(t <= end for t in self.updates), len(points)
        return Trajectory(
            label=label,
            points=points[:, :end],
            values=values[:end],
            looked=np.array(self.gradient_points[:count]).reshape(count, d).T,
            gradients=np.array(self.gradients[:count]).reshape(count, d).T,
            asked=np.array(self.updates[:count], dtype=np.int64),
            status="diverged" if overflow or len(infinite) else "finished",
        )


def simulate_trial(trial: Trial) -> Trajectory:
    """The trajectory of one optimizer of a run."""
    return simulate(
        trial.surface, trial.optimizer, list(trial.start),
        steps=trial.steps, label=trial.label, noise=trial.noise, seed=trial.seed,
    )  # fmt: skip
