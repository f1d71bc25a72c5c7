"""The simulation of an optimizer on a surface, which gives a trajectory."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice
from math import hypot, inf, isfinite
from typing import Literal

import numpy as np
import numpy.typing as npt

from optanim.config.run import Trial
from optanim.errors import quoted
from optanim.experiment.divergence import growth_start, has_no_value
from optanim.optimizers import Optimizer
from optanim.schema.stop import Stop
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
        gradients: (d, n), the gradients there, with noise; of −f if the surface `ascends`.
        asked: (n,), the update t = 1, 2, … that computed each gradient.
        status: "finished" after all updates, or when the optimizer stopped. "diverged" if update
            T + 1 led to numbers that are too large, or if the trial grows without end. "undefined"
            if update T + 1 met a point where the loss or its gradient has no value, as √−1.
        grows_from: the step at which growth without end began, if all points are finite.
        stopped: the key and the bound of the rule of `Stop` that ended it after update T; None if
            none did.
    """

    label: str
    points: Array
    values: Array
    looked: Array
    gradients: Array
    asked: npt.NDArray[np.int64]
    status: Literal["finished", "diverged", "undefined"] = "finished"
    grows_from: int | None = None
    stopped: tuple[str, float] | None = None

    def __repr__(self) -> str:
        losses = f"loss {self.values[0]:.4g} to {self.values[-1]:.4g}"
        return f"<Trajectory {quoted(self.label)}: {self.steps} steps, {losses}, {self.status}>"

    @property
    def since(self) -> int | None:
        """The step at which the trial diverged or became undefined; None if it finished."""
        if self.status == "finished":
            return None
        return self.steps + 1 if self.grows_from is None else self.grows_from

    @property
    def broken_off(self) -> bool:
        """Whether the point after the last one has no finite loss."""
        return self.status != "finished" and self.grows_from is None

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
    stop: Stop | None = None,
) -> Trajectory:
    """The trajectory of an optimizer on a surface.

    Args:
        surface: the loss to minimize; if it `ascends`, −f is minimized.
        optimizer: a function of the surface and the start that yields the point after each update.
            Set its options beforehand: `functools.partial(adam, lr=0.3)`.
        start: (d,) numbers.
        steps: the largest number of updates.
        label: the name of the trajectory; by default that of the optimizer.
        noise: the standard deviation of the normal noise in each coordinate of each gradient.
        seed: of the noise and of the batches; trials with the same seed see the same ones.
        stop: rules that end the trajectory before, also at the start.

    Raises:
        ValueError: the start has the wrong shape, or the value or gradient there is not finite.
    """
    if surface.ascends:
        down = simulate(surface.negated, optimizer, start, steps=steps, label=label,
                        noise=noise, seed=seed, stop=stop)  # fmt: skip
        return replace(down, values=-down.values)
    exact, surface = surface, stochastic(surface, noise, seed)
    w = np.array(start, dtype=np.float64)
    if w.shape != (surface.dimensions,):
        raise ValueError(f"start must have {surface.dimensions} numbers, got shape {w.shape}")
    record = _Record(surface, w, exact)
    broken_off = False
    # A trial that diverges overflows: that is a result here, not a warning.
    with np.errstate(all="ignore"):
        if not np.isfinite(surface.value(w)):
            raise ValueError(f"value is not finite at the start {w.tolist()}")
        recorded = replace(surface, gradient=record.gradient)
        rules = tuple(stop.rules()) if stop else ()
        stopped = _rule_that_ends(rules, exact, w, None)
        for point in islice(optimizer(recorded, w.copy()), 0 if stopped else steps):
            if not all(map(isfinite, point.tolist())):
                broken_off = True
                break
            record.points.append(point.copy())
            if stopped := _rule_that_ends(rules, exact, *record.points[:-3:-1]):
                break
        name = label or getattr(getattr(optimizer, "func", optimizer), "__name__", "")
        trajectory = record.trajectory(name, broken_off=broken_off)
        if stopped and trajectory.status == "finished":
            return replace(trajectory, stopped=stopped)
        return _with_growth(trajectory, exact, stochastic=noise > 0 or exact.batch_size is not None)


def _with_growth(trajectory: Trajectory, surface: Surface, *, stochastic: bool) -> Trajectory:
    """The trajectory, with the status "diverged" if it grows without end."""
    if trajectory.status != "finished":
        return trajectory
    points, losses, noise = trajectory.points, trajectory.values, None
    if (since := growth_start(points, losses)) is None:
        return trajectory
    if stochastic and trajectory.looked.size:
        gradients = np.broadcast_to(surface.gradient(trajectory.looked), trajectory.looked.shape)
        noise = gradients, trajectory.gradients - gradients
        since = growth_start(points, losses, noise)
    return trajectory if since is None else replace(trajectory, status="diverged", grows_from=since)


def _rule_that_ends(
    rules: Iterable[tuple[str, float]], surface: Surface, point: Array, before: Array | None
) -> tuple[str, float] | None:
    """The first rule that is true, with its bound; None if none is.

    Args:
        rules: the key and the bound of each rule of `stop`.
        surface: the surface without noise and batches.
        point: (d,).
        before: (d,), the point before the last update; None at the start.
    """
    for rule, bound in rules:
        if rule == "loss":
            size = float(surface.value(point))
        elif rule == "gradient":
            size = hypot(*surface.gradient(point).tolist())
        else:
            size = inf if before is None else hypot(*(point - before).tolist())
        if size <= bound:
            return rule, bound
    return None


class _Record:
    """The points of an optimizer and the gradients that it computes, while it runs.

    Attributes:
        points: the start and the point after each update.
        gradient_points: the points of the gradients.
        gradients: their values.
        updates: the update t = 1, 2, … that computed each gradient.
    """

    def __init__(self, surface: Surface, start: Array, exact: Surface) -> None:
        self._surface, self._exact = surface, exact
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

    def trajectory(self, label: str, *, broken_off: bool) -> Trajectory:
        """The finite part of the record; `broken_off` says that the next point is not finite."""
        points = np.stack(self.points, axis=1)
        values = np.broadcast_to(self._surface.value(points), points.shape[1:])
        values = values.astype(np.float64)
        infinite = np.flatnonzero(~np.isfinite(values))
        end = int(infinite[0]) if len(infinite) else len(values)
        count, d = sum(t <= end for t in self.updates), len(points)
        status: Literal["finished", "diverged", "undefined"] = "finished"
        if len(infinite):
            status = "undefined" if has_no_value(self._exact, points[:, end]) else "diverged"
        elif broken_off:
            # The point is not finite because the gradient was not, or because it is too large.
            asked = self.updates[-1:] == [end] and not np.isfinite(self.gradients[-1]).all()
            undefined = asked and has_no_value(self._exact, self.gradient_points[-1])
            status = "undefined" if undefined else "diverged"
        return Trajectory(
            label=label,
            points=points[:, :end],
            values=values[:end],
            looked=np.array(self.gradient_points[:count]).reshape(count, d).T,
            gradients=np.array(self.gradients[:count]).reshape(count, d).T,
            asked=np.array(self.updates[:count], dtype=np.int64),
            status=status,
        )


def simulate_trial(trial: Trial) -> Trajectory:
    """The trajectory of one optimizer of a run."""
    return simulate(
        trial.surface, trial.optimizer, list(trial.start),
        steps=trial.steps, label=trial.label, noise=trial.noise, seed=trial.seed, stop=trial.stop,
    )  # fmt: skip
