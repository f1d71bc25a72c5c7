"""Checks of the options that describe a user-defined surface: axes, minima and window."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from optanim.errors import OptionError, did_you_mean, quoted
from optanim.surfaces._surface import Array
from optanim.surfaces._window import Window

MAX_SEARCH_STEPS = 2000
"""Number of steps in which the minimum near a stated one is looked for."""

SEARCH_PRECISION = 1e-8
"""The last step of that search, as a part of a coordinate above 1."""

DEFAULT_HALF_SIDES = (5.0, 4.0)
"""Half the width and height of the default window, as those of `quadratic`."""


def ordered_axes(axes: tuple[str, ...] | None, free: tuple[str, ...]) -> tuple[str, ...]:
    """The free names in the order of `axes`; unchanged if that is None.

    Raises:
        OptionError: `axes` does not have each free name once.
    """
    if axes is None or (len(axes) == len(free) and set(axes) == set(free)):
        return axes or free
    for i, name in enumerate(axes):
        if name not in free:
            help = did_you_mean(name, free, "free names")
            raise OptionError(f"{quoted(name)} is not a free name", ("axes", i), help=help)
    message = f"axes must have each free name once: {', '.join(free)}"
    raise OptionError(message, ("axes",), help=f"axes: [{', '.join(free)}]")


def stated_window(domain: Window | None, count: int) -> Window | None:
    """The `domain` of the options, with `count` axes; None if it is not set.

    Raises:
        OptionError: the number of ranges is not `count`.
    """
    if domain is not None and len(domain) != count:
        message = f"the number of ranges in domain must be {count}, got {len(domain)}"
        text = ", ".join(f"[{low:g}, {high:g}]" for low, high in (domain * count)[:count])
        help = f"a [low, high] for each axis: domain: [{text}]"
        raise OptionError(message, ("domain",), help=help)
    return domain


def window_around(minima: tuple[tuple[float, ...], ...], count: int) -> Window:
    """A window of ±5 by ±4 around the minima or the origin; larger if the minima are far apart."""
    points = np.array(minima or [(0.0,) * count])
    centers = (points.min(0) + points.max(0)) / 2
    half_sides = np.maximum(DEFAULT_HALF_SIDES[:count], 0.75 * np.ptp(points, axis=0))
    return tuple((float(c - h), float(c + h)) for c, h in zip(centers, half_sides, strict=True))


def check_minima(
    value: Callable[[Array], Array],
    gradient: Callable[[Array], Array],
    minima: tuple[tuple[float, ...], ...],
    count: int,
) -> None:
    """Check that no stated minimum has a lower point close to it.

    Raises:
        OptionError: one has, or the number of its coordinates is not `count`.
    """
    for i, minimum in enumerate(minima):
        if len(minimum) != count:
            message = f"the number of coordinates of a minimum must be {count}, got {len(minimum)}"
            raise OptionError(message, ("minima", i))
    for i, minimum in enumerate(minima):
        _check_minimum(value, gradient, minimum, ("minima", i))


def _check_minimum(
    value: Callable[[Array], Array],
    gradient: Callable[[Array], Array],
    minimum: tuple[float, ...],
    path: tuple[str | int, ...],
) -> None:
    """Check one minimum.

    The neighbors are a step of 0.02 away, or of 2 % of a coordinate above 1, so that a minimum
    rounded to two digits passes. They lie along the axes, and against the gradient if there is one:
    sqrt(x**2 + y**2) has none at its tip. Each coordinate has its own step, as 100 and 0.5 may be
    the two parameters of a model.
    """
    point = np.array(minimum)
    loss = float(value(point))
    if not np.isfinite(loss):
        raise OptionError(f"the formula has no finite value at {quoted(minimum)}", path)
    steps = 0.02 * np.maximum(1.0, np.abs(point))
    directions = [*np.eye(len(point)), *-np.eye(len(point))]
    slope = steps * gradient(point)
    length = float(np.linalg.norm(slope))
    if np.isfinite(length) and length > 0:
        directions.append(-slope / length)
    neighbors = [point + steps * direction for direction in directions]
    losses = np.array([float(value(neighbor)) for neighbor in neighbors])
    if not np.isfinite(losses).any():
        return
    lowest = int(np.nanargmin(losses))
    if loss - losses[lowest] > 0.01 * np.nanmax(np.abs(losses - loss)):
        message = f"{quoted(minimum)} is not a minimum: the value is {loss:.6g} there"
        bottom = _bottom_near(value, neighbors[lowest], steps)
        lower = neighbors[lowest] if bottom is None else bottom
        where = quoted([float(f"{round(coordinate, 7):.6g}") for coordinate in lower.tolist()])
        help = f"it is {round(float(value(lower)), 12):.6g} at {where}"
        help += f", {'a lower point' if bottom is None else 'the minimum downhill from there'}"
        raise OptionError(message, path, help=f"{help}; leave out minima if you do not know them")


def _bottom_near(value: Callable[[Array], Array], point: Array, steps: Array) -> Array | None:
    """The minimum (d,) downhill from a point; None if `MAX_SEARCH_STEPS` do not lead to one.

    By compass search: a step along an axis while one leads down, otherwise half the step.
    """
    directions = np.concatenate([np.eye(len(point)), -np.eye(len(point))])
    lowest = float(value(point))
    for _ in range(MAX_SEARCH_STEPS):
        beside = point + steps * directions
        losses = [float(value(neighbor)) for neighbor in beside]
        best = int(np.nanargmin([*losses, np.inf]))
        if best < len(losses) and losses[best] < lowest:
            point, lowest = beside[best], losses[best]
        elif (steps < SEARCH_PRECISION * np.maximum(1.0, np.abs(point))).all():
            return point if np.isfinite(losses).all() else None
        else:
            steps = steps / 2
    return None
