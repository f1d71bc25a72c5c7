"""What an optimizer yields and what it asks of the surface, recorded while it runs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain, islice

import numpy as np

from optanim.experiment.divergence import has_no_value
from optanim.optimizers import State
from optanim.surfaces import Array, Surface


class Record:
    """What an optimizer yields and asks, while it runs.

    Attributes:
        points: the start and the point after each update.
        states: the states that were yielded, by their step.
        gradient_points: the points of the gradients.
        gradients: their values.
        updates: the update t = 1, 2, … that computed each gradient.
        value_points: the points of the values.
        values: the values there.
        value_updates: the update that computed each value.
        hessian_updates: the update that computed each Hessian.
    """

    def __init__(self, surface: Surface, start: Array, exact: Surface) -> None:
        self._surface, self._exact = surface, exact
        self.points, self.gradient_points, self.gradients = [start], list[Array](), list[Array]()
        self.updates, self.states = list[int](), dict[int, State]()
        self.value_points, self.values = list[Array](), list[float]()
        self.value_updates, self.hessian_updates = list[int](), list[int]()

    @property
    def surface(self) -> Surface:
        """The surface that an optimizer is handed: it records what is asked."""
        return replace(
            self._surface, value=self.value, gradient=self.gradient, hessian=self.hessian
        )

    def updates_of(self, yielded: Iterator[Array | State], steps: int) -> Iterator[Array]:
        """The point after each update, for at most `steps` of them; states are recorded."""
        first = list(islice(yielded, min(steps, 1)))
        for state in first:
            if isinstance(state, State) and state.initial:
                self._note(0, state)
                first = []
        for item in chain(first, islice(yielded, steps - len(first))):
            if isinstance(item, State):
                self._note(len(self.points), item)
                yield item.point
            else:
                yield item

    def _note(self, step: int, state: State) -> None:
        # Copies: the optimizer may go on to work in place.
        self.states[step] = replace(
            state, crowd=_copy(state.crowd), shape=_copy(state.shape), mean=_copy(state.mean)
        )

    def gradient(self, p: Array) -> Array:
        """The gradient of the surface, which is recorded."""
        g = self._surface.gradient(p)
        # Only the first gradient is checked. A call before the loop would use up a draw of noise.
        first = not self.gradients and np.array_equal(p, self.points[0])
        if first and not np.isfinite(g).all():
            raise ValueError(f"gradient is not finite at the start {p.tolist()}")
        if p.ndim > 1:
            self.gradients.extend(np.broadcast_to(g, p.shape).reshape(len(p), -1).T)
        else:
            self.gradients.append(g)
        _append(self.gradient_points, self.updates, p, len(self.points))
        return g

    def value(self, p: Array) -> Array:
        """The value of the surface, which is recorded; p is (d,), or (d, n) for n points."""
        value = self._surface.value(p)
        _append(self.value_points, self.value_updates, p, len(self.points))
        self.values.extend(np.broadcast_to(value, p.shape[1:]).reshape(-1).tolist())
        return value

    def hessian(self, p: Array) -> Array:
        """The Hessian of the surface, which is counted."""
        self.hessian_updates.append(len(self.points))
        return self._surface.hessian(p)

    def met_no_value(self, update: int) -> bool:
        """Whether a point is not finite because a gradient or a value of its update has no value.

        Otherwise it is too large.
        """
        asked = (
            (self.updates, self.gradients, self.gradient_points),
            (self.value_updates, self.values, self.value_points),
        )
        return any(
            updates[-1:] == [update]
            and not np.isfinite(answers[-1]).all()
            and np.isfinite(points[-1]).all()
            and has_no_value(self._exact, points[-1])
            for updates, answers, points in asked
        )


def _copy(array: Array | None) -> Array | None:
    return None if array is None else np.array(array, dtype=np.float64)


def _append(points: list[Array], updates: list[int], p: Array, update: int) -> None:
    """Append the point p (d,), or the n points p (d, n), that an update asked for."""
    if p.ndim > 1:
        columns = p.reshape(len(p), -1).T.copy()
        points.extend(columns)
        updates.extend([update] * len(columns))
    else:
        points.append(p.copy())
        updates.append(update)
