"""Many simulations in one call of the generator of an optimizer: it is handed R points, (d, R)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from optanim.experiment.divergence import NEVER, growth_starts, lack_values
from optanim.experiment.trajectories import Trajectories
from optanim.optimizers import Optimizer, State, as_state, begin
from optanim.schema.catalogue import Entry, catalogue
from optanim.schema.stop import Stop
from optanim.surfaces import Array, ManyGradients, Surface

CHUNK = 16_384
"""Number of points of which losses are computed at a time: their arrays fit into a cache."""

Flags = npt.NDArray[np.bool_]
Steps = npt.NDArray[np.int64]


def function_and_options(optimizer: Any) -> tuple[Any, dict[str, Any]]:
    """The function of an optimizer, and the options that partials of it have bound."""
    options: dict[str, Any] = {}
    while isinstance(optimizer, partial):
        options = {**optimizer.keywords, **options}
        optimizer = optimizer.func
    return optimizer, options


def options_as_arrays(optimizer: Any) -> frozenset[str] | None:
    """The options of an optimizer that may differ from point to point; None if it walks alone.

    It is `Entry.many_at_once`; an optimizer around another also needs that of the inner one.

    Args:
        optimizer: the function of an entry, or a partial of it.
    """
    function, options = function_and_options(optimizer)
    entry = Entry("optimizers", getattr(function, "__name__", ""), function)
    names = entry.many_at_once
    if names is None or "inner" not in entry.options:
        return names
    inner = options.get("inner", entry.options["inner"].default)
    if isinstance(inner, str):
        inner = catalogue("optimizers")[inner].function
    return None if options_as_arrays(inner) is None else names


@np.errstate(all="ignore")  # trials that diverge overflow: that is a result here
def simulate_together(
    surface: Surface,
    optimizer: Optimizer,
    starts: Array,
    *,
    steps: int,
    seeds: Steps,
    noise: float,
    stop: Stop | None,
    label: str,
) -> Trajectories:
    """The trajectories of an optimizer that walks from R starts at once.

    Args:
        surface: to be minimized.
        optimizer: with arrays (R,) for options that differ; see `options_as_arrays`.
        starts: (d, R).
        steps: the largest number of updates, T.
        seeds: (R,), of the noise and of the batches.
        noise: as for `simulate`.
        stop: as for `simulate`.
        label: the name of the trajectories.

    Raises:
        ValueError: the value or gradient at a start is not finite.
    """
    if surface.ascends:
        return simulate_together(surface.negated, optimizer, starts, steps=steps, seeds=seeds,
                                 noise=noise, stop=stop, label=label).of_ascent  # fmt: skip
    _check_finite(surface.value(starts), starts, "value")
    walk = _Walk(surface, starts, steps, noise, seeds, stop)
    walk.go(optimizer)
    values = _values(surface, walk.points)
    # A point may be finite where its loss is not: the trajectory ends before it.
    step = np.arange(steps + 1)[:, None]
    if not np.isfinite(values).all():
        infinite = (step <= walk.ends) & ~np.isfinite(values)
        lost = np.flatnonzero(infinite.any(axis=0))
        walk.ends[lost] = infinite[:, lost].argmax(axis=0) - 1
        walk.undefined[lost] = lack_values(surface, walk.points[walk.ends[lost] + 1, :, lost].T)
        walk.broken[lost] = True
    points = walk.points.transpose(1, 0, 2)
    if (walk.ends < steps).any():
        after = step > walk.ends
        values[after] = np.nan
        points[:, after] = np.nan
    status = np.where(walk.undefined, "undefined", np.where(walk.broken, "diverged", "finished"))
    stopped = np.where(walk.broken, "", walk.stopped)
    ended = ~walk.broken & (stopped == "") & (walk.ends < steps)
    grows_from = np.full(len(ended), NEVER)
    whole = np.flatnonzero(~walk.broken & (walk.ends == steps) & (stopped == ""))
    noise_of = None if walk.questions.exact else lambda i: walk.questions.noise_of(int(whole[i]))
    grows_from[whole] = growth_starts(points[..., whole], values[:, whole], noise_of)
    status[grows_from != NEVER] = "diverged"
    every = np.arange(len(ended))
    return Trajectories(
        label=label, starts=points[:, 0].copy(), ends=points[:, walk.ends, every],
        end_values=values[walk.ends, every], steps=walk.ends, status=status,
        grows_from=grows_from, stopped=stopped, ended=ended, points=points, values=values,
    )  # fmt: skip


class _Walk:
    """The points of R trajectories while they are made.

    Attributes:
        points: (T + 1, d, R), NaN where a point is not made.
        ends: (R,), the step of the last finite point of each.
        broken: (R,), whether the next point is not finite.
        undefined: (R,), whether that is because there is no value.
        stopped: (R,), the key of the rule that ended each; "" without one.
        questions: what the optimizer asks.
    """

    def __init__(
        self, surface: Surface, starts: Array, steps: int, noise: float, seeds: Steps,
        stop: Stop | None,
    ) -> None:  # fmt: skip
        count = starts.shape[1]
        self._surface, self._rules = surface, tuple(stop.rules()) if stop else ()
        self._steps = steps
        self.points = np.full((steps + 1, *starts.shape), np.nan)
        self.points[0] = starts
        self.ends = np.zeros(count, dtype=np.int64)
        self.broken, self.undefined = np.zeros((2, count), dtype=bool)
        self.stopped = np.full(count, "", dtype="<U8")
        self.questions = _Questions(surface, starts, noise, seeds)

    def go(self, optimizer: Any) -> None:
        """Make the points, until all trajectories have ended."""
        moving = self.questions.moving
        self._stop_at(0)
        yielded: Iterator[Array | State] = iter(())
        if moving.any():
            handed = replace(self._surface, gradient=self.questions.gradient)
            yielded = begin(optimizer, handed, self.points[0].copy(), 0)
        made = (item for item in map(as_state, yielded) if not item.initial)
        for t, item in zip(range(1, self._steps + 1), made, strict=False):
            point = self.points[t] = item.point
            if not np.isfinite(point).all():
                failed = moving & ~np.isfinite(point).all(axis=0)
                self.undefined |= self.questions.lack_values(failed)
                self.broken |= failed
                moving &= ~failed
            self.ends[moving] = t
            self._stop_at(t)
            if not moving.any():
                break

    def _stop_at(self, t: int) -> None:
        """End the trajectories of which a rule is true after step t."""
        for rule, bound in self._rules:
            points = self.points[t]
            size: Array | float
            if rule == "loss":
                size = np.asarray(self._surface.value(points))
            elif rule == "gradient":
                gradients = np.broadcast_to(self._surface.gradient(points), points.shape)
                size = np.hypot.reduce(gradients, axis=0)
            else:
                size = np.hypot.reduce(points - self.points[t - 1], axis=0) if t else np.inf
            end = self.questions.moving & (size <= bound)
            self.stopped[end] = rule
            self.questions.moving &= ~end


class _Questions:
    """What an optimizer of R points asks of the surface; those that have ended get NaN.

    Attributes:
        moving: (R,), which trajectories go on.
        exact: whether the gradients have no noise.
    """

    def __init__(self, surface: Surface, starts: Array, noise: float, seeds: Steps) -> None:
        self._starts = starts
        self._surface, self._gradients = surface, ManyGradients(surface, noise, seeds)
        self.exact = self._gradients.exact
        self.moving: Flags = np.ones(len(seeds), dtype=bool)
        self._asked, self._answers = list[Array](), list[Array]()

    def gradient(self, p: Array) -> Array:
        """The gradients (d, R) at points (d, R)."""
        g = self._gradients.at(p, self.moving)
        if not self._asked:
            # One that looks ahead does not ask at its start.
            first = self.moving & (p == self._starts).all(axis=0)
            _check_finite(g[:, first], p[:, first], "gradient")
        elif self.exact:  # Only the last one is asked for.
            self._asked.clear()
            self._answers.clear()
        self._asked.append(p.copy())
        self._answers.append(g)
        return g

    def lack_values(self, failed: Flags) -> Flags:
        """Whether the last gradient of each point that `failed` has no value, (R,)."""
        asked, answer = self._asked[-1], self._answers[-1]
        some = failed & np.isfinite(asked).all(axis=0) & ~np.isfinite(answer).all(axis=0)
        some[some] = lack_values(self._surface, asked[:, some])
        return some

    def noise_of(self, r: int) -> tuple[Array, Array]:
        """The gradients (d, n) of a trajectory without noise, and the noise in them."""
        asked, answers = (
            np.stack([array[:, r] for array in arrays], axis=1)
            for arrays in (self._asked, self._answers)
        )
        gradients = np.broadcast_to(self._surface.gradient(asked), asked.shape)
        return gradients, answers - gradients


def _check_finite(numbers: Array, starts: Array, what: str) -> None:
    """Raise a ValueError if numbers (…, R) at the starts (d, R) are not all finite."""
    finite = np.isfinite(np.broadcast_to(numbers, (*numbers.shape[:-1], starts.shape[1])))
    if not finite.all():
        first = starts[:, int(np.argmin(finite.reshape(-1, starts.shape[1]).all(axis=0)))]
        raise ValueError(f"{what} is not finite at the start {first.tolist()}")


def _values(surface: Surface, points: Array) -> Array:
    """The losses (T + 1, R) at points (T + 1, d, R)."""
    values = np.empty((len(points), points.shape[2]))
    size = max(1, CHUNK // points.shape[2])
    for i in range(0, len(points), size):
        values[i : i + size] = surface.value(points[i : i + size].transpose(1, 0, 2))
    return values
