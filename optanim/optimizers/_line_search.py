"""Searches for a lower point on a line: exact, by Armijo's rule, and by Wolfe's conditions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from math import inf, isfinite, nan, sqrt
from typing import Annotated, Literal

import numpy as np

from optanim.optimizers._population import loss_at
from optanim.schema.option import Minor, Symbol
from optanim.schema.types import Fraction
from optanim.surfaces import Array, Surface

Decrease = Annotated[Fraction, Symbol("c_1"), Minor()]
"""The part of the fall along the tangent that Armijo's rule asks for."""

MAX_DOUBLINGS = 40
"""An exact search goes at most so far out on a line without a lowest point."""

MAX_SHRINKS = 60
"""A search that finds no lower point so near to the start finds none."""

MAX_REFINEMENTS = 60
MAX_WOLFE_TRIALS = 25

EXACT = 1e-6
"""An exact search encloses its minimum to this part of the step; a parabola gives more digits."""

Values = Callable[[float], float]
"""Step t -> the loss at w + tp; infinite where it is undefined."""


@dataclass
class LineSearch:
    """A search for the step t > 0 along a direction; it begins near the step before.

    Attributes:
        f: the surface.
        kind: which search.
        c1: of Armijo's rule and of Wolfe's conditions.
        c2: of Wolfe's conditions: the part of the slope that may remain.
        shrink: the factor of a step that Armijo's rule refused.
    """

    f: Surface
    kind: Literal["exact", "armijo", "wolfe"]
    c1: float = 1e-4
    c2: float = 0.9
    shrink: float = 0.5
    _before: tuple[float, float] | None = field(default=None, init=False)
    _in_vain: Array | None = field(default=None, init=False)

    def step(self, w: Array, p: Array, g: Array, first: float | None = None) -> float | None:
        """The step t, so that w + tp is lower; 0 if no lower point is found.

        None is the end: the gradient is zero, or no lower point is found a second time. With noise
        the second gradient differs, and the search goes on.

        Args:
            w: (d,).
            p: the direction (d,), with pᵀg < 0.
            g: the gradient at w (d,).
            first: the first step that is tried.
        """
        slope = float(p @ g)
        if not isfinite(slope):
            return nan
        if slope == 0:
            return None
        first = first or self._first(g, slope)
        if self.kind == "wolfe":
            t = wolfe(self.f, w, p, slope, first, self.c1, self.c2)
        else:

            def values(t: float) -> float:
                return loss_at(self.f, w + t * p)

            if self.kind == "exact":
                t = exact(values, slope, first)
            else:
                t = armijo(values, slope, first, self.c1, self.shrink)
        if t == 0 and self._in_vain is not None and np.array_equal(g, self._in_vain):
            return None
        self._before, self._in_vain = ((t, slope), None) if t else (self._before, g)
        return t

    def _first(self, g: Array, slope: float) -> float:
        """A step whose fall along the tangent is that of the step before."""
        if self._before is None:
            return min(1.0, 1 / float(np.abs(g).sum()))
        t, slope_before = self._before
        # Armijo's rule only shortens: without the 2, steps would never grow again.
        first = t * slope_before / slope * (2 if self.kind == "armijo" else 1)
        return first if isfinite(first) and first > 0 else 1.0


def armijo(values: Values, slope: float, first: float, c1: float, shrink: float) -> float:
    """The first step of `first`, `first`·shrink, … that falls by c₁ of the tangent's fall, or 0."""
    start, t = values(0.0), first
    for _ in range(MAX_SHRINKS):
        if values(t) <= start + c1 * t * slope:
            return t
        t *= shrink
    return 0.0


def exact(values: Values, slope: float, first: float) -> float:
    """The first lowest step on a line, or 0 if none is lower than the start.

    A parabola through the start, with its slope, and the first step is tried. If the loss at its
    vertex is the one it foretells, as in a bowl, that is the step. Otherwise the lowest point is
    enclosed by doubling, and parabolas through three points narrow it down, as Brent's method does.
    """
    start, at_first = values(0.0), values(first)
    # The square of a step may be too small or too large for a number.
    square = first * first
    bend = 2 * (at_first - start - slope * first) / square if square else nan
    if isfinite(bend) and bend > 0:
        t = -slope / bend
        low, foretold = values(t), start + slope * t / 2
        if low < start and abs(low - foretold) <= 1e-9 * (start - foretold):
            # Again, from the vertex: rounding counts least there.
            return -slope * t * t / (2 * (low - start - slope * t))
        if low < start and t < 10 * first:
            first, at_first = t, low
    return _narrowed(values, *_enclosed(values, start, first, at_first))


_Triple = tuple[list[float], list[float]]


def _enclosed(values: Values, start: float, t: float, at_t: float) -> _Triple:
    """Three rising steps and their losses: the middle one is the lowest; or no steps."""
    steps, losses = [0.0, t], [start, at_t]
    if at_t >= start:
        for _ in range(MAX_SHRINKS):
            t /= 4
            steps.insert(1, t)
            losses.insert(1, values(t))
            if losses[1] < start:
                return steps[:3], losses[:3]
        return [], []
    for _ in range(MAX_DOUBLINGS):
        t *= 2
        steps.append(t)
        losses.append(values(t))
        if losses[-1] >= losses[-2]:
            break
    return steps[-3:], losses[-3:]


def _narrowed(values: Values, steps: list[float], losses: list[float]) -> float:
    """The lowest step between the outer ones of three, or the last if the loss only falls."""
    if not steps:
        return 0.0
    if losses[2] < losses[1]:
        return steps[2]
    for i in range(MAX_REFINEMENTS):
        a, b, c = steps
        near = EXACT * b
        if c - a <= 2.5 * near:
            break
        t = _vertex(steps, losses)
        if not a < t < c or i % 4 == 3:
            t = (a + b) / 2 if b - a > c - b else (b + c) / 2
        if abs(t - b) < near:
            t = b + near if c - b > b - a else b - near
        at_t = values(t)
        place = 1 if t < b else 2
        steps.insert(place, t)
        losses.insert(place, at_t)
        low = 1 if losses[1] <= losses[2] else 2
        steps, losses = steps[low - 1 : low + 2], losses[low - 1 : low + 2]
    t = _vertex(steps, losses)
    return t if steps[0] < t < steps[2] else steps[1]


def _vertex(steps: list[float], losses: list[float]) -> float:
    """The lowest step of the parabola through three points; NaN if there is none."""
    (a, b, c), (at_a, at_b, at_c) = steps, losses
    left, right = (b - a) * (at_b - at_c), (b - c) * (at_b - at_a)
    if left == right or not isfinite(left - right):
        return nan
    return b - ((b - a) * left - (b - c) * right) / (2 * (left - right))


@dataclass(frozen=True)
class _Trial:
    """A step, with the loss and the slope there."""

    t: float
    loss: float
    slope: float


def wolfe(
    f: Surface, w: Array, p: Array, slope: float, first: float, c1: float, c2: float
) -> float:
    """A step by the strong Wolfe conditions, or the lowest of those tried; 0 if none is lower.

    The fall is at least c₁ of the tangent's, and at most c₂ of the slope remains. It is the search
    of Nocedal & Wright 2006, Algorithms 3.5 and 3.6, with cubic interpolation, in the steps of
    PyTorch's LBFGS.
    """

    def trial(t: float) -> _Trial:
        point = w + t * p
        loss, slope = float(f.value(point)), float(f.gradient(point) @ p)
        return _Trial(t, loss, slope) if isfinite(loss) else _Trial(t, inf, nan)

    start = before = _Trial(0.0, float(f.value(w)), slope)
    now, asked = trial(first), 0
    while asked < MAX_WOLFE_TRIALS:
        if now.loss > start.loss + c1 * now.t * slope or (asked > 1 and now.loss >= before.loss):
            break
        if abs(now.slope) <= -c2 * slope:
            return now.t
        if now.slope >= 0:
            break
        t = _cubic(before, now, now.t + 0.01 * (now.t - before.t), 10 * now.t)
        before, now, asked = now, trial(t), asked + 1
    if asked == MAX_WOLFE_TRIALS:
        return now.t if now.loss < start.loss else 0.0
    low, high = (before, now) if before.loss <= now.loss else (now, before)
    too_near, size = False, float(np.abs(p).max())
    while asked < MAX_WOLFE_TRIALS and abs(high.t - low.t) * size >= 1e-9:
        left, right = sorted((low.t, high.t))
        t, margin = _cubic(low, high, left, right), 0.1 * (right - left)
        if min(right - t, t - left) < margin:
            if too_near or not left < t < right:
                t = right - margin if abs(t - right) < abs(t - left) else left + margin
                too_near = False
            else:
                too_near = True
        else:
            too_near = False
        now, asked = trial(t), asked + 1
        if now.loss > start.loss + c1 * now.t * slope or now.loss >= low.loss:
            low, high = (low, now) if low.loss <= now.loss else (now, low)
            continue
        if abs(now.slope) <= -c2 * slope:
            return now.t
        low, high = now, (low if now.slope * (high.t - low.t) >= 0 else high)
    return low.t


def _cubic(one: _Trial, other: _Trial, least: float, most: float) -> float:
    """The lowest step of the cubic through two trials with their slopes, between two bounds."""
    one, other = (one, other) if one.t <= other.t else (other, one)
    middle = (least + most) / 2
    d1 = one.slope + other.slope - 3 * (one.loss - other.loss) / (one.t - other.t)
    square = d1 * d1 - one.slope * other.slope
    if not square >= 0:
        return middle
    d2 = sqrt(square)
    denominator = other.slope - one.slope + 2 * d2
    if denominator == 0:
        return middle
    t = other.t - (other.t - one.t) * ((other.slope + d2 - d1) / denominator)
    return min(max(t, least), most) if isfinite(t) else middle
