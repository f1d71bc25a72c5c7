"""The simulation of an optimizer on a surface, which gives a trajectory."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from math import hypot, inf, isfinite
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from optanim.config.run import Trial
from optanim.errors import quoted
from optanim.experiment.crowds import beside_points
from optanim.experiment.divergence import NEVER, growth_starts, has_no_value
from optanim.experiment.record import Record
from optanim.optimizers import CrowdKind, Optimizer, begin
from optanim.schema.stop import Stop
from optanim.surfaces import Array, Surface, stochastic


def _no_points() -> Array:
    return np.zeros((0, 0))


def _no_updates() -> npt.NDArray[np.int64]:
    return np.zeros(0, dtype=np.int64)


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
        ended: whether the optimizer ended by itself, before it had made all updates.
        valued: (d, m), the points at which the optimizer computed the value, in order.
        value_asked: (m,), the update that computed each value.
        hessian_asked: (k,), the update that computed each Hessian.
        crowd: (d, n, T + 1), the other points that the optimizer holds after each update; NaN where
            it holds none, or fewer. None if it never holds any.
        crowd_kind: what they are: "simplex", "generation" or "proposals"; see `State`.
        shapes: (d, d, T + 1), the ellipse around each point; NaN where there is none. None if there
            never is one.
        means: (d, T + 1), a second path, such as an average of the points; NaN where there is none.
            None if there never is one.
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
    ended: bool = False
    valued: Array = field(default_factory=_no_points)
    value_asked: npt.NDArray[np.int64] = field(default_factory=_no_updates)
    hessian_asked: npt.NDArray[np.int64] = field(default_factory=_no_updates)
    crowd: Array | None = None
    crowd_kind: CrowdKind | None = None
    shapes: Array | None = None
    means: Array | None = None

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

    @cached_property
    def measured(self) -> dict[Any, Any]:
        """What `measure_outcome` has measured."""
        return {}

    @property
    def steps(self) -> int:
        """The number of updates, T."""
        return len(self.values) - 1

    def questions(self, t: int) -> slice:
        """The indices of the gradients that update t = 1, 2, … computed; there may be none."""
        first, end = np.searchsorted(self.asked, (t, t + 1))
        return slice(int(first), int(end))

    def is_noisy(self, surface: Surface) -> bool:
        """Whether its gradients differ from those of the surface."""
        if not self.looked.size:
            return False
        surface = surface.negated if surface.ascends else surface
        exact = np.broadcast_to(surface.gradient(self.looked), self.looked.shape)
        return not np.allclose(exact, self.gradients, rtol=1e-6, equal_nan=True)

    @cached_property
    def evaluations(self) -> npt.NDArray[np.int64]:
        """The number of evaluations up to each update, (T + 1,), from 0 at the start on.

        A value is one evaluation, a gradient is one, and a Hessian of d coordinates is d of them.
        """
        updates = np.arange(self.steps + 1)
        gradients, values, hessians = (
            np.searchsorted(asked, updates, side="right")
            for asked in (self.asked, self.value_asked, self.hessian_asked)
        )
        return np.asarray(gradients + values + len(self.points) * hessians)

    @cached_property
    def gradient_numbers(self) -> npt.NDArray[np.int64]:
        """The index in `gradients` of the one that each update t = 1, …, T + 1 has; −1 without one.

        It is the last one that the update computed. A search, which also asks at its end w(t), has
        that at w(t − 1) instead, whether it computed that or the search before did at its end.
        """
        numbers, own = np.full((2, self.steps + 1), -1)
        numbers[self.asked - 1] = np.arange(len(self.asked))
        made = np.flatnonzero(self.asked <= self.steps)
        ends = made[(self.looked[:, made] == self.points[:, self.asked[made]]).all(axis=0)]
        own[self.asked[ends]] = ends
        begins = np.flatnonzero((self.looked == self.points[:, self.asked - 1]).all(axis=0))
        own[self.asked[begins] - 1] = begins
        searches = np.isin(np.arange(1, self.steps + 2), self.asked[ends]) | (numbers < 0)
        return np.where(searches & (own >= 0), own, numbers)

    @cached_property
    def rates(self) -> Array:
        """The effective rate of update t along coordinate i, (d, T): the step per gradient.

            |wᵢ(t) − wᵢ(t − 1)| / |gᵢ(t)|

        where g(t) is the gradient of the update, as in `gradient_numbers`. NaN if there is none, if
        it is 0, or if rounding of w dominates the difference.
        """
        used = self.gradient_numbers[:-1]
        with np.errstate(all="ignore"):
            sizes = np.abs(self.gradients.T[used].T if (used >= 0).any() else 0)
            gradients = np.where(used >= 0, sizes, 0)
            steps, magnitudes = np.abs(np.diff(self.points)), np.abs(self.points)
            larger = np.maximum(magnitudes[:, 1:], magnitudes[:, :-1])
            # Such a difference has fewer than two correct digits.
            rounding = steps < 100 * np.finfo(float).eps * larger
            rates = steps / gradients
        return np.where(rounding | (gradients == 0) | ~np.isfinite(rates), np.nan, rates)

    @cached_property
    def gradient_norms(self) -> Array:
        """The norm of the gradient in use at each step, (n,); NaN before there is one."""
        numbers = np.maximum.accumulate(self.gradient_numbers)
        if numbers[-1] < 0:
            return np.full(1, np.nan)
        numbers = numbers[: int(numbers.argmax()) + 1]
        with np.errstate(over="ignore"):
            norms = np.hypot.reduce(self.gradients, axis=0)[numbers]
        return np.where(numbers < 0, np.nan, norms)


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
        optimizer: a function of the surface and the start that yields the point after each update,
            or a `State` with the point. If it has a third positional parameter without a default,
            that is a `numpy.random.RandomState` of the seed. Set its options beforehand:
            `functools.partial(adam, lr=0.3)`.
        start: (d,) numbers.
        steps: the largest number of updates.
        label: the name of the trajectory; by default that of the optimizer.
        noise: the standard deviation of the normal noise in each coordinate of each gradient.
        seed: of the noise, of the batches and of an optimizer that draws; trials with the same seed
            see the same ones.
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
    record = Record(surface, w, exact)
    broken_off = False
    # A trial that diverges overflows: that is a result here, not a warning.
    with np.errstate(all="ignore"):
        if not np.isfinite(surface.value(w)):
            raise ValueError(f"value is not finite at the start {w.tolist()}")
        rules = tuple(stop.rules()) if stop else ()
        stopped = _rule_that_ends(rules, exact, w, None)
        yielded = begin(optimizer, record.surface, w.copy(), seed)
        for point in record.updates_of(yielded, 0 if stopped else steps):
            if broken_off := not all(map(isfinite, point.tolist())):
                break
            record.points.append(point.copy())
            if stopped := _rule_that_ends(rules, exact, *record.points[:-3:-1]):
                break
        name = label or getattr(getattr(optimizer, "func", optimizer), "__name__", "")
        trajectory = _trajectory(record, exact, name, broken_off=broken_off)
        if stopped and trajectory.status == "finished":
            return replace(trajectory, stopped=stopped)
        ended = trajectory.status == "finished" and trajectory.steps < steps
        trajectory = replace(trajectory, ended=ended)
        return _with_growth(trajectory, exact, stochastic=noise > 0 or exact.batch_size is not None)


def _with_growth(trajectory: Trajectory, surface: Surface, *, stochastic: bool) -> Trajectory:
    """The trajectory, with the status "diverged" if it grows without end."""
    if trajectory.status != "finished":
        return trajectory

    def noise_of(r: int) -> tuple[Array, Array]:
        gradients = np.broadcast_to(surface.gradient(trajectory.looked), trajectory.looked.shape)
        return gradients, trajectory.gradients - gradients

    noise = noise_of if stochastic and trajectory.looked.size else None
    since = int(growth_starts(trajectory.points[..., None], trajectory.values[:, None], noise)[0])
    return (
        trajectory if since == NEVER else replace(trajectory, status="diverged", grows_from=since)
    )


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


def _trajectory(record: Record, surface: Surface, label: str, *, broken_off: bool) -> Trajectory:
    """The finite part of a record.

    Args:
        record: of the optimizer.
        surface: without noise and batches.
        label: the name of the trajectory.
        broken_off: whether the next point is not finite.
    """
    points = np.stack(record.points, axis=1)
    values = np.broadcast_to(surface.value(points), points.shape[1:])
    values = values.astype(np.float64)
    infinite = np.flatnonzero(~np.isfinite(values))
    end = int(infinite[0]) if len(infinite) else len(values)
    d = len(points)
    count, value_count, hessian_count = (
        bisect_right(asked, end)
        for asked in (record.updates, record.value_updates, record.hessian_updates)
    )
    status: Literal["finished", "diverged", "undefined"] = "finished"
    if len(infinite):
        status = "undefined" if has_no_value(surface, points[:, end]) else "diverged"
    elif broken_off:
        status = "undefined" if record.met_no_value(end) else "diverged"
    return Trajectory(
        label=label,
        points=points[:, :end],
        values=values[:end],
        looked=np.array(record.gradient_points[:count]).reshape(count, d).T,
        gradients=np.array(record.gradients[:count]).reshape(count, d).T,
        asked=np.array(record.updates[:count], dtype=np.int64),
        status=status,
        valued=np.array(record.value_points[:value_count]).reshape(value_count, d).T,
        value_asked=np.array(record.value_updates[:value_count], dtype=np.int64),
        hessian_asked=np.array(record.hessian_updates[:hessian_count], dtype=np.int64),
        **vars(beside_points(record.states, end)),
    )


def simulate_trial(trial: Trial) -> Trajectory:
    """The trajectory of one optimizer of a run."""
    return simulate(
        trial.surface, trial.optimizer, list(trial.start),
        steps=trial.steps, label=trial.label, noise=trial.noise, seed=trial.seed, stop=trial.stop,
    )  # fmt: skip
